"""The problem of classifying the pictures of MNIST or a similar data set."""

from __future__ import annotations

import param

from playground.problems.image_datasets import IMAGE_DATASETS, DownloadProgress, LoadedDataset

_Choice = tuple[str, str]


class Digits(param.Parameterized):
    """The choice of a data set of labelled pictures, and the pictures once they are loaded.

    Loading can take minutes, so only `load` does it: call it in a separate thread, then use
    `images`.
    """

    corpus: param.Selector[str] = param.Selector(
        default="MNIST",
        objects=list(IMAGE_DATASETS),
        label="Pictures",
        doc="The data set of labelled pictures.",
    )
    folder = param.String(
        "",
        label="Folder",
        doc=(
            "Folder of the pictures, laid out as by torchvision; if empty, the one that "
            "PLAYGROUND_DATA names, else Playground's cache."
        ),
    )

    def __init__(self, **params: object) -> None:
        self._loaded: tuple[_Choice, LoadedDataset] | None = None
        super().__init__(**params)

    @property
    def about(self) -> str:
        """One line about what the pictures show, and their authors."""
        return IMAGE_DATASETS[self.corpus].about

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes of the loaded pictures, else of the chosen data set."""
        return self.images.classes if self.images else IMAGE_DATASETS[self.corpus].classes

    @property
    def images(self) -> LoadedDataset | None:
        """The pictures of the current choice, one object; None while not loaded."""
        loaded = self._loaded
        return loaded[1] if loaded and loaded[0] == self._choice else None

    @property
    def remark(self) -> str | None:
        """A sentence that says that the loaded pictures are a fallback, or None."""
        return self.images.remark if self.images else None

    def load(self, progress: DownloadProgress | None = None) -> LoadedDataset:
        """Load the chosen pictures, and download them first if necessary.

        Parameters
        ----------
        progress : callable, optional
            Called during a download, see `DownloadProgress`. If left out, a progress bar is
            shown in the terminal.

        Returns
        -------
        LoadedDataset
            The pictures of the choice at the time of the call; if the choice changes
            meanwhile, `images` stays None until `load` is called again.

        Raises
        ------
        InputError
            The folder does not exist, or holds only a part of the data set or a damaged file.
            Pictures that were loaded before are kept.
        """
        choice = self._choice
        images = IMAGE_DATASETS[choice[0]].load(choice[1], progress)
        self._loaded = choice, images
        return images

    @property
    def _choice(self) -> _Choice:
        return self.corpus, self.folder
