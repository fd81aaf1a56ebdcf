"""Text in CSV files that are downloaded: a spreadsheet must not take any of it for a formula.

Names of classes and columns may come from somebody else's run or table, and a spreadsheet computes
what begins with "=", which may call programs and addresses.
"""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for the beginning of a formula; some read wide characters too."""
MARK = "'"


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe before it.

    Numbers are as they were. `original_cell` returns the text from it.
    """
    return f"{MARK}{text}" if _is_formula(text.lstrip(MARK)) else text


def original_cell(text: str) -> str:
    """Return the text from which `safe_cell` has made this one."""
    is_marked = text.startswith(MARK) and _is_formula(text.lstrip(MARK))
    return text.removeprefix(MARK) if is_marked else text


def _is_formula(text: str) -> bool:
    if not text.startswith(FORMULA_STARTS):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False
