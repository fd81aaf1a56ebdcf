"""Exports networks with their preprocessing to ONNX, and checks the result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.exportable_model import ExportableModel, exportable_model
from playground.torch_internals.onnx_registry import keep_registry, without_printed_graphs
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer

TOLERANCE = 1e-5
"""The most that ONNX Runtime may differ from PyTorch, as a share of the largest score."""

MAX_REASON_LENGTH = 300

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""Codes by which PyTorch colours its messages in a terminal."""
_UNTRACEABLE = "fake tensor in the exported program"
"""Of the message of `torch.export` at what it can't trace, which says nothing to a user."""
_REQUIRED_PACKAGES = ("onnx", "onnxscript", "onnxruntime")


def onnx_unavailable_reason() -> str | None:
    """Return a sentence on missing packages; None if nothing is missing."""
    missing = [name for name in _REQUIRED_PACKAGES if find_spec(name) is None]
    if not missing:
        return None
    return (
        f"Exporting ONNX needs {', '.join(missing)}: "
        "install them with pip install 'neural-playground[onnx]'."
    )


def to_onnx(
    trainer_or_module: Trainer | ImageTrainer | nn.Module, shape: Sequence[int] | None = None
) -> bytes:
    """Export a network with its current weights, and compare it in ONNX Runtime with PyTorch.

    Parameters
    ----------
    trainer_or_module : Trainer, ImageTrainer or nn.Module
        Of a trainer everything is exported from inputs as the page has them to probabilities:
        features are computed in the graph, and pictures are bytes.
    shape : sequence of int, optional
        Of one input; needed for a module alone, and for nothing else.

    Returns
    -------
    bytes
        The file. Its only input is "inputs", (batch, n), or "pictures", uint8 (batch, 28, 28);
        the number of the batch is free. Inputs are in the units of the user, float32, or float64
        where float32 would lose digits that count. Outputs are "scores" and "probabilities", or
        "values" in regression, in the units of the user. `metadata_props` say what the inputs mean.

    Raises
    ------
    InputError
        If packages are missing, or a module's shape, or the network can't be expressed in ONNX.
    """
    if reason := onnx_unavailable_reason():
        raise InputError(reason)
    exportable = exportable_model(trainer_or_module, shape)
    model = _convert(exportable)
    difference = _max_relative_difference(model.SerializeToString(), exportable)
    if not difference <= TOLERANCE:
        raise InputError(
            f"The outputs of ONNX Runtime differ from those of PyTorch by {difference:.2g}; "
            f"this network can't be exported faithfully."
        )
    return _with_metadata(model, exportable.metadata)


onnx_of = to_onnx
"""Compatibility: the name of `to_onnx` in earlier versions."""


def _convert(exportable: ExportableModel) -> Any:  # noqa: ANN401 (onnx is no requirement)
    keep_registry()
    dynamic_shapes = ({0: torch.export.Dim("batch")},)
    try:
        with without_printed_graphs():
            # Left to itself, `torch.onnx.export` tries it again in strict mode, where a module that
            # uses `.data` of a parameter ends the whole process (PyTorch 2.14).
            exported = torch.export.export(
                exportable.module,
                (exportable.example_inputs,),
                dynamic_shapes=dynamic_shapes,
                strict=False,
            )
            program = torch.onnx.export(
                exported,
                input_names=[exportable.input],
                output_names=list(exportable.outputs),
                dynamic_shapes=dynamic_shapes,  # for the name of the axis
                dynamo=True,
                verbose=False,
            )
    except Exception as error:  # A network of the user may do anything.
        reason = _first_cause(error)
        if _UNTRACEABLE in reason:
            reason = (
                "PyTorch can't follow all that `forward` does; if it uses `.data` of a tensor, "
                "`.detach()` does the same and can be followed."
            )
        raise InputError(f"This network can't be exported to ONNX: {reason}") from error
    assert program is not None
    return program.model_proto


def _first_cause(error: BaseException) -> str:
    """Return the beginning of what the first of a chain of errors says."""
    while error.__cause__ is not None:
        error = error.__cause__
    paragraph = _COLOURS.sub("", str(error)).strip().partition("\n\n")[0]
    return " ".join(paragraph.split())[:MAX_REASON_LENGTH] or type(error).__name__


def _max_relative_difference(exported: bytes, exportable: ExportableModel) -> float:
    """How far ONNX Runtime is from PyTorch, as a share of the largest number (1 at least).

    Raises
    ------
    InputError
        If it can't be computed, or takes another number of rows than PyTorch does.
    """
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(exported, providers=["CPUExecutionProvider"])
    except Exception as error:  # of ONNX Runtime's own kinds, which it does not export
        raise InputError(
            f"ONNX Runtime can't compute what this network becomes in ONNX: {_first_cause(error)}"
        ) from error
    differences = []
    for inputs in (exportable.example_inputs, *(exportable.example_inputs[-n:] for n in (1, 2))):
        try:
            with torch.no_grad():
                expected = exportable.module(inputs)
        except Exception:  # A module that normalises by its batch can refuse a single row.
            if len(inputs) > 1:
                raise
            continue
        try:
            onnx_outputs = session.run(None, {exportable.input: inputs.numpy()})
        except Exception as error:  # of ONNX Runtime's own kinds, which it does not export
            raise InputError(
                "This network can't be exported to ONNX: its file would take no other number of "
                "rows than it was made with, as where `forward` uses len(x)."
            ) from error
        expected = (expected,) if isinstance(expected, Tensor) else expected
        differences += [
            np.abs(torch_output.numpy() - onnx_output).max()
            / max(1.0, float(torch_output.abs().max()))
            for torch_output, onnx_output in zip(expected, onnx_outputs, strict=True)
        ]
    return float(max(differences))


def _with_metadata(model: Any, metadata: dict[str, str]) -> bytes:  # noqa: ANN401 (onnx is no requirement)
    """Set the metadata, and remove the paths of files on this machine."""
    graph = model.graph
    for part in (graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for part in graph.initializer:
        part.ClearField("metadata_props")
    model.ClearField("metadata_props")
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    model.producer_name = "Playground"
    model.doc_string = metadata.get("preprocessing", "")
    return bytes(model.SerializeToString())
