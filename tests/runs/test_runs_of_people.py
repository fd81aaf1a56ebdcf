"""Several people on one server: each has runs of their own, limits, links to share, examples."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.errors import InputError
from playground.pages.app import App
from playground.pages.compare.trials.begin_form import begin_sweep
from playground.pages.links.link import parse_link
from playground.pages.runs import page_persistence
from playground.pages.runs.autosave import Autosave
from playground.pages.runs.drawer.run_list import RunList
from playground.pages.runs.drawer.runs_tab import RunsTab
from playground.pages.runs.person_files import LINKS, PEOPLE, PersonFiles
from playground.runs import Examples, Quota, Run, Store, open_shared, quota, shared_page
from playground.runs.format import encode_run
from playground.runs.ids import new_id
from playground.training.core.state.state import State
from playground.training.images.corrections.corrections import Corrections
from playground.trials.plan import make_plan
from playground.views.theme import LIGHT
from tests.support.data.fake_run_session import FakeHeartbeat, FakeRunSession
from tests.support.data.sample_runs import make_run, run_fields
from tests.support.servers.small_page import SmallPage
from tests.support.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

SIZE = len(encode_run(make_run()))


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    monkeypatch.setattr(quota, "MEASURED_FOR", 0.0)
    return tmp_path


def files(
    root: Path, name: str, max_runs: int = 9, max_files: float = 99, total_files: float = 999
) -> PersonFiles:
    """The files of a person who may save so many runs, and so many bytes in files of their size."""
    folder = root / PEOPLE / name
    limits = Quota(
        folder, root / PEOPLE, max_runs, round(max_files * SIZE), round(total_files * SIZE)
    )
    return PersonFiles(folder / "runs", folder / "corrections.npz", limits, True, 2, 3)


@pytest.fixture
def ada(root: Path) -> PersonFiles:
    return files(root, "ada")


@pytest.fixture
def grace(root: Path) -> PersonFiles:
    return files(root, "grace")


def tab_of(person: PersonFiles, examples: Examples | None = None) -> RunsTab:
    return RunsTab(FakeRunSession(), person.store, LIGHT, examples, person.shares)


def rows(tab: RunsTab) -> list[dict[str, object]]:
    (found,) = tab.__panel__().select(RunList)
    return list(found.rows)


def choose(tab: RunsTab, id: str) -> None:
    (found,) = tab.__panel__().select(RunList)
    found._handle_msg({"choose": id})


def token_of(tab: RunsTab) -> str:
    return text(tab).partition('href="?run=')[2].partition('"')[0]


def test_files_behind_a_symbolic_link_do_not_count(root: Path) -> None:
    (root / "mine").mkdir()
    (root / "theirs").mkdir()
    (root / "theirs" / "file").write_bytes(b"123")
    (root / "mine" / "link").symlink_to(root / "theirs", target_is_directory=True)
    sizes = [quota.folder_size(root / name) for name in ("mine", "theirs", "nowhere")]
    assert sizes == [0, 3, 0]


# Whose runs ------------------------------------------------------------------------------------


def test_nobody_sees_opens_renames_copies_or_deletes_a_run_of_somebody_else(
    ada: PersonFiles, grace: PersonFiles, root: Path
) -> None:
    run = ada.store.save(make_run("Ada's"))
    before = run_fields(ada.store.open(run.id))
    assert grace.store.list() == Store(root).list() == ()
    for way in (grace.store.open, grace.store.export, grace.store.duplicate):
        with pytest.raises(InputError, match="no longer there"):
            way(run.id)
    with pytest.raises(InputError, match="no longer there"):
        grace.store.rename(run.id, "mine")
    grace.store.delete(run.id)
    grace.store.save(make_run("other content", id=run.id))
    grace.store.delete(run.id)
    for id in (f"../../ada/runs/{run.id}", f"..\\ada\\{run.id}"):
        with pytest.raises(InputError, match="is not an id"):
            grace.store.open(id)
    assert run_fields(ada.store.open(run.id)) == before


def test_a_tab_of_somebody_else_has_no_work_to_restore(
    ada: PersonFiles, grace: PersonFiles
) -> None:
    tab_id = new_id()
    ada.autosaves.save(tab_id, make_run())
    assert grace.autosaves.open(tab_id, "Gates") is None
    grace.autosaves.delete(tab_id, "Gates")
    assert ada.autosaves.open(tab_id, "Gates") is not None


def test_who_claims_the_tab_of_somebody_else_stops_nothing_there(
    ada: PersonFiles, grace: PersonFiles
) -> None:
    tab_id, heartbeat, session = new_id(), FakeHeartbeat(), FakeRunSession()
    autosave = Autosave(session, "Gates", heartbeat, ada.autosaves, print)
    autosave.begin(tab_id)
    heartbeat.running = True
    Autosave(FakeRunSession(), "Gates", FakeHeartbeat(), grace.autosaves, print).begin(tab_id)
    assert heartbeat.running
    session.step_count = 3
    saving = autosave.save()
    assert saving is not None
    saving.result(60)
    assert ada.autosaves.open(tab_id, "Gates") is not None


def test_the_autosaves_of_one_person_make_no_room_in_those_of_another(
    ada: PersonFiles, grace: PersonFiles
) -> None:
    first = new_id()
    ada.autosaves.save(first, make_run())
    for _ in range(4):
        grace.autosaves.save(new_id(), make_run())
    assert len(list(grace.autosaves.folder.iterdir())) == 2
    assert ada.autosaves.open(first, "Gates") is not None


# Limits ----------------------------------------------------------------------------------------


def test_one_run_too_many_is_refused_and_those_that_are_there_can_still_change(
    root: Path,
) -> None:
    store = files(root, "ada", max_runs=2).store
    first, _second = store.save(make_run("1")), store.save(make_run("2"))
    for way in (lambda: store.save(make_run("3")), lambda: store.duplicate(first.id)):
        with pytest.raises(InputError, match="You have 2 saved runs, and 2 is the most"):
            way()
    store.save(first)
    store.rename(first.id, "better")
    store.delete(first.id)
    store.save(make_run("3"))


def test_full_space_is_a_sentence_and_training_goes_on(root: Path) -> None:
    person = files(root, "ada", max_files=2.5)
    person.store.save(make_run())
    session, heartbeat = FakeRunSession(), FakeHeartbeat()
    said: list[str] = []
    autosave = Autosave(session, "Gates", heartbeat, person.autosaves, said.append)
    autosave.begin(new_id())
    for step in (1, 2):  # The file of a tab may be replaced however little is left.
        session.step_count = step
        autosave.save()
    tab = tab_of(person)
    click(tab, "Save as …")
    assert "Your space on this server is full" in text(tab)
    assert "1 of 9 runs" in text(tab)
    full = files(root, "ada", max_files=1)
    with pytest.raises(InputError, match="Your space on this server is full"):
        begin_sweep(make_plan("gates", ["learning_rate=1,2"], sampler="grid"), full)
    heartbeat.running = True
    other = Autosave(FakeRunSession(), "Gates", heartbeat, person.autosaves, said.append)
    other.begin(new_id())
    other._session.step_count = 1
    saving = other.save()
    assert saving is not None
    assert isinstance(saving.exception(10), InputError)
    assert heartbeat.running


def test_the_space_of_all_is_limited_too(root: Path) -> None:
    ada, grace = files(root, "ada", total_files=2.5), files(root, "grace", total_files=2.5)
    ada.store.save(make_run())
    run = grace.store.save(make_run())
    with pytest.raises(InputError, match="work of all people on this server is full"):
        ada.store.save(make_run())
    grace.store.delete(run.id)
    ada.store.save(make_run())


def test_two_saves_at_once_do_not_take_the_same_room(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_size(folder: Path) -> int:
        size = measure(folder)
        time.sleep(0.05)
        return size

    def save(person: PersonFiles) -> bool:
        with suppress(InputError):
            person.store.save(make_run())
            return True
        return False

    measure = quota.folder_size
    monkeypatch.setattr(quota, "folder_size", slow_size)
    for people in (
        [files(root, "ada", max_files=1.5)] * 2,
        [files(root, name, total_files=2.5) for name in ("grace", "alan")],
    ):
        with ThreadPoolExecutor() as threads:
            assert sorted(threads.map(save, people)) == [False, True]


def test_corrections_are_limited(ada: PersonFiles) -> None:
    corrections = Corrections(ada.corrections, ada.max_corrections)
    picture = np.eye(28, dtype=np.uint8)
    for _ in range(3):
        corrections.add(picture, 1, "1")
    with pytest.raises(InputError, match="3 corrections are the most"):
        corrections.add(picture, 1, "1")


# Sharing ---------------------------------------------------------------------------------------


def test_a_shared_run_can_be_copied_by_its_link_until_that_is_ended(
    ada: PersonFiles, grace: PersonFiles, root: Path
) -> None:
    run = ada.store.save(make_run("Ada's"))
    tab = tab_of(ada)
    choose(tab, run.id)
    assert token_of(tab) == ""
    click(tab, "Share")
    token = token_of(tab)
    assert "Shared" in str(rows(tab)[0]["about"])
    assert shared_page(token, root / LINKS) == "Gates"
    assert run_fields(open_shared(token, root / LINKS)) == run_fields(ada.store.open(run.id))
    assert grace.store.list() == ()
    click(tab, "Share")
    assert token_of(tab) == token
    click(tab, "Stop sharing")
    assert token_of(tab) == ""
    for dead in (token, token[:-1], "", "../" + token, "x" * 32):
        assert shared_page(dead, root / LINKS) is None
        with pytest.raises(InputError, match="link to a run is not valid"):
            open_shared(dead, root / LINKS)
    click(tab, "Share")
    assert token_of(tab) not in ("", token)


def test_a_deleted_run_is_not_shared(ada: PersonFiles, root: Path) -> None:
    run = ada.store.save(make_run())
    shares = ada.shares
    assert shares is not None
    token = shares.share(run.id, run.page)
    ada.store.delete(run.id)
    assert shared_page(token, root / LINKS) is None
    assert list(ada.runs.glob("*.share")) == []


def test_nobody_shares_or_unshares_a_run_of_somebody_else(
    ada: PersonFiles, grace: PersonFiles, root: Path
) -> None:
    run = ada.store.save(make_run())
    assert ada.shares is not None
    assert grace.shares is not None
    token = ada.shares.share(run.id, run.page)
    assert grace.shares.tokens() == {}
    grace.shares.stop(run.id)
    assert shared_page(token, root / LINKS) == run.page
    with pytest.raises(InputError, match="no longer there"):
        tab_of(grace)._actions.share(run.id)


def test_a_link_opens_the_page_of_the_run(ada: PersonFiles) -> None:
    run = ada.store.save(make_run(page="Points"))
    assert ada.shares is not None
    token = ada.shares.share(run.id, run.page)
    link = parse_link(f"run={token}")
    assert link.shared_run == token
    assert App.from_link(link).page == "Points"


def open_in_tab(link: str) -> SmallPage:
    """The page of a link, once its browser has said which tab it is."""
    page = SmallPage.from_link(parse_link(link))
    page._persistence.tab._handle_msg({"tab": new_id(), "reloaded": False})
    return page


def test_a_link_continues_a_copy_of_the_run(ada: PersonFiles) -> None:
    page = SmallPage()
    page.trainer.train(epochs=4)
    run = ada.store.save(page.run_session.prepare_capture("<Ada's>")())
    assert ada.shares is not None
    link = f"run={ada.shares.share(run.id, run.page)}"
    copy = open_in_tab(link)
    assert copy.trainer.epoch == 4
    assert "“&lt;Ada&#x27;s&gt;” is open: a copy of a shared run." in text(copy)
    copy.trainer.train(epochs=1)
    assert ada.store.open(run.id).summary.epoch == 4
    ada.shares.stop(run.id)
    late = open_in_tab(link)
    assert late.trainer.epoch == 0
    assert "This link to a run is not valid" in text(late)


def test_who_has_no_cookie_is_told_to_download(
    ada: PersonFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_persistence, "person_files", lambda: replace(ada, is_lasting=False))
    assert "This browser keeps no cookie" in text(open_in_tab(""))
    monkeypatch.setattr(page_persistence, "person_files", lambda: ada)
    assert "cookie" not in text(open_in_tab(""))


def test_without_other_people_nothing_can_be_shared(root: Path) -> None:
    alone = PersonFiles(root, root / "corrections.npz")
    assert alone.shares is None
    with pytest.raises(AssertionError, match="no 'Share'"):
        widget(tab_of(alone), "Share")


# Examples --------------------------------------------------------------------------------------


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    folder = tmp_path / "examples"
    folder.mkdir()
    for name in ("B spiral", "A gate"):
        (folder / f"{name}.safetensors").write_bytes(
            encode_run(make_run(name, state=State({"step": 4}, {})))
        )
    (folder / "broken.safetensors").write_bytes(b"nonsense")
    return Examples(folder, tmp_path / "index.sqlite3")


def test_examples_are_listed_for_all_and_changed_by_nobody(
    ada: PersonFiles, examples: Examples
) -> None:
    before = {path.name: path.read_bytes() for path in examples.folder.iterdir()}
    tab = tab_of(ada, examples)
    tab.refresh()
    names = [row["name"] for row in rows(tab)]
    assert names == ["A gate", "B spiral", "A file that cannot be opened"]
    id = str(rows(tab)[0]["id"])
    choose(tab, id)
    assert all(widget(tab, name).disabled for name in ("Rename", "Delete", "Share"))
    for way in (
        lambda: tab._actions.rename(id, "mine"),
        lambda: tab._actions.delete(id),
        lambda: tab._actions.share(id),
    ):
        with pytest.raises(InputError, match="example for everybody"):
            way()
    click(tab, "Open")
    assert "A copy of the example “A gate” is open." in text(tab)
    click(tab, "Duplicate")
    (copy,) = ada.store.list()
    assert isinstance(ada.store.open(copy.id), Run)
    assert {path.name: path.read_bytes() for path in examples.folder.iterdir()} == before


def test_examples_that_are_gone_hide_no_run(ada: PersonFiles, examples: Examples) -> None:
    ada.store.save(make_run("mine"))
    tab = tab_of(ada, Examples(examples.folder / "broken.safetensors", ada.runs / "i.sqlite3"))
    tab.refresh()
    assert [row["name"] for row in rows(tab)] == ["mine"]
    assert "The examples can&#x27;t be shown: The folder of runs cannot be read" in text(tab)
