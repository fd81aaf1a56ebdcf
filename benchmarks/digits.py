"""How fast classifiers of digits train and predict, compared with a usual training loop.

Needs MNIST in torchvision's layout in the folder PLAYGROUND_DATA; without it, results about
training are null. The pen is moved on the page itself, in Chromium.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import torch
from _dataloader_loop import BATCH, DataLoaderLoop
from _measuring import (
    Results,
    argument_parser,
    log_progress,
    measure_in_turn,
    median_ratios,
    medians,
    print_result,
)
from _pen_latency import pen_to_bars_ms

from playground import predict
from playground.problems.digits import Digits
from playground.problems.image_datasets import data_folder, normalise_pictures
from playground.training.images import ImageTrainer, default_training

GOALS = {"mlp_97": ("mlp", 0.97), "cnn_99": ("cnn", 0.99)}
"""Classifiers, and the test accuracy that they should reach."""
SEVEN = [([0.25, 0.75, 0.5, 0.4], [0.25, 0.25, 0.55, 0.8])]
MODELS = ("softmax", "mlp", "cnn", "deep")
MIN_PIECE_SECONDS, PIECE_SHARE = 0.5, 0.05
"""Time between two evaluations, which are not counted: seconds, or share of all training so far."""
MAX_SECONDS = 300.0
"""Seconds of training after which a goal counts as not reached."""


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    choices = argument_parser(__doc__).parse_args(arguments)
    print_result(run_benchmark(quick=choices.quick), as_json=choices.json)


def run_benchmark(*, quick: bool) -> Results:
    """Measure everything; README.md explains the keys."""
    digits = Digits()
    if digits.load().is_fallback:
        log_progress(f"No MNIST in {data_folder()}: set PLAYGROUND_DATA to a folder with it.")
        learning: Results = {
            "images_per_s_vs_dataloader": None,
            "time_to_accuracy_vs_dataloader": None,
        }
    else:
        learning = {
            **training_rates(digits, rounds=3 if quick else 9, seconds=0.8 if quick else 2.0),
            "time_to_accuracy_vs_dataloader": (
                dict.fromkeys(GOALS)
                if quick
                else {name: speedup_to_accuracy(digits, name) for name in GOALS}
            ),
        }
    return {
        **learning,
        "predict_four_models_ms": predict_four_models_ms(20 if quick else 200),
        "pen_to_bars_ms": pen_to_bars_ms(20 if quick else 100),
    }


def training_rates(digits: Digits, rounds: int, seconds: float) -> Results:
    """Compare training throughput at the usual loop's and at the page's batch size."""
    page = int(default_training().batch_size)
    ours: dict[str, Callable[[], float]] = {}
    theirs: dict[str, Callable[[], float]] = {}
    for name, classifier, batch in (
        ("mlp", "mlp", BATCH),
        ("cnn", "cnn", BATCH),
        ("mlp_page", "mlp", page),
        ("cnn_page", "cnn", page),
    ):
        ours[name] = partial(rate, trainer(digits, classifier, batch), seconds)
    loops = {classifier: DataLoaderLoop(data_folder(), classifier) for classifier in ("mlp", "cnn")}
    for name in ours:
        theirs[name] = partial(dataloader_rate, loops[name.split("_")[0]], seconds)
    measurements = measure_in_turn(
        {
            "ours": lambda: {name: measure() for name, measure in ours.items()},
            "theirs": lambda: {name: measure() for name, measure in theirs.items()},
        },
        rounds,
    )
    return {
        "images_per_s_vs_dataloader": median_ratios(measurements["ours"], measurements["theirs"]),
        "images_per_s": {side: medians(each) for side, each in measurements.items()},
        "page_batch": page,
    }


def trainer(digits: Digits, classifier: str, batch: int, **choices: object) -> ImageTrainer:
    """Create a trainer and take its first steps."""
    training = default_training(batch_size=batch, schedule="constant", **choices)
    created = ImageTrainer(digits, classifier, training)
    created.advance(steps=5)
    return created


def rate(trainer: ImageTrainer, seconds: float) -> float:
    """Pictures per second in training, without evaluations at the end of an epoch."""
    if trainer.steps_to_epoch_end < trainer.steps_per_epoch / 2:
        trainer.advance(epochs=1)
    begun = perf_counter()
    steps = trainer.advance(seconds)
    return steps * trainer.training.batch_size / (perf_counter() - begun)


def dataloader_rate(loop: DataLoaderLoop, seconds: float) -> float:
    """Pictures per second in the usual training loop."""
    begun = perf_counter()
    return loop.advance(seconds) / (perf_counter() - begun)


def speedup_to_accuracy(digits: Digits, goal: str) -> float | None:
    """Time that the usual loop takes to reach a goal, divided by Playground's; None if unknown."""
    classifier, accuracy = GOALS[goal]
    images = digits.load()
    pictures, labels = normalise_pictures(images.test.pictures), images.test.labels

    def accuracy_of(model: torch.nn.Module) -> float:
        with torch.inference_mode():
            predicted = torch.cat([model(part).argmax(1) for part in pictures.split(1000)])
        return float((predicted == labels).float().mean())

    def seconds_until_accurate(
        advance: Callable[[float], object], model: Callable[[], torch.nn.Module]
    ) -> float:
        total = 0.0
        while total < MAX_SECONDS:
            begun = perf_counter()
            advance(max(MIN_PIECE_SECONDS, PIECE_SHARE * total))
            total += perf_counter() - begun
            if accuracy_of(model()) >= accuracy:
                return total
        log_progress(f"{goal} was not reached in {MAX_SECONDS:.0f} s")
        return float("nan")

    ours = ImageTrainer(digits, classifier)
    loop = DataLoaderLoop(data_folder(), classifier)
    seconds = {
        "ours": seconds_until_accurate(ours.advance, lambda: ours.model),
        "theirs": seconds_until_accurate(loop.advance, lambda: loop.model),
    }
    log_progress(f"{goal}: {seconds}")
    speedup = seconds["theirs"] / seconds["ours"]
    return None if math.isnan(speedup) else round(speedup, 2)


def predict_four_models_ms(times: int) -> float:
    """Median milliseconds from strokes to the probabilities of four classifiers."""
    for name in MODELS:
        predict(SEVEN, name)
    measurements = []
    for _ in range(times):
        begun = perf_counter()
        for name in MODELS:
            predict(SEVEN, name)
        measurements.append(1000 * (perf_counter() - begun))
    return round(median(measurements), 2)


if __name__ == "__main__":
    main(sys.argv[1:])
