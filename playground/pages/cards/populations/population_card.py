"""The button "Skill or luck?", and the card of many starts that it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

import panel as pn
import param

from playground.networks.architecture import Architecture
from playground.number_text import format_percent
from playground.pages.checkpoints.branches import BRANCH_NAME, Branches
from playground.pages.controls.buttons import button, relabel, worded_button
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask
from playground.problems.problem import Problem
from playground.runs import Run
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.settings import DenseSettings
from playground.training.populations import PopulationFrame, PopulationTrainer
from playground.training.populations.members import MAX_MEMBERS, next_seeds
from playground.training.training import Training
from playground.views.gestures import Gestures, Place, connect_gestures
from playground.views.live_view import LiveView
from playground.views.populations.wall import member_at, shape_of, wall
from playground.views.theme import Theme

PopulationHeartbeat = Heartbeat[PopulationTrainer, PopulationFrame]
COUNTS = (16, 36, 64, 144, MAX_MEMBERS)
LAUNCH_HTML = """<p class="pg-hint">Train this very network from other first weights, and see how
many of them learn.</p>"""
SHOW_SCRIPT = """
setTimeout(() => Bokeh.index.find_one(cb_obj)?.el.scrollIntoView({behavior: "smooth"}), 100)
"""
"""Scrolls to the card, which is below the window's end."""


class PopulationCard(Part):
    """Trains the network of the page from many other seeds, and tells how many of them learn.

    Parameters
    ----------
    heartbeat : DenseHeartbeat
        Of the page.
    theme : callable
        Returns the page's theme.
    run_session : callable
        Returns the page's work; called only once the page follows a network.
    branches : Branches
        Keeps the network that is left when another one is opened.
    task : callable
        Returns what is learned, as it stands in a sentence.

    Attributes
    ----------
    view : LiveView or None
        The wall; None before the first population.
    population : PopulationHeartbeat or None
        What trains them.
    """

    count: param.Selector[int] = param.Selector(
        default=COUNTS[0], objects=list(COUNTS), label="Starts", doc="How many networks train."
    )
    epochs = param.Integer(default=300, bounds=(1, 100_000), doc="Epochs for each network.")
    goal = param.Number(
        default=PopulationTrainer.param.goal.default,
        bounds=PopulationTrainer.param.goal.bounds,
        doc=PopulationTrainer.param.goal.doc,
    )

    def __init__(
        self,
        heartbeat: DenseHeartbeat,
        theme: Callable[[], Theme],
        run_session: Callable[[], RunSession],
        branches: Branches,
        task: Callable[[], str],
    ) -> None:
        super().__init__()
        self._page_heartbeat, self._theme, self._branches = heartbeat, theme, branches
        self._run_session, self._task = run_session, task
        self.view: LiveView | None = None
        self.population: PopulationHeartbeat | None = None
        self._origin: Run | None = None
        self._description = ""
        self._begin_task: LatestTask[tuple[Run, PopulationTrainer, PopulationFrame]] = LatestTask(
            self._on_begun, self._say
        )
        # The style sheet gives a card a `display` of its own, which `visible` could not undo.
        self._card = DeferredColumn(
            make=self._make_card, css_classes=["pg-starts-place"], margin=0, visible=False
        )
        self._card.jscallback(visible=SHOW_SCRIPT)

    def __panel__(self) -> pn.Column:
        return self._card

    def _make_card(self) -> list[pn.Column]:
        self._run_button = button("pause", "Pause the starts", self._toggle)
        self._verdict = LiveHTML("", css_classes=["pg-verdict"], margin=0)
        self._wall = pn.Column(css_classes=["pg-wall"], margin=0)
        opened = card(
            "Skill or luck?",
            self._verdict,
            pn.Column(self._wall, css_classes=["pg-wall-frame"], margin=0),
            area="starts",
            tools=(
                pn.Row(
                    NumberField(self, "epochs", "Epochs"),
                    NumberField(self, "goal", "Share right"),
                    width=230,
                    margin=0,
                ),
                self._run_button,
                button("close", "Close the starts", self._close),
            ),
        )
        return [opened]

    def launcher(self) -> pn.Column:
        """Make the button that begins, with what it does."""
        self._back_pressure = BackPressure()
        self._start_button = worded_button(
            "Skill or luck?", "dice", "Train this network from other first weights", self.begin, ""
        )
        count = field(self, "count", sizing_mode=None, width=94, css_classes=["pg-inline"])
        self._launch_row = pn.Row(self._start_button, count, css_classes=["pg-launch"], margin=0)
        return pn.Column(
            self._launch_row,
            pn.pane.HTML(LAUNCH_HTML, css_classes=["pg-try-words"], margin=0),
            css_classes=["pg-card", "pg-launcher"],
            margin=0,
        )

    @property
    def views(self) -> tuple[LiveView, ...]:
        """The wall, once there is one."""
        return () if self.view is None else (self.view,)

    def pause(self) -> None:
        """Pause the training of all starts."""
        if self.population is not None:
            self.population.pause()

    # Beginning ------------------------------------------------------------------------------------

    def begin(self, _event: object = None) -> None:
        """Train the network that the page shows from the seeds that follow on its own."""
        trainer = self._page_heartbeat.trainer
        if not trainer.plan.layers:
            self._say("Only networks of dense layers can be trained side by side, not a module.")
            return
        self._description = self._task()
        capture = self._run_session().prepare_capture(BRANCH_NAME)
        make = partial(_make, trainer.settings(), self.count, self.goal, self.epochs)
        self._start_button.disabled = True
        self._begin_task.submit(lambda: (capture(), *make()))

    def _on_begun(self, begun: tuple[Run, PopulationTrainer, PopulationFrame]) -> None:
        self._origin, trainer, frame = begun
        self._start_button.disabled = False
        self._card.make_content()
        if self.population is None:
            self._launch_row.append(self._back_pressure)
        else:
            self.population.stop()
        self.population = population = Heartbeat(trainer, self._show, self._back_pressure, frame)
        population.param.watch(self._on_running, "running")
        population.param.watch(lambda event: self._say(event.new), "failure")
        self._show(frame)
        self._card.visible = True
        population.start()
        population.running = True

    def _show(self, frame: PopulationFrame) -> None:
        """Show a newer frame of the population."""
        if self.population is None or frame.members is not self.population.frame.members:
            return
        if self.view is None:
            self.view = wall(frame, self._theme())
            connect_gestures(self.view, Gestures(tap=self._open))
            with page_design():
                self._wall.objects = [self.view.pane()]
        else:
            self.view.push(frame)
        rows, across = shape_of(len(frame.members))
        self._wall.styles = {"aspect-ratio": f"{across} / {rows}"}
        self._verdict.object = verdict_html(frame, self._description, self.population.running)

    # Running --------------------------------------------------------------------------------------

    def _toggle(self, _event: object) -> None:
        population = self.population
        if population is None:
            return
        training = population.trainer.training
        if not population.running and (training.stop_epoch or 0) <= population.trainer.epoch:
            training.stop_epoch = population.trainer.epoch + self.epochs
        population.running = not population.running

    def _on_running(self, event: param.parameterized.Event) -> None:
        picture, name = ("pause", "Pause") if event.new else ("play", "Go on with")
        relabel(self._run_button, picture, f"{name} the starts")
        if self.population is not None:
            self._verdict.object = verdict_html(
                self.population.frame, self._description, self.population.running
            )

    def _close(self, _event: object) -> None:
        self.pause()
        self._card.visible = False

    @param.depends("goal", watch=True)
    def _on_goal(self) -> None:
        if self.population is not None:
            self.population.trainer.goal = self.goal
            self.population.refresh()

    def _say(self, sentence: str) -> None:
        self._start_button.disabled = False
        if sentence:
            self._card.visible = True
            self._verdict.object = f'<p class="pg-refused">{escape(sentence)}</p>'

    # Opening one ----------------------------------------------------------------------------------

    def _open(self, place: Place) -> None:
        """Make the network of the tile at a place that of the page, as it is at this moment."""
        population, origin = self.population, self._origin
        if population is None or origin is None:
            return
        member = member_at(population.frame, *place)
        if member is None:
            return
        trainer, session = population.trainer, self._run_session()
        changes = {"weight_seed": trainer.member_settings(member)["seed"]}
        settings = {**session.settings.values(), **_learning_settings(session, origin), **changes}
        requested = trainer.settings()

        def take() -> Run:
            return replace(origin, settings=settings, state=trainer.member_state(member, requested))

        self._branches.open_run(take, self._say)


def _make(
    settings: DenseSettings, count: int, goal: float, epochs: int
) -> tuple[PopulationTrainer, PopulationFrame]:
    """Make a population and its first frame, in a worker."""
    trainer = PopulationTrainer(settings, next_seeds(settings.architecture.seed, count), goal=goal)
    trainer.training.stop_epoch = epochs
    return trainer, trainer.frame()


def _learning_settings(session: RunSession, origin: Run) -> dict[str, Any]:
    """Return those settings of a run that decide what is learned and how."""
    owners = (Problem, Architecture, Training)
    return {
        name: origin.settings[name]
        for name, setting in session.settings.items()
        if isinstance(setting.owner, owners) and name in origin.settings
    }


def verdict_html(frame: PopulationFrame, task: str, running: bool) -> str:
    """Tell how many networks have learned, and what that says about the next one."""
    count, low, high = len(frame.members), *frame.interval
    learned, diverged = int(frame.learned.sum()), int(frame.diverged.sum())
    what = "of the test samples are right" if frame.classes else "of the variance is explained"
    rest = f" Training diverged in {diverged} of them." if diverged else ""
    so_far = " so far" if running else ""
    return (
        f"<p>This network learns {escape(task)} in <b>{learned} of {count} starts</b>{so_far}, "
        f"{learned / count:.0%}, between {low:.0%} and {high:.0%}. {_conclusion(low, high)}{rest}"
        f"<br><small>Epoch {frame.epoch:,}. Learned: at least {format_percent(frame.goal)} {what}. "
        "The range holds the true share with 95% confidence (Wilson). Framed: not learned. A click "
        "opens a network in the page.</small></p>"
    )


def _conclusion(low: float, high: float) -> str:
    if low > 0.75:
        return "Skill: nearly any start will do."
    if high < 0.25:
        return "Hardly any start will do."
    return "Luck has a say: the first weights decide."
