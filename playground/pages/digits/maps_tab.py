"""What each layer of a network makes of what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import panel as pn
import param
from torch import nn

from playground.pages.digits.explanation import Explanation, plot, row, tab
from playground.pages.digits.looking import Look
from playground.pages.digits.subject import Subject
from playground.problems.problem import Floats
from playground.training.digits.frame import Pixels
from playground.training.digits.why import feature_maps
from playground.views.digits import maps
from playground.views.digits.sights import MapsSight
from playground.views.theme import Theme

Answer = tuple[list[str], MapsSight]


class MapsTab(Explanation[Answer]):
    """All maps of one layer; which, is chosen."""

    def __init__(self, subject: Subject, theme: Theme) -> None:
        super().__init__(subject)
        self._maps = maps.feature_maps(MapsSight(()), theme)
        self.views = (self._maps,)
        self._layer = pn.widgets.Select(name="Layer", options=[], margin=0, width=190)
        self._layer.param.watch(self._turn, "value")
        self._tab = tab(row(self.of, self._layer), self.said, plot(self._maps))

    def __panel__(self) -> pn.Column:
        return self._tab

    def question(self, look: Look, picture: Pixels) -> Callable[[nn.Module], Answer]:
        """What each layer gives."""

        def layers(network: nn.Module) -> Answer:
            found = feature_maps(network, picture)
            kinds = [type(network.get_submodule(name)).__name__ for name, _ in found]
            return names(kinds, [values for _, values in found]), MapsSight(tuple(found))

        return layers

    def tell(self, answer: Answer) -> None:
        """Show what came of it."""
        options = {name: number for number, name in enumerate(answer[0])}
        if options != self._layer.options:
            # What is said last, in the last layer, are the answers: the first is the picture's.
            self._layer.param.update(options=options, value=0)
        self.said.object = "Blue is plus, orange is minus, and grey is nothing."
        self._maps.push(answer[1], layer=self._layer.value)

    def blank(self) -> None:
        """Show nothing."""
        self._maps.push(MapsSight(()))

    def _turn(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self._maps.set(layer=event.new)


def names(kinds: Sequence[str], values: Sequence[Floats]) -> list[str]:
    """What layers are called: number, kind, and how much each gives."""
    return [
        f"{number}. {kind}: {size(each)}"
        for number, (kind, each) in enumerate(zip(kinds, values, strict=True), start=1)
    ]


def size(values: Floats) -> str:
    """How many maps of what size, or how many numbers."""
    count, height, width = values.shape
    return f"{count} of {height}×{width}" if height * width > 1 else str(count)
