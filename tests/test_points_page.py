"""The page about points, and the app with all pages, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.digits_browser_page import DelayedWebSocket
from tests.lab_page import DESKTOP, PHONE, LabPage
from tests.page_watch import PageWatch

STROKE = [(0.35 + step * 0.02, 0.3 + step * 0.01) for step in range(16)]
"""Places on the boundary, as shares of its width and height."""


@pytest.fixture
def points(page: Page, server: str) -> Iterator[LabPage]:
    points = LabPage(page, f"{server}/points")
    yield points
    points.pause_if_running()


def test_everything_is_within_the_window(points: LabPage) -> None:
    assert points.page.evaluate("document.documentElement.scrollHeight") <= DESKTOP[1]
    for each in (
        points.button("Play"),
        points.figure("network"),
        points.figure("boundary"),
        points.figure("curves"),
    ):
        expect(each).to_be_in_viewport(ratio=1)


def test_it_learns_and_shows_it(points: LabPage) -> None:
    before = points.wait_steady("boundary")
    points.play()
    points.wait_until_changed("boundary", before)
    expect(points.part("figures")).to_contain_text(re.compile(r"9\d%|100%"))


def test_shapes_change_while_it_learns(points: LabPage) -> None:
    points.play()
    for shape in ("moons", "blobs", "spiral", "circle"):
        points.page.get_by_role("button", name=re.compile(f"^{shape}: ")).click()
        points.wait_for_epochs()
    expect(points.button("Pause")).to_be_visible()


def test_a_regression_has_no_accuracy(points: LabPage) -> None:
    curves = points.part("curves").locator(".bk-Figure")
    expect(points.part("figures")).to_contain_text("test accuracy")
    expect(curves.nth(1)).to_be_visible()
    points.page.get_by_role("button", name=re.compile("^plane: ")).click()
    expect(points.part("figures")).not_to_contain_text("test accuracy")
    expect(curves.locator("visible=true")).to_have_count(1)


def test_losses_follow_the_task(points: LabPage) -> None:
    points.unfold("More: loss")
    loss = points.page.get_by_label("Loss", exact=True)
    points.page.get_by_role("button", name=re.compile("^plane: ")).click()
    expect(loss.locator("option")).to_have_text(["squared error", "Huber"])
    loss.select_option("Huber")
    points.page.get_by_role("button", name=re.compile("^moons: ")).click()
    expect(loss.locator("option")).to_have_text(["cross-entropy", "squared error", "hinge"])
    points.play()


def test_divergence_is_told_and_the_page_lives(points: LabPage) -> None:
    points.page.get_by_role("button", name=re.compile("^plane: ")).click()
    points.unfold("More: loss")
    expect(points.page.get_by_label("Loss", exact=True)).to_have_value("squared error")
    points.page.get_by_label("Activation").first.select_option("linear")
    points.page.get_by_label("Optimiser").select_option("SGD")
    points.slider("training", 0).press("End")
    points.click("Play")
    curves = points.part("curves")
    expect(curves).to_contain_text("Training diverged after epoch")
    expect(curves).to_contain_text("The learning rate is 10")
    expect(points.button("Play")).to_be_visible()
    points.page.get_by_label("Optimiser").select_option("Adam")
    points.slider("training", 0).press("Home")
    goal = points.epoch + 1
    points.click("One epoch: all samples once")
    points.wait_until(lambda: points.epoch == goal)
    expect(curves).not_to_contain_text("Training diverged")


def test_points_are_painted_with_the_mouse(points: LabPage, tmp_path: Path) -> None:
    points.play()
    before = points.rows(tmp_path)
    points.click("paint")
    stroke = [points.boundary_to_screen(*place) for place in STROKE]
    mouse = points.page.mouse

    def paints() -> bool:
        """Stroke once; a busy browser may take it for a long press, or notice a part of it."""
        mouse.move(*stroke[0])
        mouse.down()
        for place in stroke[1:]:
            mouse.move(*place)
        mouse.up()
        return len(points.rows(tmp_path)) > len(before) + 2

    points.wait_until(paints)
    expect(points.part("chosen")).to_have_text("your own")
    painted = points.rows(tmp_path)
    points.click("erase")

    def erases() -> bool:
        mouse.click(*points.boundary_to_screen(*STROKE[8]))
        return len(points.rows(tmp_path)) < len(painted)

    points.wait_until(erases)
    points.wait_for_epochs()


def test_points_are_painted_with_a_finger(browser: Browser, server: str, tmp_path: Path) -> None:
    context = browser.new_context(has_touch=True)
    watch = PageWatch(context)
    points = LabPage(context.new_page(), f"{server}/points", size=PHONE)
    before = points.rows(tmp_path)
    points.button("paint").tap()
    points.figure("boundary").scroll_into_view_if_needed()
    scrolled = points.page.evaluate("scrollY")
    stroke = [dict(zip("xy", points.boundary_to_screen(*place), strict=True)) for place in STROKE]
    touches = context.new_cdp_session(points.page)

    def touch(kind: str, *places: dict[str, float]) -> None:
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(places)})

    def paints() -> bool:
        """Stroke once; see the mouse."""
        touch("touchStart", stroke[0])
        for place in stroke[1:]:
            touch("touchMove", place)
        touch("touchEnd")
        assert points.page.evaluate("scrollY") == scrolled
        return written(points, tmp_path) > len(before) + 2

    points.wait_until(paints)
    expect(points.part("chosen")).to_have_text("your own")
    watch.check()
    context.close()


def written(points: LabPage, folder: Path) -> int:
    """Download the points and scroll back to where the page was; return how many there are."""
    scrolled = points.page.evaluate("scrollY")
    rows = points.rows(folder)
    points.page.evaluate("y => scrollTo(0, y)", scrolled)
    return len(rows)


def test_on_a_narrow_window_nothing_needs_scrolling_sideways(page: Page, server: str) -> None:
    LabPage(page, f"{server}/points", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_phone_lays_it_out_as_wide_as_it_is(browser: Browser, server: str) -> None:
    width, height = PHONE
    size = {"width": width, "height": height}
    context = browser.new_context(has_touch=True, is_mobile=True, viewport=size)
    page = context.new_page()
    page.goto(f"{server}/points")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    # Until its styles have come it is wider.
    page.wait_for_function("width => innerWidth === width", arg=width)
    context.close()


def choose(points: LabPage, data: bytes) -> None:
    """Give a file to the page."""
    file = {"name": "points.csv", "mimeType": "text/csv", "buffer": data}
    points.page.locator("input[type=file]").set_input_files(file)


def test_tables_are_uploaded_one_after_the_other(points: LabPage, tmp_path: Path) -> None:
    points.play()
    points.unfold("Seed, upload, download")
    choose(points, b"x,y,l\n1,2,v1\n3,4,v2\n5,6,v3\n")
    points.click("Use these")
    expect(points.part("problem")).to_contain_text("3 rows: x is 'x', y is 'y', 3 classes")
    points.wait_for_epochs()
    choose(points, b"height,width,kind\n1,2,cat\n2,1,dog\n3,3,cat\n4,0,dog\n")
    for column, name in (("x", "height"), ("y", "width"), ("label", "kind")):
        expect(points.page.get_by_label(f"{column} column", exact=True)).to_have_value(name)
    points.click("Use these")
    expect(points.part("chosen")).to_have_text("your own")
    assert [row.split(",")[2] for row in points.rows(tmp_path)] == ["cat", "dog", "cat", "dog"]
    points.wait_for_epochs()


def test_a_bad_file_is_refused_in_a_sentence(points: LabPage, tmp_path: Path) -> None:
    points.play()
    before = points.rows(tmp_path)
    choose(points, b"\x89PNG\r\n\x00\x1a")
    expect(points.part("problem").locator(".pg-error")).to_contain_text("binary")
    points.wait_for_epochs()
    choose(points, b"x\n1\n2\n")
    expect(points.part("problem").locator(".pg-error")).to_contain_text("The file has 1 column")
    points.wait_for_epochs()
    assert points.rows(tmp_path) == before


def test_a_page_that_is_closing_takes_no_clicks(page: Page, server: str) -> None:
    line = DelayedWebSocket(page)
    app = LabPage(page, f"{server}/apps")
    line.hold()
    app.part("nav").get_by_role("button", name="Points").click()
    closing = app.button("Play")
    expect(closing).to_be_visible()
    assert closing.evaluate(
        """each => {
            for (let node = each; node; node = node.parentNode ?? node.host) {
                if (node.inert) return true
            }
            return false
        }"""
    )
    line.release()
    app.play()  # waits for one that can be clicked
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    app.pause_if_running()


def test_a_click_counts_although_its_button_is_drawn_anew_meanwhile(points: LabPage) -> None:
    points.button("Play").hover()
    for _ in range(2):
        points.page.mouse.down()
        points.page.evaluate(
            """() => Bokeh.index.query(each => each.model.type.endsWith("Button"))
                .filter(each => each.el.isConnected).forEach(each => each.render())"""
        )
        points.page.mouse.up()
        expect(points.button("Pause")).to_be_visible()
        points.wait_for_epochs()
        points.pause()
        points.button("Play").hover()


def test_the_app_has_both_pages(page: Page, server: str) -> None:
    app = LabPage(page, f"{server}/apps")
    app.play()
    page.locator(".pg-nav").get_by_role("button", name="Points").click()
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    expect(app.button("Play")).to_be_visible()
    app.wait_until(lambda: app.epoch == 0)
    app.play()
    page.locator(".pg-nav").get_by_role("button", name="Gates").click()
    expect(page.get_by_role("heading", name="Logic gate")).to_be_visible()
    app.wait_until(lambda: app.epoch > 0)
    expect(app.button("Play")).to_be_visible()
    app.play()
    app.pause_if_running()
