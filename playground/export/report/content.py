"""The contents of a report, independent of its format."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list of independent sentences."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head, whose first column names the rows.

    Attributes
    ----------
    caption : str
    head : tuple of str
    rows : tuple of tuple of str
        Each as long as the head.
    """

    kind: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportImage:
    """A picture that is embedded in the report.

    Attributes
    ----------
    caption : str
        A sentence that also serves as the alternative text.
    data : bytes
    format : "png" or "svg+xml"
    width : int
        The largest width in pixels.
    """

    kind: ClassVar[str] = "picture"
    caption: str
    data: bytes
    format: Literal["png", "svg+xml"]
    width: int

    @property
    def data_uri(self) -> str:
        """The picture as a data URI."""
        return f"data:image/{self.format};base64,{b64encode(self.data).decode()}"


ContentBlock = Paragraph | BulletList | Table | ReportImage


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the blocks below it."""

    title: str
    blocks: tuple[ContentBlock, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report.

    Attributes
    ----------
    title : str
    summary : str
        The result in a few sentences.
    sections : tuple of Section
    footer : str
        Versions and date.
    """

    title: str
    summary: str
    sections: tuple[Section, ...]
    footer: str
