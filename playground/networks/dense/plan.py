"""Plans: immutable, comparable descriptions of dense networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """One dense layer: `fan_in` numbers in, `units` numbers out, then an activation.

    Attributes
    ----------
    fan_in, units : int
        At least 1 each.
    activation : str
        A key of `ACTIVATIONS`.
    dropout : float
        Probability in [0, 1) with which a unit's output is set to 0 while training.
    """

    fan_in: int
    units: int
    activation: str
    dropout: float = 0.0

    @property
    def size(self) -> int:
        """Number of weights and biases of the layer."""
        return self.units * (self.fan_in + 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """The description of a dense network from named features to outputs.

    Attributes
    ----------
    features : tuple of str
        Names of the inputs, in order.
    layers : tuple of LayerPlan
        Hidden layers, then the output layer, whose activation is always linear.
    """

    features: tuple[str, ...]
    layers: tuple[LayerPlan, ...]

    @property
    def hidden(self) -> tuple[LayerPlan, ...]:
        """All layers but the last."""
        return self.layers[:-1]

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return self.layers[-1].units

    @property
    def widths(self) -> tuple[int, ...]:
        """Units in each layer, the output layer last."""
        return tuple(layer.units for layer in self.layers)

    @property
    def size(self) -> int:
        """Number of weights and biases of all layers."""
        return sum(layer.size for layer in self.layers)

    def spans(self) -> Iterator[slice]:
        """Yield the slice of each layer's parameters in a flat row of all parameters."""
        start = 0
        for layer in self.layers:
            yield slice(start, start + layer.size)
            start += layer.size
