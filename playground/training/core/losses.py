"""What a network is scored by, and the slope that it descends.

A binary classification has one output, whose target is 0 or 1; more classes have one output
each and one-hot targets; a regression has one output. Each of these three forms of a loss is a
class of its own, chosen once by `make_loss`, so that nothing is decided at every step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache, partial
from typing import ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional

from playground.errors import InputError

Task = Literal["classification", "regression"]

# Operators are called by their `_op`: the Python wrapper around it costs 0.35 µs a call.
_sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input._op
_softmax_backward = torch.ops.aten._softmax_backward_data.out._op
_huber_backward = torch.ops.aten.huber_loss_backward.out._op
_threshold_backward = torch.ops.aten.threshold_backward.grad_input._op


class Loss(ABC):
    """A loss for a fixed number of outputs K.

    Everywhere `z` has the shape (copies, K, batch), with no function applied to the outputs yet,
    and `y` the same shape or (1, K, batch). Sums run over outputs, means over the batch.

    Attributes
    ----------
    pytorch : callable or None
        The same mean loss of one copy as it is usually written, for scripts that people take
        with them: from outputs (batch, K) and targets, which are class numbers (batch,) where
        there are many classes and (batch, 1) otherwise. A lambda, or one of PyTorch's functions.
    """

    pytorch: ClassVar[Callable[..., Tensor] | None] = None

    @abstractmethod
    def value(self, z: Tensor, y: Tensor) -> Tensor:
        """Mean loss of each copy, shape (copies,); autograd can follow it."""

    @abstractmethod
    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        """Write the derivative of `value` by `z` into `out`, a tensor of z's shape but not z."""

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        """Make calls that do what `slope_` does, for tensors that stay where they are.

        Bound beforehand they cost half as much, which counts where each takes half a microsecond.
        """
        return [partial(self.slope_, z, y, out)]

    @abstractmethod
    def probabilities(self, z: Tensor) -> Tensor:
        """Probabilities of the classes, shape (copies, classes, batch).

        Two rows for a binary loss, none in regression.
        """


class _Binary(Loss):
    sharpness: ClassVar[float] = 1.0

    def probabilities(self, z: Tensor) -> Tensor:
        z = z * self.sharpness
        return torch.cat((torch.sigmoid(-z), torch.sigmoid(z)), 1)


class _ManyClasses(Loss):
    sharpness: ClassVar[float] = 1.0

    def probabilities(self, z: Tensor) -> Tensor:
        return torch.softmax(z * self.sharpness, 1)


class _Regression(Loss):
    def probabilities(self, z: Tensor) -> Tensor:
        return z[:, :0]


@lru_cache(maxsize=256)
def _scalar(value: float, dtype: torch.dtype) -> Tensor:
    """Keep a number as a tensor: to multiply by a Python number takes 1.1 µs more."""
    with torch.inference_mode(False):
        return torch.tensor(value, dtype=dtype)


def brier_score(z: Tensor, y: Tensor) -> Tensor:
    """Mean squared distance of probabilities from what is right (Brier 1950)."""
    right = functional.one_hot(y, z.shape[1])
    return (z.softmax(1) - right).square().sum(1).mean()


class _BinaryCrossEntropy(_Binary):
    pytorch = staticmethod(functional.binary_cross_entropy_with_logits)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(z, y.expand_as(z), reduction="none")
        return losses.mean((1, 2))

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        for call in self.slope_calls(z, y, out):
            call()

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        share = _scalar(1 / z.size(-1), z.dtype)
        return [partial(torch.sigmoid, z, out=out), partial(out.sub_, y), partial(out.mul_, share)]


class _CrossEntropy(_ManyClasses):
    pytorch = staticmethod(functional.cross_entropy)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return -(y * torch.log_softmax(z, 1)).sum(1).mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        torch.softmax(z, 1, out=out).sub_(y).mul_(_scalar(1 / z.size(-1), z.dtype))


class _BinaryBrier(_Binary):
    """(p - y)² of the probability p: half of Brier's sum over both classes (Brier 1950)."""

    pytorch = staticmethod(lambda z, y: (torch.sigmoid(z) - y).square().mean())

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return (torch.sigmoid(z) - y).square().mean((1, 2))

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        p = torch.sigmoid(z)
        torch.sub(p, y, out=out).mul_(_scalar(2 / z.size(-1), z.dtype))
        _sigmoid_backward(out, p, grad_input=out)


class _Brier(_ManyClasses):
    """(p - y)² summed over the classes (Brier 1950)."""

    pytorch = staticmethod(brier_score)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return (torch.softmax(z, 1) - y).square().sum(1).mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        p = torch.softmax(z, 1)
        by_p = torch.sub(p, y).mul_(_scalar(2 / z.size(-1), z.dtype))
        _softmax_backward(by_p, p, 1, z.dtype, grad_input=out)


class _SquaredError(_Regression):
    """(z - y)², without the half that some put before it."""

    pytorch = staticmethod(functional.mse_loss)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return (z - y).square().mean((1, 2))

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        for call in self.slope_calls(z, y, out):
            call()

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        share = _scalar(2 / z.size(-1), z.dtype)
        return [partial(torch.sub, z, y, out=out), partial(out.mul_, share)]


class _BinaryHinge(_Binary):
    """max(0, 1 - t z) with t = ±1 (Cortes and Vapnik 1995).

    Scores are not probabilities. The sharpness makes one that just meets its margin of 1 read
    as 98 % sure.
    """

    sharpness = 4.0
    pytorch = staticmethod(lambda z, y: torch.relu(1 + (1 - 2 * y) * z).mean())

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return torch.relu(1 + (1 - 2 * y) * z).mean((1, 2))

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        share = 1 / z.size(-1)
        one = _scalar(share, z.dtype)
        pull = torch.sub(one, y, alpha=2 * share)  # -t / batch
        torch.addcmul(one, pull, z, out=out)  # (1 - t z) / batch
        _threshold_backward(pull, out, 0, grad_input=out)


class _Hinge(_ManyClasses):
    """Sum over the wrong classes j of max(0, 1 - z_right + z_j) / K.

    Crammer and Singer 2001 in the form of `nn.MultiMarginLoss`. The sharpness is that of the
    binary hinge.
    """

    sharpness = 4.0
    pytorch = staticmethod(functional.multi_margin_loss)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        right = (z * y).sum(1, keepdim=True)
        return torch.relu(z - right + (1 - y)).mean(1).mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        right = z.mul(y).sum(1, True)
        torch.sub(z, right, out=out).sub_(y)  # the right class's is exactly -1, thus never above
        share = _scalar(1 / (z.size(1) * z.size(-1)), z.dtype)
        _threshold_backward(share, out, -1, grad_input=out)
        out.addcmul_(y, out.sum(1, True), value=-1)


class _Huber(_Regression):
    """(z - y)² / 2 up to a distance of 1, then |z - y| - 1/2 (Huber 1964)."""

    pytorch = staticmethod(functional.huber_loss)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        return functional.huber_loss(z, y.expand_as(z), reduction="none").mean((1, 2))

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        _huber_backward(_scalar(1 / z.size(-1), z.dtype), z, y, 0, 1.0, grad_input=out)


_Form = Literal["binary", "many", "regression"]

LOSSES: dict[str, dict[_Form, type[Loss]]] = {
    "cross-entropy": {"binary": _BinaryCrossEntropy, "many": _CrossEntropy},
    "squared error": {"binary": _BinaryBrier, "many": _Brier, "regression": _SquaredError},
    "hinge": {"binary": _BinaryHinge, "many": _Hinge},
    "Huber": {"regression": _Huber},
}


def losses_for(task: Task) -> list[str]:
    """Name the losses that serve a task, the usual one first."""
    form: _Form = "regression" if task == "regression" else "binary"
    return [name for name, forms in LOSSES.items() if form in forms]


def make_loss(name: str, task: Task, outputs: int) -> Loss:
    """Build the form of a loss that fits a network.

    Parameters
    ----------
    name : str
        A key of `LOSSES`.
    task : "classification" or "regression"
    outputs : int
        1 for regression and for two classes, otherwise the number of classes.

    Raises
    ------
    InputError
        If no such loss serves the task.
    """
    form: _Form = "regression" if task == "regression" else "binary" if outputs == 1 else "many"
    forms = LOSSES.get(name, {})
    if form not in forms:
        allowed = ", ".join(losses_for(task))
        raise InputError(f"There is no loss {name!r} for {task}. Choose one of: {allowed}.")
    return forms[form]()
