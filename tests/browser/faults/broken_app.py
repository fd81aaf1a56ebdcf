"""An app that Panel answers with a blank page and HTTP 200."""

raise ValueError("on purpose")
