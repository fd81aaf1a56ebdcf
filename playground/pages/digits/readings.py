"""What the networks read: bars side by side, and what that comes to in a sentence."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.digits.looking import Look
from playground.pages.digits.subject import Subject
from playground.pages.fields import field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.views.digits.bars import bars
from playground.views.live import LiveView
from playground.views.theme import Theme

NONE = "Weights of ready-made readers are missing: only the one that learns is asked."


class Readings(Part):
    """Ten bars for each network that is asked.

    Parameters
    ----------
    subject : Subject
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(self, subject: Subject, theme: Theme) -> None:
        super().__init__()
        self._bars = bars(subject.look.bars, theme)
        self.views: tuple[LiveView, ...] = (self._bars,)
        self._said = Words(
            sentence(subject.look),
            css_classes=["pg-verdict"],
            margin=0,
            sizing_mode="stretch_width",
        )
        self._column = pn.Column(
            self._said,
            pn.Column(
                self._bars.pane(), css_classes=["pg-plot"], margin=0, sizing_mode="stretch_both"
            ),
            css_classes=["pg-readings"],
            margin=0,
            sizing_mode="stretch_both",
        )
        subject.param.watch(self._show, "look")

    def __panel__(self) -> pn.Column:
        return self._column

    def _show(self, event: param.parameterized.Event) -> None:
        look: Look = event.new
        self._bars.push(look.bars)
        if (said := sentence(look)) != self._said.object:
            self._said.object = said


def choice(subject: Subject) -> pn.viewable.Viewable:
    """Which readers are asked; a sentence where there are none."""
    if not subject.param.chosen.objects:
        return Words(NONE, css_classes=["pg-about"], margin=0)
    return field(
        subject,
        "chosen",
        widget=pn.widgets.CheckButtonGroup,
        name="Readers that are asked",
        css_classes=["pg-chips"],
    )


def sentence(look: Look) -> str:
    """What the readings come to, as HTML."""
    words = f' <span class="pg-refused">{escape(look.said)}</span>' if look.said else ""
    votes = look.votes
    if not votes:
        return f"<p>{escape(look.said)}</p>"
    if look.several:
        *most, last = map(escape, look.several)
        digits = f"{len(look.several)} digits: {', '.join(most)} and {last}"
        return f"<p>This looks like <b>{digits}</b>.{words}</p>"
    best = max(votes, key=lambda name: votes[name])
    if look.bars.doubtful:
        return f"<p><b>Not a digit?</b> If it is one, then perhaps {escape(best)}.{words}</p>"
    if len(votes) == 1:
        return f"<p>Read as <b>{escape(best)}</b>.{words}</p>"
    others = ", ".join(name for name in votes if name != best)
    return f"<p>Most read <b>{escape(best)}</b>, others {escape(others)}.{words}</p>"
