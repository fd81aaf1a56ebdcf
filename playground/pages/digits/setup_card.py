"""All choices about a reader in one card: network, training, pictures, augmentation."""

from __future__ import annotations

import panel as pn

from playground.pages.digits.augmentation_card import AugmentationCard
from playground.pages.digits.data_card import DataCard
from playground.pages.digits.network_card import NetworkCard
from playground.pages.digits.progress import ReaderBeat
from playground.pages.digits.reader_choice import ReaderChoice
from playground.pages.digits.training_card import ReaderTraining
from playground.pages.notes import Notes
from playground.pages.open_tab import OpenTab
from playground.pages.part import Part
from playground.training.digits import ReaderFrame


class SetupCard(Part):
    """Tabs of choices, and what there is to be said about them.

    Parameters
    ----------
    heartbeat : Heartbeat
    data : DataCard, optional
        Made if left out.
    choice : ReaderChoice, optional
        Made if left out.

    Attributes
    ----------
    notes : tuple of Notes
    open : OpenTab
        Which of the tabs is seen.
    """

    def __init__(
        self,
        heartbeat: ReaderBeat,
        data: DataCard | None = None,
        choice: ReaderChoice | None = None,
    ) -> None:
        super().__init__()
        self.data = data or DataCard(heartbeat.trainer.problem, heartbeat.refresh)
        self.network = NetworkCard(heartbeat, choice)
        self.notes = tuple(Notes(place) for place in ("network", "training", "data"))
        tabs = {
            "Network": self.network,
            "Training": ReaderTraining(heartbeat),
            "Pictures": self.data,
            "Variety": AugmentationCard(heartbeat),
        }
        shown = pn.Tabs(
            *tabs.items(), css_classes=["pg-choices"], sizing_mode="stretch_width", margin=0
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

    def follow(self, frame: ReaderFrame) -> None:
        """Say how large the network is."""
        self.network.follow(frame)
