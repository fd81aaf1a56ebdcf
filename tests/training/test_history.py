"""The past in bounded memory: evenly thinned, the newest epoch always there."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from playground.training.core.metrics import Score
from playground.training.core.sessions.history import MAX_ROWS, History
from playground.training.core.state.state_reader import StateReader


def make_history(epochs: int) -> History:
    history = History()
    for epoch in range(epochs + 1):
        history.record(epoch, Score(epoch + 0.25, 0.5), Score(epoch + 0.75, np.nan))
    return history


@given(st.integers(0, 5000))
@example(MAX_ROWS - 1)
@example(MAX_ROWS)
@example(2 * MAX_ROWS - 1)
@example(2 * MAX_ROWS)
def test_rows_are_few_in_order_and_evenly_spaced_up_to_the_newest(epochs: int) -> None:
    curves = make_history(epochs).curves()
    assert curves.epoch[0] == 0
    assert curves.epoch[-1] == epochs
    assert min(epochs, MAX_ROWS // 2) < len(curves.epoch) <= MAX_ROWS
    gaps = np.diff(curves.epoch)
    assert (gaps[:-1] == gaps[:1]).all()
    assert ((gaps[-1:] > 0) & (gaps[-1:] <= gaps[:1])).all()


def test_each_row_keeps_what_belongs_to_its_epoch() -> None:
    curves = make_history(3 * MAX_ROWS).curves()
    for column in (curves.epoch, curves.train_loss, curves.test_loss, curves.train_accuracy):
        assert column.dtype == np.float32
        assert column.flags.c_contiguous
    np.testing.assert_array_equal(curves.train_loss, curves.epoch + 0.25)
    np.testing.assert_array_equal(curves.test_loss, curves.epoch + 0.75)
    assert (curves.train_accuracy == 0.5).all()
    assert np.isnan(curves.test_accuracy).all()


def test_what_has_been_copied_out_stays() -> None:
    history = make_history(10)
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
    for epoch in range(start - 5, start + 4 * MAX_ROWS):
        history.record(epoch, Score(0, 0), Score(0, 0))
    gaps = np.diff(history.curves().epoch)
    assert len(set(gaps[:-1].tolist())) == 1
    assert len(gaps) < MAX_ROWS


def test_epochs_may_be_missing() -> None:
    history = History()
    for epoch in (0, 1, 5, 6):
        history.record(epoch, Score(0, 0), Score(0, 0))
    assert history.curves().epoch.tolist() == [0, 1, 5, 6]


def test_parts_of_epochs_are_kept_as_rows_of_their_own() -> None:
    history = History(per_epoch=12)
    for row in range(2 * MAX_ROWS):
        history.record(row / 12, Score(row, 0.5), Score(row, 0.5))
    curves = history.curves()
    np.testing.assert_allclose(curves.epoch, curves.train_loss / 12, rtol=1e-6)
    assert len(set(np.diff(curves.train_loss[:-1]))) == 1


@given(st.integers(0, 3 * MAX_ROWS), st.integers(0, 3 * MAX_ROWS), st.integers(0, 2 * MAX_ROWS))
def test_what_came_after_an_epoch_is_forgotten(epochs: int, truncate: int, more: int) -> None:
    history = make_history(epochs)
    before = history.curves()
    history.truncate(truncate)
    curves, expected = history.curves(), before.until(truncate)
    np.testing.assert_array_equal(curves.epoch, before.epoch[before.epoch <= truncate])
    for name in ("epoch", "train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        np.testing.assert_array_equal(getattr(curves, name), getattr(expected, name))
    for epoch in range(truncate + 1, truncate + more + 1):
        history.record(epoch, Score(0, 0), Score(0, 0))
    assert (np.diff(history.curves().epoch) > 0).all()
    assert history.curves().epoch[-1] == (truncate + more if more else curves.epoch[-1])


def test_curves_of_parts_end_with_a_part() -> None:
    history = History(per_epoch=12)
    for row in range(40):
        history.record(row // 12 + row % 12 / 12, Score(row, 0), Score(0, 0))
    curves = history.curves()
    for row in range(40):
        assert curves.until(row // 12 + row % 12 / 12).train_loss[-1] == row


@given(st.integers(0, 3 * MAX_ROWS), st.integers(0, 3 * MAX_ROWS))
def test_a_history_goes_on_from_its_state(epochs: int, more: int) -> None:
    one, other = make_history(epochs), make_history(7)
    other.prepare_restore(StateReader(one.state()))()
    for history in (one, other):
        for epoch in range(epochs + 1, epochs + more + 1):
            history.record(epoch, Score(epoch, 0.5), Score(np.nan, 0.5))
    for name in ("epoch", "train_loss", "test_loss"):
        np.testing.assert_array_equal(getattr(one.curves(), name), getattr(other.curves(), name))


def test_rows_that_cannot_be_thinned_at_once_are_thinned_at_last() -> None:
    history = History()
    for epoch in range(MAX_ROWS + 5):
        history.record(64 * epoch, Score(0, 0), Score(0, 0))
    assert len(history.curves().epoch) <= MAX_ROWS
    assert history.curves().epoch[-1] == 64 * (MAX_ROWS + 4)
