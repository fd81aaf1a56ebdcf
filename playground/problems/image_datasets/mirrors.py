"""Where sets of pictures can be had, and what they should hash to: torchvision knows."""

from __future__ import annotations

from collections.abc import Sequence

from playground.problems.image_datasets.download import DownloadError


def find_mirrors(torchvision_name: str) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
    """Return a set's mirrors, and the names and MD5 checksums of its packed files.

    Parameters
    ----------
    torchvision_name : str
        Name of a class in torchvision.datasets.

    Raises
    ------
    DownloadError
        The torchvision that is installed was built for another PyTorch.
    """
    try:
        # Loading it takes seconds, which only a download needs to pay.
        from torchvision import datasets
    except (ImportError, RuntimeError) as error:
        raise DownloadError(
            "torchvision does not go with the installed PyTorch: install both together, with "
            "pip install --upgrade torch torchvision"
        ) from error
    torchvision_class = getattr(datasets, torchvision_name)
    return torchvision_class.mirrors, torchvision_class.resources
