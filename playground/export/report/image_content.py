"""The report on an image classifier."""

from __future__ import annotations

from collections.abc import Iterator

from playground.errors import InputError
from playground.export.loss_in_use import loss_name
from playground.export.report import png_images
from playground.export.report.content import (
    ContentBlock,
    Paragraph,
    ReportContent,
    ReportImage,
    Section,
    Table,
)
from playground.export.report.formatting import describe_score, format_setting, pluralise
from playground.export.report.training_sections import (
    observations,
    results,
    settings_table,
    training_progress,
)
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.problems.image_datasets import LoadedDataset
from playground.training.images import ImageFrame, ImageTrainer
from playground.training.images.augmentation.augmentation import Augmentation

_IMAGE_WIDTH = 640


def image_content(trainer: ImageTrainer, footer: str) -> ReportContent:
    """Compose the report on a trainer; see `playground.export.report.report`."""
    images = trainer.problem.images
    if images is None:
        raise InputError("The pictures are not loaded yet, so there is nothing to report.")
    frame = trainer.frame()
    sections = (
        Section("Problem and data", tuple(_data(trainer, images))),
        Section("Architecture", tuple(_architecture(trainer, frame))),
        Section("Training", (_settings(trainer), *training_progress(frame))),
        Section(
            "Results",
            (Paragraph(_evaluation_note(frame, images)), *results(frame), *_pictures(frame)),
        ),
        *observations(frame.notes),
    )
    title = f"A neural network learns to classify {_pictures_name(trainer, images)}"
    return ReportContent(title, _summary(trainer, frame), sections, footer)


def _summary(trainer: ImageTrainer, frame: ImageFrame) -> str:
    weights = sum(stage.parameters for stage in frame.stages)
    return (
        f"{_describe_network(trainer)}, which has {pluralise(weights, 'parameter')}, was "
        "trained for "
        f"{pluralise(frame.epoch, 'epoch')}. On {pluralise(frame.tested_count, 'test picture')} "
        "it has "
        f"{describe_score(frame.test)}."
    )


def _pictures_name(trainer: ImageTrainer, images: LoadedDataset) -> str:
    return images.source if images.is_fallback else trainer.problem.corpus


def _describe_network(trainer: ImageTrainer) -> str:
    if isinstance(trainer.classifier, str):
        return f"The network “{CLASSIFIERS[trainer.classifier].label}”"
    if isinstance(trainer.classifier, CustomClassifier):
        return f"A network of the kind “{trainer.classifier.kind}”, put together by hand"
    return "A network that began with weights it had been given"


def _data(trainer: ImageTrainer, images: LoadedDataset) -> Iterator[ContentBlock]:
    yield Paragraph(
        f"The pictures are {_pictures_name(trainer, images)}: {len(images.train):,} for "
        f"training and {len(images.test):,} for the test, of 28 × 28 grey pixels and "
        f"{pluralise(len(images.classes), 'class').replace('classs', 'classes')}. The network "
        "is given pixels as numbers from −1 (paper) to 1 (ink)."
    )
    if images.remark:
        yield Paragraph(images.remark)
    if count := len(trainer.corrections.items):
        yield Paragraph(
            f"Besides, {pluralise(count, 'picture')} labelled by hand came up "
            f"{trainer.corrections.weight} times in each epoch."
        )


def _architecture(trainer: ImageTrainer, frame: ImageFrame) -> Iterator[ContentBlock]:
    weights = sum(stage.parameters for stage in frame.stages)
    yield Paragraph(
        f"{_describe_network(trainer)} has {pluralise(weights, 'parameter')} in the layers "
        "below. The seed "
        f"of its weights and of the order of the pictures is {trainer.seed}."
    )
    rows = tuple(
        (stage.kind, " × ".join(map(str, stage.shape_out)), f"{stage.parameters:,}")
        for stage in frame.stages
    )
    yield Table("Layers of the network.", ("layer", "shape of its output", "parameters"), rows)


def _settings(trainer: ImageTrainer) -> Table:
    loss = loss_name(trainer.training, "classification")
    varied = trainer.augmentation.untouched < 1
    return settings_table(
        trainer.training, loss, _augmentation_rows(trainer.augmentation) if varied else ()
    )


def _augmentation_rows(augmentation: Augmentation) -> tuple[tuple[str, str], ...]:
    """List the limits of the augmentation, each with its meaning."""
    rows = []
    for name in Augmentation.param:
        limit, parameter = getattr(augmentation, name), augmentation.param[name]
        if name != "name" and limit:
            meaning = str(parameter.doc).rstrip(".")
            rows.append(
                (f"Augmentation: {parameter.label}", f"{format_setting(limit)} ({meaning})")
            )
    return tuple(rows)


def _evaluation_note(frame: ImageFrame, images: LoadedDataset) -> str:
    if frame.tested_count == len(images.test):
        return f"These results are of all {frame.tested_count:,} test pictures."
    return (
        f"An epoch is under way, so these results are of the {frame.tested_count:,} test "
        f"pictures evaluated last, of {len(images.test):,}."
    )


def _pictures(frame: ImageFrame) -> Iterator[ContentBlock]:
    if len(frame.tiles.now):
        count = min(len(frame.tiles.now), png_images.MAX_TILES)
        yield ReportImage(
            f"Weights of {pluralise(count, 'unit')} of the first layer: blue is above 0, orange "
            "below.",
            png_images.tiles(frame.tiles.now),
            "png",
            _IMAGE_WIDTH,
        )
    if len(frame.mistakes.pictures):
        yield ReportImage(
            "Test pictures that were misclassified with the most confidence at the end of the last "
            "epoch.",
            png_images.mistakes(frame.mistakes, frame.classes),
            "png",
            _IMAGE_WIDTH,
        )
