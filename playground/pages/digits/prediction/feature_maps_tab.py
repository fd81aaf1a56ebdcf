"""The tab “Feature maps”: the output of each layer for the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import panel as pn
import param
from torch import nn

from playground.pages.digits.prediction.explanation_tab import (
    ExplanationTab,
    controls_row,
    stretch,
    tab_content,
)
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import Predictions
from playground.problems.problem import Floats
from playground.training.images.explain import feature_maps
from playground.training.images.frame import Pixels
from playground.views.images import feature_map_tiles
from playground.views.images.view_data import FeatureMapsData
from playground.views.theme import Theme

Explained = tuple[list[str], FeatureMapsData]


class FeatureMapsTab(ExplanationTab[Explained]):
    """All feature maps of the chosen layer."""

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__(predictor)
        self._maps = feature_map_tiles.feature_map_tiles(FeatureMapsData(()), theme)
        self.views = (self._maps,)
        self._layer = pn.widgets.Select(name="Layer", options=[], margin=0, width=190)
        self._layer.param.watch(self._on_layer, "value")
        self._tab = tab_content(
            controls_row(self.network_select, self._layer), self.caption, stretch(self._maps)
        )

    def __panel__(self) -> pn.Column:
        return self._tab

    def explainer(self, latest: Predictions, picture: Pixels) -> Callable[[nn.Module], Explained]:
        """Return the function that computes the output of each layer."""

        def explain(network: nn.Module) -> Explained:
            found = feature_maps(network, picture)
            kinds = [type(network.get_submodule(name)).__name__ for name, _ in found]
            return layer_titles(kinds, [values for _, values in found]), FeatureMapsData(
                tuple(found)
            )

        return explain

    def show_explanation(self, explained: Explained) -> None:
        """Show the maps of the chosen layer."""
        options = {name: number for number, name in enumerate(explained[0])}
        if options != self._layer.options:
            # The first layer is the easiest to recognise: the last ones are no pictures.
            self._layer.param.update(options=options, value=0)
        self.caption.object = "Blue is positive, orange is negative, grey is zero."
        self._maps.push(explained[1], layer=self._layer.value)

    def clear_explanation(self) -> None:
        """Show no maps."""
        self._maps.push(FeatureMapsData(()))

    def _on_layer(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self._maps.set(layer=event.new)


def layer_titles(kinds: Sequence[str], values: Sequence[Floats]) -> list[str]:
    """Return titles of layers: number, kind, and shape of the output."""
    return [
        f"{number}. {kind}: {shape_text(each)}"
        for number, (kind, each) in enumerate(zip(kinds, values, strict=True), start=1)
    ]


def shape_text(values: Floats) -> str:
    """Format an output's shape: how many maps of which size, or how many units."""
    count, height, width = values.shape
    return f"{count} of {height}×{width}" if height * width > 1 else str(count)
