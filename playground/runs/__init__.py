"""Saved training runs: files that can be listed, opened, exported and imported."""

from playground.runs.autosaves import Autosaves
from playground.runs.examples import Examples
from playground.runs.quota import Quota, Usage
from playground.runs.record import PAGES, RunRecord, RunSummary, clean_name
from playground.runs.run import Run
from playground.runs.shares import Shares, open_shared, shared_page
from playground.runs.store import BrokenFile, Store, StoreEntry, default_folder

__all__ = [
    "PAGES",
    "Autosaves",
    "BrokenFile",
    "Examples",
    "Quota",
    "Run",
    "RunRecord",
    "RunSummary",
    "Shares",
    "Store",
    "StoreEntry",
    "Usage",
    "clean_name",
    "default_folder",
    "open_shared",
    "shared_page",
]
