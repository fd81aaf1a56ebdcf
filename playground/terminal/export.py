"""What `playground export` does: files out of a run that was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from playground.errors import InputError
from playground.export.code import script
from playground.export.onnx import onnx_of
from playground.export.report import report
from playground.export.weights import json_of, safetensors_of
from playground.runs import Run, Store
from playground.runs.format import decoded
from playground.runs.identity import is_id
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer

Subject = Trainer | DigitTrainer
Writer = Callable[[Subject], str | bytes]

WRITERS: Mapping[str, Mapping[str, Writer]] = {
    "code": {".py": script},
    "onnx": {".onnx": onnx_of},
    "weights": {
        ".safetensors": lambda subject: safetensors_of(subject.model),
        ".json": lambda subject: json_of(subject.model),
    },
    "report": {
        ".html": lambda subject: report(subject).html,
        ".md": lambda subject: report(subject).markdown,
    },
}
"""By what is wanted and how the file's name ends; the first ending is the usual one."""


def kept(named: str, store: Store | None = None) -> Run:
    """Find a run.

    Parameters
    ----------
    named : str
        The path of a run's file, or the id of a run in the store.
    store : Store, optional
        The usual one if left out.

    Raises
    ------
    InputError
        If there is none, or it can't be read.
    """
    path = Path(named).expanduser()
    if path.is_file():
        try:
            return decoded(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path} can't be read: {error.strerror}.") from error
    store = store or Store()
    if not is_id(named):
        raise InputError(f"{named} is neither a file nor the id of a run in {store.folder}.")
    return store.open(named)


def write(
    kind: str,
    subject: Subject,
    out: Path | None = None,
    more: Mapping[str, Mapping[str, Writer]] | None = None,
) -> Path:
    """Write one file.

    Parameters
    ----------
    kind : str
        "code", "onnx", "weights", "report", or a key of `more`.
    subject : Trainer or DigitTrainer
        As the run left it.
    out : Path, optional
        Where; how its name ends says in which format. A file of that kind's name, in the folder
        of the moment, if left out.
    more : mapping, optional
        Further kinds, as in `WRITERS`.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    InputError
        If there is no such kind or format, or it can't be made or written.
    """
    kinds = {**WRITERS, **(more or {})}
    if kind not in kinds:
        raise InputError(f"There is no export {kind!r}; there are {', '.join(kinds)}.")
    formats = kinds[kind]
    path = Path(f"{kind}{next(iter(formats))}") if out is None else out
    if path.suffix not in formats:
        raise InputError(
            f"{path.name} should end in {' or '.join(formats)}, which {kind} can be written as."
        )
    made = formats[path.suffix](subject)
    try:
        path.write_bytes(made.encode() if isinstance(made, str) else made)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from error
    return path
