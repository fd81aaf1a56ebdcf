"""The tiles of the teacher's page: what each pupil trains, as a small picture, and how it goes."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import param

from playground.classroom import PupilState
from playground.number_text import format_percent
from playground.pages.runs.run_description import score_text
from playground.runs import RunSummary
from playground.serving.browser.browser_component import BrowserComponent

HERE = Path(__file__)

Tile = dict[str, str]
"""What one tile shows, by the names of its places."""


class PupilTiles(BrowserComponent):
    """Buttons with a picture and a few words, one a pupil. What changes is sent, and nothing else.

    One component for all, since each message and each parameter that changes costs the event loop
    as much as a tile. Whatever they show is inserted as text, never as HTML.

    Parameters
    ----------
    open_pupil : callable
        Given the id of the pupil whose tile was clicked.
    """

    changes = param.Dict(
        default={},
        doc="All ids in order, and by id what differs from what was sent before; {} before that.",
    )

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, open_pupil: Callable[[str], None], **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
        self._open = open_pupil
        self._tiles: dict[str, Tile] = {}

    def show_tiles(self, tiles: Mapping[str, Tile]) -> None:
        """Show these tiles and no others; pictures that they don't name stay."""
        self._tell({id: {**self._tiles.get(id, {}), **tile} for id, tile in tiles.items()})

    def show_pictures(self, pictures: Mapping[str, bytes]) -> None:
        """Show PNGs, by the ids of pupils who have tiles."""
        new = {id: {"picture": picture_address(png)} for id, png in pictures.items()}
        self._tell({id: {**tile, **new.get(id, {})} for id, tile in self._tiles.items()})

    def _tell(self, tiles: dict[str, Tile]) -> None:
        before, self._tiles = self._tiles, tiles
        found = {id: dict(tile.items() - before.get(id, {}).items()) for id, tile in tiles.items()}
        changes = {id: each for id, each in found.items() if each}
        if changes or [*before] != [*tiles]:
            self.changes = {"ids": [*tiles], "tiles": changes}

    def receive(self, message: object) -> bool:
        """Send everything to a browser that does not know it, or open a pupil's page."""
        match message:
            case "begin":
                self.changes = {"ids": [*self._tiles], "tiles": self._tiles}
            case {"open": str(id)}:
                if id in self._tiles:  # Else the pupil has left meanwhile.
                    self._open(id)
            case _:
                return False
        return True


def picture_address(png: bytes) -> str:
    """Return a PNG as the address of a picture."""
    return f"data:image/png;base64,{b64encode(png).decode()}"


def tile_words(nickname: str, state: PupilState) -> Tile:
    """Return what the tile of a pupil says."""
    score = state.train if math.isnan(state.test.loss) else state.test
    return {
        "name": nickname,
        "result": "" if math.isnan(score.accuracy) else format_percent(score.accuracy),
        "epoch": "" if math.isnan(state.epoch) else f"epoch {state.epoch:,.0f}",
        "score": state_score(state),
        "task": " · ".join(filter(None, [state.page, state.task])),
        "activity": state.activity,
        "reason": state.reason,
        "help": "asks for help" if state.needs_help else "",
    }


def state_score(state: PupilState) -> str:
    """Return the epoch and the best available score; "" before there is a network."""
    if math.isnan(state.epoch):
        return ""
    return score_text(RunSummary(state.epoch, 0, state.train, state.test, 0))
