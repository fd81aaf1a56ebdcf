"""Saved training runs: files that can be listed, opened, exported and imported."""

from playground.runs.autosaves import Autosaves
from playground.runs.quota import Quota, Usage
from playground.runs.record import PAGES, RunRecord, RunSummary, clean_name
from playground.runs.run import Run
from playground.runs.store import BrokenFile, Store, StoreEntry, default_folder

__all__ = [
    "PAGES",
    "Autosaves",
    "BrokenFile",
    "Quota",
    "Run",
    "RunRecord",
    "RunSummary",
    "Store",
    "StoreEntry",
    "Usage",
    "clean_name",
    "default_folder",
]
