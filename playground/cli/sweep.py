"""The command `playground sweep`: trials on a cluster, with a bar and a table at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from playground.cli.error_messages import errors_as_messages
from playground.errors import InputError
from playground.seeds import MAX_SEED
from playground.trials.choices import (
    PRUNERS,
    SAMPLERS,
    TABLE_TASK,
    TASK_NAMES,
    TRIAL_METRICS,
    TRIAL_SLICE_SECONDS,
)

if TYPE_CHECKING:
    from playground.trials.progress import SweepProgress
    from playground.trials.trial_table import TrialTable

INTERRUPTED = 130
"""The exit status of a command that was interrupted."""


def sweep(
    task: Annotated[
        str,
        typer.Argument(
            help=f"What is learned: {', '.join(TASK_NAMES)}, or a CSV file such as table.csv."
        ),
    ],
    vary: Annotated[
        list[str],
        typer.Option(
            help="A setting and its values: learning_rate=1e-4..1e-1:log, model=mlp,cnn, "
            "hidden=[8],[8,8]. Once for each setting."
        ),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another setting and its value, such as stop_epoch=20."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            help="The column of a CSV file that is learned; default: one called so, or the last."
        ),
    ] = None,
    trials: Annotated[
        int | None, typer.Option(help="Number of trials; default: a whole grid, or else 20.")
    ] = None,
    sampler: Annotated[str, typer.Option(help=f"{', '.join(SAMPLERS)}.")] = "random",
    pruner: Annotated[
        str, typer.Option(help=f"What ends bad trials early: {', '.join(PRUNERS)}.")
    ] = "none",
    metric: Annotated[
        str,
        typer.Option(
            "--metric", "--figure", help=f"What trials are compared by: {', '.join(TRIAL_METRICS)}."
        ),
    ] = "test loss",
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Seed of the sampler.")] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(
            help="Address of a dask scheduler, tcp://…; default: a cluster on this machine. "
            "Whoever reaches a scheduler can run any code on its workers."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Processes on this machine; default: one a core."),
    ] = None,
    checkpoint_seconds: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=600,
            help="Seconds of training between two checkpoints: what a killed worker loses.",
        ),
    ] = TRIAL_SLICE_SECONDS,
    anew: Annotated[
        bool, typer.Option("--anew", help="Forget the trials of the same sweep before.")
    ] = False,
) -> None:
    """Train with many settings, on all cores or on a cluster, and compare the results.

    Interrupted, the same command goes on, and repeats no trial that has ended. Each trial that has
    ended is a saved run.
    """
    with errors_as_messages():
        from playground.cli.progress_bar import ProgressBar
        from playground.cli.sweep_text import bar_text
        from playground.runs import Store
        from playground.trials.plan import make_plan, read_settings
        from playground.trials.runner import SweepRunner

        name, table = _open_task(task, target)
        plan = make_plan(
            name,
            vary,
            read_settings(set_ or []),
            trials=trials,
            sampler=sampler,
            pruner=pruner,
            metric=metric,
            seed=seed,
            table=table,
        )
        runner = SweepRunner(
            plan,
            Store(),
            scheduler=scheduler,
            workers=workers,
            slice_seconds=checkpoint_seconds,
        )
        interrupted = False
        try:
            with ProgressBar(bar_text) as show:
                runner.run(show, anew=anew)
        except KeyboardInterrupt:
            interrupted = True
        except InputError:
            _echo_table(runner.progress)
            raise
        _echo_table(runner.progress)
        if interrupted:
            typer.echo("Interrupted: the same command goes on from here.", err=True)
            raise typer.Exit(INTERRUPTED)


def _open_task(given: str, target: str | None) -> tuple[str, TrialTable | None]:
    """Return the name of a task, and its table if a file was given."""
    from playground.problems.tables.table_file import TableFile
    from playground.trials.trial_table import TrialTable

    path = Path(given)
    if given.casefold() in TASK_NAMES or not (path.suffix or path.exists()):
        if target is not None:
            raise InputError(f"--target names a column of a CSV file; there is none with {given}.")
        return given, None
    table, sentence = TrialTable.open(path, target)
    columns = TableFile.unpack(table.packed).columns
    learned = f"“{columns.target}” is learned from {', '.join(columns.inputs)}."
    typer.echo(" ".join(filter(None, (learned, sentence))), err=True)
    return TABLE_TASK, table


def _echo_table(progress: SweepProgress) -> None:
    from playground.cli.sweep_text import table_lines

    for line in table_lines(progress):
        typer.echo(line)
    if progress.remark:
        typer.echo(progress.remark, err=True)
    if (best := progress.best) is not None:
        typer.echo(f"Best: {best.description}, run {best.run_id}.")
