"""What a report says, however it is written down."""

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
    """Sentences, each of which stands for itself."""

    kind: ClassVar[str] = "points"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head; the first column says what a row is about.

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
    """A picture that travels inside the report.

    Attributes
    ----------
    caption : str
        A sentence on what is seen, also for those who can't see it.
    data : bytes
    format : "png" or "svg+xml"
    width : int
        How wide it is shown at the most, pixels.
    """

    kind: ClassVar[str] = "picture"
    caption: str
    data: bytes
    format: Literal["png", "svg+xml"]
    width: int

    @property
    def data_uri(self) -> str:
        """The picture itself as an address."""
        return f"data:image/{self.format};base64,{b64encode(self.data).decode()}"


ContentBlock = Paragraph | BulletList | Table | ReportImage


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

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
        What it was made with.
    """

    title: str
    summary: str
    sections: tuple[Section, ...]
    footer: str
