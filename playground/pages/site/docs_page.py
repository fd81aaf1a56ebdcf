"""The documentation, served beside the pages: `?help=using` shows docs/using.md."""

from __future__ import annotations

import re
import sysconfig
from functools import lru_cache
from html import escape
from pathlib import Path

import panel as pn
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin

from playground.views.theme import DARK, LIGHT, css

ARGUMENT = "help"
"""In the address: the name of a page of the documentation."""
FIRST_PAGE = "using"
FOLDERS = (
    Path(__file__).parents[3] / "docs",
    Path(sysconfig.get_path("data")) / "share" / "neural-playground" / "docs",
)
"""Where the documentation may be: in a checkout, and of an installed package."""
STYLE = (
    css(LIGHT, ":root")
    + f"@media (prefers-color-scheme: dark) {{ {css(DARK, ':root')} }}"
    + """
body {
  margin: 0; color: var(--pg-ink); background: var(--pg-page);
  font: 16px/1.6 system-ui, sans-serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 24px 20px 80px; }
h1, h2, h3 { line-height: 1.25; margin: 2em 0 0.6em; }
h1 { margin-top: 0.6em; }
a { color: inherit; text-underline-offset: 3px; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td {
  text-align: left; vertical-align: top; padding: 6px 14px 6px 0;
  border-bottom: 1px solid var(--pg-line);
}
th { color: var(--pg-muted); font-weight: 550; }
code, pre { font: 0.9em/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { padding: 12px 14px; overflow-x: auto; background: var(--pg-neutral); border-radius: 8px; }
"""
)
_TEMPLATE = """
{%% block preamble %%}
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>%s</style>
{%% endblock %%}
{%% block css_resources %%}{%% endblock %%}
{%% block js_resources %%}{%% endblock %%}
{%% block inner_body %%}{%% raw %%}<main>%s</main>{%% endraw %%}{%% endblock %%}
"""
"""Of a page without scripts: there is nothing on it that the server could change."""


def help_requested() -> bool:
    """Whether the address of the session asks for the documentation."""
    return ARGUMENT in (pn.state.session_args or {})


def serve_docs() -> None:
    """Make a page of the documentation the document: the first one where there is none so named."""
    document = pn.state.curdoc
    if document is None:
        return
    pages = doc_pages()
    name = pn.state.session_args[ARGUMENT][0].decode(errors="replace")
    path = pages.get(name) or pages.get(FIRST_PAGE)
    text = path.read_text(encoding="utf-8") if path else "# No documentation is installed"
    document.title = f"Playground: {text.partition(chr(10))[0].removeprefix('# ')}"
    # Bokeh takes text too, and extends its own page with it.
    document.template = _TEMPLATE % (STYLE, as_html(text, frozenset(pages)))  # type: ignore[assignment]


def doc_pages() -> dict[str, Path]:
    """Return the pages of the documentation by name."""
    folder = next((each for each in FOLDERS if (each / f"{FIRST_PAGE}.md").is_file()), None)
    return {path.stem: path for path in sorted(folder.glob("*.md"))} if folder else {}


@lru_cache(maxsize=20)
def as_html(text: str, pages: frozenset[str]) -> str:
    """Render Markdown; links lead to other pages of the documentation, or are left out.

    That takes 15 ms, which no other page waits for a second time.
    """
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin)
    html = str(renderer.render(text)).replace("{% endraw %}", "")
    links = re.compile(r'<a href="([^"#]*)(#[^"]*)?">(.*?)</a>', re.DOTALL)  # words may wrap
    return links.sub(lambda each: _link(each, pages), html)


def _link(match: re.Match[str], pages: frozenset[str]) -> str:
    address, anchor, words = match[1], match[2] or "", match[3]
    if not address or address.startswith(("http://", "https://")):
        return match[0]
    name = address.removesuffix(".md")
    # Files of a checkout are nothing that a server shows.
    return f'<a href="?{ARGUMENT}={escape(name)}{anchor}">{words}</a>' if name in pages else words
