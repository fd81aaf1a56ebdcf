"""What a unit makes of the sum that reaches it: forwards, backwards, and as a module.

The training engine works on small tensors, where the cost is the number of calls and not the
arithmetic. So every rule here works in place, in one call wherever PyTorch has one, and without
autograd. `Activation.module` is the same function for autograd.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground import torch_kernels


class Activation(ABC):
    """A function f applied to each unit's summed input z, giving its output a = f(z).

    Attributes
    ----------
    name : str
        What people call it.
    formula : str
        f(z), short enough for a tooltip.
    keeps_input : bool
        Whether `backward_` needs z. If not, the output alone is enough, and z may be
        overwritten by it.
    module : type of nn.Module
        `module()` is the same function for autograd.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    keeps_input: ClassVar[bool]
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

    @abstractmethod
    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        """Multiply `grad` by f'(z), in place.

        Parameters
        ----------
        grad, z, a : tensors of shape (..., units, batch)
            The loss's gradient by the output, the input, and the output. Unless `keeps_input`,
            z is not looked at.
        """

    def forward_call(self, z: Tensor, out: Tensor) -> Callable[[], object]:
        """Make a call that does what `forward_` does, for tensors that stay where they are.

        Where one kernel does it all, the call is that kernel, without a method around it.
        """
        return partial(self.forward_, z, out)

    def backward_call(self, grad: Tensor, z: Tensor, a: Tensor) -> Callable[[], object]:
        """Make a call that does what `backward_` does, likewise."""
        return partial(self.backward_, grad, z, a)

    def derivative(self, z: Tensor, a: Tensor) -> Tensor:
        """How much of a gradient each unit passes on: f'(z), in the shape of `a`."""
        slope = torch.ones_like(a)
        self.backward_(slope, z, a)
        return slope


class _FromOutput(Activation):
    """An activation whose derivative can be told from its output: it runs in place."""

    keeps_input = False
    apply_: ClassVar[staticmethod[[Tensor], Tensor]]

    def forward_(self, z: Tensor, out: Tensor) -> None:
        if out is not z:
            out.copy_(z)
        self.apply_(out)

    def forward_call(self, z: Tensor, out: Tensor) -> Callable[[], object]:
        return partial(self.apply_, z) if out is z else super().forward_call(z, out)


class _KernelBackward(_FromOutput):
    """An activation with a kernel of its own for the way back."""

    kernel: ClassVar[staticmethod[..., Any]]

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        self.kernel(grad, a, grad_input=grad)

    def backward_call(self, grad: Tensor, z: Tensor, a: Tensor) -> Callable[[], object]:
        return partial(self.kernel, grad, a, grad_input=grad)


class _FromInput(Activation):
    """An activation whose derivative needs the input."""

    keeps_input = True


class Sine(nn.Module):
    """sin z: periodic, as in Sitzmann et al. 2020 (SIREN)."""

    def forward(self, z: Tensor) -> Tensor:
        """Compute sin z, in the shape of `z`."""
        return torch.sin(z)


class Step(nn.Module):
    """1 where z > 0, else 0, with a straight-through gradient.

    A step is flat, so nothing would ever be learned through it. Backwards it therefore passes
    for the identity where -1 < z < 1, and passes nothing elsewhere: the straight-through
    estimator of Bengio, Léonard and Courville 2013, with the window of Hubara et al. 2016.
    """

    def forward(self, z: Tensor) -> Tensor:
        """Compute zeros and ones, in the shape of `z`."""
        slope = functional.hardtanh(z)
        return (z > 0).to(z.dtype) + (slope - slope.detach())


class _Tanh(_KernelBackward):
    name, formula, module = "tanh", "tanh z", nn.Tanh
    apply_ = staticmethod(torch.tanh_)
    kernel = staticmethod(torch_kernels.tanh_backward)


class _ReLU(_FromOutput):
    name, formula, module = "ReLU", "max(0, z)", nn.ReLU
    apply_ = staticmethod(torch.relu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.threshold_backward(grad, a, 0, grad_input=grad)


class _Sigmoid(_KernelBackward):
    name, formula, module = "sigmoid", "1 / (1 + e⁻ᶻ)", nn.Sigmoid
    apply_ = staticmethod(torch.sigmoid_)
    kernel = staticmethod(torch_kernels.sigmoid_backward)


class _Linear(Activation):
    name, formula, module = "linear", "z", nn.Identity
    keeps_input = False

    def forward_(self, z: Tensor, out: Tensor) -> None:
        if out is not z:
            out.copy_(z)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        """Leave `grad` as it is: the derivative is 1."""


class _LeakyReLU(_FromOutput):
    """Maas, Hannun and Ng 2013, with PyTorch's slope of 0.01."""

    name, formula, module = "leaky ReLU", "z above 0, z / 100 below", nn.LeakyReLU
    apply_ = staticmethod(functional.leaky_relu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.leaky_relu_backward(grad, a, 0.01, True, grad_input=grad)


class _ELU(_FromOutput):
    """Clevert, Unterthiner and Hochreiter 2016."""

    name, formula, module = "ELU", "z above 0, eᶻ − 1 below", nn.ELU
    apply_ = staticmethod(functional.elu_)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.elu_backward(grad, 1, 1, 1, True, a, grad_input=grad)


class _GELU(_FromInput):
    """Hendrycks and Gimpel 2016, exact.

    Transposed views keep PyTorch from handing the work to oneDNN, which takes 6 µs forwards and
    13 µs backwards to set up, against 2 µs here, and is no faster for 20,000 values.
    """

    name, formula, module = "GELU", "z Φ(z), Φ the normal distribution", nn.GELU

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch_kernels.gelu(z.mT, out=out.mT)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        transposed_grad = grad.mT
        torch_kernels.gelu_backward(transposed_grad, z.mT, grad_input=transposed_grad)


class _SiLU(_FromInput):
    """Elfwing, Uchibe and Doya 2018; also called swish."""

    name, formula, module = "SiLU", "z / (1 + e⁻ᶻ)", nn.SiLU

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch_kernels.silu(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.silu_backward(grad, z, grad_input=grad)


class _Mish(_FromInput):
    """Misra 2020."""

    name, formula, module = "Mish", "z tanh(ln(1 + eᶻ))", nn.Mish

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch_kernels.mish(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        grad.copy_(torch_kernels.mish_backward(grad, z))


class _Softplus(_FromInput):
    name, formula, module = "softplus", "ln(1 + eᶻ)", nn.Softplus

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch_kernels.softplus(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.softplus_backward(grad, z, 1, 20, grad_input=grad)


class _Sine(_FromInput):
    name, formula, module = "sine", "sin z", Sine

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch.sin(z, out=out)

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        grad.mul_(z.cos())


class _Step(_FromInput):
    name, formula, module = "step", "1 above 0, else 0", Step

    def forward_(self, z: Tensor, out: Tensor) -> None:
        torch.sign(z, out=out).relu_()

    def backward_(self, grad: Tensor, z: Tensor, a: Tensor) -> None:
        torch_kernels.hardtanh_backward(grad, z, -1, 1, grad_input=grad)


ACTIVATIONS: dict[str, Activation] = {
    rule.name: rule()
    for rule in (
        _Tanh, _ReLU, _Sigmoid, _Linear, _LeakyReLU, _ELU,
        _GELU, _SiLU, _Mish, _Softplus, _Sine, _Step,
    )
}  # fmt: skip
