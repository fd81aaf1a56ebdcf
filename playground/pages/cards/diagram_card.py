"""The card of the network diagram: add and remove neurons and layers, select single weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import panel as pn
import param
from holoviews.plotting.plot import Plot

from playground.networks.architecture import MAX_LAYERS, MAX_UNITS, Architecture
from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.accessibility.diagram_keys import DiagramKeys
from playground.pages.cards.callouts import Callouts
from playground.pages.cards.feature_choice import FeatureChoice
from playground.pages.cards.parameter_editor import HINT, ParameterEditor
from playground.pages.controls.buttons import button
from playground.pages.controls.fields.parameter_fields import card
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import DenseHeartbeat, Part
from playground.serving.browser.update_batching import hold_updates
from playground.training.dense.frame import Frame
from playground.views.diagram import caption, diagram, hit_test, layout_of
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.labels import BUTTON, between_buttons, room_between_levels
from playground.views.diagram.levels import least_size
from playground.views.diagram.link_motion import LinkMotion
from playground.views.diagram.refs import FEATURE_LAYER, FeatureRef, Ref, UnitRef
from playground.views.diagram.scrolling import DiagramScrolling
from playground.views.diagram.view import DEFAULT_SIZE, displayed_titles
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.size_tracking import Size
from playground.views.theme import Theme


class DiagramCard(Part):
    """The diagram view as a card.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    show_unit : callable
        Called with the unit that is pointed at or selected, or with None, so that its output is
        shown.
    """

    def __init__(
        self,
        heartbeat: DenseHeartbeat,
        theme: Theme,
        show_unit: Callable[[UnitRef | None], None],
    ) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._architecture: Architecture = heartbeat.trainer.architecture
        self._show_output_of = show_unit
        self.view = diagram(heartbeat.frame, theme, open_end=True, has_keys=True)
        self.views = (self.view,)
        self.editor = ParameterEditor(heartbeat)
        self.notes = self.editor.notes
        self.features = FeatureChoice(heartbeat)
        self._callouts = Callouts()
        self._stepper_row = pn.Column(css_classes=["pg-steppers"], height=28, margin=0)
        self._room = DEFAULT_SIZE
        self._arranged: tuple[Layout | None, list[str]] = (None, [])
        self._scrolling = DiagramScrolling(self._set_room)
        self._scroller = pn.Column(
            self._stepper_row,
            self.view.pane(css_classes=["pg-plot"]),
            self._callouts,
            css_classes=["pg-scroller"],
            sizing_mode="stretch_both",
            margin=0,
        )
        self.view.on_render(self._watch_width)
        self.editor.param.watch(self._show_held, "ref")
        connect_gestures(self.view, Gestures(move=self._hover, leave=self._leave, tap=self._select))
        self._motion = LinkMotion(moving=heartbeat.running)
        self._count = LiveHTML("", css_classes=["pg-count"], margin=0, align="center")
        self._count_layers()
        self._architecture.param.watch(self._count_layers, "hidden")
        heartbeat.param.watch(self._follow_training, "running")
        self._card = card(
            "Network",
            self._scroller,
            self.editor,
            self._motion,
            self._scrolling,
            DiagramKeys(lambda: self.view.frame, self._walk_to, self._open),
            area="network",
            tools=(
                _small_button("minus", "Remove the last hidden layer", self._remove_layer),
                self._count,
                _small_button("plus", "Add a hidden layer", self._add_layer),
            ),
        )
        self._place_steppers()
        self._grow()

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Frame) -> None:
        """Show a newer frame."""
        self.view.push(frame)
        self.editor.update(frame)
        arranged = layout_of(self.view), displayed_titles(self.view)
        if arranged[0] is not self._arranged[0] or arranged[1] != self._arranged[1]:
            self._arranged = arranged
            self._place_steppers()
            self._grow()
        elif frame.step == 0:  # other first weights
            self._callouts.place(arranged[0], frame)
        self.features.update(frame)
        note = caption(frame)
        self.notes.hint = f"{HINT} Drawn: {note}." if note else HINT

    def _follow_training(self, event: param.parameterized.Event) -> None:
        self._motion.moving = event.new

    def _count_layers(self, *_events: param.parameterized.Event) -> None:
        count = len(self._architecture.hidden)
        self._count.object = f"{count} hidden layer{'' if count == 1 else 's'}"

    def _stepper(self, layer: int) -> pn.Row:
        resize = partial(self._resize_layer, layer)
        return pn.Row(
            _small_button("minus", "One neuron fewer", lambda _event: resize(-1)),
            _small_button("plus", "One neuron more", lambda _event: resize(+1)),
            css_classes=["pg-stepper"],
            tags=group_name(f"Hidden layer {layer + 1}"),
            margin=0,
        )

    def _place_steppers(self) -> None:
        """Place the buttons of each layer above its column, left and right of its title."""
        layout = layout_of(self.view)
        places = layout.columns
        self._callouts.place(layout, self.view.frame)
        between = between_buttons(displayed_titles(self.view), room_between_levels(layout))
        set_styles(self._stepper_row, {"--pg-between": f"{between:.0f}px"})
        with page_design():
            for layer in range(len(self._stepper_row), len(places)):
                self._stepper_row.append(self._stepper(layer))
        for layer, stepper in enumerate(self._stepper_row):
            exists = layer < len(places)
            if exists:
                set_styles(stepper, {"left": f"{places[layer]:.1%}"})
            stepper.visible = exists

    def _set_room(self, room: Size, is_beside: bool) -> None:
        """Lay the diagram out for what is seen of it, or larger, where it would be illegible."""
        self._room = room
        with hold_updates():
            self.view.set(open_end=is_beside)
            self._place_steppers()
            self._grow()

    def _grow(self) -> None:
        """Have the diagram scroll where it would otherwise be illegible."""
        layout = layout_of(self.view)
        drawn = tuple(block.count for block in layout.blocks)
        width, height = least_size(drawn, self._room, open_end=layout.has_open_end)
        least = {"--pg-least-width": f"{width}px", "--pg-least-height": f"{height}px"}
        set_styles(self._scroller, least)

    def _walk_to(self, ref: Ref | FeatureRef | None) -> None:
        """Point at a part, and have it seen."""
        self._point(ref)
        if ref is not None:
            layout = layout_of(self.view)
            tile = 0 if isinstance(ref, FeatureRef) else layout.starts[ref.layer + 1] + ref.unit
            half, middle = layout.tile / 2, float(layout.x[tile])
            self._scrolling.shown = [middle - half, middle + half]

    def _watch_width(self, plot: Plot) -> None:
        """Have the buttons follow when the diagram is laid out for another width."""

        def on_resize(_attribute: str, _old: object, _new: object) -> None:
            with hold_updates():
                self._place_steppers()

        plot.state.on_change("inner_width", on_resize)

    def _resize_layer(self, layer: int, by: int) -> None:
        hidden = list(self._architecture.hidden)
        if layer < len(hidden) and 1 <= hidden[layer] + by <= MAX_UNITS:
            hidden[layer] += by
            self._architecture.hidden = hidden

    def _add_layer(self, _event: object) -> None:
        hidden = self._architecture.hidden
        if len(hidden) < MAX_LAYERS:
            self._architecture.hidden = [*hidden, hidden[-1] if hidden else 4]

    def _remove_layer(self, _event: object) -> None:
        self._architecture.hidden = self._architecture.hidden[:-1]

    def _ref_at(self, place: Place) -> Ref | FeatureRef | None:
        focus = [ref for ref in (self.editor.ref,) if ref is not None]
        return hit_test(layout_of(self.view), self.view.frame, *place, focus=focus)

    def _hover(self, place: Place) -> None:
        self._point(self._ref_at(place))

    def _point(self, ref: Ref | FeatureRef | None) -> None:
        """Describe a part; None describes the one that is selected."""
        if ref != self.view.choices["hovered"]:
            self.view.set(hovered=ref)
            if isinstance(ref, UnitRef) and ref.layer != FEATURE_LAYER:
                self._callouts.dismiss_units()
            self.editor.hovered = ref if not isinstance(ref, FeatureRef) else None
            self._show_unit(ref or self.editor.ref)

    def _leave(self) -> None:
        self._point(None)

    def _select(self, place: Place) -> None:
        ref = self._ref_at(place)
        self._open(None if ref == self.editor.ref else ref, place)

    def _open(self, ref: Ref | FeatureRef | None, place: Place | None = None) -> bool:
        """Open a part in the editor, or take or leave a feature; None closes the editor.

        Returns
        -------
        bool
            Whether the editor is open then.
        """
        if isinstance(ref, FeatureRef) or (isinstance(ref, UnitRef) and ref.layer == FEATURE_LAYER):
            self.features.toggle(self.view.frame, ref)
            return False
        self.hold(ref, place)
        return ref is not None

    def hold(self, ref: Ref | None, place: Place | None = None) -> None:
        """Select a part of the network, and open its values at a place, by default at its unit."""
        layout = layout_of(self.view)
        if ref is not None:
            tile = layout.starts[ref.layer + 1] + ref.unit
            across, up = place or (float(layout.x[tile]), float(layout.y[tile]))
            self.editor.place_at(across, up, layout.size)
        self.editor.ref = ref

    def _show_held(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self._callouts.dismiss_links()
        self.view.set(selected=event.new)
        self._show_unit(event.new)

    def _show_unit(self, ref: Ref | FeatureRef | None) -> None:
        self._show_output_of(ref if isinstance(ref, UnitRef) else None)


def set_styles(target: pn.viewable.Viewable, styles: dict[str, str]) -> None:
    """Set the styles of a component, unless it has them."""
    if target.styles != styles:
        target.styles = styles


def _small_button(
    name: str, description: str, action: Callable[[object], None]
) -> pn.widgets.Button:
    return button(name, description, action, width=int(BUTTON), kind="pg-small pg-round")
