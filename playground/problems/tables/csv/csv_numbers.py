"""Numbers in the cells of a CSV column: decimal marks, thousands marks, percent signs, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from playground.errors import InputError
from playground.problems.array_types import Doubles
from playground.problems.tables.columns import quote
from playground.problems.tables.number_columns import MAX_WHOLE, refuse_merged

DecimalMark = Literal[".", ","]
Bools = npt.NDArray[np.bool_]

EXCEL_ERRORS = frozenset(
    {"#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#num!", "#name?"}
    | {"#nv", "#wert!", "#bezug!", "#zahl!", "#n/d", "#nul!", "#valeur!", "#nombre!", "#nom?"}
    | {"#valore!", "#rif!", "#nome?"}
)
"""What Excel writes into cells that it can't compute, in English, German, French and Italian."""
MISSING_WORDS = EXCEL_ERRORS | {
    *("", "na", "n/a", "n.a.", "nan", "null", "nil", "none", "inf", "infinity", "missing", "<na>"),
    *("?", "-", "--", ".", "1.#ind", "1.#qnan", "1.#inf", "#n/a n/a", "k.a.", "k. a."),
}
"""Cells of a column of numbers that count as missing, in lower case and without a sign."""
_DASHES = ("-", "--", "–", "—")
BOOLEANS = {"true": 1.0, "false": 0.0}

_BLANKS = " \u00a0\u2009\u202f"
_INTEGER = r"\d+|[1-9]\d{{0,2}}(?:(?P<mark>[{thousands}'’{blanks}])\d{{3}}(?:(?P=mark)\d{{3}})*)"
_EXPONENT = r"(?:[eE][+-]?\d+)?"


def _pattern(decimal: str, thousands: str, bare_end: str) -> re.Pattern[str]:
    integer = _INTEGER.format(thousands=re.escape(thousands), blanks=_BLANKS)
    mark = re.escape(decimal)
    fraction = rf"(?:{mark}\d{bare_end})?"
    return re.compile(rf"[+-]?(?:(?:{integer}){fraction}|{mark}\d+){_EXPONENT}", re.ASCII)


_PATTERNS: dict[DecimalMark, re.Pattern[str]] = {
    ".": _pattern(".", ",", "*"),
    ",": _pattern(",", ".", "+"),
}
_DATES = {
    "ISO8601": re.compile(
        r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?", re.ASCII
    ),
    "%Y/%m/%d": re.compile(r"\d{4}/\d{1,2}/\d{1,2}", re.ASCII),
    "%d.%m.%Y": re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}", re.ASCII),
    "%d.%m.%Y %H:%M": re.compile(r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d", re.ASCII),
    "%d/%m/%Y": re.compile(r"\d{1,2}/\d{1,2}/\d{4}", re.ASCII),
}
_MONTH_FIRST = "%m/%d/%Y"
_WHOLE = re.compile(r"[+-]?\d{1,300}", re.ASCII)
"""A whole number that a double can hold, to its first digits at least."""


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """The numbers of a column.

    Attributes
    ----------
    values : float64 array of shape (n,)
        NaN where a cell is missing.
    remark : str
        A sentence about what was assumed, or "".
    """

    values: Doubles
    remark: str = ""


def clean_cell(cell: str) -> str:
    """Return a cell without blanks around it, and with a plain minus sign."""
    return cell.strip().replace("−", "-")


def is_missing(cell: str) -> bool:
    """Return whether a cell stands for a missing number."""
    return clean_cell(cell).lower().lstrip("+-") in MISSING_WORDS or cell.strip() in _DASHES


def is_plain_number(cell: str) -> bool:
    """Return whether a cell holds a number with either decimal mark, without a percent sign."""
    cell = clean_cell(cell)
    return any(pattern.fullmatch(cell) for pattern in _PATTERNS.values())


def is_numeric(cell: str) -> bool:
    """Return whether a cell holds anything that `read_numbers` reads as a number."""
    return (
        is_plain_number(_without_percent(clean_cell(cell)))
        or cell.strip().lower() in BOOLEANS
        or any(pattern.fullmatch(cell.strip()) for pattern in _DATES.values())
    )


def detect_decimal(cells: Iterable[str]) -> DecimalMark | None:
    """Return the decimal mark that some cells can only have; None if there is none, or both."""
    found = {mark for mark in map(_only_mark, cells) if mark is not None}
    return found.pop() if len(found) == 1 else None


def read_numbers(
    cells: Sequence[str],
    column: str,
    *,
    decimal: DecimalMark | None = None,
    usual: DecimalMark | None = None,
    separator: str = ",",
    row_numbers: Sequence[int] | None = None,
) -> NumberColumn:
    """Read the numbers of a column.

    Parameters
    ----------
    cells : sequence of str
    column : str
        Its name, for messages.
    decimal : {".", ","}, optional
        The decimal mark. If left out, that which the cells of the column have.
    usual : {".", ","}, optional
        The decimal mark of other columns, which decides what "1,234" means.
    separator : str
        Of the file; with semicolons, "1,234" is rather 1.234.
    row_numbers : sequence of int, optional
        Of the cells, for messages; from 1 on if left out.

    Returns
    -------
    NumberColumn
        Booleans are 1 and 0, dates are seconds since 1970, "12 %" is 12.

    Raises
    ------
    InputError
        If a cell holds text, or the column uses two decimal marks, or percent signs only here
        and there, or dates of which day and month can't be told apart, or whole numbers of so
        many digits that some would be the same.
    """
    texts = [clean_cell(cell) for cell in cells]
    present = [place for place, text in enumerate(texts) if not is_missing(text)]
    reader = _Column(
        column, [texts[place] for place in present], [(row_numbers or _FROM_1)[i] for i in present]
    )
    found = reader.read(decimal, usual, separator)
    values = np.full(len(texts), np.nan)
    values[present] = found.values
    values[np.isinf(values)] = np.nan  # such as 1e999
    return NumberColumn(values, found.remark)


class _FromOne:
    """Numbers of rows that are counted from 1."""

    def __getitem__(self, place: int) -> int:
        return place + 1


_FROM_1 = _FromOne()


class _Column:
    """The cells of a column that are not missing, with the numbers of their rows."""

    def __init__(self, name: str, texts: list[str], rows: list[int]) -> None:
        self.column, self.name, self.texts, self.rows = name, quote(name), texts, rows

    def read(
        self, decimal: DecimalMark | None, usual: DecimalMark | None, separator: str
    ) -> NumberColumn:
        """Return the numbers; InputError if there are none."""
        lowered = {text.lower() for text in self.texts}
        if lowered and lowered <= BOOLEANS.keys():
            return NumberColumn(np.array([BOOLEANS[text.lower()] for text in self.texts]))
        dates = self._dates()
        if dates is not None:
            return dates
        self._strip_percent()
        marks = list(map(_only_mark, self.texts))
        self._check_marks(marks)
        remark = ""
        if decimal is None:
            decimal, remark = self._choose_mark(marks, usual, separator)
        pattern, thousands = _PATTERNS[decimal], _OTHER[decimal]
        bad = self._first(lambda text: pattern.fullmatch(text) is None)
        if bad is not None:
            raise InputError(
                f"Column {self.name} holds {self._cell(bad)}, which is no number with a decimal "
                f"{_MARK_NAMES[decimal]}."
            )
        plain = str.maketrans({mark: None for mark in f"{thousands}'’{_BLANKS}"} | {decimal: "."})
        texts = [each.translate(plain) for each in self.texts]
        values = np.array([float(each) for each in texts])
        if (np.abs(values) > MAX_WHOLE).any():
            refuse_merged([int(each) for each in texts if _WHOLE.fullmatch(each)], self.column)
        return NumberColumn(values, remark)

    def _dates(self) -> NumberColumn | None:
        """Return dates as seconds since 1970; None if not all cells are dates of one kind."""
        for form, pattern in _DATES.items():
            if self.texts and all(map(pattern.fullmatch, self.texts)):
                return self._parse_dates(form if "/%m/%Y" not in form else self._day_or_month())
        return None

    def _day_or_month(self) -> str:
        """Return the format of dates such as 24/12/2024, of which one number is above 12."""
        parts = np.array([text.split("/")[:2] for text in self.texts], np.int64)
        day_first, month_first = (bool((parts[:, place] > 12).any()) for place in (0, 1))
        if day_first == month_first:
            raise InputError(
                f"Column {self.name} holds dates such as {self._cell(0)}, of which day and month "
                "can't be told apart; write them as 2024-12-24."
            )
        return "%d/%m/%Y" if day_first else _MONTH_FIRST

    def _parse_dates(self, form: str) -> NumberColumn:
        import pandas as pd

        # ISO 8601 allows a comma, pandas only a point.
        texts = [text.replace(",", ".") for text in self.texts]
        times = pd.to_datetime(pd.Series(texts), format=form, utc=True, errors="coerce")
        bad = np.flatnonzero(times.isna())
        if len(bad):
            raise InputError(f"Column {self.name} holds {self._cell(int(bad[0]))}, no real date.")
        seconds = (times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        return NumberColumn(
            seconds.to_numpy(np.float64), f"Dates under {self.name} were read as points in time."
        )

    def _strip_percent(self) -> None:
        """Remove percent signs; InputError if only some numbers have one."""
        with_sign = [text.endswith("%") for text in self.texts]
        if any(with_sign) and not all(with_sign):
            yes, no = with_sign.index(True), with_sign.index(False)
            raise InputError(
                f"Column {self.name} holds {self._cell(yes)} and {self._cell(no)}: give all "
                "numbers a percent sign, or none."
            )
        self.texts = [_without_percent(text) for text in self.texts]

    def _check_marks(self, marks: Sequence[DecimalMark | None]) -> None:
        """Raise InputError if a cell is no number, or two cells have different decimal marks."""
        bad = self._first(lambda text: not is_plain_number(text))
        if bad is not None:
            raise InputError(
                f"Column {self.name} holds {self._cell(bad)} where only numbers are allowed."
            )
        if "." in marks and "," in marks:
            self._refuse_both(marks.index("."), marks.index(","))

    def _choose_mark(
        self,
        marks: Sequence[DecimalMark | None],
        usual: DecimalMark | None,
        separator: str,
    ) -> tuple[DecimalMark, str]:
        """Return the decimal mark of the column, and a sentence if it had to be guessed."""
        for mark in _OTHER:
            if mark in marks:
                return mark, ""
        point = self._first(lambda text: _is_ambiguous(text) and "." in text)
        comma = self._first(lambda text: _is_ambiguous(text) and "," in text)
        if point is not None and comma is not None:
            self._refuse_both(point, comma)
        if point is None and comma is None:
            return usual or ".", ""
        place = comma if point is None else point
        assert place is not None
        chosen: DecimalMark = usual or ("," if point is None and separator != "," else ".")
        number = self.texts[place].replace(_OTHER[chosen], "").replace(",", ".")
        if usual or (point is not None and separator != ";"):
            return chosen, ""
        return (
            chosen,
            f"Under {self.name}, {quote(self.texts[place])} was read as {float(number):.12g}.",
        )

    def _refuse_both(self, point: int, comma: int) -> None:
        raise InputError(
            f"Column {self.name} mixes decimal points and decimal commas: {self._cell(point)} and "
            f"{self._cell(comma)}. Write all its numbers in one way."
        )

    def _first(self, wanted: Callable[[str], bool]) -> int | None:
        return next((place for place, text in enumerate(self.texts) if wanted(text)), None)

    def _cell(self, place: int) -> str:
        return f"{quote(self.texts[place])} in row {self.rows[place]}"


_OTHER: dict[DecimalMark, DecimalMark] = {".": ",", ",": "."}
_MARK_NAMES: dict[DecimalMark, str] = {".": "point", ",": "comma"}


def _without_percent(text: str) -> str:
    return text.removesuffix("%").rstrip()


def _only_mark(cell: str) -> DecimalMark | None:
    """Return the one decimal mark with which a cell is a number; None if both will do, or none."""
    text = _without_percent(clean_cell(cell))
    as_point, as_comma = (pattern.fullmatch(text) for pattern in _PATTERNS.values())
    if (as_point is None) == (as_comma is None):
        return None
    return "." if as_comma is None else ","


def _is_ambiguous(text: str) -> bool:
    """Return whether a number is another one with the other decimal mark, such as "1,234"."""
    return ("." in text or "," in text) and _only_mark(text) is None
