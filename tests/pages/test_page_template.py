"""The HTML around a page: which scripts are loaded with it, with widgets for uploads, and never."""

from __future__ import annotations

import re

import panel as pn
from panel.io.resources import Resources, bundle_resources

import playground.pages.app  # noqa: F401 (its pages have all components)
from playground.pages.site.page_template import first_assets, upload_scripts
from playground.serving.browser.browser_component import BrowserComponent

NAME = re.compile(r'(?:src|href)="[^"]*/([\w.-]+?)(?:\.min)?\.(?:js|css)')

OF_OTHERS = {"tabulator", "tabulator_simple", "luxon"}
"""What Panel's tables need, which no page has; another test of this process may have made one."""


def names_in(html: str) -> list[str]:
    """Return the names of the scripts and style sheets that HTML loads, in order."""
    return [name for name in NAME.findall(html) if name not in OF_OTHERS]


def test_a_page_loads_what_its_first_view_needs_and_uploads_load_the_rest() -> None:
    pn.extension("filedropper")
    scripts, styles = bundle_resources([], Resources(mode="server"))
    first = first_assets(scripts)
    assert names_in(first) == ["bokeh", "bokeh-widgets", "bokeh-tables", "panel"]
    assert "Bokeh.set_log_level" in first  # scripts without an address stay where they are
    assert names_in(upload_scripts(scripts)) == [
        "filepond-plugin-file-validate-size",
        "filepond-plugin-file-validate-type",
        "filepond",
    ]
    assert "filepond" in styles
    assert not names_in(first_assets(styles))


def test_scripts_of_components_are_such_as_the_page_runs_as_functions() -> None:
    """Others work too, but are imported: see `runScriptsAtOnce` in `bokeh_patches.js`."""
    components = BrowserComponent.__subclasses__()
    assert len(components) > 10
    known = re.compile(r"export (function \w+\(|const \w+ = )")
    for each in components:
        exports = re.findall(r"^(?:ex|im)port\b.*", each._esm, re.MULTILINE)
        assert exports
        assert all(map(known.match, exports))
