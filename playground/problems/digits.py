"""Pictures to tell apart: MNIST's digits, or others of their kind."""

from __future__ import annotations

import param

from playground.problems.image_datasets import IMAGE_DATASETS, DownloadProgress, LoadedDataset

_Choice = tuple[str, str]


class Digits(param.Parameterized):
    """A set of labelled pictures, which is there once it has been loaded.

    Loading may take minutes, so nothing here does it unasked: call `load` in a thread of its
    own, and look at `images` when it is back.
    """

    corpus: param.Selector[str] = param.Selector(
        default="MNIST",
        objects=list(IMAGE_DATASETS),
        label="Pictures",
        doc="What is to be told apart.",
    )
    folder = param.String(
        "",
        label="Folder",
        doc=(
            "Where the pictures are, in torchvision's folders; if empty, where PLAYGROUND_DATA "
            "says, else our own cache."
        ),
    )

    def __init__(self, **params: object) -> None:
        self._loaded: tuple[_Choice, LoadedDataset] | None = None
        super().__init__(**params)

    @property
    def about(self) -> str:
        """One line on what the pictures show, and whose they are."""
        return IMAGE_DATASETS[self.corpus].about

    @property
    def classes(self) -> tuple[str, ...]:
        """What the class numbers mean: in the pictures that are loaded, else in those chosen."""
        return self.images.classes if self.images else IMAGE_DATASETS[self.corpus].classes

    @property
    def images(self) -> LoadedDataset | None:
        """The pictures chosen, always the same object; None while they are not loaded."""
        loaded = self._loaded
        return loaded[1] if loaded and loaded[0] == self._choice else None

    @property
    def remark(self) -> str | None:
        """What is odd about the pictures that are loaded, in a sentence, if anything is."""
        return self.images.remark if self.images else None

    def load(self, progress: DownloadProgress | None = None) -> LoadedDataset:
        """Read the pictures chosen, after downloading them if need be.

        Parameters
        ----------
        progress : callable, optional
            Told how a download goes: bytes done, bytes in all, and what it is. A bar in the
            terminal if left out.

        Returns
        -------
        LoadedDataset
            What was chosen when this was called; whoever chooses anew meanwhile loads anew.

        Raises
        ------
        InputError
            The folder is none, or holds only a part of the set, or a broken file. What was
            loaded before stays as it is.
        """
        choice = self._choice
        images = IMAGE_DATASETS[choice[0]].load(choice[1], progress)
        self._loaded = choice, images
        return images

    @property
    def _choice(self) -> _Choice:
        return self.corpus, self.folder
