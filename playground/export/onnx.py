"""Networks as ONNX: one file that other programs compute the same with, preprocessing included."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.answering import Answering, answering
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer

PARITY = 1e-5
"""The most that ONNX Runtime may differ from PyTorch, as a share of the largest score."""

_NEEDED = ("onnx", "onnxscript", "onnxruntime")


def why_not() -> str | None:
    """Say what is missing for exporting ONNX, in a sentence; None if nothing is."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if not missing:
        return None
    return (
        f"Exporting ONNX needs {', '.join(missing)}: "
        "install them with pip install 'neural-playground[onnx]'."
    )


def onnx_of(
    subject: Trainer | DigitTrainer | nn.Module, shape: Sequence[int] | None = None
) -> bytes:
    """Export a network as it is now, and check by ONNX Runtime that it answers the same.

    Parameters
    ----------
    subject : Trainer, DigitTrainer or nn.Module
        Of a trainer everything is exported from inputs as the page has them to probabilities:
        features are computed in the graph, and pictures are bytes.
    shape : sequence of int, optional
        Of one input; needed for a module alone, and for nothing else.

    Returns
    -------
    bytes
        The file. Its only input is "inputs", float32 (batch, n), or "pictures", uint8
        (batch, 28, 28); the number of the batch is free. Outputs are "scores" and
        "probabilities", or "values" in regression. `metadata_props` say what the inputs mean.

    Raises
    ------
    InputError
        If packages are missing, or a module's shape, or ONNX can't say what the network does.
    """
    if reason := why_not():
        raise InputError(reason)
    wanted = answering(subject, shape)
    model = _translated(wanted)
    difference = _difference(model.SerializeToString(), wanted)
    if not difference <= PARITY:
        raise InputError(
            f"ONNX Runtime answers otherwise than PyTorch does, by {difference:.2g}; "
            f"this network can't be exported faithfully."
        )
    return _signed(model, wanted.about)


def _translated(wanted: Answering) -> Any:  # noqa: ANN401 (onnx is no requirement)
    try:
        program = torch.onnx.export(
            wanted.module,
            (wanted.example,),
            input_names=[wanted.input],
            output_names=list(wanted.outputs),
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            verbose=False,
        )
    except Exception as error:  # A network of one's own may do anything.
        raise InputError(f"This network can't be said in ONNX: {error}") from error
    assert program is not None
    return program.model_proto


def _difference(exported: bytes, wanted: Answering) -> float:
    """How far ONNX Runtime is from PyTorch, as a share of the largest number (1 at least)."""
    import onnxruntime

    session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    answers = session.run(None, {wanted.input: wanted.example.numpy()})
    with torch.no_grad():
        right = wanted.module(wanted.example)
    right = (right,) if isinstance(right, Tensor) else right
    return max(
        float(np.abs(ours.numpy() - theirs).max() / max(1.0, float(ours.abs().max())))
        for ours, theirs in zip(right, answers, strict=True)
    )


def _signed(model: Any, about: dict[str, str]) -> bytes:  # noqa: ANN401 (onnx is no requirement)
    """Note what is to be known, and leave out where files lie on this machine."""
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for part in graph.initializer:
        part.ClearField("metadata_props")
    model.ClearField("metadata_props")
    for key, value in about.items():
        model.metadata_props.add(key=key, value=value)
    model.producer_name = "Playground"
    model.doc_string = about.get("preprocessing", "")
    return bytes(model.SerializeToString())
