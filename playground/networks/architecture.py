"""The settings of a dense network: features, layers, activations, initial weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import param

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.initialisers import INITIALISERS
from playground.networks.dense.plan import LayerPlan, Plan
from playground.networks.layer_sizes import LayerSizes
from playground.seeds import MAX_SEED

MAX_UNITS = 32
MAX_LAYERS = 8
MAX_DROPOUT = 0.9


class LayerActivations(param.List):  # type: ignore[type-arg]  # as in `LayerSizes`
    """A list of names of activation functions, or None."""

    def _validate_value(self, value: Sequence[object], allow_None: bool) -> None:  # noqa: N803
        super()._validate_value(value, allow_None)
        for name in value:
            if name is not None and name not in ACTIVATIONS:
                raise InputError(
                    f"There is no activation {name!r}; there are {', '.join(ACTIVATIONS)}."
                )


class Architecture(param.Parameterized):
    """The settings of a dense network, from which `plan` makes its `Plan`.

    Raises
    ------
    InputError
        When `hidden` or `layer_activations` is set to an invalid value; the old value is kept.
        Other values out of range raise ValueError, as with any Param class.
    """

    features = param.List(
        default=["x", "y"], item_type=str, doc="Features that the network takes as inputs."
    )
    hidden = LayerSizes(
        default=[4, 2],
        maximum=MAX_UNITS,
        unit="neurons",
        bounds=(0, MAX_LAYERS),
        doc="Neurons in each hidden layer, from the inputs to the output.",
    )
    activation: param.Selector[str] = param.Selector(
        default="tanh", objects=list(ACTIVATIONS), doc="Activation function of the hidden layers."
    )
    layer_activations = LayerActivations(
        default=[],
        doc="Activation functions of the hidden layers, in order. A layer whose entry is None or "
        "missing uses `activation`.",
    )
    dropout = param.Number(
        default=0.0,
        bounds=(0.0, MAX_DROPOUT),
        doc="Probability with which each hidden neuron is left out of a training step.",
    )
    initialiser: param.Selector[str] = param.Selector(
        default="PyTorch default",
        objects=list(INITIALISERS),
        label="Initialisation",
        doc="How the weights are drawn before the first step.",
    )
    seed = param.Integer(
        default=0,
        bounds=(0, MAX_SEED),
        doc="Fixes the initial weights and the order of the samples.",
    )

    def activation_of(self, layer: int) -> str:
        """Return the name of the activation function of one hidden layer, counted from 0."""
        # Another thread may replace the list, so both lookups use one reference to it.
        own = self.layer_activations
        return str((own[layer] if layer < len(own) else None) or self.activation)

    def plan(self, features: tuple[str, ...], outputs: int) -> Plan:
        """Return the plan of the network that these settings describe.

        Parameters
        ----------
        features : tuple of str
            Those of `self.features` that the current problem has; at least one.
        outputs : int
            Number of outputs that the problem needs.
        """
        return Plan(features, tuple(self._layers(len(features), outputs)))

    def _layers(self, inputs: int, outputs: int) -> Iterator[LayerPlan]:
        widths = [inputs, *self.hidden]
        for index, (fan_in, units) in enumerate(pairwise(widths)):
            yield LayerPlan(fan_in, units, self.activation_of(index), self.dropout)
        yield LayerPlan(widths[-1], outputs, "linear")
