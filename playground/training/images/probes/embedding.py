"""Embeddings: the inputs of the last layer, projected to the plane by t-SNE or UMAP.

PCA (see `live_pca`) is fast enough to follow training but shows only two directions of many. These
methods take seconds and preserve neighbourhoods in all directions.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor, nn

from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.problems.problem import Floats
from playground.training.images.frame import Pixels
from playground.training.images.probes.weight_layers import last_layer

MIN_IMAGES = 10
"""Fewer pictures have no meaningful neighbourhoods."""
CHUNK_SIZE = 100
"""Pictures in one forward pass."""


@dataclass(frozen=True, slots=True)
class EmbeddingMethod:
    """A method to project points of many dimensions to the plane.

    Attributes
    ----------
    package : str
        The package it needs.
    project : callable
        From points (n, d) to positions (n, 2), of any scale.
    """

    package: str
    project: Callable[[Floats], Floats]

    @property
    def installed(self) -> bool:
        """Whether the package is installed."""
        return find_spec(self.package) is not None


def _tsne(points: Floats) -> Floats:
    """Van der Maaten and Hinton 2008."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(points) - 1) / 3)
    positions: Floats = TSNE(perplexity=perplexity, init="pca", random_state=0).fit_transform(
        points
    )
    return positions


def _umap(points: Floats) -> Floats:
    """McInnes, Healy and Melville 2018."""
    from umap import UMAP

    positions: Floats = UMAP(random_state=0, n_jobs=1).fit_transform(points)
    return positions


EMBEDDINGS: dict[str, EmbeddingMethod] = {
    "t-SNE": EmbeddingMethod("sklearn", _tsne),
    "UMAP": EmbeddingMethod("umap", _umap),
}
"""Methods by their name on the page."""


def embed_images(kind: str, network: nn.Module, pictures: Pixels) -> Floats:
    """Project pictures to the plane by the inputs of the last layer; takes seconds.

    Parameters
    ----------
    kind : str
        A key of `EMBEDDINGS`.
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits; it is not changed.
    pictures : uint8 array of shape (n, 28, 28)

    Returns
    -------
    float32 array of shape (n, 2)
        Positions with mean (0, 0) and a root mean square distance of 1 from it.

    Raises
    ------
    InputError
        If there are too few pictures, or the inputs of the last layer are equal or not finite.
    """
    if len(pictures) < MIN_IMAGES:
        raise InputError(f"{kind} needs {MIN_IMAGES} pictures or more, not {len(pictures)}.")
    points = last_layer_inputs(network, pictures)
    if not np.isfinite(points).all() or np.ptp(points, axis=0).max() == 0:
        raise InputError(
            "The last layer's input is the same for every picture: nothing to project."
        )
    positions = EMBEDDINGS[kind].project(points)
    positions = positions - positions.mean(0)
    scaled: Floats = (positions / np.sqrt(np.square(positions).sum(1).mean())).astype(np.float32)
    return scaled


def last_layer_inputs(network: nn.Module, pictures: Pixels) -> Floats:
    """Inputs of the last layer with weights, one row a picture: float32 of shape (n, d)."""
    recorded: list[Tensor] = []

    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        recorded.append(inputs[0].flatten(1))

    probe = copy.deepcopy(network)  # other threads may be using the network
    last_layer(probe).register_forward_pre_hook(hook)
    with torch.no_grad():
        for chunk in torch.from_numpy(np.array(pictures)).split(CHUNK_SIZE):
            check_deadline()
            probe(normalise_pictures(chunk))
    points: Floats = torch.cat(recorded).numpy()
    return points
