"""The network diagram: add and remove neurons and layers, and take hold of single weights."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
from holoviews.plotting.plot import Plot

from playground.networks.architecture import MOST_LAYERS, MOST_UNITS, Architecture
from playground.pages.buttons import button
from playground.pages.choices import FeatureChoice
from playground.pages.editor import HINT, Editor
from playground.pages.fields import card
from playground.pages.part import Beat, Part
from playground.pages.words import Words
from playground.training.frame import Frame
from playground.views.diagram import at, caption, diagram, layout_of
from playground.views.diagram.refs import Ref, UnitRef
from playground.views.gestures import Gestures, Place, listen
from playground.views.live import LiveView
from playground.views.theme import Theme
from playground.views.together import together


class DiagramCard(Part):
    """The diagram view as a card.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    enlarged : LiveView
        The boundary view, which shows a unit's answers while it is pointed at or selected.
    """

    def __init__(self, heartbeat: Beat, theme: Theme, enlarged: LiveView) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._architecture: Architecture = heartbeat.trainer.architecture
        self._enlarged = enlarged
        self.view = diagram(heartbeat.frame, theme)
        self.views = (self.view,)
        self.editor = Editor(heartbeat)
        self.notes = self.editor.notes
        self._features = FeatureChoice(heartbeat)
        self._steppers = [self._stepper(layer) for layer in range(MOST_LAYERS)]
        self._strip = pn.Column(*self._steppers, css_classes=["pg-steppers"], height=28, margin=0)
        self.view.on_render(self._follow_size)
        listen(self.view, Gestures(move=self._hover, leave=self._leave, tap=self._select))
        self._card = card(
            "Network",
            self._strip,
            self.view.pane(css_classes=["pg-plot"]),
            self.editor,
            area="network",
            tools=(
                self._features,
                _small("minus", "Remove the last hidden layer", self._remove_layer),
                self._count(),
                _small("plus", "Add a hidden layer", self._add_layer),
            ),
        )
        self._arrange()

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: Frame) -> None:
        """Show a newer frame."""
        self.view.push(frame)
        self.editor.follow(frame)
        self._arrange()
        self._features.follow(frame)
        drawn = caption(frame)
        self.notes.idle = f"{HINT} Drawn: {drawn}." if drawn else HINT

    def _count(self) -> Words:
        hidden = self._architecture.param.hidden.rx()
        label = hidden.rx.len().rx.pipe(
            lambda count: f"{count} hidden layer{'' if count == 1 else 's'}"
        )
        return Words(label, css_classes=["pg-count"], margin=0, align="center")

    def _stepper(self, layer: int) -> pn.Row:
        return pn.Row(
            _small("minus", "One neuron fewer", lambda _event: self._widen(layer, -1)),
            _small("plus", "One neuron more", lambda _event: self._widen(layer, +1)),
            css_classes=["pg-stepper"],
            margin=0,
            visible=False,
        )

    def _arrange(self) -> None:
        """Put the buttons of each layer above its column."""
        places = layout_of(self.view).columns
        crowded = ["pg-crowded"] if len(places) > 6 else []
        self._strip.css_classes = ["pg-steppers", *crowded]
        for layer, stepper in enumerate(self._steppers):
            there = layer < len(places)
            if there:
                stepper.styles = {"left": f"{places[layer]:.1%}"}
            stepper.visible = there

    def _follow_size(self, plot: Plot) -> None:
        """The diagram fits itself to its size; the buttons above it must follow."""

        def resized(_attribute: str, _old: object, _new: object) -> None:
            with together():
                self._arrange()

        plot.state.on_change("inner_width", resized)

    def _widen(self, layer: int, by: int) -> None:
        hidden = list(self._architecture.hidden)
        if layer < len(hidden) and 1 <= hidden[layer] + by <= MOST_UNITS:
            hidden[layer] += by
            self._architecture.hidden = hidden

    def _add_layer(self, _event: object) -> None:
        hidden = self._architecture.hidden
        if len(hidden) < MOST_LAYERS:
            self._architecture.hidden = [*hidden, hidden[-1] if hidden else 4]

    def _remove_layer(self, _event: object) -> None:
        self._architecture.hidden = self._architecture.hidden[:-1]

    def _at(self, place: Place) -> Ref | None:
        focus = [ref for ref in (self.editor.ref,) if ref is not None]
        return at(layout_of(self.view), self.view.frame, *place, focus=focus)

    def _hover(self, place: Place) -> None:
        ref = self._at(place)
        if ref != self.view.choices["hovered"]:
            self.view.set(hovered=ref)
            self.editor.hovered = ref
            self._enlarge(ref or self.editor.ref)

    def _leave(self) -> None:
        self.view.set(hovered=None)
        self.editor.hovered = None
        self._enlarge(self.editor.ref)

    def _select(self, place: Place) -> None:
        ref = self._at(place)
        ref = None if ref == self.editor.ref else ref
        self.view.set(selected=ref)
        self.editor.ref = ref
        self._enlarge(ref)

    def _enlarge(self, ref: Ref | None) -> None:
        unit = (ref.layer, ref.unit) if isinstance(ref, UnitRef) else None
        self._enlarged.set(unit=unit)


def _small(name: str, description: str, action: Callable[[object], None]) -> pn.widgets.Button:
    return button(name, description, action, width=26, kind="pg-small")
