"""Losses against `torch.nn.functional`, slopes against autograd."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from playground.errors import InputError
from playground.training.core.losses import LOSSES, Loss, Task, losses_for, make_loss
from tests.support.each_case import in_turn

CASES: list[tuple[str, Task, int]] = [
    ("cross-entropy", "classification", 1),
    ("cross-entropy", "classification", 3),
    ("cross-entropy", "classification", 6),
    ("squared error", "classification", 1),
    ("squared error", "classification", 4),
    ("squared error", "regression", 1),
    ("hinge", "classification", 1),
    ("hinge", "classification", 3),
    ("hinge", "classification", 6),
    ("Huber", "regression", 1),
]
each_case = in_turn("name, task, outputs", CASES)
each_copies = in_turn("copies", [1, 4])
BATCH = 7


def outputs_and_targets(
    task: Task, outputs: int, copies: int, scale: float = 1.5
) -> tuple[Tensor, Tensor]:
    """Draw z of (copies, outputs, batch) and targets (1, outputs, batch) as engines hold them."""
    random = torch.Generator().manual_seed(3)
    z = scale * torch.randn(copies, outputs, BATCH, generator=random, dtype=torch.float64)
    if task == "regression":
        return z, torch.randn(1, 1, BATCH, generator=random, dtype=torch.float64)
    labels = torch.randint(max(outputs, 2), (BATCH,), generator=random)
    if outputs == 1:
        return z, labels.double().expand(1, 1, BATCH)
    return z, functional.one_hot(labels, outputs).double().T.unsqueeze(0)


def slope(loss: Loss, z: Tensor, y: Tensor) -> Tensor:
    out = torch.full_like(z, torch.nan)
    with torch.inference_mode():
        loss.slope_(z, y, out)
    return out


def reference(name: str, task: Task, z: Tensor, y: Tensor) -> Tensor:
    """Compute the mean loss of one copy, z and y (outputs, batch), by PyTorch's functions."""
    many = len(z) > 1
    labels = y.argmax(0)
    if name == "cross-entropy":
        binary = functional.binary_cross_entropy_with_logits
        return functional.cross_entropy(z.T, labels) if many else binary(z, y)
    if name == "hinge":
        signed = 2 * y - 1
        binary_hinge = functional.margin_ranking_loss(z, -z, signed, margin=2) / 2
        return functional.multi_margin_loss(z.T, labels) if many else binary_hinge
    if name == "Huber":
        return functional.huber_loss(z, y)
    p = z if task == "regression" else torch.softmax(z, 0) if many else torch.sigmoid(z)
    return functional.mse_loss(p, y) * len(z)


@in_turn("outputs", [1, 3, 6])
@in_turn("name", losses_for("classification"))
@each_copies
def test_weighted_by_class_it_is_the_weighted_mean(name: str, outputs: int, copies: int) -> None:
    weights = torch.linspace(0.5, 2.5, max(outputs, 2), dtype=torch.float64)
    loss = make_loss(name, "classification", outputs, weights)
    z, y = outputs_and_targets("classification", outputs, copies)
    labels = y[0].argmax(0) if outputs > 1 else y[0, 0].long()
    own = weights[labels]
    singles = [[(copy[:, i : i + 1], y[0, :, i : i + 1]) for i in range(BATCH)] for copy in z]
    each = torch.tensor(
        [[reference(name, "classification", *one) for one in row] for row in singles]
    )
    z.requires_grad_()
    value = loss.value(z, y)
    torch.testing.assert_close(value, (own * each).sum(1) / own.sum(), rtol=0, atol=1e-6)
    value.sum().backward()
    torch.testing.assert_close(slope(loss, z.detach(), y), z.grad, rtol=0, atol=1e-9)
    out = torch.full_like(z, torch.nan)
    for call in loss.slope_calls(z.detach(), y, out):
        call()
    torch.testing.assert_close(out, z.grad, rtol=0, atol=1e-9)
    plain = make_loss(name, "classification", outputs)
    assert torch.equal(loss.probabilities(z), plain.probabilities(z))
    assert plain.total_weight(y) == BATCH
    assert loss.total_weight(y) == pytest.approx(own.sum().item())


@each_case
@each_copies
def test_value_is_pytorchs(name: str, task: Task, outputs: int, copies: int) -> None:
    z, y = outputs_and_targets(task, outputs, copies)
    expected = torch.stack([reference(name, task, copy, y[0]) for copy in z])
    value = make_loss(name, task, outputs).value(z, y)
    torch.testing.assert_close(value, expected, rtol=0, atol=1e-12)


@each_case
@each_copies
def test_slope_is_autograd_of_value(name: str, task: Task, outputs: int, copies: int) -> None:
    loss = make_loss(name, task, outputs)
    z, y = outputs_and_targets(task, outputs, copies)
    z.requires_grad_()
    loss.value(z, y).sum().backward()
    torch.testing.assert_close(slope(loss, z.detach(), y), z.grad, rtol=0, atol=1e-9)


@each_case
def test_slope_takes_targets_of_each_copy(name: str, task: Task, outputs: int) -> None:
    loss = make_loss(name, task, outputs)
    z, y = outputs_and_targets(task, outputs, copies=3)
    each = y.expand(3, -1, -1).contiguous()
    assert torch.equal(slope(loss, z, each), slope(loss, z, y))
    torch.testing.assert_close(loss.value(z, each), loss.value(z, y))


@each_case
def test_slope_changes_neither_outputs_nor_targets(name: str, task: Task, outputs: int) -> None:
    z, y = outputs_and_targets(task, outputs, copies=2)
    y = y.contiguous()
    before = z.clone(), y.clone()
    slope(make_loss(name, task, outputs), z, y)
    assert torch.equal(z, before[0])
    assert torch.equal(y, before[1])


@each_case
@in_turn("dtype", [torch.float32, torch.float64])
def test_extreme_outputs_stay_finite(
    name: str, task: Task, outputs: int, dtype: torch.dtype
) -> None:
    loss = make_loss(name, task, outputs)
    z, y = outputs_and_targets(task, outputs, copies=2)
    z, y = z.sign().mul(1e4).to(dtype), y.to(dtype)
    for tensor in (loss.value(z, y), slope(loss, z, y), loss.probabilities(z)):
        assert tensor.dtype == dtype
        assert tensor.isfinite().all()


@each_case
def test_probabilities_are_distributions(name: str, task: Task, outputs: int) -> None:
    z, _ = outputs_and_targets(task, outputs, copies=2)
    p = make_loss(name, task, outputs).probabilities(z)
    classes = 0 if task == "regression" else max(outputs, 2)
    assert p.shape == (2, classes, BATCH)
    assert ((p >= 0) & (p <= 1)).all()
    if classes:
        torch.testing.assert_close(p.sum(1), torch.ones(2, BATCH, dtype=p.dtype))
        scores = torch.cat((-z, z), 1) if outputs == 1 else z
        assert torch.equal(p.argmax(1), scores.argmax(1))


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_score_that_just_meets_the_hinges_margin_reads_as_sure(outputs: int) -> None:
    z = torch.zeros(1, outputs, 1)
    z[0, -1] = 1
    p = make_loss("hinge", "classification", outputs).probabilities(z)
    assert p[0, -1].item() == pytest.approx(0.975, abs=0.015)


def test_no_slope_where_the_hinges_margin_is_just_met() -> None:
    z, y = torch.tensor([[[1.0, -1.0, 0.99]]]), torch.tensor([[[1.0, 0.0, 1.0]]])
    assert slope(make_loss("hinge", "classification", 1), z, y).tolist() == [
        [[0, 0, pytest.approx(-1 / 3)]]
    ]


def test_each_task_lists_its_losses() -> None:
    assert losses_for("classification") == ["cross-entropy", "squared error", "hinge"]
    assert losses_for("regression") == ["squared error", "Huber"]


def test_every_form_in_the_registry_is_tested() -> None:
    tested = {type(make_loss(*case)) for case in CASES}
    assert tested == {form for forms in LOSSES.values() for form in forms.values()}


@pytest.mark.parametrize(
    ("name", "task"), [("Huber", "classification"), ("hinge", "regression"), ("l7", "regression")]
)
def test_a_loss_for_another_task_is_refused(name: str, task: Task) -> None:
    with pytest.raises(InputError, match=f"{name}.*{task}.*squared error"):
        make_loss(name, task, 1)
