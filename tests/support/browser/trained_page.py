"""A page that has learned, in the browser."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.browser.lab_page import LabPage
from tests.support.browser.patient_expect import expect

EPOCHS = 6
"""A replay of more would take seconds: it shows three or four checkpoints a second."""


class TrainedPage(LabPage):
    """A page that has learned for exactly `EPOCHS`."""

    def __init__(self, page: Page, url: str) -> None:
        super().__init__(page, f"{url}?stop_epoch={EPOCHS}&pace=200")
        self.click("Play")
        self.wait_until_trained()

    def restore(self) -> None:
        """Check that it shows what it did when it had learned."""
        self.wait_until_trained()

    def wait_until_trained(self) -> None:
        """Wait until it shows the last epoch, and learns no more."""
        self.wait_until(lambda: self.epoch == EPOCHS)
        expect(self.button("Play")).to_be_visible()
