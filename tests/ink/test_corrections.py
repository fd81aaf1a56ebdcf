"""What people say a picture was: learned, undone, kept, and packed."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from filelock import FileLock
from PIL import Image

from playground.errors import InputError
from playground.training.images import Corrections
from playground.training.images.corrections import storage
from playground.training.images.data.image_data import ImageData
from tests.support.training.image_trainers import CLASSES, bar_images, make_image_trainer

PICTURE = np.eye(28, dtype=np.uint8) * 255
LOCK = ".corrections.npz.lock"


def zip_bomb() -> bytes:
    """A small file of corrections that holds far too many."""
    file = io.BytesIO()
    np.savez_compressed(file, pictures=np.zeros((20_000, 28, 28), np.uint8))
    return file.getvalue()


ZIP_BOMB = zip_bomb()


def test_teaching_is_learned_and_can_be_undone() -> None:
    trainer = make_image_trainer("mlp")
    trainer.advance(epochs=2)
    before = trainer.predict(PICTURE[None])
    label = int(before.argmin())
    assert trainer.teach(PICTURE, label)
    assert trainer.predict(PICTURE[None]).argmax() == label
    frame = trainer.frame()
    assert frame.test.accuracy > 0.9
    assert frame.curves.test_loss[-1] == pytest.approx(frame.test.loss)
    assert frame.confusion.trace() / frame.confusion.sum() == pytest.approx(frame.test.accuracy)
    assert len(trainer._session.batches.pictures) == 620
    assert trainer.undo()
    np.testing.assert_allclose(trainer.predict(PICTURE[None]), before, rtol=1e-5)
    trainer.advance(steps=1)
    assert len(trainer._session.batches.pictures) == 600
    assert not trainer.undo()


@pytest.mark.parametrize(
    ("picture", "label", "said"),
    [
        (PICTURE, 10, "0 to 9"),
        (PICTURE, -1, "0 to 9"),
        (PICTURE[:20], 3, "28×28"),
        (PICTURE / 255, 3, "28×28"),
        (PICTURE * 0, 3, "no ink"),
    ],
)
def test_bad_corrections_change_nothing(picture: np.ndarray, label: int, said: str) -> None:
    trainer = make_image_trainer()
    before = trainer.predict(PICTURE[None])
    with pytest.raises(InputError, match=said):
        trainer.teach(picture, label)
    assert not trainer.corrections.items
    np.testing.assert_array_equal(trainer.predict(PICTURE[None]), before)


def test_added_pictures_come_up_as_often_as_they_weigh() -> None:
    own = bar_images(10, 0)
    added = torch.stack([torch.full((28, 28), 7), torch.full((28, 28), 8)]).byte()
    pictures = ImageData(own.pictures, own.labels, added, torch.tensor([7, 8]), weight=3)
    inputs, labels = pictures.inputs(torch.arange(len(pictures)))
    assert len(labels) == 16
    torch.testing.assert_close(labels[:10], own.labels)
    assert sorted(labels[10:].tolist()) == [7, 7, 7, 8, 8, 8]
    torch.testing.assert_close(inputs[10:, 0, 0, 0], labels[10:] / 127.5 - 1)


def test_they_are_kept_and_sessions_share_them(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "corrections.npz"
    mine, theirs = Corrections(path), Corrections(path)
    first = mine.add(PICTURE, 3, "3")
    theirs.add(PICTURE.T[::-1], 4, "4")
    assert [each.label for each in Corrections(path).items] == [3, 4]
    mine.remove(first)
    (left,) = Corrections(path).items
    assert (left.label, left.class_name) == (4, "4")
    np.testing.assert_array_equal(left.picture, PICTURE.T[::-1])
    assert {each.name for each in path.parent.iterdir()} - {LOCK} == {path.name}


def test_nobody_writes_while_another_process_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LOCK_SECONDS", 0.05)
    corrections = Corrections(tmp_path / "corrections.npz")
    with FileLock(tmp_path / LOCK), pytest.raises(InputError, match="others are saving"):
        corrections.add(PICTURE, 3, "3")
    assert corrections.items == ()
    corrections.add(PICTURE, 3, "3")
    assert len(Corrections(corrections.path).items) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"not a zip.", b"PK\x03\x04 nonsense", b"\x93NUMPY", bytes(9_000_000), ZIP_BOMB],
)
def test_a_broken_file_is_set_aside_and_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corrections.npz"
    path.write_bytes(content)
    corrections = Corrections(path)
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith("corrections.npz.unreadable-")
    assert aside.read_bytes() == content
    assert aside.name in corrections.remark
    corrections.add(PICTURE, 3, "3")
    assert len(Corrections(path).items) == 1


def test_only_corrections_with_the_same_class_name_serve() -> None:
    corrections = Corrections()
    corrections.add(PICTURE, 3, "3")
    corrections.add(PICTURE, 5, "Sandal")
    pictures, labels = corrections.for_classes(CLASSES)
    assert pictures.shape == (1, 28, 28)
    assert labels.tolist() == [3]


def test_the_archive_holds_pictures_and_labels() -> None:
    corrections = Corrections()
    corrections.add(PICTURE, 3, "=three")
    with zipfile.ZipFile(io.BytesIO(corrections.archive())) as file:
        (row,) = csv.DictReader(io.StringIO(file.read("labels.csv").decode()))
        assert (row["label"], row["meaning"]) == ("3", "'=three"), "no formula for a spreadsheet"
        drawn = Image.open(io.BytesIO(file.read(row["file"])))
        np.testing.assert_array_equal(np.asarray(drawn), PICTURE)
