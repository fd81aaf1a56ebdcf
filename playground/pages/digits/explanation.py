"""What all tabs have in common that explain what one network makes of what is looked at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import escape
from typing import Generic, TypeVar

import panel as pn
import param
import torch
from torch import nn

from playground.networks import pretrained
from playground.pages.digits.looking import NOW, Look
from playground.pages.digits.subject import Subject
from playground.pages.errand import Errand
from playground.pages.part import Part
from playground.pages.words import Words
from playground.reading import Model
from playground.training.digits.frame import Pixels
from playground.views.live import LiveView

T = TypeVar("T")

FIRST = "Draw a digit, and it is explained here."

# Explaining takes longer than reading, and must not hold it up.
thinkers = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="thinker", initializer=partial(torch.set_num_threads, 1)
)


class Explanation(Part, Generic[T]):
    """A tab with a choice of networks, that works only while it is open.

    Subclasses fill in `question`, `tell` and `blank`.

    Parameters
    ----------
    subject : Subject

    Attributes
    ----------
    views : tuple of LiveView
    """

    views: tuple[LiveView, ...]

    open = param.Boolean(default=False, doc="Whether somebody is looking.")

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._subject = subject
        self._errand: Errand[T] = Errand(self.tell, self.refuse, thinkers)
        self._asked: tuple[object, ...] = ()
        self.of = pn.widgets.Select(name="Network", options=[], margin=0, width=150)
        self.said = Words(FIRST, css_classes=["pg-reading"], margin=0)
        subject.param.watch(self.ask, "look")
        self.param.watch(self.ask, "open")
        self.of.param.watch(self.ask, "value")

    # What subclasses fill in -------------------------------------------------------------------

    def question(self, look: Look, picture: Pixels) -> Callable[[nn.Module], T]:
        """What to ask the chosen network about a picture; it is called off the loop."""
        raise NotImplementedError

    def tell(self, answer: T) -> None:
        """Show what came of it."""
        raise NotImplementedError

    def blank(self) -> None:
        """Show that there is nothing to explain."""
        raise NotImplementedError

    def wish(self) -> object:
        """What else the answer depends on."""
        return None

    # What they are given -----------------------------------------------------------------------

    def ask(self, *_events: object) -> None:
        """Ask anew, unless the answer is known."""
        if not self.open:
            return
        self._offer()
        look, models, name = self._subject.look, self._subject.models, self.of.value
        if look.picture is None or name not in models:
            self._errand.forget()
            self._asked = ()
            self.said.object = FIRST
            self.blank()
            return
        wanted = (models[name], look.picture.tobytes(), self.wish())
        if wanted == self._asked and name != NOW:
            return
        self._asked = wanted
        model, question = models[name], self.question(look, look.picture)
        self._errand.ask(lambda: question(network(model)))

    def refuse(self, sentence: str) -> None:
        """Say why there is no answer."""
        self._asked = ()
        self.said.object = f'<span class="pg-refused">{escape(sentence)}</span>'

    def _offer(self) -> None:
        """Offer the networks that read; the best of them first, if none was chosen."""
        names = list(self._subject.models)
        if names != self.of.options:
            ready = [name for name in names if name != NOW]
            best = ready[-1] if ready else next(iter(names), None)
            self.of.param.update(
                options=names, value=self.of.value if self.of.value in names else best
            )


def network(model: Model) -> nn.Module:
    """A network by its name, or itself."""
    return pretrained.load(model) if isinstance(model, str) else model


def row(*items: object) -> pn.Row:
    """Choices above an explanation."""
    return pn.Row(*items, css_classes=["pg-switches"], margin=0)


def plot(view: LiveView) -> pn.Column:
    """A view that fills what room there is."""
    return pn.Column(view.pane(), css_classes=["pg-plot"], sizing_mode="stretch_both", margin=0)


def tab(*content: object) -> pn.Column:
    """A tab's content, from top to bottom."""
    return pn.Column(*content, css_classes=["pg-explanation"], sizing_mode="stretch_both", margin=0)
