"""Recognition of dense networks that `Architecture` can describe in modules of the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn

from playground.networks.architecture import MAX_DROPOUT, MAX_LAYERS, MAX_UNITS
from playground.networks.dense.activations import ACTIVATIONS
from playground.torch_internals.modules import has_hooks, parts


@dataclass(frozen=True, slots=True)
class DenseModule:
    """The dense layers of a module, in order, with their activations and dropout.

    Attributes
    ----------
    linears : tuple of nn.Linear
        Hidden layers, then the output layer.
    activations : tuple of str
        Keys of `ACTIVATIONS`, one for each hidden layer.
    dropout : float
        Dropout probability after each hidden layer.
    """

    linears: tuple[nn.Linear, ...]
    activations: tuple[str, ...]
    dropout: float

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of each layer, the output layer last."""
        return tuple(each.out_features for each in self.linears)

    @property
    def as_parameters(self) -> dict[str, Any]:
        """Parameters of the `Architecture` that describes the module, by name."""
        same = len(set(self.activations)) == 1
        return {
            "hidden": list(self.widths[:-1]),
            "layer_activations": [] if same else list(self.activations),
            "dropout": self.dropout,
            **({"activation": self.activations[0]} if same else {}),
        }


def read_dense(module: nn.Module) -> DenseModule | None:
    """Return the dense layers of a plain `nn.Sequential` with known activations.

    Returns
    -------
    DenseModule or None
        None if the module is anything else, does anything else with its layers, as by a hook, or
        is larger than `Architecture` allows.
    """
    if not _is_plain_sequence(module) or has_hooks(module):
        return None
    blocks = list(_blocks(module))
    linears = tuple(block[0] for block in blocks if isinstance(block[0], nn.Linear))
    if len(linears) != len(blocks) or not _are_plain_layers(linears) or len(blocks[-1]) > 1:
        return None
    own = [tensor for each in linears for tensor in (each.weight, each.bias)]
    if [*map(id, own)] != [*map(id, module.parameters())]:  # some are shared, or are besides
        return None
    read = [_activation(block[1:]) for block in blocks[:-1]]
    known = [each for each in read if each is not None]
    rates = {rate for _name, rate in known} or {0.0}
    if len(known) != len(read) or len(rates) > 1 or max(rates) > MAX_DROPOUT:
        return None
    return DenseModule(linears, tuple(name for name, _rate in known), rates.pop())


def _is_plain_sequence(module: nn.Module) -> bool:
    """Return whether a module only calls its parts in order."""
    if not isinstance(module, nn.Sequential):
        return False
    kind = type(module)
    return (
        kind.forward is nn.Sequential.forward
        and kind.__call__ is nn.Module.__call__
        and "forward" not in vars(module)
    )


def _blocks(module: nn.Module) -> Iterator[list[nn.Module]]:
    """Yield each linear layer with the modules after it; modules before the first come first."""
    block: list[nn.Module] = []
    for each in _flatten(module):
        if isinstance(each, nn.Linear) and block:
            yield block
            block = []
        block.append(each)
    yield block or [module]


def _flatten(module: nn.Module) -> Iterator[nn.Module]:
    for each in parts(module):
        if type(each) is nn.Sequential:
            yield from _flatten(each)
        else:
            yield each


def _are_plain_layers(linears: tuple[nn.Linear, ...]) -> bool:
    """Return whether the layers are distinct, within the limits, and have trainable biases."""
    if len(linears) != len(set(linears)) or len(linears) > MAX_LAYERS + 1:
        return False
    if any(each.out_features > MAX_UNITS for each in linears[:-1]):
        return False
    return all(
        type(each) is nn.Linear
        and "forward" not in vars(each)
        and each.bias is not None
        and each.weight.requires_grad
        and each.bias.requires_grad
        for each in linears
    )


def _activation(followers: list[nn.Module]) -> tuple[str, float] | None:
    """Return the activation and dropout after a hidden layer, or None if they are not known."""
    rest = [each for each in followers if type(each) is not nn.Dropout]
    rate = sum((each.p for each in followers if type(each) is nn.Dropout), 0.0)
    if len(rest) > 1 or len(followers) > len(rest) + 1 or (rest and followers[0] is not rest[0]):
        return None
    if not rest:
        return "linear", rate
    # The text that PyTorch prints for a module includes its settings.
    as_text = repr(rest[0]).replace(", inplace=True", "").replace("inplace=True", "")
    names = [
        name
        for name, rule in ACTIVATIONS.items()
        if type(known := rule.module()) is type(rest[0]) and repr(known) == as_text
    ]
    return (names[0], rate) if names else None
