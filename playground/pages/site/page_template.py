"""The HTML around a page: a sentence at once, and the scripts that its first view needs.

Panel's own has the browser load and run the scripts of all that a page may ever show before it
shows anything.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import panel as pn
from bokeh.document import Document
from panel.io.resources import LOCAL_DIST

from playground.serving.current_session import current_request, is_prepared
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.serving.protection.requests import is_embedded
from playground.views.theme import DARK, LIGHT, css

TEMPLATE = Path(__file__).with_name("page.html").read_text()
CONNECT_EARLY = Path(__file__).with_name("early_connection.js").read_text()
ICON = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><clipPath id="c">'
    '<circle cx="1" cy="1" r="1"/></clipPath><g clip-path="url(#c)">'
    f'<path d="M0 0h2v2z" fill="{LIGHT.classes[1]}"/>'
    f'<path d="M0 0v2h2z" fill="{LIGHT.classes[0]}"/></g></svg>'
)
"""The icon of a browser's tab, without which browsers ask for a favicon.ico: both classes."""
ASSET = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="([^"]*)"[^>]*>(?:</script>)?\s*')
"""An element that loads a script or a style sheet, as Bokeh and Panel write it."""
UPLOADS = "/bundled/filedropper/"
"""In the addresses of what uploads need: a page loads it with the first widget for uploads."""
UNUSED = (
    "/bokeh-gl.",  # Bokeh paints with WebGL where a figure asks for it, as none of ours does.
    "/filepond-plugin-image-preview/",
    "/filepond-plugin-pdf-preview/",  # uploads are shown without previews
    "/es-module-shims@",  # import maps for browsers without them; our components import nothing
)
"""In the addresses of what no page needs."""


def use_page_template(document: Document, dark: bool | None) -> None:
    """Have a document of a server shown in this HTML.

    Parameters
    ----------
    document : Document
    dark : bool, optional
        Whether it is dark until the page is there; by default as the server is.
    """
    is_dark = pn.config.theme == "dark" if dark is None else dark
    # Bokeh takes text too, and extends its own page with it.
    document.template = TEMPLATE  # type: ignore[assignment]
    document.template_variables.update(
        colours=css(DARK if is_dark else LIGHT, ":root"),
        icon=ICON,
        connect_early=CONNECT_EARLY,
        patches=BokehPatches._esm,
        first_styles=first_assets,
        first_scripts=first_assets,
        upload_scripts=upload_scripts,
        style_sheets=_style_sheets.setdefault(pn.state.rel_path, []),
    )
    if is_prepared(document) or (
        (request := current_request()) is not None and not is_embedded(request)
    ):
        # Panel sets it when it writes the HTML. A session that is made for a browser that comes
        # back has none, and Panel would have its style sheets loaded from another host.
        path = pn.state.rel_path
        document.template_variables["dist_url"] = f"{path}/{LOCAL_DIST}" if path else LOCAL_DIST


def note_style_sheets() -> None:
    """Note the style sheets of the page that is served: later ones are asked for at once."""
    document = pn.state.curdoc
    if document is not None:
        known = _style_sheets.setdefault(pn.state.rel_path, [])
        used = {each.url for each in pn.state._stylesheets.get(document, {}).values()}
        known += sorted(used.difference(known))


_style_sheets: dict[str | None, list[str]] = {}
"""Addresses that pages of this process have used, by the path from a page to the server's root."""


def first_assets(html: str) -> str:
    """Return scripts or style sheets without those that the first view does not need."""
    return ASSET.sub(lambda each: "" if is_for_later(each[1]) else each[0], html)


def upload_scripts(html: str) -> str:
    """Return the scripts that uploads need; see `filepond_patches.js`."""
    found = [each for each in ASSET.finditer(html) if UPLOADS in each[1]]
    return "".join(each[0] for each in found if not is_unused(each[1]))


def is_unused(address: str) -> bool:
    """Whether no page needs what is at an address."""
    return any(each in address for each in UNUSED)


def is_for_later(address: str) -> bool:
    """Whether the first view of a page does not need what is at an address."""
    return UPLOADS in address or is_unused(address)
