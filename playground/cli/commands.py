"""The commands of `playground` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from playground.cli.error_messages import errors_as_messages
from playground.cli.serve import serve
from playground.cli.sweep import sweep
from playground.errors import InputError
from playground.seeds import MAX_SEED

app = typer.Typer(
    help="Watch neural networks being trained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
train = typer.Typer(help="Train the pretrained models of the package.", no_args_is_help=True)
app.add_typer(train, name="train")
app.command()(serve)
app.command()(sweep)

Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Random seed.")]
Folder = Annotated[
    Path | None,
    typer.Option(help="Folder with MNIST; default: $PLAYGROUND_DATA, or else a download."),
]


@train.command()
def digits(
    model: Annotated[str, typer.Option(help="Which model to train.")],
    seed: Seed = 0,
    folder: Folder = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder; default: the folder in the package.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Number of CPU threads.")] = 2,
) -> None:
    """Train one of the shipped models. If interrupted, call again to resume."""
    from playground.cli.progress_bar import ProgressBar, pretraining_text
    from playground.networks import pretrained
    from playground.pretraining import train
    from playground.training.core.torch_threads import torch_threads

    bar = ProgressBar(pretraining_text)
    with torch_threads(threads), errors_as_messages(), bar as progress:
        model_card = train(model, seed, folder, out or pretrained.PRETRAINED_FOLDER, progress)
    typer.echo(f"{model}: accuracy {model_card.accuracy:.2%} on MNIST's 10,000 test pictures.")


@app.command()
def predict(
    files: Annotated[list[Path], typer.Argument(help="Pictures of one or more digits.")],
    model: Annotated[str, typer.Option(help="Which model to use.")] = "deep",
) -> None:
    """Recognise the digits in pictures."""
    from playground.cli.prediction_text import prediction_lines
    from playground.prediction import extract_digits, predict_digits

    failed = False
    for file in files:
        typer.echo(file)
        try:
            found_digits = extract_digits(file)
            typer.echo(
                "\n".join(
                    [*found_digits.remarks, *prediction_lines(predict_digits(found_digits, model))]
                )
            )
        except InputError as error:
            typer.echo(f"  {error}", err=True)
            failed = True
    raise typer.Exit(failed)


@app.command()
def cards() -> None:
    """Print the accuracy of the shipped models as a table in Markdown."""
    from playground.networks.pretrained.cards_table import model_table

    typer.echo(model_table())


@app.command()
def runs() -> None:
    """List the saved runs, newest first."""
    from playground.pages.runs.run_description import run_line
    from playground.runs import Store

    store = Store()
    for each in store.list():
        typer.echo(run_line(each))
    typer.echo(f"in {store.folder}", err=True)


@app.command()
def export(
    run: Annotated[str, typer.Option(help="A run's file, or its id from `playground runs`.")],
    kind: Annotated[
        str | None,
        typer.Argument(help="What to write; without it, all that there is for this run is listed."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output file; its suffix selects the format.")
    ] = None,
) -> None:
    """Export a saved run, as code, weights or a page that needs no server, for example."""
    from playground.cli.export_run import find_run, list_exports, write_export
    from playground.pages.app import page_from_run

    with errors_as_messages():
        page = page_from_run(find_run(run))
        if kind is None:
            for line in list_exports(page.trainer, page.snapshot):
                typer.echo(line)
        else:
            typer.echo(write_export(kind, page.trainer, out, page.snapshot))


@app.command()
def tensorboard(
    run: Annotated[str, typer.Option(help="A run's file, or its id from `playground runs`.")],
    out: Annotated[Path, typer.Option(help="Output folder, for `tensorboard --logdir`.")] = Path(
        "tensorboard"
    ),
) -> None:
    """Write the curves and settings of a saved run as a TensorBoard log."""
    from playground.cli.export_run import find_run
    from playground.runs.tensorboard import write_scalars

    with errors_as_messages():
        typer.echo(write_scalars(find_run(run), out))
