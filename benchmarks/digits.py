"""How fast digits are learned and read, beside the loop that everybody writes.

Needs MNIST in torchvision's layout where PLAYGROUND_DATA says; without it, figures about
learning are null. The pen is moved on the real page, in Chromium.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import torch
from _pen import pen_to_bars_ms
from _report import Figures, emit, interleaved, medians, parser, ratios, say
from _usual import BATCH, UsualLoop

from playground import predict
from playground.problems.corpora import normalised, where
from playground.problems.digits import Digits
from playground.training.digits import DigitTrainer, usual_training

GOALS = {"mlp_97": ("mlp", 0.97), "cnn_99": ("cnn", 0.99)}
"""Readers, and the share of the test pictures that they should read correctly."""
SEVEN = [([0.25, 0.75, 0.5, 0.4], [0.25, 0.25, 0.55, 0.8])]
FOUR = ("softmax", "mlp", "cnn", "deep")
PIECE, SHARE = 0.5, 0.05
"""Between two examinations, which do not count: seconds of learning, and share of all so far."""
PATIENCE = 300.0
"""Seconds of learning after which a goal counts as not reached."""


def main(arguments: list[str]) -> None:
    """Measure, and print what came out."""
    choices = parser(__doc__).parse_args(arguments)
    emit(figures(quick=choices.quick), as_json=choices.json)


def figures(*, quick: bool) -> Figures:
    """README.md says what the keys mean."""
    digits = Digits()
    if digits.load().standing_in:
        say(f"No MNIST in {where()}: set PLAYGROUND_DATA to a folder that has it.")
        learning: Figures = {
            "images_per_s_vs_dataloader": None,
            "time_to_accuracy_vs_dataloader": None,
        }
    else:
        learning = {
            **pace(digits, rounds=3 if quick else 9, seconds=0.8 if quick else 2.0),
            "time_to_accuracy_vs_dataloader": (
                dict.fromkeys(GOALS) if quick else {name: lead(digits, name) for name in GOALS}
            ),
        }
    return {
        **learning,
        "predict_four_models_ms": predict_four_models_ms(20 if quick else 200),
        "pen_to_bars_ms": pen_to_bars_ms(20 if quick else 100),
    }


def pace(digits: Digits, rounds: int, seconds: float) -> Figures:
    """Pictures learned per second, ours beside the usual loop's, at its batch and at the page's."""
    page = int(usual_training().batch_size)
    ours: dict[str, Callable[[], float]] = {}
    theirs: dict[str, Callable[[], float]] = {}
    for name, reader, batch in (
        ("mlp", "mlp", BATCH),
        ("cnn", "cnn", BATCH),
        ("mlp_page", "mlp", page),
        ("cnn_page", "cnn", page),
    ):
        ours[name] = partial(rate, trainer(digits, reader, batch), seconds)
    loops = {reader: UsualLoop(where(), reader) for reader in ("mlp", "cnn")}
    for name in ours:
        theirs[name] = partial(usual_rate, loops[name.split("_")[0]], seconds)
    taken = interleaved(
        {
            "ours": lambda: {name: measure() for name, measure in ours.items()},
            "theirs": lambda: {name: measure() for name, measure in theirs.items()},
        },
        rounds,
    )
    return {
        "images_per_s_vs_dataloader": ratios(taken["ours"], taken["theirs"]),
        "images_per_s": {side: medians(each) for side, each in taken.items()},
        "page_batch": page,
    }


def trainer(digits: Digits, reader: str, batch: int, **choices: object) -> DigitTrainer:
    """Make one that has learned its first steps."""
    made = DigitTrainer(
        digits, reader, usual_training(batch_size=batch, schedule="constant", **choices)
    )
    made.advance(steps=5)
    return made


def rate(trainer: DigitTrainer, seconds: float) -> float:
    """Pictures a second that it learns, not counting its examinations at the end of an epoch."""
    if trainer.steps_to_epoch_end < trainer.steps_per_epoch / 2:
        trainer.advance(epochs=1)
    begun = perf_counter()
    steps = trainer.advance(seconds)
    return steps * trainer.training.batch_size / (perf_counter() - begun)


def usual_rate(loop: UsualLoop, seconds: float) -> float:
    """Pictures a second that it learns."""
    begun = perf_counter()
    return loop.advance(seconds) / (perf_counter() - begun)


def lead(digits: Digits, goal: str) -> float | None:
    """How many times longer the usual loop takes to reach a goal, from cold."""
    reader, accuracy = GOALS[goal]
    images = digits.load()
    pictures, labels = normalised(images.test.pictures), images.test.labels

    def right(model: torch.nn.Module) -> float:
        with torch.inference_mode():
            said = torch.cat([model(part).argmax(1) for part in pictures.split(1000)])
        return float((said == labels).float().mean())

    def until(advance: Callable[[float], object], model: Callable[[], torch.nn.Module]) -> float:
        taken = 0.0
        while taken < PATIENCE:
            begun = perf_counter()
            advance(max(PIECE, SHARE * taken))
            taken += perf_counter() - begun
            if right(model()) >= accuracy:
                return taken
        say(f"{goal} was not reached in {PATIENCE:.0f} s")
        return float("nan")

    ours = DigitTrainer(digits, reader)
    loop = UsualLoop(where(), reader)
    seconds = {
        "ours": until(ours.advance, lambda: ours.model),
        "theirs": until(loop.advance, lambda: loop.model),
    }
    say(f"{goal}: {seconds}")
    lead = seconds["theirs"] / seconds["ours"]
    return round(lead, 2) if lead == lead else None


def predict_four_models_ms(times: int) -> float:
    """From strokes to the probabilities of four readers, as `playground.predict` does it."""
    for name in FOUR:
        predict(SEVEN, name)
    taken = []
    for _ in range(times):
        begun = perf_counter()
        for name in FOUR:
            predict(SEVEN, name)
        taken.append(1000 * (perf_counter() - begun))
    return round(median(taken), 2)


if __name__ == "__main__":
    main(sys.argv[1:])
