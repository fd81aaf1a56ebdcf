"""PyTorch's private operators, each with a public equivalent to fall back to.

Tiny networks spend their time in the overhead of each call, so the engines call some operators
without the Python wrapper around them (0.35 µs a call), write into tensors that exist already, and
step optimisers with PyTorch's fused kernels (1.7 µs for Adam, against 5.5 µs in plain operations).
None of that belongs to PyTorch's public interface; each function exists in PyTorch 2.14.

On import each private function is run once on a small sample, beside its public equivalent. If it
is missing, takes other arguments or computes something else, the public equivalent takes its
place: results stay equal to rounding, only slower. Both have the same signature, that of the
private function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

Kernel = Callable[..., Any]
Trial = Callable[[Kernel], Tensor]


def choose_kernel(path: str, public: Kernel, trial: Trial) -> Kernel:
    """Return a private function of PyTorch if it computes what its public equivalent does.

    Parameters
    ----------
    path : str
        Where it is found, seen from `torch`.
    public : callable
        The equivalent made of public functions, of the same signature.
    trial : callable
        Calls the kernel it is given on a sample, and returns what it computed.
    """
    try:
        private: Kernel = attrgetter(path)(torch)
        agrees = torch.allclose(trial(private), trial(public), rtol=1e-4, atol=1e-6)
    except Exception:  # a private function may be gone or changed in whatever way
        agrees = False
    return private if agrees else public


def _sample(scale: float = 3.0) -> Tensor:
    return torch.linspace(-scale, scale, 24, dtype=torch.float32).view(2, 3, 4)


# Activations, from their input: kernel(z, out=...).


def _gelu(z: Tensor, *, out: Tensor) -> Tensor:
    return out.copy_(functional.gelu(z))


def _silu(z: Tensor, *, out: Tensor) -> Tensor:
    return out.copy_(functional.silu(z))


def _mish(z: Tensor, *, out: Tensor) -> Tensor:
    return out.copy_(functional.mish(z))


def _softplus(z: Tensor, *, out: Tensor) -> Tensor:
    return out.copy_(functional.softplus(z))


def _forward_trial(kernel: Kernel) -> Tensor:
    out = torch.empty_like(_sample())
    kernel(_sample(), out=out)
    return out


gelu = choose_kernel("_C._nn.gelu", _gelu, _forward_trial)
silu = choose_kernel("_C._nn.silu", _silu, _forward_trial)
mish = choose_kernel("_C._nn.mish", _mish, _forward_trial)
softplus = choose_kernel("_C._nn.softplus", _softplus, _forward_trial)


# Derivatives of activations: kernel(grad, ..., grad_input=...) multiplies `grad` by the derivative
# and writes the product into `grad_input`, which may be `grad` itself. Below, `a` is the
# activation's output and `z` its input.


def _tanh_backward(grad: Tensor, a: Tensor, *, grad_input: Tensor) -> Tensor:
    return torch.mul(grad, 1 - a.square(), out=grad_input)


def _sigmoid_backward(grad: Tensor, a: Tensor, *, grad_input: Tensor) -> Tensor:
    return torch.mul(grad, a * (1 - a), out=grad_input)


def _threshold_backward(grad: Tensor, a: Tensor, threshold: float, *, grad_input: Tensor) -> Tensor:
    return grad_input.copy_(torch.where(a <= threshold, 0.0, grad))


def _leaky_relu_backward(
    grad: Tensor, a: Tensor, slope: float, is_output: bool, *, grad_input: Tensor
) -> Tensor:
    return grad_input.copy_(torch.where(a > 0, grad, slope * grad))


def _elu_backward(
    grad: Tensor,
    alpha: float,
    scale: float,
    input_scale: float,
    is_output: bool,
    a: Tensor,
    *,
    grad_input: Tensor,
) -> Tensor:
    below = grad * input_scale * (a + alpha * scale)
    return grad_input.copy_(torch.where(a <= 0, below, grad * scale))


def _gelu_backward(grad: Tensor, z: Tensor, *, grad_input: Tensor) -> Tensor:
    cumulative = (1 + torch.erf(z / math.sqrt(2))) / 2
    density = torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi)
    return torch.mul(grad, cumulative + z * density, out=grad_input)


def _silu_backward(grad: Tensor, z: Tensor, *, grad_input: Tensor) -> Tensor:
    a = torch.sigmoid(z)
    return torch.mul(grad, a * (1 + z * (1 - a)), out=grad_input)


def _mish_backward(grad: Tensor, z: Tensor) -> Tensor:
    a = torch.tanh(functional.softplus(z))
    return grad * (a + z * torch.sigmoid(z) * (1 - a.square()))


def _softplus_backward(
    grad: Tensor, z: Tensor, beta: float, threshold: float, *, grad_input: Tensor
) -> Tensor:
    slope = torch.where(beta * z > threshold, 1.0, torch.sigmoid(beta * z))
    return torch.mul(grad, slope, out=grad_input)


def _hardtanh_backward(
    grad: Tensor, z: Tensor, low: float, high: float, *, grad_input: Tensor
) -> Tensor:
    return grad_input.copy_(torch.where((z <= low) | (z >= high), 0.0, grad))


def _choose_backward(name: str, public: Kernel, *arguments: Any) -> Kernel:
    """Choose the operator that multiplies a gradient, tried with what comes after `grad`."""

    def trial(kernel: Kernel) -> Tensor:
        grad = _sample(-2.0)
        kernel(grad, *arguments, grad_input=grad)
        return grad

    return choose_kernel(f"ops.aten.{name}.grad_input._op", public, trial)


tanh_backward = _choose_backward("tanh_backward", _tanh_backward, _sample(1))
sigmoid_backward = _choose_backward("sigmoid_backward", _sigmoid_backward, _sample(1))
threshold_backward = _choose_backward("threshold_backward", _threshold_backward, _sample(), 0)
leaky_relu_backward = _choose_backward(
    "leaky_relu_backward", _leaky_relu_backward, _sample(), 0.01, True
)
elu_backward = _choose_backward("elu_backward", _elu_backward, 1, 1, 1, True, _sample(1))
gelu_backward = _choose_backward("gelu_backward", _gelu_backward, _sample())
silu_backward = _choose_backward("silu_backward", _silu_backward, _sample())
softplus_backward = _choose_backward("softplus_backward", _softplus_backward, _sample(30), 1, 20)
hardtanh_backward = _choose_backward("hardtanh_backward", _hardtanh_backward, _sample(), -1, 1)
# This one has no form that writes into a tensor: kernel(grad, z) returns the product.
mish_backward = choose_kernel(
    "ops.aten.mish_backward.default._op",
    _mish_backward,
    lambda kernel: kernel(_sample(2.0), _sample()),
)


# Derivatives of losses.


def _softmax_backward(
    grad: Tensor, probabilities: Tensor, dim: int, dtype: torch.dtype, *, grad_input: Tensor
) -> Tensor:
    common = (grad * probabilities).sum(dim, keepdim=True)
    return torch.mul(probabilities, grad - common, out=grad_input)


def _softmax_trial(kernel: Kernel) -> Tensor:
    out = torch.empty_like(_sample())
    kernel(_sample(2.0), _sample().softmax(1), 1, torch.float32, grad_input=out)
    return out


def _huber_backward(
    grad: Tensor, z: Tensor, y: Tensor, reduction: int, delta: float, *, grad_input: Tensor
) -> Tensor:
    return torch.mul(grad, (z - y).clamp(-delta, delta), out=grad_input)


def _huber_trial(kernel: Kernel) -> Tensor:
    out = torch.empty_like(_sample())
    kernel(
        torch.tensor(0.25, dtype=torch.float32), _sample(), _sample(1)[:1], 0, 1.0, grad_input=out
    )
    return out


softmax_backward = choose_kernel(
    "ops.aten._softmax_backward_data.out._op", _softmax_backward, _softmax_trial
)
huber_backward = choose_kernel(
    "ops.aten.huber_loss_backward.out._op", _huber_backward, _huber_trial
)


# Steps of optimisers, on lists of tensors that are changed in place. Only those options differ
# from the private kernels' that the optimisers of this project set.


def _fused_sgd_(
    weights: Sequence[Tensor],
    gradients: Sequence[Tensor],
    velocities: Sequence[Tensor],
    *,
    lr: float,
    momentum: float,
    nesterov: bool,
    **_zeros: float,
) -> None:
    for weight, gradient, velocity in zip(weights, gradients, velocities, strict=True):
        velocity.mul_(momentum).add_(gradient)
        step = gradient.add(velocity, alpha=momentum) if nesterov else velocity
        weight.add_(step, alpha=-lr)


def _fused_adam_(
    weights: Sequence[Tensor],
    gradients: Sequence[Tensor],
    means: Sequence[Tensor],
    squares: Sequence[Tensor],
    max_squares: Sequence[Tensor],
    steps: Sequence[Tensor],
    *,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    **_zeros: float,
) -> None:
    tensors = zip(weights, gradients, means, squares, steps, strict=True)
    for weight, gradient, mean, square, step in tensors:
        mean.lerp_(gradient, 1 - beta1)
        square.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        correction1, correction2 = (1 - beta ** step.item() for beta in (beta1, beta2))
        root = square.sqrt().div_(correction2**0.5).add_(eps)
        weight.addcdiv_(mean, root, value=-lr / correction1)


def _fused_adagrad_(
    weights: Sequence[Tensor],
    gradients: Sequence[Tensor],
    squares: Sequence[Tensor],
    steps: Sequence[Tensor],
    *,
    lr: float,
    eps: float,
    **_zeros: float,
) -> None:
    for weight, gradient, square in zip(weights, gradients, squares, strict=True):
        square.addcmul_(gradient, gradient)
        weight.addcdiv_(gradient, square.sqrt().add_(eps), value=-lr)


def _sgd_trial(kernel: Kernel, *, nesterov: bool) -> Tensor:
    weight, velocity = _sample(), _sample(1)
    kernel(
        [weight], [_sample(2.0)], [velocity], lr=0.1, momentum=0.9, dampening=0.0,
        weight_decay=0.0, nesterov=nesterov, maximize=False, is_first_step=False,
    )  # fmt: skip
    return torch.cat((weight, velocity))


def _adam_trial(kernel: Kernel) -> Tensor:
    weight, mean, square = _sample(), _sample(1), _sample(1).square()
    steps = torch.tensor(3.0, dtype=torch.float32)
    kernel(
        [weight], [_sample(2.0)], [mean], [square], [], [steps], lr=0.1, beta1=0.9, beta2=0.999,
        weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False,
    )  # fmt: skip
    return torch.cat((weight, mean, square))


def _adagrad_trial(kernel: Kernel) -> Tensor:
    weight, square = _sample(), _sample(1).square()
    steps = torch.tensor(1.0, dtype=torch.float32)
    kernel(
        [weight], [_sample(2.0)], [square], [steps], lr=0.1, lr_decay=0.0, weight_decay=0.0,
        eps=1e-10, maximize=False,
    )  # fmt: skip
    return torch.cat((weight, square))


fused_sgd_ = choose_kernel(
    "_fused_sgd_",
    _fused_sgd_,
    lambda kernel: torch.cat([_sgd_trial(kernel, nesterov=each) for each in (False, True)]),
)
fused_adam_ = choose_kernel("_fused_adam_", _fused_adam_, _adam_trial)
fused_adagrad_ = choose_kernel("_fused_adagrad_", _fused_adagrad_, _adagrad_trial)


# Copies of many tensors in one call.


def _foreach_copy_(targets: Sequence[Tensor], sources: Sequence[Tensor]) -> None:
    for target, source in zip(targets, sources, strict=True):
        target.copy_(source)


def _foreach_copy_trial(kernel: Kernel) -> Tensor:
    targets = [torch.zeros_like(_sample()), torch.zeros_like(_sample())]
    kernel(targets, [_sample(), _sample(1)])
    return torch.cat(targets)


foreach_copy_ = choose_kernel("_foreach_copy_", _foreach_copy_, _foreach_copy_trial)


# Graphs of operators, as `torch.fx` records them.


def aten_operator(name: str) -> object:
    """Return the operator called `torch.ops.aten.{name}`, or None where PyTorch has none.

    For comparison with the operators in a recorded graph.
    """
    try:
        operator: object = attrgetter(f"ops.aten.{name}")(torch)
    except AttributeError:
        return None
    return operator


def unwrap_operator(operator: Kernel) -> Kernel:
    """Return an operator's compiled function, or the operator itself where there is none.

    The Python wrapper around an operator doubles the cost of a call.
    """
    call = getattr(operator, "_op", None)
    if not callable(call):
        return operator
    # Code generated for a graph refers to functions by name, which compiled ones lack.
    kernel: Kernel = partial(call)
    name = str(operator).replace(".", "_")
    kernel.__name__, kernel.__qualname__, kernel.__module__ = name, name, __name__
    return kernel


# What the processor can do.


def supports_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 numbers by itself; False where that is unknown."""
    try:
        return bool(attrgetter("cpu._is_avx512_bf16_supported")(torch)())
    except AttributeError:
        return False
