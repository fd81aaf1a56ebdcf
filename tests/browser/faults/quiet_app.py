"""An app without faults."""

import panel as pn

pn.pane.Markdown("hello").servable()
