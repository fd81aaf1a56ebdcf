"""Which network learns, and what it starts from."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from html import escape

import panel as pn
from torch import nn

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.readers import READERS, OwnReader
from playground.pages.digits.builder_fields import BuilderFields
from playground.pages.digits.errand import Errand
from playground.pages.digits.progress import ReaderBeat
from playground.pages.part import Part
from playground.training.digits import ReaderFrame

OWN = "own"
ABOUT_OWN = "Layers as you like them."
NEW, SHIPPED = "New weights", "Trained weights"


class NetworkCard(Part):
    """The choice of a reader: one of the ready-made ones, afresh or trained, or one's own.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of a DigitTrainer, whose `reader` is set.
    """

    def __init__(self, heartbeat: ReaderBeat) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        reader = heartbeat.trainer.reader
        self.own = reader if isinstance(reader, OwnReader) else OwnReader()
        self._trained = accuracies()
        self._errand: Errand[nn.Module] = Errand(self._use, self._refuse)
        self._kind = pn.widgets.RadioButtonGroup(
            name="Network",
            options={**{each.label: name for name, each in READERS.items()}, "Your own": OWN},
            value=reader if isinstance(reader, str) else OWN,
            margin=0,
            css_classes=["pg-chips"],
        )
        self._start = pn.widgets.RadioButtonGroup(
            name="Start from", options=[NEW, SHIPPED], value=NEW, margin=0, css_classes=["pg-modes"]
        )
        self._starts = pn.Column(self._start, margin=0, sizing_mode="stretch_width")
        self._about = pn.pane.HTML("", css_classes=["pg-about"], margin=0)
        self._said = pn.pane.HTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._builder = pn.Column(BuilderFields(self.own), margin=0, sizing_mode="stretch_width")
        self._column = pn.Column(
            self._kind,
            self._about,
            self._starts,
            self._builder,
            self._said,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._kind.param.watch(self._change, "value")
        self._start.param.watch(self._choose, "value")
        self.own.param.watch(heartbeat.refresh, list(self.own.param))
        self._describe(heartbeat.frame)

    def __panel__(self) -> pn.Column:
        return self._column

    def follow(self, frame: ReaderFrame) -> None:
        """Say how large the network is."""
        self._describe(frame)

    def _change(self, _event: object) -> None:
        """Another network begins with new weights."""
        if self._start.value == NEW:
            self._choose()
        else:
            self._start.value = NEW

    def _choose(self, *_events: object) -> None:
        self._said.visible = False
        self._errand.forget()
        kind = self._kind.value
        if self._start.value == SHIPPED and kind != OWN:
            # Reading and checking a file of weights takes longer than the event loop may wait.
            self._errand.ask(partial(pretrained.load, kind))
        else:
            self._use(self.own if kind == OWN else kind)
        self._describe(self._heartbeat.frame)

    def _use(self, reader: str | OwnReader | nn.Module) -> None:
        self._heartbeat.trainer.reader = reader
        self._heartbeat.refresh()

    def _refuse(self, sentence: str) -> None:
        self._start.value = NEW
        self._said.param.update(object=escape(sentence), visible=True)

    def _describe(self, frame: ReaderFrame) -> None:
        kind = self._kind.value
        self._builder.visible = kind == OWN
        self._starts.visible = kind in self._trained
        about = [escape(ABOUT_OWN if kind == OWN else READERS[kind].about)]
        about.append(f"{sum(stage.parameters for stage in frame.stages):,} weights.")
        if kind in self._trained:
            about.append(f"Trained, it reads {self._trained[kind]:.1%} of MNIST's test pictures.")
        self._about.object = f"<p>{' '.join(about)}</p>"


def accuracies() -> dict[str, float]:
    """The accuracy of each reader that has trained weights here, by its name."""
    found = {}
    for name in pretrained.names():
        with suppress(InputError):  # a damaged card offers nothing
            found[name] = pretrained.card(name).accuracy
    return found
