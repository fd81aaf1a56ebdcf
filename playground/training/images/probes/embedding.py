"""Placing pictures in the plane by what the last layer is given for them, neighbours together.

PCA (`projection`) keeps up with training but shows only two directions of many; these take
seconds, and keep together what is close in all of them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.problems.problem import Floats
from playground.training.images.frame import Pixels
from playground.training.images.probes.probes import last_layer

MIN_IMAGES = 10
"""Fewer pictures have no neighbourhoods to speak of."""
CHUNK_SIZE = 100


@dataclass(frozen=True, slots=True)
class EmbeddingMethod:
    """A way to place points of many dimensions in the plane.

    Attributes
    ----------
    package : str
        What must be installed for it.
    project : callable
        From points (n, d) to places (n, 2), in any unit.
    """

    package: str
    project: Callable[[Floats], Floats]

    @property
    def installed(self) -> bool:
        """Whether it can be used here."""
        return find_spec(self.package) is not None


def _tsne(points: Floats) -> Floats:
    """Van der Maaten and Hinton 2008."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(points) - 1) / 3)
    places: Floats = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(points)
    return places


def _umap(points: Floats) -> Floats:
    """McInnes, Healy and Melville 2018."""
    from umap import UMAP

    places: Floats = UMAP(random_state=0, n_jobs=1).fit_transform(points)
    return places


EMBEDDINGS: dict[str, EmbeddingMethod] = {
    "t-SNE": EmbeddingMethod("sklearn", _tsne),
    "UMAP": EmbeddingMethod("umap", _umap),
}
"""To add a way, add it here."""


def embed_images(kind: str, network: nn.Module, pictures: Pixels) -> Floats:
    """Place pictures in the plane. Takes seconds.

    Parameters
    ----------
    kind : str
        A key of `EMBEDDINGS`.
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits; nothing about it is changed.
    pictures : uint8 array of shape (n, 28, 28)

    Returns
    -------
    float32 array of shape (n, 2)
        With a root mean square distance of 1 from their mean, which is (0, 0).

    Raises
    ------
    InputError
        If there are too few pictures, or the network tells none from another.
    """
    if len(pictures) < MIN_IMAGES:
        raise InputError(f"{kind} needs {MIN_IMAGES} pictures or more, not {len(pictures)}.")
    points = last_layer_inputs(network, pictures)
    if not np.isfinite(points).all() or np.ptp(points, axis=0).max() == 0:
        raise InputError("The last layer is given the same for every picture: nothing to place.")
    places = EMBEDDINGS[kind].project(points)
    places = places - places.mean(0)
    scaled: Floats = (places / np.sqrt(np.square(places).sum(1).mean())).astype(np.float32)
    return scaled


def last_layer_inputs(network: nn.Module, pictures: Pixels) -> Floats:
    """What the last layer with weights is given for each picture, float32 (n, d)."""
    recorded: list[Tensor] = []

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        recorded.append(inputs[0].flatten(1))

    probe = copy.deepcopy(network)  # others may be using the network meanwhile
    last_layer(probe).register_forward_pre_hook(hook)
    with torch.no_grad():
        for chunk in torch.from_numpy(np.array(pictures)).split(CHUNK_SIZE):
            probe(normalise_pictures(chunk))
    points: Floats = torch.cat(recorded).numpy()
    return points
