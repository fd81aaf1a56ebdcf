"""The small page, as an app of a server."""

import panel as pn

from playground.pages.server import serve
from tests.support.servers.small_page import SmallPage

pn.extension("filedropper", reconnect=True)
serve(SmallPage, "Small")
