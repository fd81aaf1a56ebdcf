"""The weights of the first layer, live, and what a unit of it looks for."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.digits.progress import ReaderBeat
from playground.pages.errand import Errand
from playground.pages.fields import card, field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.training.digits import ReaderFrame
from playground.training.digits.frame import Pixels
from playground.training.digits.why import exciting
from playground.views.digits.mosaic import MODES, mosaic, tile_at
from playground.views.digits.sights import TileSight
from playground.views.digits.tile import tile
from playground.views.gestures import Gestures, Place, listen
from playground.views.live import LiveView
from playground.views.theme import Theme

HINT = "Each tile is what one unit weighs. Click one to see what it looks for."
MOST = 8
"""Exciting pictures that are shown."""


class WeightsCard(Part):
    """The mosaic of tiles; below it the one that is selected, and the pictures that excite it.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    mode: param.Selector[str] = param.Selector(
        default=MODES[0], objects=list(MODES), label="Weights", doc="What is shown of the weights."
    )
    selected = param.Integer(
        default=None,
        allow_None=True,
        bounds=(0, None),
        precedence=-1,
        doc="Number of a unit of the first layer.",
    )

    def __init__(self, heartbeat: ReaderBeat, theme: Theme) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        frame = heartbeat.frame
        self._shape = frame.tiles.now.shape
        self._exciting: Pixels = frame.panel.pictures[:0]
        self._errand: Errand[Pixels] = Errand(self._show_exciting, self._refuse)
        self._mosaic = mosaic(frame, theme)
        self._tile = tile(self._sight(frame), theme)
        self.views: tuple[LiveView, ...] = (self._mosaic, self._tile)
        listen(self._mosaic, Gestures(tap=self._tap))
        mode = field(
            self,
            "mode",
            widget=pn.widgets.RadioButtonGroup,
            css_classes=["pg-modes"],
            sizing_mode=None,
        )
        self._large = pn.Column(
            self._tile.pane(), css_classes=["pg-plot", "pg-tile"], margin=0, visible=False
        )
        self._said = Words(HINT, css_classes=["pg-reading"], margin=0)
        self._card = card(
            "First-layer weights",
            self._mosaic.pane(css_classes=["pg-plot"]),
            self._large,
            self._said,
            area="weights",
            tools=(mode,),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: ReaderFrame) -> None:
        """Show the weights of a newer frame; another network has other units."""
        if frame.tiles.now.shape != self._shape:
            self._shape, self.selected = frame.tiles.now.shape, None
        self._mosaic.push(frame, selected=self.selected)
        if self.selected is not None:
            self._tile.push(self._sight(frame))

    def _sight(self, frame: ReaderFrame) -> TileSight:
        return TileSight(frame.tiles, self.selected or 0, self._exciting)

    @param.depends("mode", watch=True)
    def _turn(self) -> None:
        for view in self.views:
            view.set(mode=self.mode)

    def _tap(self, place: Place) -> None:
        unit = tile_at(self._mosaic, *place)
        self.selected = None if unit == self.selected else unit

    @param.depends("selected", watch=True)
    def _select(self) -> None:
        self._errand.forget()
        self._exciting = self._exciting[:0]
        self._large.visible = self.selected is not None
        if self.selected is None:
            self._said.object = HINT
        else:
            self._said.object = f"Unit {self.selected}: what it weighs, and what excites it most."
            self._ask(self.selected)
        self.follow(self._heartbeat.frame)

    def _ask(self, unit: int) -> None:
        trainer, pictures = self._heartbeat.trainer, self._heartbeat.frame.panel.pictures
        self._errand.ask(lambda: pictures[exciting(trainer.model, unit, pictures, MOST)])

    def _show_exciting(self, pictures: Pixels) -> None:
        self._exciting = pictures
        self._tile.push(self._sight(self._heartbeat.frame))

    def _refuse(self, sentence: str) -> None:
        self._said.object = escape(sentence)
