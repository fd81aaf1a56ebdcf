"""Which network learns, and what it starts from."""

from __future__ import annotations

from contextlib import suppress
from html import escape

import panel as pn
import param

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.readers import READERS
from playground.pages.digits.builder_fields import BuilderFields
from playground.pages.digits.progress import ReaderBeat
from playground.pages.digits.reader_choice import NEW, OWN, SHIPPED, ReaderChoice
from playground.pages.fields import field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.training.digits import ReaderFrame

__all__ = ["NEW", "OWN", "SHIPPED", "NetworkCard", "accuracies"]

ABOUT_OWN = "Layers as you like them."


class NetworkCard(Part):
    """The choice of a reader: one of the ready-made ones, afresh or trained, or one's own.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of a DigitTrainer.
    choice : ReaderChoice, optional
        Made if left out.
    """

    def __init__(self, heartbeat: ReaderBeat, choice: ReaderChoice | None = None) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._choice = choice = choice or ReaderChoice(heartbeat.trainer)
        self._trained = accuracies()
        chips = pn.widgets.RadioButtonGroup
        start = field(choice, "start", widget=chips, css_classes=["pg-modes"], sizing_mode=None)
        self._starts = pn.Column(start, margin=0, sizing_mode="stretch_width")
        self._about = Words("", css_classes=["pg-about"], margin=0)
        self._said = Words("", css_classes=["pg-refused"], margin=0, visible=False)
        self._builder = pn.Column(BuilderFields(choice.own), margin=0, sizing_mode="stretch_width")
        self._column = pn.Column(
            field(choice, "model", widget=chips, css_classes=["pg-chips"], sizing_mode=None),
            self._about,
            self._starts,
            self._builder,
            self._said,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        choice.param.watch(self._change, ["model", "start", "refusal"])
        choice.own.param.watch(heartbeat.refresh, list(choice.own.param))
        heartbeat.trainer.param.watch(heartbeat.refresh, "reader")
        self._change()

    def __panel__(self) -> pn.Column:
        return self._column

    def follow(self, frame: ReaderFrame) -> None:
        """Say how large the network is."""
        self._describe(frame)

    def _change(self, *_events: param.parameterized.Event) -> None:
        refusal = self._choice.refusal
        self._said.param.update(object=escape(refusal), visible=bool(refusal))
        self._describe(self._heartbeat.frame)

    def _describe(self, frame: ReaderFrame) -> None:
        kind = self._choice.model
        self._builder.visible = kind == OWN
        self._starts.visible = kind in self._trained
        about = [escape(ABOUT_OWN if kind == OWN else READERS[kind].about)]
        about.append(weights(frame))
        if kind in self._trained:
            about.append(f"Trained, it reads {self._trained[kind]:.1%} of MNIST's test pictures.")
        self._about.object = f"<p>{' '.join(about)}</p>"


def weights(frame: ReaderFrame) -> str:
    """How many weights the network has: the one from before, if what is asked for is none."""
    count = f"{sum(stage.parameters for stage in frame.stages):,} weights"
    refused = any(note.kind == "refused" and note.place == "network" for note in frame.notes)
    return f"It stays the network from before, with {count}." if refused else f"{count}."


def accuracies() -> dict[str, float]:
    """The accuracy of each reader that has trained weights here, by its name."""
    found = {}
    for name in pretrained.names():
        with suppress(InputError):  # a damaged card offers nothing
            found[name] = pretrained.card(name).accuracy
    return found
