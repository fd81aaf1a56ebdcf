"""A network in training, and what reads drawings with it."""

from __future__ import annotations

import pytest

from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from tests.support.training.image_trainers import BarImages, make_image_trainer


@pytest.fixture
def heartbeat() -> Heartbeat:
    return Heartbeat(
        make_image_trainer(problem=BarImages(100, 40)), lambda frame: None, BackPressure()
    )


@pytest.fixture
def predictor() -> LivePredictor:
    """Return a predictor with a network in training, and no pretrained ones."""
    made = LivePredictor(make_image_trainer(problem=BarImages(100, 40)))
    made.chosen = []
    made.update(made.trainer.frame())
    return made
