"""The past in bounded memory: evenly thinned, the newest epoch always there."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from playground.training.frame import Score
from playground.training.history import MOST, History


def recorded(epochs: int) -> History:
    history = History()
    for epoch in range(epochs + 1):
        history.record(epoch, Score(epoch + 0.25, 0.5), Score(epoch + 0.75, np.nan))
    return history


@given(st.integers(0, 5000))
@example(MOST - 1)
@example(MOST)
@example(2 * MOST - 1)
@example(2 * MOST)
def test_rows_are_few_in_order_and_evenly_spaced_up_to_the_newest(epochs: int) -> None:
    curves = recorded(epochs).curves()
    assert curves.epoch[0] == 0
    assert curves.epoch[-1] == epochs
    assert min(epochs, MOST // 2) < len(curves.epoch) <= MOST
    gaps = np.diff(curves.epoch)
    assert (gaps[:-1] == gaps[:1]).all()
    assert ((gaps[-1:] > 0) & (gaps[-1:] <= gaps[:1])).all()


def test_each_row_keeps_what_belongs_to_its_epoch() -> None:
    curves = recorded(3 * MOST).curves()
    for column in (curves.epoch, curves.train_loss, curves.test_loss, curves.train_accuracy):
        assert column.dtype == np.float32
        assert column.flags.c_contiguous
    np.testing.assert_array_equal(curves.train_loss, curves.epoch + 0.25)
    np.testing.assert_array_equal(curves.test_loss, curves.epoch + 0.75)
    assert (curves.train_accuracy == 0.5).all()
    assert np.isnan(curves.test_accuracy).all()


def test_what_has_been_copied_out_stays() -> None:
    history = recorded(10)
    curves = history.curves()
    before = curves.train_loss.copy()
    history.clear()
    history.record(0, Score(9, 9), Score(9, 9))
    np.testing.assert_array_equal(curves.train_loss, before)
    assert history.curves().train_loss.tolist() == [9]


def test_a_run_of_days_is_kept_as_well() -> None:
    """Beyond 2**24 epochs single precision has no odd numbers."""
    history = History()
    start = 2**24
    for epoch in range(start - 5, start + 4 * MOST):
        history.record(epoch, Score(0, 0), Score(0, 0))
    gaps = np.diff(history.curves().epoch)
    assert len(set(gaps[:-1].tolist())) == 1
    assert len(gaps) < MOST


def test_epochs_may_be_missing() -> None:
    history = History()
    for epoch in (0, 1, 5, 6):
        history.record(epoch, Score(0, 0), Score(0, 0))
    assert history.curves().epoch.tolist() == [0, 1, 5, 6]


def test_parts_of_epochs_are_kept_as_rows_of_their_own() -> None:
    history = History(parts=12)
    for row in range(2 * MOST):
        history.record(row / 12, Score(row, 0.5), Score(row, 0.5))
    curves = history.curves()
    np.testing.assert_allclose(curves.epoch, curves.train_loss / 12, rtol=1e-6)
    assert len(set(np.diff(curves.train_loss[:-1]))) == 1
