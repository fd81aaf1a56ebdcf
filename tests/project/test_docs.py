"""The documentation: its code runs, its links lead somewhere."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import panel as pn
import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from playground.pages.links.points_setting import MAX_PACKED_POINTS
from playground.pages.shell.notebook import PAGE_HEIGHT
from playground.pages.site.docs_page import as_html, doc_pages, help_requested, serve_docs
from playground.pages.site.notebook_pages import ARGUMENT, notebook_requested, serve_notebook
from playground.training.core.losses import LOSSES
from playground.training.core.sessions.checkpoints import MAX_BYTES, MAX_CHECKPOINTS
from playground.views.diagram.links import MAX_LINKS
from tests.support.servers.server import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# "# playground/problems/truth_tables.py, in GATES": where a block belongs, if anywhere.
PLACE = re.compile(r"# (\S+\.py), (new|at the end|with the imports|(?:in|before) \w+)\n")
FUTURE = "from __future__ import annotations\n"
SECONDS = 120
# A short program has next to no garbage, and looking for it takes a tenth of its time. Models are
# made as where pages are served.
START = """
import gc; gc.disable()
from playground.serving.patches.component_speedups import patch_components
from playground.serving.patches.construction_speedups import patch_construction
from playground.serving.patches.model_defaults import keep_defaults
keep_defaults(), patch_components(), patch_construction()
"""


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / page).read_text())


def run(programs: list[str], folder: Path) -> str:
    """Run programs one after another, each in a namespace of its own; return what they print."""
    lines = [
        f"exec(compile({code!r}, 'block {i}', 'exec'), {{}})" for i, code in enumerate(programs)
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([START, *lines])],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def insert(text: str, place: str, code: str) -> str:
    """Put code into the text of a file where its first line says that it belongs."""
    if place == "new":
        return code
    if place == "at the end":
        return f"{text}\n\n{code}"
    if place == "with the imports":
        return text.replace(FUTURE, FUTURE + code, 1)
    where, name = place.split()
    registry = assignment(text, name)
    lines = text.encode().splitlines(keepends=True)
    if where == "before":
        row, column = registry.lineno - 1, 0
        code = f"{code}\n\n"
    else:
        opened = container(registry)
        row, column = opened.lineno - 1, opened.col_offset + 1
    line = lines[row]
    lines[row] = line[:column] + (b"\n" if column else b"") + code.encode() + line[column:]
    return b"".join(lines).decode()


def assignment(text: str, name: str) -> ast.Assign | ast.AnnAssign:
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node
    raise AssertionError(f"there is no {name}")


def container(registry: ast.Assign | ast.AnnAssign) -> ast.expr:
    """The brackets that a registry's entries stand in."""
    value = registry.value
    return value.generators[0].iter if isinstance(value, ast.DictComp) else value


@pytest.fixture(scope="module")
def extended_copy(tmp_path_factory) -> Path:
    """A copy of the project with everything in place that docs/extending.md adds."""
    copy = tmp_path_factory.mktemp("extended")
    for part in ("playground", "apps", "tests"):
        shutil.copytree(ROOT / part, copy / part)  # with what Python has compiled
    for code in blocks("docs/extending.md"):
        if placed := PLACE.match(code):
            file, place = copy / placed[1], placed[2]
            assert file.exists() == (place != "new"), placed[0]
            before = file.read_text() if file.exists() else ""
            after = insert(before, place, code.removeprefix(placed[0]))
            assert after != before
            file.write_text(after)
    return copy


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
def test_what_the_readme_shows_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, code in enumerate(blocks("README.md")):
        exec(compile(code, f"block {number} of README.md", "exec"), {})
    assert "accuracy" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["xor.html"]


EVERYWHERE = """
from dataclasses import replace

from playground.cli.export_run import list_exports
from playground.errors import InputError
from playground.export.code import script
from playground.export.report import report
from playground.export.snapshot import digits_snapshot, lab_snapshot
from playground.networks.architecture import Architecture
from playground.networks.classifiers import CLASSIFIERS
from playground.pages.controls.async_download import AsyncDownload
from playground.pages.gates import GatesPage
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.pages.waves import WavesPage
from playground.problems import Points
from playground.training.dense.diagnosis import notes
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.remedies import use_activation
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from playground.views.theme import DARK

SHARED = dict(activation="softsign", schedule="linear", initialiser="orthogonal")
gates = GatesPage(gate="inhibit", features=["A", "B"], **SHARED)
points = WavesPage(shape="chessboard", features=["x", "radius"], hidden=[3], **SHARED)
for page in (gates, points):
    for name, setting in SHARED.items():
        assert getattr(page, name) == setting
    page.dark = True
(_, weights), = points._tabs
assert weights.view.theme is DARK

log_cosh = Training(loss="log-cosh", schedule="linear")
network = Architecture(
    features=["radius"], hidden=[3], activation="softsign", initialiser="orthogonal"
)
values = Trainer(Points(shape="plane"), network, log_cosh)
for trainer in (gates.trainer, points.trainer, values):
    trainer.train(2)
    exec(script(trainer, 1), {})
    assert "softsign" in report(trainer).markdown
deep = Architecture(features=["x", "y"], hidden=[3, 3, 3], activation="softsign")
frame = Trainer(points.problem, deep).frame()
first, *others = (replace(layer, movement=0.1) for layer in frame.layers)
no_gradient = {"weight_gradient": 0 * first.weight, "bias_gradient": 0 * first.bias}
still = replace(frame, layers=(replace(first, movement=1e-5, **no_gradient), *others))
found = notes(still, Training(), None)
assert use_activation("ReLU") in [note.remedy for note in found if note.kind == "vanishing"]
gates.optimiser = "sign SGD"
gates.train(2)
for trainer in (gates.trainer, points.trainer, values):
    trainer.edit(SetValue(ParameterRef(layer=0, unit=0, source=0), 80.0))
    assert any(note.kind == "huge weight" for note in trainer.frame().notes)
for trainer in (gates.trainer, values):
    snapshot = lab_snapshot(trainer)
    assert "const FUNCTIONS" in snapshot
    assert ("sign SGD" in snapshot) == (trainer is gates.trainer)
assert "sign SGD" in report(gates.trainer).markdown
assert "log-cosh" in report(values).markdown
labels = [each.label for each in FilesTab(values).__panel__().select(AsyncDownload)]
assert "Curves as CSV" in labels
assert any(line.startswith("curves ") for line in list_exports(values))
assert "Wide" in digits_snapshot({"Wide": CLASSIFIERS["wide"].build().eval()})
try:
    script(gates.trainer)
except InputError as refusal:
    print(refusal)
"""


@pytest.fixture(scope="module")
def extended_output(extended_copy: Path) -> list[str]:
    """Return the lines that the samples print, and then what goes everywhere with them."""
    programs = [code for code in blocks("docs/extending.md") if not PLACE.match(code)]
    return run([*programs, EVERYWHERE], extended_copy).splitlines()


def test_what_extending_adds_works(extended_output: list[str]) -> None:
    programs = [code for code in blocks("docs/extending.md") if not PLACE.match(code)]
    # What the samples say they print, they print.
    said = re.findall(r"print\(.*\)  # (.*)", "\n".join(programs))
    for expected in (line for line in said if line[0] in "[0123456789"):
        assert expected in extended_output


def test_what_extending_adds_goes_everywhere(extended_output: list[str]) -> None:
    """Into ONNX too: tests/export/test_export_onnx.py exports the activation."""
    # An optimiser that PyTorch lacks has no code; everything else is exported.
    assert extended_output[-1] == "PyTorch has no optimiser 'sign SGD' that could be shown."


def test_each_extension_is_tried() -> None:
    sections = (ROOT / "docs/extending.md").read_text().split("\n## ")[1:]
    for section in sections:
        placed = [bool(PLACE.match(code)) for code in BLOCK.findall(section)]
        assert (placed[0], placed[-1]) == (True, False), section.partition("\n")[0]


def anchors(page: Path) -> set[str]:
    """The names by which a page's headings can be linked to, as GitHub makes them."""
    headings = HEADING.findall(CODE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text())):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_a_link_that_leads_nowhere_is_found(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[x](page.md#two)")
    with pytest.raises(AssertionError, match="two"):
        test_links_lead_somewhere(page)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("in A", "A = {\nNEW\n1: 2}\n"),
        ("before A", "NEW\n\n\nA = {1: 2}\n"),
        ("at the end", "A = {1: 2}\n\n\nNEW\n"),
        ("new", "NEW\n"),
    ],
)
def test_code_is_put_where_it_says(place, expected) -> None:
    assert insert("A = {1: 2}\n", place, "NEW\n") == expected


def test_the_limits_in_the_readme_are_those_of_the_code() -> None:
    limits = " ".join((ROOT / "README.md").read_text().partition("\n## Limits\n")[2].split())
    assert f"{MAX_CHECKPOINTS:,} checkpoints and {MAX_BYTES // 2**20} MB" in limits
    assert f"up to {MAX_PACKED_POINTS:,} points" in limits
    assert f"strongest {MAX_LINKS} links" in limits
    assert f"{PAGE_HEIGHT.removesuffix('px')} pixels high" in limits
    # It computes on the CPU, and hinge scores are scaled to look like probabilities.
    modules = (ROOT / "playground").rglob("*.py")
    assert not [path for path in modules if re.search(r"cuda", path.read_text())]
    assert all(getattr(form, "sharpness", 1) != 1 for form in LOSSES["hinge"].values())


def test_files_that_the_architecture_names_are_there() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| (.*) \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE
    )
    named = {name for row in rows for name in re.findall(r"`([\w/]+(?:\.py|/))`", row)}
    assert len(named) > 40
    files = {str(path.relative_to(ROOT / "playground")) for path in ROOT.glob("playground/**/*")}
    for name in named:
        assert any(f"/{file}".endswith(f"/{name.rstrip('/')}") for file in files), name


def test_each_fault_has_a_test_that_is_there() -> None:
    rows = re.findall(r"^\| .* \| (.*) \|$", (ROOT / "docs/reliability.md").read_text(), re.M)
    tests = {each for row in rows for each in re.findall(r"`(tests/[^`]+)`", row)}
    assert len(tests) > 40
    assert not [row for row in rows if "`" not in row and row not in ("test", "the same")]
    for each in tests:
        path, _, name = each.partition("::")
        assert f"def {name}" in (ROOT / path).read_text(), each


@pytest.mark.filterwarnings("ignore:Widget.name:PendingDeprecationWarning")
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("gates", "A network learns a logic gate"),
        ("own_model", "Your own data, your own network"),
        ("", "notebooks"),
    ],
)
def test_the_app_serves_the_notebooks_too(
    monkeypatch: pytest.MonkeyPatch, name: str, title: str
) -> None:
    arguments = {ARGUMENT: [name.encode()]}
    monkeypatch.setattr(type(pn.state), "session_args", property(lambda state: arguments))
    shown: list[Any] = []
    monkeypatch.setattr(
        pn.viewable.ServableMixin, "servable", lambda view, *_options, **_more: shown.append(view)
    )
    document = Document()
    with set_curdoc(document):
        assert notebook_requested()
        serve_notebook(ROOT / "apps")
    assert document.title == f"Playground: {title}"
    (view,) = shown
    if not name:
        links = re.findall(r'href="(.*?)"', view.object)
        assert links == ["?notebook=gates", "?notebook=own_model"]


@pytest.mark.parametrize("name", ["using", "nonsense"])
def test_the_app_serves_the_documentation(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    arguments = {"help": [name.encode()]}
    monkeypatch.setattr(type(pn.state), "session_args", property(lambda state: arguments))
    document = Document()
    with set_curdoc(document):
        assert help_requested()
        serve_docs()
    assert document.title == "Playground: Using Playground"
    shown = str(document.template)
    assert '<h2 id="first-five-minutes">First five minutes' in shown


def test_links_of_the_served_documentation_lead_somewhere() -> None:
    pages = doc_pages()
    assert {"using", "extending", "architecture"} <= set(pages)
    html = {name: as_html(path.read_text(), frozenset(pages)) for name, path in pages.items()}
    for name, text in html.items():
        for address in re.findall(r'<a href="(.*?)"', text):
            if address.startswith(("http://", "https://")):
                continue
            page, _, anchor = address.removeprefix("?help=").partition("#")
            assert (page or name) in html
            assert not anchor or f'id="{anchor}"' in html[page or name]
