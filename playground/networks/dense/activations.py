"""The registry of activation functions: forward pass, backward pass, and PyTorch module.

The training engine works on small tensors, whose cost is the number of calls rather than the
arithmetic. So every function here works in place, in one call wherever PyTorch has one, and
without autograd. `Activation.module` is the same function for autograd.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.torch_internals import kernels


class Activation(ABC):
    """A function f applied to each unit's summed input z, giving its output a = f(z).

    Attributes
    ----------
    name : str
        Its name on the page and its key in `ACTIVATIONS`.
    formula : str
        f(z), short enough for a tooltip.
    keeps_input : bool
        Whether `backward_` needs z. If not, it uses the output only, which may overwrite z.
    has_flat_stretch : bool
        Whether the derivative is exactly 0 on a whole stretch, so that a unit may never pass a
        gradient again.
    squashes : bool
        Whether the derivative is less than 1 nearly everywhere, so that many layers make a gradient
        vanish: a remedy for that then offers another activation.
    is_scale_free : bool
        Whether f(k z) = k f(z) for all k > 0.
    module : type of nn.Module
        `module()` is the same function for autograd.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    keeps_input: ClassVar[bool]
    has_flat_stretch: ClassVar[bool] = False
    squashes: ClassVar[bool] = False
    is_scale_free: ClassVar[bool] = False
    module: ClassVar[type[nn.Module]]

    @abstractmethod
    def forward_(self, z: Tensor, out: Tensor) -> None:
        """Write f(z) into `out`.

        Parameters
        ----------
        z : tensor of shape (..., units, batch)
        out : tensor of the same shape
            May be `z` itself unless `keeps_input`.
        """

    def approximate_(self, z: Tensor, out: Tensor) -> None:
        """Write f(z) into `out` as `forward_`, to within 1e-6, where that is faster."""
        self.forward_(z, out)

    @abstractmethod
    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        """Multiply `grad` by f'(z), in place.

        Parameters
        ----------
        grad, z, a : tensors of shape (..., units, batch)
            The gradient of the loss with respect to the output, the input, and the output.
            Unless `keeps_input`, z is not used.
        """

    def forward_call(self, z: Tensor, out: Tensor) -> Callable[[], object]:
        """Return a function without arguments that does `forward_` on these two tensors.

        Where one kernel is enough, the function calls it directly, which saves a Python call.
        """
        return partial(self.forward_, z, out)

    def backward_call(self, grad: Tensor, z: Tensor, a: Tensor) -> Callable[[], object]:
        """Return a function without arguments that does `backward_` on these tensors."""
        return partial(self.backward_, grad, z, a)

    def derivative(self, z: Tensor, a: Tensor) -> Tensor:
        """Return the derivative f'(z), in the shape of `a`."""
        slope = torch.ones_like(a)
        self.backward_(slope, z, a)
        return slope


class _FromOutput(Activation):
    """An activation whose derivative follows from its output, so that it runs in place."""

    keeps_input = False
    apply_: ClassVar[staticmethod[[Tensor], Tensor]]

    def forward_(self, z: Tensor, out: Tensor) -> None:
        if out is not z:
            out.copy_(z)
        self.apply_(out)

    def forward_call(self, z: Tensor, out: Tensor) -> Callable[[], object]:
        return partial(self.apply_, z) if out is z else super().forward_call(z, out)


class _KernelBackward(_FromOutput):
    """An activation whose backward pass is one PyTorch kernel."""

    kernel: ClassVar[staticmethod[..., Any]]

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        self.kernel(grad, a, grad_input=grad)

    def backward_call(self, grad: Tensor, z: Tensor, a: Tensor) -> Callable[[], object]:
        return partial(self.kernel, grad, a, grad_input=grad)


class _FromInput(Activation):
    """An activation whose derivative needs the input."""

    keeps_input = True


class Sine(nn.Module):
    """The sine of z, as in Sitzmann et al. 2020 (SIREN)."""

    def forward(self, z: Tensor) -> Tensor:
        """Compute sin z, in the shape of `z`."""
        return torch.sin(z)


class Step(nn.Module):
    """1 where z > 0, else 0, with a straight-through gradient.

    The derivative of a step is 0, so that no gradient would pass it. The backward pass takes
    1 where -1 < z < 1, and 0 elsewhere, instead: the straight-through estimator of Bengio,
    Léonard and Courville 2013, with the window of Hubara et al. 2016.
    """

    def forward(self, z: Tensor) -> Tensor:
        """Compute 0 or 1, in the shape of `z`."""
        slope = functional.hardtanh(z)
        return (z > 0).to(z.dtype) + (slope - slope.detach())


class _Tanh(_KernelBackward):
    name, formula, module = "tanh", "tanh z", nn.Tanh
    squashes = True
    apply_ = staticmethod(torch.tanh_)
    kernel = staticmethod(kernels.tanh_backward)

    def approximate_(self, z: Tensor, out: Tensor) -> None:
        # PyTorch's exponential function takes a third of the time of its tanh.
        torch.mul(z, 2, out=out)
        out.sigmoid_().mul_(2).sub_(1)


class _ReLU(_FromOutput):
    name, formula, module = "ReLU", "max(0, z)", nn.ReLU
    has_flat_stretch = is_scale_free = True
    apply_ = staticmethod(torch.relu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.threshold_backward(grad, a, 0, grad_input=grad)


class _Sigmoid(_KernelBackward):
    name, formula, module = "sigmoid", "1 / (1 + e⁻ᶻ)", nn.Sigmoid
    squashes = True
    apply_ = staticmethod(torch.sigmoid_)
    kernel = staticmethod(kernels.sigmoid_backward)


class _Linear(Activation):
    name, formula, module = "linear", "z", nn.Identity
    keeps_input = False
    is_scale_free = True

    def forward_(self, z: Tensor, out: Tensor) -> None:
        if out is not z:
            out.copy_(z)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        """Leave `grad` unchanged: the derivative is 1."""


class _LeakyReLU(_FromOutput):
    """Leaky ReLU (Maas, Hannun and Ng 2013), with PyTorch's slope of 0.01."""

    name, formula, module = "leaky ReLU", "z above 0, z / 100 below", nn.LeakyReLU
    is_scale_free = True
    apply_ = staticmethod(functional.leaky_relu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.leaky_relu_backward(grad, a, 0.01, True, grad_input=grad)


class _ELU(_FromOutput):
    """Exponential linear unit (Clevert, Unterthiner and Hochreiter 2016)."""

    name, formula, module = "ELU", "z above 0, eᶻ − 1 below", nn.ELU
    apply_ = staticmethod(functional.elu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.elu_backward(grad, 1, 1, 1, True, a, grad_input=grad)


class _GELU(_FromInput):
    """Gaussian error linear unit (Hendrycks and Gimpel 2016), the exact form.

    Transposed views keep PyTorch from using oneDNN, whose calls take 6 µs forward and 13 µs
    backward to set up, against 2 µs here, and are no faster for 20,000 values.
    """

    name, formula, module = "GELU", "z Φ(z), Φ the normal distribution", nn.GELU

    def forward_(self, z: Tensor, out: Tensor) -> None:
        z, out = z.mT, out.mT
        if z.is_contiguous() and not out.is_contiguous():
            # PyTorch calls oneDNN then, which writes as if `out` were contiguous.
            out.copy_(kernels.gelu(z, out=torch.empty_like(z)))
        else:
            kernels.gelu(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        transposed_grad = grad.mT
        kernels.gelu_backward(transposed_grad, z.mT, grad_input=transposed_grad)


class _SiLU(_FromInput):
    """Sigmoid linear unit (Elfwing, Uchibe and Doya 2018), also called swish."""

    name, formula, module = "SiLU", "z / (1 + e⁻ᶻ)", nn.SiLU

    def forward_(self, z: Tensor, out: Tensor) -> None:
        kernels.silu(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.silu_backward(grad, z, grad_input=grad)


class _Mish(_FromInput):
    """Mish (Misra 2020)."""

    name, formula, module = "Mish", "z tanh(ln(1 + eᶻ))", nn.Mish

    def forward_(self, z: Tensor, out: Tensor) -> None:
        kernels.mish(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        grad.copy_(kernels.mish_backward(grad, z))


class _Softplus(_FromInput):
    name, formula, module = "softplus", "ln(1 + eᶻ)", nn.Softplus

    def forward_(self, z: Tensor, out: Tensor) -> None:
        kernels.softplus(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.softplus_backward(grad, z, 1, 20, grad_input=grad)


class _Sine(_FromInput):
    name, formula, module = "sine", "sin z", Sine

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch.sin(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        grad.mul_(z.cos())


class _Step(_FromInput):
    name, formula, module = "step", "1 above 0, else 0", Step
    has_flat_stretch = squashes = True

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch.sign(z, out=out).relu_()

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        kernels.hardtanh_backward(grad, z, -1, 1, grad_input=grad)


ACTIVATIONS: dict[str, Activation] = {
    rule.name: rule()
    for rule in (
        _Tanh, _ReLU, _Sigmoid, _Linear, _LeakyReLU, _ELU,
        _GELU, _SiLU, _Mish, _Softplus, _Sine, _Step,
    )
}  # fmt: skip
