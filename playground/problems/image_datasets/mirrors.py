"""Download addresses and checksums of image data sets, taken from torchvision."""

from __future__ import annotations

from collections.abc import Sequence

from playground.problems.image_datasets.download import DownloadError

FILES = 4
"""Pictures and labels, to train and to test with."""


def find_mirrors(torchvision_name: str) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
    """Return a data set's mirrors, and names and MD5 checksums of its compressed files.

    Parameters
    ----------
    torchvision_name : str
        Name of a class in torchvision.datasets.

    Raises
    ------
    DownloadError
        If torchvision is missing or was built for another version of PyTorch, or does not have
        the data set as four files.
    """
    try:
        # Importing torchvision takes seconds, and only a download needs it.
        from torchvision import datasets
    except (ImportError, RuntimeError) as error:
        raise DownloadError(
            "torchvision does not match the installed PyTorch: install both together, with "
            "pip install --upgrade torch torchvision"
        ) from error
    # EMNIST inherits MNIST's files and has others, in one archive; those of QMNIST are a mapping.
    own = vars(getattr(datasets, torchvision_name))
    mirrors, resources = own.get("mirrors"), own.get("resources")
    if not mirrors or not isinstance(resources, list) or len(resources) != FILES:
        raise DownloadError(
            f"torchvision does not have {torchvision_name} as {FILES} files in MNIST's format, "
            "which is all that can be read here."
        )
    return mirrors, resources
