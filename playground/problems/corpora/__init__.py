"""Sets of labelled pictures: what there is, where it lies, and how it comes here."""

from playground.problems.corpora.corpus import Corpus
from playground.problems.corpora.fetch import Progress
from playground.problems.corpora.images import Images, Labelled, normalised
from playground.problems.corpora.place import where
from playground.problems.corpora.registry import CORPORA

__all__ = ["CORPORA", "Corpus", "Images", "Labelled", "Progress", "normalised", "where"]
