"""The page about points in a real Chromium, used as a person would.

Tests share one open page. Each leaves it as it was: `LabPage.restore`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from tests.support.browser.axe import check_both_themes
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.lab_page import PHONE, LabPage
from tests.support.browser.patient_expect import expect

STROKE = [(0.35 + step * 0.05, 0.3 + step * 0.025) for step in range(7)]
"""Places on the boundary, as shares of its width and height."""
CURVES_OF_CLASSES, CURVES_OF_VALUES = 2, 1
"""How many figures of curves there are: of loss and accuracy, or of loss alone."""


@pytest.fixture
def points(kept_page: KeptPage, server: str) -> LabPage:
    # The split of pages as they are now: that of old links is gone once the shape has changed.
    return kept_page.borrow(lambda page: LabPage(page, f"{server}/points?split=exact"))


def choose_shape(points: LabPage, shape: str) -> None:
    thumbnail = points.page.get_by_role("button", name=re.compile(f"^{shape}: "))
    if shape == "plane":  # One of those that are not seen at first.
        points.unfold("More: shapes", thumbnail)
    thumbnail.click()


def give_file(points: LabPage, data: bytes) -> None:
    points.unfold("More: shapes", points.button("Download these points"))
    file: FilePayload = {"name": "points.csv", "mimeType": "text/csv", "buffer": data}
    points.page.locator("input[type=file]").set_input_files(file)


def test_everything_is_within_the_window_and_it_learns(points: LabPage) -> None:
    for each in (
        points.button("Play"),
        points.figure("network"),
        points.figure("boundary"),
        points.part("time"),
    ):
        expect(each).to_be_in_viewport(ratio=1)
    before = points.wait_for_start("boundary")
    points.play()
    points.wait_until_changed("boundary", before)
    expect(points.part("figures")).to_contain_text(re.compile(r"9\d%|100%"))


def test_points_are_painted_with_a_finger_and_with_the_mouse_while_it_learns(
    points: LabPage, tmp_path: Path
) -> None:
    before = len(points.rows(tmp_path))
    with points.on_a_phone():
        assert points.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        points.tap("paint")
        # Not under the line with Play, which stays in reach.
        points.figure("boundary").evaluate("each => each.scrollIntoView({block: 'center'})")
        points.wait_steady("boundary")
        scrolled = points.page.evaluate("scrollY")
        points.touch([points.boundary_to_screen(*place) for place in STROKE])
        expect(points.part("chosen")).to_have_text("your own")
        assert points.page.evaluate("scrollY") == scrolled
    points.page.evaluate("scrollTo(0, 0)")
    points.wait_until(lambda: len(points.rows(tmp_path)) > before + 2)
    before = len(points.rows(tmp_path))

    points.play()
    mouse = points.page.mouse
    first, *rest = (points.boundary_to_screen(across, down + 0.2) for across, down in STROKE)
    mouse.move(*first)
    mouse.down()
    for place in rest:
        mouse.move(*place)
    mouse.up()
    points.wait_until(lambda: len(points.rows(tmp_path)) > before + 2)
    points.wait_for_epochs()
    points.pause()
    painted = len(points.rows(tmp_path))
    points.click("erase")
    mouse.click(*points.boundary_to_screen(*STROKE[3]))
    points.wait_until(lambda: len(points.rows(tmp_path)) < painted)
    points.click("look")
    # A brush has shown the test points too.
    points.part("boundary").get_by_role("checkbox").nth(1).uncheck()
    choose_shape(points, "circle")


COUNT_STEPS = """() => {
    const counted = (window.counted = { steps: 0, frames: 0 })
    window.__framePainter.readers.push(() => { counted.steps += 1 })
    const next = () => {
        counted.frames += 1
        if (window.counted === counted) requestAnimationFrame(next)
    }
    next()
}"""
"""Counts steps of what moves in FilePond's widgets, and animation frames."""


def test_a_bad_table_is_refused_and_a_good_one_learned_while_it_learns(
    points: LabPage, tmp_path: Path
) -> None:
    before = points.rows(tmp_path)
    points.play()
    points.page.evaluate(COUNT_STEPS)
    give_file(points, b"\x89PNG\r\n\x00\x1a")
    expect(points.part("problem").locator(".pg-error")).to_contain_text("binary")
    # Nothing is waited for that is only movement: motion is reduced.
    steps, frames = points.page.evaluate("[counted.steps, counted.frames]")
    points.page.evaluate("delete window.counted")
    assert steps > 2 * frames
    assert points.page.evaluate("FilePond.getOptions().allowMinimumUploadDuration") is False
    points.wait_for_epochs()
    assert points.rows(tmp_path) == before
    give_file(points, b"height,width,kind\n1,2,cat\n2,1,dog\n3,3,cat\n4,0,dog\n")
    for column, name in (("x", "height"), ("y", "width"), ("label", "kind")):
        expect(points.field(f"{column} column")).to_have_value(name)
    points.click("Use these")
    expect(points.part("chosen")).to_have_text("your own")
    expect(points.part("problem")).to_contain_text("4 rows: x is 'height', y is 'width', 2 classes")
    points.wait_for_epochs()
    points.pause()
    assert [row.split(",")[2] for row in points.rows(tmp_path)] == ["cat", "dog", "cat", "dog"]
    choose_shape(points, "circle")


def test_a_click_counts_although_its_button_is_drawn_anew_meanwhile(points: LabPage) -> None:
    points.button("One epoch: all samples once").hover()
    for epoch in (1, 2):
        points.page.mouse.down()
        points.page.evaluate(
            """() => Bokeh.index.query(each => each.model.type.endsWith("Button"))
                .filter(each => each.el.isConnected).forEach(each => each.render())"""
        )
        points.page.mouse.up()
        points.wait_until(lambda epoch=epoch: points.epoch >= epoch)
    assert points.epoch == 2


LATE_CHILDREN = """async () => {
  const { Column, Div } = Bokeh.Models
  const { build_view } = Bokeh.require("core/build_views")
  const built = []
  class View extends Div.prototype.default_view {
    async lazy_initialize() {
      await super.lazy_initialize()
      built.push(this.model.text)
      if (this.model.text === "first") add("late")
    }
  }
  const div = (text) => Object.defineProperty(new Div({ text }), "default_view", { value: View })
  const add = (text) => (column.children = [...column.children, div(text)])
  const column = new Column({ children: [div("first")] })
  const view = await build_view(column, { parent: null, owner: Bokeh.index })
  const wait = () => new Promise((resolve) => setTimeout(resolve, 50))
  const count = () => view.shadow_el.querySelectorAll(".bk-Div").length
  const shown = async (expected) => {
    const last = performance.now() + 20_000
    while (count() < expected && performance.now() < last) await wait()
    await wait()  // for one too many
    return count()
  }
  view.build(document.body)
  const first = await shown(2)
  add("third")
  add("fourth")
  const all = await shown(4)
  view.remove()
  return [first, all, built.sort()]
}"""


def test_children_that_come_while_bokeh_builds_are_built_once(points: LabPage) -> None:
    texts = ["first", "fourth", "late", "third"]
    assert points.page.evaluate(LATE_CHILDREN) == [2, 4, texts]


def test_style_sheets_are_shared(points: LabPage) -> None:
    points.page.locator(".pg-boundary").wait_for()
    adopted, linked = points.page.evaluate(
        """() => {
            const isCard = (each) => each.model.css_classes?.includes("pg-card")
            const views = [...Bokeh.index.query(isCard)]
            const sheets = views.map((each) => each.shadow_el.adoptedStyleSheets)
            const links = views.flatMap((each) => [...each.shadow_el.querySelectorAll("link")])
            return [sheets.map((each) => each.indexOf(sheets[0].at(-1))), links.length]
        }"""
    )
    assert len(adopted) > 3
    assert min(adopted) > 0
    assert linked == 0


STYLES_READ = """async () => {
    const prototype = CSSStyleDeclaration.prototype
    const read = prototype.getPropertyValue
    const names = []
    prototype.getPropertyValue = function (name) {
        names.push(name)
        return read.call(this, name)
    }
    const figures = [...Bokeh.index.query((each) => each.canvas_view !== undefined)]
    figures[0].invalidate_layout()
    for (const each of figures) each.request_paint()
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    prototype.getPropertyValue = read
    return [figures.length, names.filter((each) => each.startsWith("--bk-"))]
}"""


RENDER_ALL = """async () => {
    const figures = [...Bokeh.index.query((each) => each.canvas_view !== undefined)]
    for (const each of figures) each.rerender()
    await new Promise(requestAnimationFrame)
}"""


def test_figures_are_laid_out_and_painted_without_reading_computed_styles(points: LabPage) -> None:
    points.figure("details").wait_for()  # filled last
    figures, read = points.page.evaluate(STYLES_READ)
    assert figures > 3
    assert read == []

    # Nor does the browser lay out the page between the steps of that, six times for each figure.
    layouts = points.layouts()
    points.page.evaluate(RENDER_ALL)
    assert points.layouts() - layouts < 2 * figures


FILLED_LATER = """async () => {
    const { Column, Div } = Bokeh.Models
    const { build_view } = Bokeh.require("core/build_views")
    const nextFrame = () => new Promise(requestAnimationFrame)
    const texts = []
    for (const top of ["0px", "9000px"]) {
        const [children, styles] = [[new Div({ text: "a" })], { position: "fixed", top }]
        const column = new Column({ children, styles, tags: ["pg-later"] })
        const view = await build_view(column, { parent: null, owner: Bokeh.index })
        const count = () => view.shadow_el.querySelectorAll(".bk-Div").length
        view.build(document.body)
        const counts = [count()]
        await nextFrame()
        await Promise.resolve()
        counts.push(count())
        for (let frame = 0; frame < 100 && count() === 0; frame++) await nextFrame()
        texts.push([...counts, count()])
        view.remove()
    }
    return texts
}"""
"""How many children columns have at once, before the first frame is painted, and in the end."""


def test_what_is_not_seen_is_built_after_the_first_frame(points: LabPage) -> None:
    assert points.page.evaluate(FILLED_LATER) == [[0, 1, 1], [0, 0, 1]]


GLYPHS_COMPUTED = """async () => {
    const { prototype } = Bokeh.require("models/glyphs/glyph").GlyphView
    const compute = prototype.set_data
    const computed = new Set()
    prototype.set_data = function (...given) {
        computed.add(this)
        return compute.apply(this, given)
    }
    const figures = [...Bokeh.index.query((each) => each.canvas_view !== undefined)]
    const renderers = figures.flatMap((each) => each.model.renderers)
    for (const each of new Set(renderers.map((each) => each.data_source))) each.change.emit()
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    prototype.set_data = compute
    const ids = [...computed].map((each) => each.renderer.model.id)
    return [renderers.map((each) => each.id).sort(), ids.sort()]
}"""


def test_each_glyph_takes_its_data_in_one_view(points: LabPage) -> None:
    points.figure("details").wait_for()
    renderers, computed = points.page.evaluate(GLYPHS_COMPUTED)
    assert len(renderers) > 20
    assert computed == renderers


PICTURE = """() => {
    const renderers = Bokeh.index.query((each) => each.glyph?.model.tags.includes("pg-margins-2"))
    return [...renderers].map(({ glyph }) => [glyph.image.get(0).shape, glyph.image_data[0].width])
}"""


def test_what_is_sent_of_the_boundary_is_made_finer_in_the_browser(points: LabPage) -> None:
    points.figure("boundary").wait_for()
    assert points.page.evaluate(PICTURE) == [[[100, 100], 400]]


def test_axe_finds_nothing_grave_light_or_dark(points: LabPage) -> None:
    check_both_themes(points, drawer=False)  # The drawer is that of the page about gates.


def test_shapes_and_losses_change_while_it_learns_and_divergence_is_told(
    kept_page: KeptPage, points: LabPage
) -> None:
    curves = points.part("curves")
    figures = curves.locator(".bk-Figure").locator("visible=true")
    loss = points.field("Loss")
    points.unfold("More: optimiser", loss)
    expect(points.part("figures")).to_contain_text("test accuracy")
    expect(figures).to_have_count(CURVES_OF_CLASSES)
    points.play()
    choose_shape(points, "plane")
    expect(points.part("figures")).not_to_contain_text("test accuracy")
    expect(figures).to_have_count(CURVES_OF_VALUES)
    expect(loss.locator("option")).to_have_text(["squared error", "Huber"])
    loss.select_option("Huber")
    points.wait_for_epochs()
    choose_shape(points, "spiral")
    expect(loss.locator("option")).to_have_text(["cross-entropy", "squared error", "hinge"])
    expect(figures).to_have_count(CURVES_OF_CLASSES)
    points.wait_for_epochs()
    expect(points.button("Pause")).to_be_visible()

    # Training diverges, and the page lives.
    points.pause()
    points.reset()
    choose_shape(points, "plane")
    expect(loss.locator("option")).to_have_text(["squared error", "Huber"])
    loss.select_option("squared error")
    points.page.get_by_label("Activation").first.select_option("linear")
    points.page.get_by_label("Optimiser").select_option("SGD")
    points.slider("training", 0).press("End")
    points.click("Play")
    expect(curves).to_contain_text("Training diverged after epoch")
    expect(curves).to_contain_text("The learning rate is 10")
    expect(points.button("Play")).to_be_visible()
    points.page.get_by_label("Optimiser").select_option("Adam")
    points.slider("training", 0).press("Home")
    goal = points.epoch + 1
    points.click("One epoch: all samples once")
    points.wait_until(lambda: points.epoch == goal)
    expect(curves).not_to_contain_text("Training diverged")
    kept_page.close()  # too much has changed
