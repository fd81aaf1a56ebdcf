"""The HTML around a page: which scripts are loaded with it, with widgets for uploads, and never."""

from __future__ import annotations

import re

import panel as pn
from panel.io.resources import Resources, bundle_resources

import playground.pages.app  # noqa: F401 (its pages have all components)
from playground.pages.site.page_template import first_assets, upload_scripts
from playground.serving.browser.browser_component import BrowserComponent

NAME = re.compile(r'(?:src|href)="[^"]*/([\w.-]+?)(?:\.min)?\.(?:js|css)')

OF_OTHERS = {"tabulator", "luxon"}
"""Scripts of Panel's tables, which no page has; another test of this process may have made one."""


def test_a_page_loads_what_its_first_view_needs_and_uploads_load_the_rest() -> None:
    pn.extension("filedropper")
    scripts, styles = bundle_resources([], Resources(mode="server"))
    first = first_assets(scripts)
    names = [name for name in NAME.findall(first) if name not in OF_OTHERS]
    assert names == ["bokeh", "bokeh-widgets", "bokeh-tables", "panel"]
    assert "Bokeh.set_log_level" in first  # scripts without an address stay where they are
    assert NAME.findall(upload_scripts(scripts)) == [
        "filepond-plugin-file-validate-size",
        "filepond-plugin-file-validate-type",
        "filepond",
    ]
    assert "filepond" in styles
    assert not NAME.findall(first_assets(styles))


def test_scripts_of_components_are_such_as_the_page_runs_as_functions() -> None:
    """Others work too, but are imported: see `runScriptsAtOnce` in `bokeh_patches.js`."""
    components = BrowserComponent.__subclasses__()
    assert len(components) > 10
    known = re.compile(r"export (function \w+\(|const \w+ = )")
    for each in components:
        exports = re.findall(r"^(?:ex|im)port\b.*", each._esm, re.MULTILINE)
        assert exports
        assert all(map(known.match, exports))
