"""Data sets of labelled pictures: the registry, files, downloads, and a fallback."""

from playground.problems.image_datasets.dataset_registry import IMAGE_DATASETS
from playground.problems.image_datasets.download import DownloadProgress
from playground.problems.image_datasets.image_dataset import ImageDataset
from playground.problems.image_datasets.labelled_images import (
    LabelledImages,
    LoadedDataset,
    network_inputs,
    normalise_pictures,
)
from playground.problems.image_datasets.locations import data_folder

__all__ = [
    "IMAGE_DATASETS",
    "DownloadProgress",
    "ImageDataset",
    "LabelledImages",
    "LoadedDataset",
    "data_folder",
    "network_inputs",
    "normalise_pictures",
]
