"""Something to take away: a button that makes a file when it is clicked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from io import BytesIO

from playground.errors import InputError
from playground.pages.keep.download import Download
from playground.pages.words import Words

log = logging.getLogger(__name__)

# One at a time, and not among those who train: an ONNX file takes several seconds.
makers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="maker")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can be made.

    Attributes
    ----------
    label : str
        What its button is called.
    filename : str
        What it is saved as.
    make : callable
        Gives its content; called in a worker thread. May raise InputError.
    """

    label: str
    filename: str
    make: Callable[[], str | bytes]


def download(offer: Offer, said: Words) -> Download:
    """A button for an offer.

    Parameters
    ----------
    offer : Offer
    said : Words
        Where it says that the file is being made, or why it can't be.
    """

    async def content() -> BytesIO | None:
        say(said, f"{offer.filename} is being made …")
        try:
            made = await asyncio.get_running_loop().run_in_executor(makers, offer.make)
        except InputError as error:
            say(said, str(error), wrong=True)
            return None
        except Exception as error:  # Whatever it was, the person must hear of it.
            log.exception("%s could not be made.", offer.filename)
            say(said, f"{offer.filename} could not be made: {error}", wrong=True)
            return None
        say(said, "")
        return BytesIO(made.encode() if isinstance(made, str) else made)

    return Download(
        callback=content, filename=offer.filename, label=offer.label, margin=0, height=32
    )


def say(said: Words, sentence: str, *, wrong: bool = False) -> None:
    """Tell the person something; "" for nothing."""
    kind = "pg-refused" if wrong else "pg-idle"
    text = f'<p class="{kind}">{escape(sentence)}</p>' if sentence else ""
    said.param.update(object=text, visible=bool(text))
