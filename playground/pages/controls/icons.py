"""The pages' icons as SVG, drawn here so that none is fetched from another host."""

from __future__ import annotations

_STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'

_SHAPES = {
    "play": '<path d="M7 4.5v15l12-7.5z" fill="currentColor"/>',
    "pause": '<path d="M7 5h3.6v14H7zM13.4 5H17v14h-3.6z" fill="currentColor"/>',
    "step": f'<path d="M5 5.5v13l9-6.5z" fill="currentColor"/><path d="M18 5v14" {_STROKE}/>',
    "epoch": '<path d="M3 5.5v13l8-6.5zM11 5.5v13l8-6.5z" fill="currentColor"/>'
    f'<path d="M21 5v14" {_STROKE}/>',
    "reset": f'<path d="M5 12a7.5 7.5 0 1 0 2.4-5.5M5 4v4.5h4.5" {_STROKE}/>',
    "dice": f'<rect x="4" y="4" width="16" height="16" rx="3.5" {_STROKE}/>'
    '<g fill="currentColor"><circle cx="8.7" cy="8.7" r="1.6"/><circle cx="12" cy="12" r="1.6"/>'
    '<circle cx="15.3" cy="15.3" r="1.6"/></g>',
    "more": '<g fill="currentColor"><circle cx="5.5" cy="12" r="1.9"/>'
    '<circle cx="12" cy="12" r="1.9"/><circle cx="18.5" cy="12" r="1.9"/></g>',
    "plus": f'<path d="M12 6v12M6 12h12" {_STROKE}/>',
    "minus": f'<path d="M6 12h12" {_STROKE}/>',
    "replay": f'<path d="M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4v4.5H9" {_STROKE}/>'
    '<path d="M10 8.8v6.4l5-3.2z" fill="currentColor"/>',
    "keep": f'<path d="M4 14v5h16v-5M12 4v10M8 10.5l4 4 4-4" {_STROKE} stroke-linejoin="round"/>',
    "landscape": '<path d="M2.5 18.5l6-10 4.2 6.5 2.8-4 6 7.5z" '
    f'{_STROKE} stroke-linejoin="round"/>',
    "pin": f'<path d="M9 4h6l-1 6 3 3H7l3-3zM12 13v7" {_STROKE} stroke-linejoin="round"/>',
    "link": f'<path d="M10 14l4-4M11 7.5l2-2a3.9 3.9 0 0 1 5.5 5.5l-2 2M13 16.5l-2 2A3.9 3.9 0 0 1 '
    f'5.5 13l2-2" {_STROKE}/>',
    "check": f'<path d="M5 12.5l4.5 4.5L19 7.5" {_STROKE} stroke-linejoin="round"/>',
    "close": f'<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" {_STROKE}/>',
    "class": f'<circle cx="9" cy="8.5" r="3.2" {_STROKE}/>'
    '<path d="M3.5 19c0-3.2 2.4-5 5.5-5s5.5 1.8 5.5 5M15.5 5.7a3 3 0 0 1 0 5.6M17 14.4c2 .7 '
    f'3.5 2.3 3.5 4.6" {_STROKE}/>',
    "help": f'<circle cx="12" cy="12" r="8.5" {_STROKE}/><path d="M9.6 9.5a2.5 2.5 0 1 1 3.6 2.2'
    f'c-.9.5-1.2 1-1.2 1.9M12 16.8v.2" {_STROKE}/>',
    "theme": f'<circle cx="12" cy="12" r="8" {_STROKE}/>'
    '<path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>',
}


def icon(name: str) -> str:
    """Return an icon as SVG in the colour of the surrounding text."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{_SHAPES[name]}</svg>'
