"""Download addresses and checksums of image data sets, taken from torchvision."""

from __future__ import annotations

from collections.abc import Sequence

from playground.problems.image_datasets.download import DownloadError


def find_mirrors(torchvision_name: str) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
    """Return a data set's mirrors, and names and MD5 checksums of its compressed files.

    Parameters
    ----------
    torchvision_name : str
        Name of a class in torchvision.datasets.

    Raises
    ------
    DownloadError
        If torchvision is missing or was built for another version of PyTorch.
    """
    try:
        # Importing torchvision takes seconds, and only a download needs it.
        from torchvision import datasets
    except (ImportError, RuntimeError) as error:
        raise DownloadError(
            "torchvision does not match the installed PyTorch: install both together, with "
            "pip install --upgrade torch torchvision"
        ) from error
    torchvision_class = getattr(datasets, torchvision_name)
    return torchvision_class.mirrors, torchvision_class.resources
