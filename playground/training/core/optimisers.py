"""Optimisers: one step on all weights of all copies of a network at once.

An optimiser is given one flat tensor of weights, (copies, P), and one of gradients. Fused kernels
do the arithmetic in one call; see `playground.torch_kernels`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

import torch
from torch import Tensor

from playground.errors import InputError
from playground.torch_kernels import fused_adagrad_, fused_adam_, fused_sgd_

TorchOptimiser = partial[torch.optim.Optimizer]


def _torch_rule(
    optimiser: Callable[..., torch.optim.Optimizer], **options: object
) -> TorchOptimiser:
    return partial(optimiser, **options)


class Optimiser(ABC):
    """A rule for changing weights by their gradient, with the mathematics of `torch.optim`.

    Parameters
    ----------
    like : tensor of shape (copies, P)
        Tensor like the weights that `step_` takes: contiguous, of the same dtype and device.
    decay_mask : tensor that broadcasts to (copies, P), optional
        1 where decoupled decay applies and 0 where not, as for biases; all ones by default.

    Attributes
    ----------
    name : str
        Its name in `OPTIMISERS` and on the page.
    typical_rate : float
        A learning rate that suits small networks.
    decoupled_decay : bool
        Whether `step_` applies weight decay to the weights (decoupled, as in AdamW). If not,
        weight decay is an L2 penalty, which the given gradient already contains.
    pytorch : partial of torch.optim.Optimizer, or None
        Its counterpart in `torch.optim`, for exported code.
    """

    name: ClassVar[str]
    typical_rate: ClassVar[float]
    decoupled_decay: ClassVar[bool] = False
    pytorch: ClassVar[TorchOptimiser | None] = None

    def __init__(self, like: Tensor, decay_mask: Tensor | None = None) -> None:
        # Tensors made in inference mode could not be changed outside of it.
        with torch.inference_mode(False):
            self._decay_mask = like.new_ones(()) if decay_mask is None else decay_mask.clone()
            self._update = torch.zeros_like(like)
            self._state = self._allocate(like)

    def step_(
        self, weights: Tensor, gradient: Tensor, rate: float | Tensor, decay: float = 0.0
    ) -> None:
        """Take one step, in place.

        Parameters
        ----------
        weights, gradient : contiguous tensors of shape (copies, P)
        rate : float, or tensor of shape (copies, 1)
            Learning rate of all copies, or of each.
        decay : float
            Weight decay: the step subtracts `rate * decay * weights` where `decay_mask` is 1.
            Ignored unless `decoupled_decay`.
        """
        if decay and self.decoupled_decay:
            self._shrink_(weights, rate, decay)
        if isinstance(rate, Tensor):
            self._update.zero_()
            self._descend_(self._update, gradient, 1.0)
            weights.addcmul_(self._update, rate)
        else:
            self._descend_(weights, gradient, rate)

    def state(self) -> dict[str, Tensor]:
        """Return a copy of the state by name, such as velocities; empty if there is none."""
        return {name: tensor.clone() for name, tensor in self._state.items()}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Load what `state()` of an optimiser of this kind returned.

        Raises
        ------
        InputError
            If names or shapes differ from this optimiser's; nothing is changed then.
        """
        expected = {name: tuple(tensor.shape) for name, tensor in self._state.items()}
        given = {name: tuple(tensor.shape) for name, tensor in state.items()}
        if given != expected:
            raise InputError(
                f"This is not the state of {self.name} for this network: it holds {given}, "
                f"but should hold {expected}."
            )
        for name, tensor in self._state.items():
            tensor.copy_(state[name])

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        """Create the tensors of the state, by name; the default is no state."""
        return {}

    @abstractmethod
    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        """Add the step to `weights`; it must be proportional to `rate` and not depend on them."""

    def _shrink_(self, weights: Tensor, rate: float | Tensor, decay: float) -> None:
        if isinstance(rate, Tensor):
            weights.addcmul_(weights * self._decay_mask, rate, value=-decay)
        else:
            weights.addcmul_(weights, self._decay_mask, value=-rate * decay)


class _SGD(Optimiser):
    name, typical_rate = "SGD", 0.1
    pytorch = _torch_rule(torch.optim.SGD)

    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        weights.add_(gradient, alpha=-rate)


class _Momentum(Optimiser):
    """Polyak 1964."""

    name, typical_rate = "momentum", 0.03
    pytorch = _torch_rule(torch.optim.SGD, momentum=0.9)
    nesterov: ClassVar[bool] = False

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        self._velocity = torch.zeros_like(like)
        return {"velocity": self._velocity}

    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        fused_sgd_(
            [weights], [gradient], [self._velocity], lr=rate, momentum=0.9, dampening=0.0,
            weight_decay=0.0, nesterov=self.nesterov, maximize=False, is_first_step=False,
        )  # fmt: skip


class _Nesterov(_Momentum):
    """Sutskever et al. 2013."""

    name = "Nesterov"
    pytorch = _torch_rule(torch.optim.SGD, momentum=0.9, nesterov=True)
    nesterov = True


class _Adam(Optimiser):
    """Kingma and Ba 2015."""

    name, typical_rate = "Adam", 0.01
    pytorch = _torch_rule(torch.optim.Adam)
    betas: ClassVar[tuple[float, float]] = (0.9, 0.999)

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        self._mean, self._square = torch.zeros_like(like), torch.zeros_like(like)
        self._steps = like.new_zeros((), dtype=torch.float32)
        self._one = torch.ones_like(self._steps)
        return {"mean": self._mean, "square": self._square, "steps": self._steps}

    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        self._steps.add_(self._one)
        beta1, beta2 = self.betas
        fused_adam_(
            [weights], [gradient], [self._mean], [self._square], [], [self._steps], lr=rate,
            beta1=beta1, beta2=beta2, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
        )  # fmt: skip


class _AdamW(_Adam):
    """Loshchilov and Hutter 2019."""

    name = "AdamW"
    pytorch = _torch_rule(torch.optim.AdamW)
    decoupled_decay = True


class _RMSprop(Optimiser):
    """Tieleman and Hinton 2012.

    Computed as Adam without a mean of the gradients (beta1 is 0) and without bias correction,
    which vanishes after very many steps.
    """

    name, typical_rate = "RMSprop", 0.01
    pytorch = _torch_rule(torch.optim.RMSprop)

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        self._mean, self._square = torch.zeros_like(like), torch.zeros_like(like)
        self._many_steps = like.new_tensor(1e6, dtype=torch.float32)
        return {"square": self._square}

    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        fused_adam_(
            [weights], [gradient], [self._mean], [self._square], [], [self._many_steps], lr=rate,
            beta1=0.0, beta2=0.99, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
        )  # fmt: skip


class _Adagrad(Optimiser):
    """Duchi, Hazan and Singer 2011."""

    name, typical_rate = "Adagrad", 0.1
    pytorch = _torch_rule(torch.optim.Adagrad)

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        self._square = torch.zeros_like(like)
        self._step = like.new_ones((), dtype=torch.float32)  # read only if lr_decay is not 0
        return {"square": self._square}

    def _descend_(self, weights: Tensor, gradient: Tensor, rate: float) -> None:
        fused_adagrad_(
            [weights], [gradient], [self._square], [self._step], lr=rate,
            lr_decay=0.0, weight_decay=0.0, eps=1e-10, maximize=False,
        )  # fmt: skip


OPTIMISERS: dict[str, type[Optimiser]] = {
    rule.name: rule for rule in (_SGD, _Momentum, _Nesterov, _RMSprop, _Adagrad, _Adam, _AdamW)
}
