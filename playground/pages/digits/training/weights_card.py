"""The card of the first layer's weights, and of the pictures that activate one unit most."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.training.images import ImageFrame
from playground.training.images.explain import top_activating_images
from playground.training.images.frame import Pixels
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.images.unit_tile import unit_tile
from playground.views.images.view_data import UnitTileData
from playground.views.images.weight_tiles import MODES, tile_at, weight_tiles
from playground.views.live_view import LiveView
from playground.views.theme import Theme

HINT = (
    "Each tile shows the weights of one unit. Click one to see the pictures that activate it most."
)
MAX_PICTURES = 8
"""Pictures shown beside a selected unit."""


class WeightsCard(Part):
    """The weights of each unit as a tile; below, the selected unit and its top pictures.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    mode: param.Selector[str] = param.Selector(
        default=MODES[0],
        objects=list(MODES),
        label="Weights",
        doc="The weights themselves, or their change.",
    )
    selected = param.Integer(
        default=None,
        allow_None=True,
        bounds=(0, None),
        precedence=-1,
        doc="Index of a unit of the first layer.",
    )

    def __init__(self, heartbeat: ImageHeartbeat, theme: Theme) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        frame = heartbeat.frame
        self._shape = frame.tiles.now.shape
        self._top_pictures: Pixels = frame.probe_set.pictures[:0]
        self._task: LatestTask[Pixels] = LatestTask(self._show_top_pictures, self._show_error)
        self._mosaic = weight_tiles(frame, theme)
        self._tile = unit_tile(self._unit_data(frame), theme)
        self.views: tuple[LiveView, ...] = (self._mosaic, self._tile)
        connect_gestures(self._mosaic, Gestures(tap=self._tap))
        mode = field(
            self,
            "mode",
            widget=pn.widgets.RadioButtonGroup,
            css_classes=["pg-modes"],
            sizing_mode=None,
        )
        self._tile_column = DeferredColumn(
            self._tile.pane(), css_classes=["pg-plot", "pg-tile"], margin=0, visible=False
        )
        self._message = LiveHTML(HINT, css_classes=["pg-reading"], margin=0)
        self._card = card(
            "First-layer weights",
            self._mosaic.pane(css_classes=["pg-plot"]),
            self._tile_column,
            self._message,
            area="weights",
            tools=(mode,),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: ImageFrame) -> None:
        """Show the weights of a newer frame; a new network has no selected unit."""
        if frame.tiles.now.shape != self._shape:
            self._shape, self.selected = frame.tiles.now.shape, None
        self._mosaic.push(frame, selected=self.selected)
        if self.selected is not None:
            self._tile.push(self._unit_data(frame))

    def _unit_data(self, frame: ImageFrame) -> UnitTileData:
        return UnitTileData(frame.tiles, self.selected or 0, self._top_pictures)

    @param.depends("mode", watch=True)
    def _on_mode(self) -> None:
        for view in self.views:
            view.set(mode=self.mode)

    def _tap(self, place: Place) -> None:
        unit = tile_at(self._mosaic, *place)
        self.selected = None if unit == self.selected else unit

    @param.depends("selected", watch=True)
    def _select(self) -> None:
        self._task.cancel()
        self._top_pictures = self._top_pictures[:0]
        self._tile_column.visible = self.selected is not None
        if self.selected is None:
            self._message.object = HINT
        else:
            self._message.object = (
                f"Unit {self.selected}: its weights, and the pictures that activate it most."
            )
            self._find_top_pictures(self.selected)
        self.update(self._heartbeat.frame)

    def _find_top_pictures(self, unit: int) -> None:
        trainer, pictures = self._heartbeat.trainer, self._heartbeat.frame.probe_set.pictures
        self._task.submit(
            lambda: pictures[top_activating_images(trainer.model, unit, pictures, MAX_PICTURES)]
        )

    def _show_top_pictures(self, pictures: Pixels) -> None:
        self._top_pictures = pictures
        self._tile.push(self._unit_data(self._heartbeat.frame))

    def _show_error(self, sentence: str) -> None:
        self._message.object = escape(sentence)
