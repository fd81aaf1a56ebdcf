"""Optimisers: one step on all weights of all copies of a network at once.

An optimiser is given one flat tensor of weights, (copies, P), and one of gradients. Fused kernels
do the arithmetic in one call; see `playground.torch_internals.kernels`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import ClassVar

import torch
from torch import Tensor

from playground.errors import InputError
from playground.torch_internals.kernels import fused_adagrad_, fused_adam_, fused_sgd_

TorchOptimiser = partial[torch.optim.Optimizer]
Pieces = list[Tensor]
Parts = list[int] | None
"""Numbers of the parameters that a step is for; None for all of them at once."""


@dataclass(frozen=True, slots=True)
class OptimiserOptions:
    """Settings of optimisers besides the learning rate; each optimiser uses some of them.

    Attributes
    ----------
    momentum : float
        Share of the velocity that is kept from step to step.
    beta1, beta2 : float
        Share of the running mean of gradients, and of their squares, that is kept likewise.
    """

    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999


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
    sizes : sequence of int, optional
        Numbers of elements of parameters that may have no gradient in a step; of one copy.
        Without it, weights that have none are taken to have a gradient of 0.

    Attributes
    ----------
    name : str
        Its name in `OPTIMISERS` and on the page.
    typical_rate : float
        A learning rate that suits small networks.
    decoupled_decay : bool
        Whether `step_` applies weight decay to the weights (decoupled, as in AdamW). If not,
        weight decay is an L2 penalty, which the given gradient already contains.
    steps_shrink_with_gradient : bool
        Whether a tenth of the gradient makes a tenth of the step, unlike in Adam and its kin.
    pytorch : partial of torch.optim.Optimizer, or None
        Its counterpart in `torch.optim`, for exported code.
    option_names : tuple of str
        Which of the `OptimiserOptions` it uses.
    options : OptimiserOptions
        May be replaced between two steps.
    """

    name: ClassVar[str]
    typical_rate: ClassVar[float]
    decoupled_decay: ClassVar[bool] = False
    steps_shrink_with_gradient: ClassVar[bool] = False
    pytorch: ClassVar[TorchOptimiser | None] = None
    option_names: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, like: Tensor, decay_mask: Tensor | None = None, sizes: Sequence[int] = ()
    ) -> None:
        self.options = OptimiserOptions()
        ends = accumulate(sizes)
        self._spans = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        # Tensors made in inference mode could not be changed outside of it.
        with torch.inference_mode(False):
            self._decay_mask = like.new_ones(()) if decay_mask is None else decay_mask.clone()
            self._update = torch.zeros_like(like)
            self._whole: list[list[Tensor]] = []
            self._state = self._allocate(like)

    def step_(
        self,
        weights: Tensor,
        gradient: Tensor,
        rate: float | Tensor,
        decay: float | Tensor = 0.0,
        present: Sequence[bool] | None = None,
    ) -> None:
        """Take one step, in place.

        Parameters
        ----------
        weights, gradient : contiguous tensors of shape (copies, P)
        rate : float, or tensor of shape (copies, 1)
            Learning rate of all copies, or of each.
        decay : float, or tensor of shape (copies, 1)
            Weight decay: the step subtracts `rate * decay * weights` where `decay_mask` is 1.
            Ignored unless `decoupled_decay`.
        present : sequence of bool, optional
            Which parameters have a gradient; all by default. The others are left alone, and so
            is their state, as in PyTorch.
        """
        parts = self._parts(present) if self._spans else None
        if self.decoupled_decay and (isinstance(decay, Tensor) or decay):
            self._shrink_(weights, rate, decay, parts)
        # To ask for a tensor would take PyTorch 0.3 µs, a tenth of what this takes otherwise.
        if isinstance(rate, (float, int)):
            self._step_(weights, gradient, rate, parts)
        else:
            self._update.zero_()
            self._step_(self._update, gradient, 1.0, parts)
            weights.addcmul_(self._update, rate)

    def _step_(self, weights: Tensor, gradient: Tensor, rate: float, parts: Parts) -> None:
        if parts is None:
            self._descend_([weights], [gradient], self._whole, rate, None)
        else:
            own, slopes = self._pieces(weights, parts), self._pieces(gradient, parts)
            state = [self._pieces(whole, parts) for (whole,) in self._whole]
            self._descend_(own, slopes, state, rate, parts)

    @classmethod
    def torch_options(cls, options: OptimiserOptions) -> dict[str, object]:
        """Return the options as arguments of `pytorch`; none unless overridden."""
        return {}

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

    def _zeros(self, like: Tensor) -> Tensor:
        """Create one of the tensors that `_descend_` is given, of zeros."""
        zeros = torch.zeros_like(like)
        self._whole.append([zeros])
        return zeros

    @abstractmethod
    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        """Add the step to `weights`; it must be proportional to `rate` and not depend on them.

        Parameters
        ----------
        weights, gradients : list of Tensor
            All weights in one tensor, or one tensor for each parameter that has a gradient.
        state : list of list of Tensor
            What belongs to them, for each call of `_zeros`.
        rate : float
        parts : list of int, or None
            The numbers of the parameters; None for all at once.
        """

    def _parts(self, present: Sequence[bool] | None) -> Parts:
        """Return the numbers of the parameters that have a gradient; None if that is all."""
        if present is None or all(present):
            return None
        return [number for number, has_gradient in enumerate(present) if has_gradient]

    def _pieces(self, tensor: Tensor, parts: Parts) -> list[Tensor]:
        """Return views of some parameters, or of the state that belongs to them."""
        return [tensor] if parts is None else [tensor[:, self._spans[number]] for number in parts]

    def _shrink_(
        self, weights: Tensor, rate: float | Tensor, decay: float | Tensor, parts: Parts
    ) -> None:
        share = rate * decay
        masks = self._pieces(self._decay_mask.expand_as(weights), parts)
        for piece, mask in zip(self._pieces(weights, parts), masks, strict=True):
            if isinstance(share, Tensor):
                piece.addcmul_(piece * mask, share, value=-1)
            else:
                piece.addcmul_(piece, mask, value=-share)


class _SGD(Optimiser):
    name, typical_rate = "SGD", 0.1
    steps_shrink_with_gradient = True
    pytorch = _torch_rule(torch.optim.SGD)

    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        # A keyword makes `zip` take 0.3 µs longer, and there are as many of either.
        for piece, gradient in zip(weights, gradients):  # noqa: B905
            piece.add_(gradient, alpha=-rate)


class _Momentum(Optimiser):
    """Polyak 1964."""

    name, typical_rate = "momentum", 0.03
    steps_shrink_with_gradient = True
    pytorch = _torch_rule(torch.optim.SGD)
    option_names = ("momentum",)
    nesterov: ClassVar[bool] = False

    @classmethod
    def torch_options(cls, options: OptimiserOptions) -> dict[str, object]:
        """Return `momentum` and `nesterov`, which PyTorch refuses without momentum."""
        momentum = options.momentum
        return {"momentum": momentum, "nesterov": cls.nesterov and momentum > 0}

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        return {"velocity": self._zeros(like)}

    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        momentum = self.options.momentum
        if not momentum:  # the fused kernel refuses a velocity without momentum
            for piece, gradient, velocity in zip(weights, gradients, state[0], strict=True):
                velocity.copy_(gradient)
                piece.add_(gradient, alpha=-rate)
            return
        fused_sgd_(
            weights, gradients, state[0], lr=rate, momentum=momentum, dampening=0.0,
            weight_decay=0.0, nesterov=self.nesterov, maximize=False, is_first_step=False,
        )  # fmt: skip


class _Nesterov(_Momentum):
    """Sutskever et al. 2013."""

    name = "Nesterov"
    nesterov = True


class _Adam(Optimiser):
    """Kingma and Ba 2015."""

    name, typical_rate = "Adam", 0.01
    pytorch = _torch_rule(torch.optim.Adam)
    option_names = ("beta1", "beta2")

    @classmethod
    def torch_options(cls, options: OptimiserOptions) -> dict[str, object]:
        """Return `betas`."""
        return {"betas": (options.beta1, options.beta2)}

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        mean, square = self._zeros(like), self._zeros(like)
        # Steps are counted for each parameter that may have no gradient.
        self._steps = like.new_zeros(len(self._spans) or (), dtype=torch.float32)
        self._step_views = list(self._steps) if self._spans else [self._steps]
        self._first_step = self._step_views[:1]
        self._one = torch.ones_like(self._first_step[0])
        self._in_step = True
        return {"mean": mean, "square": square, "steps": self._steps}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """See `Optimiser.load`."""
        super().load(state)
        self._in_step = bool((self._steps == self._first_step[0]).all())

    def _parts(self, present: Sequence[bool] | None) -> Parts:
        parts = super()._parts(present)
        if parts is not None:
            self._in_step = False
        elif not self._in_step:  # the parameters have taken different numbers of steps
            return [*range(len(self._spans))]
        return parts

    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        if parts is None:
            self._steps.add_(self._one)
            steps = self._first_step
        else:
            steps = [self._step_views[number].add_(self._one) for number in parts]
        options = self.options
        fused_adam_(
            weights, gradients, state[0], state[1], [], steps, lr=rate,
            beta1=options.beta1, beta2=options.beta2, weight_decay=0.0, eps=1e-8, amsgrad=False,
            maximize=False,
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
        self._zeros(like)  # the mean, which is only written to
        self._many_steps = like.new_tensor(1e6, dtype=torch.float32)
        return {"square": self._zeros(like)}

    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        steps = [self._many_steps] * len(weights)
        fused_adam_(
            weights, gradients, state[0], state[1], [], steps, lr=rate,
            beta1=0.0, beta2=0.99, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
        )  # fmt: skip


class _Adagrad(Optimiser):
    """Duchi, Hazan and Singer 2011."""

    name, typical_rate = "Adagrad", 0.1
    pytorch = _torch_rule(torch.optim.Adagrad)

    def _allocate(self, like: Tensor) -> dict[str, Tensor]:
        self._step = like.new_ones((), dtype=torch.float32)  # read only if lr_decay is not 0
        return {"square": self._zeros(like)}

    def _descend_(
        self, weights: Pieces, gradients: Pieces, state: list[Pieces], rate: float, parts: Parts
    ) -> None:
        steps = [self._step] * len(weights)
        fused_adagrad_(
            weights, gradients, state[0], steps, lr=rate,
            lr_decay=0.0, weight_decay=0.0, eps=1e-10, maximize=False,
        )  # fmt: skip


OPTIMISERS: dict[str, type[Optimiser]] = {
    rule.name: rule for rule in (_SGD, _Momentum, _Nesterov, _RMSprop, _Adagrad, _Adam, _AdamW)
}
