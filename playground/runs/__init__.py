"""What is kept: runs of training in files, to be listed, opened again and sent to others."""

from playground.runs.autosaves import Autosaves
from playground.runs.record import PAGES, Record, Summary, tidy
from playground.runs.run import Run
from playground.runs.store import Broken, Listed, Store, usual_folder

__all__ = [
    "PAGES",
    "Autosaves",
    "Broken",
    "Listed",
    "Record",
    "Run",
    "Store",
    "Summary",
    "tidy",
    "usual_folder",
]
