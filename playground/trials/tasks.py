"""What trials train: a problem, a network and a training, all set by public names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, ClassVar

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.classifier_settings import (
    CUSTOM,
    PREFIX,
    ClassifierSettings,
    chosen_classifier,
)
from playground.networks.classifiers import CustomClassifier
from playground.problems.digits import Digits
from playground.problems.gates import CUSTOM as CUSTOM_TABLE
from playground.problems.gates import Gates
from playground.problems.image_datasets import LoadedDataset
from playground.problems.points.points import OWN, Points
from playground.problems.problem import Problem
from playground.problems.tables.table_problem import TableProblem
from playground.settings import Owner, ParameterSetting, Setting, Settings, quote_briefly
from playground.training.dense.batches import usual_batch_size
from playground.training.dense.trainer import Trainer
from playground.training.dense.training_data import check_features
from playground.training.images import ImageTrainer, default_training
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.training import Training
from playground.trials.choices import TABLE_TASK, TASK_NAMES, TRIAL_METRICS
from playground.trials.trial_table import TrialTable

AnyTrainer = Trainer | ImageTrainer


class TrialTask(ABC):
    """The settings of one training, with the names and the defaults of a page.

    Attributes
    ----------
    page : str
        Title of the page that opens its runs.
    presets : mapping of str to object
        Values with which the page begins, where they differ from the defaults of their classes.
    training : Training
    """

    page: ClassVar[str]
    presets: ClassVar[Mapping[str, Any]] = {}
    usual_epochs: ClassVar[int]
    training: Training

    def __init__(self) -> None:
        self._settings = dict(Settings(*self.owners()).items())
        for name, value in {"stop_epoch": self.usual_epochs, **self.presets}.items():
            self._settings[name].assign(value)

    @abstractmethod
    def owners(self) -> tuple[Owner, ...]:
        """Return what holds the settings, under the public names of the page."""

    @abstractmethod
    def trainer(self) -> AnyTrainer:
        """Make the trainer of these settings; it computes with one thread.

        Raises
        ------
        InputError
            If they are impossible together, or the data can't be had.
        """

    def refuse(self) -> None:
        """Raise InputError if a value needs what only a page has, such as painted points."""
        return

    def check_metric(self, metric: str, varied: Collection[str]) -> None:
        """Raise InputError if there is no such metric, whatever values varied settings have."""
        return

    @property
    def epochs(self) -> int:
        """How many a trial trains for."""
        return self.training.stop_epoch or self.usual_epochs

    @property
    def data(self) -> tuple[str, str]:
        """A checksum of data that each machine loads by itself, and a remark about them."""
        return "", ""

    @property
    def settings(self) -> Mapping[str, Setting]:
        """All settings by public name."""
        return self._settings

    def values(self) -> dict[str, Any]:
        """Return all values, in JSON types."""
        return {name: setting.value for name, setting in self._settings.items()}

    def setting(self, name: str) -> Setting:
        """Return a setting.

        Raises
        ------
        InputError
            If there is none of the name; the nearest name is offered.
        """
        try:
            return self._settings[name]
        except KeyError:
            close = get_close_matches(name, self._settings, 1)
            offer = f" Did you mean {close[0]}?" if close else f" There are {_listed(self)}."
            raise InputError(
                f"There is no setting {quote_briefly(name)} of {self.page}.{offer}"
            ) from None

    def parse(self, name: str, given: object) -> Any:  # noqa: ANN401 (what JSON can hold)
        """Return the value of a setting that a text, or a JSON value, stands for.

        Raises
        ------
        InputError
            If there is no such setting, or it can't have this value.
        """
        value_type = self.setting(name).value_type
        try:
            parsed = value_type.parse(given)
            value = value_type.coerce(parsed)
        except InputError:
            raise
        except ValueError:
            value = parsed = None
        else:
            if value == parsed:
                return value
        raise InputError(
            f"{name} can't be {quote_briefly(given)}; it can be {value_type.description}."
        )

    def apply(self, values: Mapping[str, Any]) -> None:
        """Set values by public name, in the order in which the settings are declared.

        Raises
        ------
        InputError
            As `parse`, and if values are impossible together.
        """
        for name in values:
            self.setting(name)
        for name, setting in self._settings.items():
            if name in values:
                value = self.parse(name, values[name])
                try:
                    setting.assign(value)
                except InputError:
                    raise
                except ValueError as error:
                    raise InputError(f"{name} can't be {quote_briefly(value)}: {error}") from None
        if self.training.stop_epoch is None:
            raise InputError("stop_epoch can't be none here: a trial would never end.")
        self.refuse()


class _DenseTask(TrialTask):
    problem: Problem

    def __init__(self) -> None:
        self.architecture, self.training = Architecture(), Training()
        super().__init__()

    def owners(self) -> tuple[Owner, ...]:
        return (
            (self.problem, {"table": None}),
            (self.architecture, {"seed": "weight_seed"}),
            self.training,
        )

    def trainer(self) -> AnyTrainer:
        return Trainer(self.problem, self.architecture, self.training)

    def refuse(self) -> None:
        if self.architecture.features != Architecture.param["features"].default:
            check_features(self.problem, self.architecture.features)


class GatesTask(_DenseTask):
    """A dense network learns a truth table."""

    page = "Gates"
    # Six neurons learn every gate of two inputs from any initialisation; of four, one in thirty
    # gets stuck.
    presets: ClassVar[Mapping[str, Any]] = {"hidden": [6], "batch_size": 4, "learning_rate": 0.05}
    usual_epochs = 300

    def __init__(self) -> None:
        self.problem = Gates()
        super().__init__()

    def refuse(self) -> None:
        """Refuse a table of one's own: it has no name."""
        super().refuse()
        if isinstance(self.problem, Gates) and self.problem.gate == CUSTOM_TABLE:
            raise InputError("gate can't be “custom” here: a sweep learns a gate that has a name.")


class PointsTask(_DenseTask):
    """A dense network tells points apart."""

    page = "Points"
    # With these every shape is learned within 100 epochs; with x and y alone the spiral takes 500.
    presets: ClassVar[Mapping[str, Any]] = {
        "features": ["x", "y", "sin x", "sin y"],
        "hidden": [8, 4],
        "count": 400,
        "noise": 0.05,
        "learning_rate": 0.02,
        "l2": 0.001,
    }
    usual_epochs = 100

    def __init__(self) -> None:
        self.problem = self._points = Points()
        super().__init__()

    def values(self) -> dict[str, Any]:
        """Return all values, and how the points are split, which runs tell the page."""
        return {**super().values(), "split": self._points.split_mark}

    def refuse(self) -> None:
        """Refuse points of one's own, which are on a page only."""
        super().refuse()
        if isinstance(self.problem, Points) and self.problem.shape == OWN:
            raise InputError(f"shape can't be “{OWN}” here: a sweep learns a shape with a name.")


class TableTask(_DenseTask):
    """A dense network learns a column of a table of one's own from the others.

    Parameters
    ----------
    table : TrialTable
    """

    page = "Your data"
    presets: ClassVar[Mapping[str, Any]] = {"hidden": [8], "learning_rate": 0.02}
    usual_epochs = 100

    def __init__(self, table: TrialTable) -> None:
        self.problem = self._table = TableProblem(table.data)
        super().__init__()
        self.architecture.features = [*self._table.inputs]
        self.training.batch_size = usual_batch_size(len(table.data))

    def refuse(self) -> None:
        """Refuse features that the table has not: the usual ones are among these, too."""
        check_features(self.problem, self.architecture.features)

    def check_metric(self, metric: str, varied: Collection[str]) -> None:
        """Refuse a metric of test rows where there are none, and accuracy of values."""
        which, part = TRIAL_METRICS[metric]
        if part == "accuracy" and not self._table.classes:
            raise InputError(
                f"There is no {metric} of “{self._table.data.target}”, which holds values: compare "
                "by a loss."
            )
        if which and "train_ratio" not in varied and not len(self._table.samples().test.x):
            raise InputError(
                f"There is no {metric}: all {len(self._table.data)} rows are learned from. Compare "
                "by training loss, or set train_ratio=0.7."
            )

    @property
    def without_effect(self) -> set[str]:
        """Settings of the plane, which is only drawn, and of what the table has not."""
        unused = {"across", "up", "held"}
        return unused if self._table.classes else {*unused, "stratify"}


class DigitsTask(TrialTask):
    """An image classifier learns MNIST or one of its kin."""

    page = "Digits"
    usual_epochs = 10

    def __init__(self) -> None:
        self.training, self.augmentation = default_training(), Augmentation(untouched=1.0)
        self.network, self.own = ClassifierSettings(), CustomClassifier()
        # Its settings are read and set before the pictures are needed.
        self._trainer = ImageTrainer(Digits(), "mlp", self.training, self.augmentation, threads=1)
        super().__init__()

    def owners(self) -> tuple[Owner, ...]:
        """Return data set, network, seed, training and augmentation."""
        return (
            ParameterSetting(self._trainer.problem, "corpus", "corpus"),
            self.network,
            (self.own, {name: f"{PREFIX}{name}" for name in CustomClassifier.param}),
            ParameterSetting(self._trainer, "seed", "weight_seed"),
            self.training,
            self.augmentation,
        )

    def trainer(self) -> AnyTrainer:
        """Load the pictures and make the network."""
        self._trainer.problem.load()
        self._trainer.classifier = chosen_classifier(self.network, self.own)
        return self._trainer

    @property
    def data(self) -> tuple[str, str]:
        """The checksum of the pictures, and whether they replace others."""
        images = self._trainer.problem.images
        return ("", "") if images is None else (_checksum(images), images.remark or "")


TASKS: dict[str, type[TrialTask]] = dict(
    zip(TASK_NAMES, (GatesTask, PointsTask, DigitsTask), strict=True)
)
"""What a sweep can train, by name."""


def make_task(name: str, table: TrialTable | None = None) -> TrialTask:
    """Return a task with its usual settings.

    Parameters
    ----------
    name : str
        A name of `TASKS`, or `TABLE_TASK` with a table.
    table : TrialTable, optional

    Raises
    ------
    InputError
        If there is none of the name.
    """
    if table is not None:
        return TableTask(table)
    if name.casefold() == TABLE_TASK:
        raise InputError("A sweep that learns a table of your own needs its file: name it.")
    try:
        return TASKS[name.casefold()]()
    except KeyError:
        close = get_close_matches(name, TASKS, 1)
        offer = f" Did you mean {close[0]}?" if close else ""
        raise InputError(
            f"A sweep can't train {quote_briefly(name)}; there are {', '.join(TASKS)}, and files "
            f"of tables.{offer}"
        ) from None


def settings_without_effect(task: TrialTask) -> frozenset[str]:
    """Return names of settings that change nothing while the others are as they are."""
    unused = set(task.training.without_effect)
    if isinstance(task, DigitsTask):
        if task.network.model == CUSTOM:
            unused |= {"start"}
        else:
            unused |= {name for name in task.settings if name.startswith(PREFIX)}
    if isinstance(task, TableTask):
        unused |= task.without_effect
    return frozenset(unused)


@lru_cache(maxsize=4)
def _checksum(images: LoadedDataset) -> str:
    return images.checksum()


def _listed(task: TrialTask) -> str:
    return ", ".join(task.settings)
