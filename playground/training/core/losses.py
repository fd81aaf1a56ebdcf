"""Loss functions and their gradients by the network's outputs.

A binary classification has one output, whose target is 0 or 1; more classes have one output
each and one-hot targets; a regression has one output. Each of these three forms of a loss is a
class of its own, chosen once by `make_loss`, so that a training step has no case to distinguish.
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
from playground.torch_internals.kernels import (
    huber_backward,
    sigmoid_backward,
    softmax_backward,
    threshold_backward,
)

Task = Literal["classification", "regression"]


class Loss(ABC):
    """A loss for a network with K outputs.

    In all methods `z`, the network's outputs before any activation function (logits), has the
    shape (copies, K, batch), and `y`, the targets, the same shape or (1, K, batch). Losses are
    summed over the outputs and averaged over the batch.

    Attributes
    ----------
    pytorch : callable or None
        The same mean loss of one copy as PyTorch scripts write it, for exported code: from
        outputs (batch, K) and targets, which are class numbers (batch,) for more than two classes
        and (batch, 1) otherwise. A lambda, or one of PyTorch's functions.
    pytorch_each : callable or None
        The loss of each sample, likewise, for code with class weights; not needed where `pytorch`
        is one of PyTorch's functions, which take `reduction="none"`.
    """

    pytorch: ClassVar[Callable[..., Tensor] | None] = None
    pytorch_each: ClassVar[Callable[..., Tensor] | None] = None

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        """Loss of each sample, shape (copies, batch), differentiable by autograd."""
        raise InputError(
            f"The loss {type(self).__name__} can't be weighted by class: its class says in `value` "
            "what the mean loss is, and has no `values` for single samples."
        )

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        """Mean loss of each copy, shape (copies,), differentiable by autograd."""
        return self.values(z, y).mean(1)

    def total_weight(self, y: Tensor) -> float:
        """Return the sum of the weights of all targets in the mean: their number, if unweighted."""
        return y.shape[-1]

    @abstractmethod
    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        """Write the gradient of `value` by `z` into `out`, of z's shape but other memory."""

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        """Return the calls that `slope_` makes, bound to tensors whose memory stays in place.

        With their arguments bound beforehand they cost half as much, which matters where each
        takes half a microsecond.
        """
        return [partial(self.slope_, z, y, out)]

    @abstractmethod
    def probabilities(self, z: Tensor) -> Tensor:
        """Probabilities of the classes, shape (copies, classes, batch).

        A binary loss has 2 classes, a regression 0.
        """


class _Binary(Loss):
    sharpness: ClassVar[float] = 1.0

    def probabilities(self, z: Tensor) -> Tensor:
        z = z * self.sharpness
        return torch.sigmoid(torch.cat((-z, z), 1))


class _ManyClasses(Loss):
    sharpness: ClassVar[float] = 1.0

    def probabilities(self, z: Tensor) -> Tensor:
        return torch.softmax(z * self.sharpness, 1)


class _Regression(Loss):
    def probabilities(self, z: Tensor) -> Tensor:
        return z[:, :0]


@lru_cache(maxsize=256)
def _scalar(value: float, dtype: torch.dtype) -> Tensor:
    """Return a number as a cached tensor: multiplying by a Python number takes 1.1 µs more."""
    with torch.inference_mode(False):
        return torch.tensor(value, dtype=dtype)


def brier_scores(z: Tensor, y: Tensor) -> Tensor:
    """Squared distances of probabilities from one-hot targets (Brier 1950).

    Parameters
    ----------
    z : Tensor of shape (batch, classes)
        Logits.
    y : int64 Tensor of shape (batch,)
        Class numbers.

    Returns
    -------
    Tensor of shape (batch,)
        From 0 to 2.
    """
    targets = functional.one_hot(y, z.shape[1])
    return (z.softmax(1) - targets).square().sum(1)


class _BinaryCrossEntropy(_Binary):
    pytorch = staticmethod(functional.binary_cross_entropy_with_logits)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        losses = functional.binary_cross_entropy_with_logits(z, y.expand_as(z), reduction="none")
        return losses.mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        for call in self.slope_calls(z, y, out):
            call()

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        share = _scalar(1 / z.size(-1), z.dtype)
        return [partial(torch.sigmoid, z, out=out), partial(out.sub_, y), partial(out.mul_, share)]


class _CrossEntropy(_ManyClasses):
    pytorch = staticmethod(functional.cross_entropy)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return -(y * torch.log_softmax(z, 1)).sum(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        torch.softmax(z, 1, out=out).sub_(y).mul_(_scalar(1 / z.size(-1), z.dtype))


class _BinaryBrier(_Binary):
    """(p - y)² of the probability p: half of Brier's sum over both classes (Brier 1950)."""

    pytorch = staticmethod(lambda z, y: (torch.sigmoid(z) - y).square().mean())
    pytorch_each = staticmethod(lambda z, y: (torch.sigmoid(z) - y).square())

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return (torch.sigmoid(z) - y).square().mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        p = torch.sigmoid(z)
        torch.sub(p, y, out=out).mul_(_scalar(2 / z.size(-1), z.dtype))
        sigmoid_backward(out, p, grad_input=out)


class _Brier(_ManyClasses):
    """(p - y)² summed over the classes (Brier 1950)."""

    pytorch = staticmethod(lambda z, y: brier_scores(z, y).mean())
    pytorch_each = staticmethod(brier_scores)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return (torch.softmax(z, 1) - y).square().sum(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        p = torch.softmax(z, 1)
        by_p = torch.sub(p, y).mul_(_scalar(2 / z.size(-1), z.dtype))
        softmax_backward(by_p, p, 1, z.dtype, grad_input=out)


class _SquaredError(_Regression):
    """(z - y)², without a factor of 1/2."""

    pytorch = staticmethod(functional.mse_loss)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return (z - y).square().mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        for call in self.slope_calls(z, y, out):
            call()

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        share = _scalar(2 / z.size(-1), z.dtype)
        return [partial(torch.sub, z, y, out=out), partial(out.mul_, share)]


class _BinaryHinge(_Binary):
    """max(0, 1 - t z) with t = ±1 (Cortes and Vapnik 1995).

    Outputs are scores, not logits. `sharpness` scales them so that a score that just meets the
    margin of 1 becomes a probability of 98 %.
    """

    sharpness = 4.0
    pytorch = staticmethod(lambda z, y: torch.relu(1 + (1 - 2 * y) * z).mean())
    pytorch_each = staticmethod(lambda z, y: torch.relu(1 + (1 - 2 * y) * z))

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return torch.relu(1 + (1 - 2 * y) * z).mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        share = 1 / z.size(-1)
        one = _scalar(share, z.dtype)
        slope = torch.sub(one, y, alpha=2 * share)  # -t / batch
        torch.addcmul(one, slope, z, out=out)  # (1 - t z) / batch
        threshold_backward(slope, out, 0, grad_input=out)


class _Hinge(_ManyClasses):
    """Sum over the wrong classes j of max(0, 1 - z_right + z_j) / K.

    Crammer and Singer 2001 in the form of `nn.MultiMarginLoss`. The sharpness is that of the
    binary hinge.
    """

    sharpness = 4.0
    pytorch = staticmethod(functional.multi_margin_loss)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        right = (z * y).sum(1, keepdim=True)
        return torch.relu(z - right + (1 - y)).mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        right = z.mul(y).sum(1, True)
        torch.sub(z, right, out=out).sub_(y)  # exactly -1 for the right class: never above -1
        share = _scalar(1 / (z.size(1) * z.size(-1)), z.dtype)
        threshold_backward(share, out, -1, grad_input=out)
        out.addcmul_(y, out.sum(1, True), value=-1)


class _Huber(_Regression):
    """(z - y)² / 2 up to a distance of 1, then |z - y| - 1/2 (Huber 1964)."""

    pytorch = staticmethod(functional.huber_loss)

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        return functional.huber_loss(z, y.expand_as(z), reduction="none").mean(1)

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        huber_backward(_scalar(1 / z.size(-1), z.dtype), z, y, 0, 1.0, grad_input=out)


class ClassWeighted(Loss):
    """A loss with a weight for each class: the mean of w·l divided by that of w.

    So cross-entropy is that of `nn.CrossEntropyLoss(weight=...)`, for two classes too.

    Parameters
    ----------
    loss : Loss
        Of a classification.
    weights : Tensor of shape (classes,)

    Attributes
    ----------
    weights : Tensor of shape (classes,)
    """

    def __init__(self, loss: Loss, weights: Tensor) -> None:
        self._loss = loss
        # Autograd can't save tensors made in inference mode.
        with torch.inference_mode(False):
            self.weights = weights.clone()

    def values(self, z: Tensor, y: Tensor) -> Tensor:
        """Loss of each sample without its weight."""
        return self._loss.values(z, y)

    def value(self, z: Tensor, y: Tensor) -> Tensor:
        """Weighted mean loss of each copy."""
        weights = self._sample_weights(y)
        return (weights * self._loss.values(z, y)).sum(1) / weights.sum(1)

    def total_weight(self, y: Tensor) -> float:
        """Sum of the weights of targets (1, K, batch)."""
        return float(self._sample_weights(y).sum())

    def slope_(self, z: Tensor, y: Tensor, out: Tensor) -> None:
        """See `Loss.slope_`."""
        self._loss.slope_(z, y, out)
        self._weight_(y, out)

    def slope_calls(self, z: Tensor, y: Tensor, out: Tensor) -> list[Callable[[], object]]:
        """See `Loss.slope_calls`."""
        return [*self._loss.slope_calls(z, y, out), partial(self._weight_, y, out)]

    def probabilities(self, z: Tensor) -> Tensor:
        """Those of the loss without weights."""
        return self._loss.probabilities(z)

    def _weight_(self, y: Tensor, out: Tensor) -> None:
        weights = self._sample_weights(y)
        out.mul_((weights / weights.mean(1, keepdim=True)).unsqueeze(1))

    def _sample_weights(self, y: Tensor) -> Tensor:
        """Weights of targets as losses hold them, (1, K, batch), of shape (1, batch)."""
        weights = self.weights.to(y.dtype)
        if y.shape[1] > 1:
            return (weights[:, None] * y).sum(1)
        return (weights[0] * (1 - y) + weights[1] * y).sum(1)


_Form = Literal["binary", "many", "regression"]

LOSSES: dict[str, dict[_Form, type[Loss]]] = {
    "cross-entropy": {"binary": _BinaryCrossEntropy, "many": _CrossEntropy},
    "squared error": {"binary": _BinaryBrier, "many": _Brier, "regression": _SquaredError},
    "hinge": {"binary": _BinaryHinge, "many": _Hinge},
    "Huber": {"regression": _Huber},
}


def losses_for(task: Task) -> list[str]:
    """Return the names of the losses that a task can use, its default first."""
    form: _Form = "regression" if task == "regression" else "binary"
    return [name for name, forms in LOSSES.items() if form in forms]


def make_loss(name: str, task: Task, outputs: int, class_weights: Tensor | None = None) -> Loss:
    """Create the form of a loss that fits a network.

    Parameters
    ----------
    name : str
        A key of `LOSSES`.
    task : "classification" or "regression"
    outputs : int
        1 for regression and for two classes, otherwise the number of classes.
    class_weights : Tensor of shape (classes,), optional
        See `ClassWeighted`.

    Raises
    ------
    InputError
        If the task has no such loss.
    """
    form: _Form = "regression" if task == "regression" else "binary" if outputs == 1 else "many"
    forms = LOSSES.get(name, {})
    if form not in forms:
        allowed = ", ".join(losses_for(task))
        raise InputError(f"There is no loss {name!r} for {task}. Choose one of: {allowed}.")
    loss = forms[form]()
    return loss if class_weights is None else ClassWeighted(loss, class_weights)
