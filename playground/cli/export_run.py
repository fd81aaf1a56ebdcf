"""The export of a saved run to a file, for `playground export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from playground.errors import InputError
from playground.export.code import script
from playground.export.onnx import to_onnx
from playground.export.report import report
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.runs import Run, Store
from playground.runs.format import decode_run
from playground.runs.ids import is_id
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer

AnyTrainer = Trainer | ImageTrainer
Exporter = Callable[[AnyTrainer], str | bytes]

EXPORTERS: Mapping[str, Mapping[str, Exporter]] = {
    "code": {".py": script},
    "onnx": {".onnx": to_onnx},
    "weights": {
        ".safetensors": to_safetensors,
        ".json": weights_to_json,
    },
    "report": {
        ".html": lambda trainer: report(trainer).html,
        ".md": lambda trainer: report(trainer).markdown,
    },
}
"""Exporters by kind and file suffix; the first suffix is the default."""


def find_run(path_or_id: str, store: Store | None = None) -> Run:
    """Return a saved run.

    Parameters
    ----------
    path_or_id : str
        The path of a run's file, or the id of a run in the store.
    store : Store, optional
        `Store()` by default.

    Raises
    ------
    InputError
        If there is no such run, or it can't be read.
    """
    path = Path(path_or_id).expanduser()
    if path.is_file():
        try:
            return decode_run(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path} can't be read: {error.strerror}.") from error
    store = store or Store()
    if not is_id(path_or_id):
        raise InputError(f"{path_or_id} is neither a file nor the id of a run in {store.folder}.")
    return store.open(path_or_id)


def write_export(
    kind: str,
    trainer: AnyTrainer,
    out: Path | None = None,
    more_exporters: Mapping[str, Mapping[str, Exporter]] | None = None,
) -> Path:
    """Write one export to a file.

    Parameters
    ----------
    kind : str
        "code", "onnx", "weights", "report", or a key of `more_exporters`.
    trainer : Trainer or ImageTrainer
        The trainer of the run, with its state restored.
    out : Path, optional
        Output file, whose suffix selects the format. By default, a file named after the kind in
        the current folder.
    more_exporters : mapping, optional
        Additional kinds, as in `EXPORTERS`.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    InputError
        If there is no such kind or format, or the file can't be made or written.
    """
    kinds = {**EXPORTERS, **(more_exporters or {})}
    if kind not in kinds:
        raise InputError(f"There is no export {kind!r}; there are {', '.join(kinds)}.")
    formats = kinds[kind]
    path = Path(f"{kind}{next(iter(formats))}") if out is None else out
    if path.suffix not in formats:
        raise InputError(
            f"{path.name} should end in {' or '.join(formats)}, the formats of {kind}."
        )
    made = formats[path.suffix](trainer)
    try:
        path.write_bytes(made.encode() if isinstance(made, str) else made)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from error
    return path
