"""The card of settings: network, training, dataset, augmentation."""

from __future__ import annotations

from collections.abc import Sequence

import panel as pn

from playground.pages.controls.notes import Notes
from playground.pages.controls.tabs.open_tab import OpenTab
from playground.pages.digits.training.augmentation_tab import AugmentationTab
from playground.pages.digits.training.dataset_tab import DatasetTab
from playground.pages.digits.training.network_choice import NetworkChoice
from playground.pages.digits.training.network_tab import NetworkTab
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.digits.training.training_tab import TrainingTab
from playground.pages.part import Part
from playground.training.images import ImageFrame


class SetupCard(Part):
    """Tabs of settings, and the notes about them.

    Parameters
    ----------
    heartbeat : Heartbeat
    data : DatasetTab, optional
        Made if left out.
    choice : NetworkChoice, optional
        Made if left out.
    last : sequence of panel objects
        Below the settings of training.

    Attributes
    ----------
    notes : tuple of Notes
    open : OpenTab
        The open tab.
    """

    def __init__(
        self,
        heartbeat: ImageHeartbeat,
        data: DatasetTab | None = None,
        choice: NetworkChoice | None = None,
        last: Sequence[pn.viewable.Viewable] = (),
    ) -> None:
        super().__init__()
        self.data = data or DatasetTab(heartbeat.trainer.problem, heartbeat.refresh)
        self.network = NetworkTab(heartbeat, choice)
        self.notes = tuple(Notes(place) for place in ("network", "training", "data"))
        tabs = {
            "Network": self.network,
            "Training": TrainingTab(heartbeat, last),
            "Pictures": self.data,
            "Variety": AugmentationTab(heartbeat),
        }
        shown = pn.Tabs(
            *tabs.items(),
            dynamic=True,
            css_classes=["pg-choices"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self.open = OpenTab(shown, tabs)
        self._card = pn.Column(
            shown,
            *self.notes,
            css_classes=["pg-card", "pg-setup"],
            margin=0,
            min_width=0,
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: ImageFrame) -> None:
        """Show the number of parameters."""
        self.network.update(frame)
