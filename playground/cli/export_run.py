"""The export of a saved run to a file, for `playground export`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playground.errors import InputError
from playground.export.formats import AnyTrainer, exports_of
from playground.runs import Run, Store
from playground.runs.format import decode_run
from playground.runs.ids import is_id


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


def list_exports(
    trainer: AnyTrainer, snapshot: Callable[[], str | bytes] | None = None
) -> list[str]:
    """Return a line for each kind of file that a trainer can be exported to; see `write_export`."""
    return [
        f"{kind:10}{' '.join(each.suffix for each in export.formats):20} {export.about}"
        for kind, export in exports_of(trainer, snapshot)
    ]


def write_export(
    kind: str,
    trainer: AnyTrainer,
    out: Path | None = None,
    snapshot: Callable[[], str | bytes] | None = None,
) -> Path:
    """Write one export to a file.

    Parameters
    ----------
    kind : str
        A key of `EXPORTS`, or "snapshot".
    trainer : BaseTrainer
        The trainer of the run, with its state restored.
    out : Path, optional
        Output file, whose suffix selects the format. By default, a file named after the kind in
        the current folder.
    snapshot : callable, optional
        Returns the page of the run as one HTML file.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    InputError
        If there is no such kind or format, or the file can't be made or written.
    """
    exports = dict(exports_of(trainer, snapshot))
    if kind not in exports:
        raise InputError(f"There is no export {kind!r} of this; there are {', '.join(exports)}.")
    formats = {each.suffix: each for each in exports[kind].formats}
    path = Path(f"{kind}{next(iter(formats))}") if out is None else out
    if path.suffix not in formats:
        raise InputError(
            f"{path.name} should end in {' or '.join(formats)}, the formats of {kind}."
        )
    made = formats[path.suffix].make(trainer)
    try:
        path.write_bytes(made.encode() if isinstance(made, str) else made)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from error
    return path
