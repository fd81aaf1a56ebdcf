"""The report on a network that learns to read pictures."""

from __future__ import annotations

from collections.abc import Iterator

from playground.errors import InputError
from playground.export.report import pictures
from playground.export.report.story import Picture, Piece, Section, Story, Table, Text
from playground.export.report.training import noted, process, results, settings
from playground.export.report.wording import counted, number, score
from playground.export.scoring import loss_name
from playground.networks.readers import READERS, OwnReader
from playground.problems.corpora import Images
from playground.training.augmentation import Augmentation
from playground.training.digits import DigitTrainer, ReaderFrame

_SHOWN = 640


def digits_story(trainer: DigitTrainer, imprint: str) -> Story:
    """Write down what a trainer is and has done; see `playground.export.report.report`."""
    images = trainer.problem.images
    if images is None:
        raise InputError("The pictures are not loaded yet, so there is nothing to report.")
    frame = trainer.frame()
    sections = (
        Section("Problem and data", tuple(_data(trainer, images))),
        Section("Architecture", tuple(_architecture(trainer, frame))),
        Section("Training", (_settings(trainer), *process(frame))),
        Section("Results", (Text(_tested(frame, images)), *results(frame), *_pictures(frame))),
        *noted(frame.notes),
    )
    title = f"A neural network learns to read {trainer.problem.corpus}"
    return Story(title, _summary(trainer, frame), sections, imprint)


def _summary(trainer: DigitTrainer, frame: ReaderFrame) -> str:
    weights = sum(stage.parameters for stage in frame.stages)
    return (
        f"{_network(trainer)}, which has {counted(weights, 'parameter')}, was trained for "
        f"{counted(frame.epoch, 'epoch')}. On {counted(frame.tested, 'test picture')} it has "
        f"{score(frame.test)}."
    )


def _network(trainer: DigitTrainer) -> str:
    if isinstance(trainer.reader, str):
        return f"The network “{READERS[trainer.reader].label}”"
    if isinstance(trainer.reader, OwnReader):
        return f"A network of the kind “{trainer.reader.kind}”, put together by hand"
    return "A network that began with weights it had been given"


def _data(trainer: DigitTrainer, images: Images) -> Iterator[Piece]:
    name = images.source if images.standing_in else trainer.problem.corpus
    yield Text(
        f"The pictures are {name}: {len(images.train):,} to learn from and "
        f"{len(images.test):,} to be examined with, of 28 × 28 grey pixels and "
        f"{counted(len(images.classes), 'class').replace('classs', 'classes')}. Pixels are given "
        "to the network as numbers from −1, paper, to 1, ink."
    )
    if images.remark:
        yield Text(images.remark)
    if count := len(trainer.corrections.items):
        yield Text(
            f"Besides, {counted(count, 'picture')} labelled by hand came up "
            f"{trainer.corrections.weight} times in each epoch."
        )


def _architecture(trainer: DigitTrainer, frame: ReaderFrame) -> Iterator[Piece]:
    weights = sum(stage.parameters for stage in frame.stages)
    yield Text(
        f"{_network(trainer)} has {counted(weights, 'parameter')} in the layers below. The seed "
        f"of its weights and of the order of the pictures is {trainer.seed}."
    )
    rows = tuple(
        (stage.kind, " × ".join(map(str, stage.shape_out)), f"{stage.parameters:,}")
        for stage in frame.stages
    )
    yield Table("Layers of the network.", ("layer", "shape of its output", "parameters"), rows)


def _settings(trainer: DigitTrainer) -> Table:
    loss = loss_name(trainer.training, "classification")
    varied = trainer.augmentation.untouched < 1
    return settings(trainer.training, loss, _variety(trainer.augmentation) if varied else ())


def _variety(wished: Augmentation) -> tuple[tuple[str, str], ...]:
    """How pictures were varied, each limit with what it means."""
    rows = []
    for name in Augmentation.param:
        limit, about = getattr(wished, name), wished.param[name]
        if name != "name" and limit:
            meaning = str(about.doc).rstrip(".")
            rows.append((f"Augmentation: {about.label}", f"{number(limit)} ({meaning})"))
    return tuple(rows)


def _tested(frame: ReaderFrame, images: Images) -> str:
    if frame.tested == len(images.test):
        return f"These results speak of all {frame.tested:,} test pictures."
    return (
        f"An epoch is under way, so these results speak of the {frame.tested:,} test pictures "
        f"looked at last, of {len(images.test):,}."
    )


def _pictures(frame: ReaderFrame) -> Iterator[Piece]:
    if len(frame.tiles.now):
        count = min(len(frame.tiles.now), pictures.MOST_TILES)
        yield Picture(
            f"Weights of {counted(count, 'unit')} of the first layer: blue is above 0, orange "
            "below.",
            pictures.tiles(frame.tiles.now),
            "png",
            _SHOWN,
        )
    if len(frame.mistakes.pictures):
        yield Picture(
            "Test pictures that were read wrongly with the most confidence when the last epoch "
            "ended.",
            pictures.mistakes(frame.mistakes, frame.classes),
            "png",
            _SHOWN,
        )
