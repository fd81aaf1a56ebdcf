"""The page about gates in a real Chromium, used as a person would.

All tests share one open page. Each leaves it as it was: `LabPage.restore`.
"""

from __future__ import annotations

import re

import pytest

from playground.pages.gates import GatesPage
from tests.support.browser.axe import COLOURS, check, check_with_drawer, unfold_all
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.lab_page import PHONE, LabPage
from tests.support.browser.patient_expect import expect

HIDDEN = GatesPage.presets["hidden"]
BATCH_SIZE = GatesPage.presets["batch_size"]
HAS_FOCUS = "document.activeElement !== document.body"
HIDE = """each => {
    each.getRootNode().host.style.display = "none"
    document.dispatchEvent(new Event("pg-changed"))
}"""
FOCUSED = """() => {
    let active = document.activeElement
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
    return active.getAttribute("aria-label") ?? active.textContent.trim()
}"""
"""Name of the element that has the focus."""
COUNT_LAYOUTS = """async () => {
    const roots = Bokeh.documents.flatMap((each) => each.roots())
    const stage = roots.find((each) => Bokeh.index.get_by_id(each.id))
    const view = Bokeh.index.get_by_id(stage.id)
    const layOut = view.update_layout
    let count = 0
    view.update_layout = function () { count += 1; layOut.call(this) }
    for (const each of ["a", "b", "c"]) stage.css_classes = [...stage.css_classes, each]
    stage.css_classes = stage.css_classes.slice(0, -3)
    const before = count
    await Promise.resolve()
    delete view.update_layout
    return [before, count]
}"""
"""How often the page is laid out while it changes four times, and right after that."""


@pytest.fixture
def gates(kept_page: KeptPage, server: str) -> LabPage:
    return kept_page.borrow(lambda page: LabPage(page, f"{server}/gates"))


def test_everything_is_within_the_window(gates: LabPage) -> None:
    for each in (
        gates.button("Play"),
        gates.figure("network"),
        gates.figure("boundary"),
        gates.part("time"),
    ):
        expect(each).to_be_in_viewport(ratio=1)

    # On a narrow one nothing scrolls sideways, and a finger is enough.
    gates.resize(PHONE)
    gates.wait_until(
        lambda: gates.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    )
    gates.tap("NAND")
    expect(gates.button("NAND")).to_have_class(re.compile("bk-active"))
    gates.tap("XOR")
    expect(gates.button("XOR")).to_have_class(re.compile("bk-active"))


def test_changes_that_come_together_are_laid_out_once(gates: LabPage) -> None:
    assert gates.page.evaluate(COUNT_LAYOUTS) == [0, 1]


def test_it_plays_pauses_resets_and_goes_step_by_step(gates: LabPage) -> None:
    boundary, network = gates.wait_for_start("boundary"), gates.wait_for_start("network")
    gates.play()
    gates.wait_until_changed("boundary", boundary)
    gates.wait_until_changed("network", network)
    gates.pause()
    gates.reset()
    gates.wait_until_same("network", network)
    # A batch is as large as the table, so that a step is an epoch.
    with gates.more_ways_to_train():
        for epoch in (1, 2, 3):
            gates.click("One step: a single batch")
            gates.wait_until(lambda epoch=epoch: gates.epoch >= epoch)
            assert gates.epoch == epoch
    gates.click("One epoch: all samples once")
    gates.wait_until(lambda: gates.epoch >= 4)
    assert gates.epoch == 4

    # Other weights, and the first ones again
    gates.reset()
    gates.wait_until_same("network", network)
    with gates.more_ways_to_train():
        gates.click("New initial weights")
        gates.wait_until_changed("network", network)
    assert gates.epoch == 0
    gates.unfold("More", gates.field("Weight seed"))
    gates.enter("Weight seed", "0")
    gates.wait_until_same("network", network)

    # With smaller batches an epoch is several steps.
    gates.enter("Batch size", "2")
    with gates.more_ways_to_train():
        gates.click("One step: a single batch")
        gates.wait_until_changed("network", network)
        assert gates.epoch == 0
        gates.click("One step: a single batch")
        gates.wait_until(lambda: gates.epoch == 1)
    gates.enter("Batch size", str(BATCH_SIZE))

    # Training stops where it was asked to.
    gates.enter("Run to epoch", "20")
    gates.click("Play")
    expect(gates.part("training")).to_contain_text("Stopped at epoch 20, as you asked.")
    expect(gates.button("Play")).to_be_visible()
    gates.wait_until(lambda: gates.epoch == 20)
    gates.enter("Run to epoch", "")


def test_it_learns_exclusive_or_and_then_a_gate_of_ones_own(gates: LabPage) -> None:
    learned, rows = gates.part("learned"), gates.part("table").locator(".pg-right")
    gates.click("Play")
    expect(learned).to_contain_text("Learned at epoch")
    expect(rows).to_have_count(4)
    targets = gates.part("table").get_by_role("button", name=re.compile("^[01]$"))
    expect(targets).to_have_text(["0", "1", "1", "0"])
    targets.nth(3).click()
    expect(targets).to_have_text(["0", "1", "1", "1"])
    expect(gates.button("custom")).to_have_class(re.compile("bk-active"))
    expect(learned).to_contain_text("rows right")
    expect(learned).to_contain_text("Learned at epoch")
    gates.pause_if_running()

    # Switches ask for another answer: OR of 0 and 0, of 1 and 0.
    answer = gates.part("answer")
    expect(answer).to_contain_text(re.compile(r"0 \d+\.\d%"))
    gates.click("A = 0")
    expect(gates.button("A = 1")).to_be_visible()
    expect(answer).to_contain_text(re.compile(r"1 \d+\.\d%"))
    gates.click("A = 1")
    expect(answer).to_contain_text(re.compile(r"0 \d+\.\d%"))
    gates.click("XOR")


def test_gate_and_network_change_while_it_learns(gates: LabPage) -> None:
    gates.play()
    for gate in ("NAND", "parity", "XOR"):
        gates.click(gate)
        expect(gates.button(gate)).to_have_class(re.compile("bk-active"))
        gates.wait_for_epochs()
    gates.click("Add a hidden layer")
    expect(gates.part("count")).to_have_text("2 hidden layers")
    gates.wait_for_epochs()
    gates.click("One neuron more")
    gates.wait_for_epochs()
    gates.click("Remove the last hidden layer")
    expect(gates.part("count")).to_have_text("1 hidden layer")
    gates.click("One neuron fewer")
    gates.wait_for_epochs()
    expect(gates.button("Pause")).to_be_visible()


def test_three_inputs_show_a_slice(gates: LabPage) -> None:
    gates.slider("problem", 0).press("ArrowRight")
    targets = gates.part("table").get_by_role("button", name=re.compile("^[01]$"))
    expect(targets).to_have_count(8)
    before = gates.wait_steady("boundary")
    across = gates.field("Across")
    expect(across).to_have_value("A")
    across.select_option("C")
    gates.wait_until_changed("boundary", before)
    across.select_option("A")
    gates.wait_until_same("boundary", before)
    gates.slider("problem", 0).press("ArrowLeft")
    expect(targets).to_have_count(4)


def test_pointing_reads_a_neuron_and_the_boundary(gates: LabPage) -> None:
    before = gates.wait_for_start("boundary")
    layout = gates.layout(2, *HIDDEN, 1)
    unit = layout.starts[1]
    place = gates.diagram_to_screen(float(layout.x[unit]), float(layout.y[unit]))
    gates.wait_for_reading("network", "hidden 1, neuron 1: output", place)
    gates.wait_until_changed("boundary", before)  # It shows what the neuron sees.
    gates.wait_for_reading(
        "boundary", r"A = \d\.\d\d, B = \d\.\d\d", gates.boundary_to_screen(0.5, 0.4)
    )
    reading = gates.part("boundary").locator(".pg-reading")
    expect(reading).to_contain_text(re.compile(r"[01] \d+\.\d%"))
    gates.page.mouse.move(5, 5)
    expect(reading).to_contain_text("Point at the picture")
    gates.wait_until_same("boundary", before)


def test_links_flow_while_it_learns_and_a_click_lets_a_weight_be_set(gates: LabPage) -> None:
    def offset() -> float:
        return float(
            gates.page.evaluate(
                """() => window.Bokeh.index.query((view) => view.model.tags?.includes("pg-flow"))
                    .flatMap((view) => view.model.renderers.map(({ glyph }) => glyph))
                    .find((glyph) => glyph.type.endsWith("Bezier")).line_dash_offset.value"""
            )
        )

    gates.play()
    # Nothing flows where motion is reduced.
    assert offset() == 0
    gates.page.emulate_media(reduced_motion="no-preference")
    gates.wait_until(lambda: offset() < -4)
    gates.page.emulate_media(reduced_motion="reduce")
    gates.wait_until(lambda: offset() == 0)

    layout = gates.layout(2, *HIDDEN, 1)
    first, unit = layout.starts[0], layout.starts[1]
    middle = [float((ends[first] + ends[unit]) / 2) for ends in (layout.x, layout.y)]
    place = gates.diagram_to_screen(*middle)
    gates.wait_for_reading("network", "feature A → hidden 1, neuron 1: weight", place)
    gates.page.mouse.click(*place)
    reading = gates.part("held")
    gates.part("editor").get_by_role("checkbox").check()
    expect(reading).to_contain_text("frozen")
    gates.enter("Weight", "-4.5")
    expect(reading).to_contain_text("weight −4.50")
    gates.wait_for_epochs()
    expect(reading).to_contain_text("weight −4.50")
    gates.part("editor").get_by_role("checkbox").uncheck()
    expect(reading).not_to_contain_text("frozen")


def test_it_turns_dark_and_light_again_and_axe_finds_nothing_grave(gates: LabPage) -> None:
    def colour() -> str:
        page = gates.page.locator(".pg").first
        return str(page.evaluate("each => getComputedStyle(each).backgroundColor"))

    unfold_all(gates)
    light, before = colour(), gates.wait_for_start("boundary")
    check(gates.page, COLOURS)
    gates.click("Light or dark")
    expect(gates.part("dark")).to_be_visible()
    gates.wait_until(lambda: colour() == "rgb(14, 18, 24)")
    gates.wait_until_changed("boundary", before)
    check_with_drawer(gates)
    gates.click("Light or dark")
    gates.wait_until(lambda: colour() == light)
    gates.wait_until_same("boundary", before)


def test_the_starts_fill_the_wall_and_one_is_opened(gates: LabPage) -> None:
    gates.click("One epoch: all samples once")  # what has learned nothing is not set aside
    gates.wait_until(lambda: gates.epoch == 1)
    start = gates.button("Train this network from other first weights")
    gates.unfold("Things to try", start)
    start.click()
    verdict = gates.part("verdict")
    expect(verdict).to_contain_text("of 16 starts")
    expect(verdict).to_contain_text("Epoch 300")
    expect(verdict).not_to_contain_text("so far")
    picture = gates.part("wall").locator("canvas").first
    picture.click(force=True)  # Bokeh's layer for events lies above it
    expect(gates.part("figures")).to_contain_text("300")
    expect(gates.button("Other branch")).to_be_visible()
    walk_through_the_landscape(gates)


def walk_through_the_landscape(gates: LabPage) -> None:
    """Open the landscape of the network on the page, read it, and go to another place in it."""
    figure = gates.figure("landscape-picture")
    gates.unfold("Loss landscape", figure)
    figure.scroll_into_view_if_needed()
    box = gates.box("landscape-picture")
    corner = box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"]
    gates.wait_for_reading("landscape", "Loss here: [0-9]", corner)
    gates.page.mouse.click(*corner)
    reading = gates.part("landscape").locator(".pg-reading").first
    gates.wait_until(lambda: "The network has these weights now" in gates.read(reading))
    gates.click("One epoch: all samples once")
    gates.wait_until(lambda: gates.epoch == 301)
    light = gates.wait_steady("landscape-picture")
    gates.click("Light or dark")
    gates.wait_until_changed("landscape-picture", light)
    with gates.on_a_phone():
        figure.scroll_into_view_if_needed()
        gates.wait_until(lambda: 200 < gates.box("landscape-picture")["width"] <= PHONE[0])
        assert gates.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    gates.click("Light or dark")
    gates.unfold("More", gates.field("Weight seed"))
    gates.enter("Weight seed", "0")


def test_a_weight_is_set_frozen_and_saved_with_the_keyboard_alone(
    kept_page: KeptPage, gates: LabPage
) -> None:
    page, keys = gates.page, gates.page.keyboard

    def focused_element() -> str:
        return str(page.evaluate(FOCUSED))

    def press(key: str) -> None:
        """Press a key, after which something has the focus, as the next Tab goes on from there."""
        keys.press(key)
        gates.wait_until(lambda: page.evaluate(HAS_FOCUS) is True)

    def tab_to(pattern: str, key: str = "Tab") -> None:
        for _ in range(80):
            press(key)
            if re.search(pattern, focused_element()):
                return
        raise AssertionError(f"{key} never reaches {pattern}")

    tab_to("^XOR$")
    press("Enter")
    expect(gates.button("XOR")).to_have_attribute("aria-pressed", "true")
    tab_to("^One neuron more$")
    press("Enter")
    expect(page.get_by_role("application")).to_have_attribute(
        "aria-label", re.compile("hidden layers: 7;")
    )
    gates.wait_until(lambda: focused_element() == "One neuron more")
    tab_to("^Network, features")
    # From the first feature along its first link.
    press("ArrowRight")
    said = gates.part("network").locator("[aria-live]")
    expect(said).to_contain_text("feature A → hidden 1, neuron 1: weight")
    press("Enter")
    expect(gates.field("Weight")).to_be_focused()
    keys.type("3")
    press("Enter")
    expect(gates.part("held")).to_contain_text("weight 3.00")
    tab_to("^frozen$")
    press("Space")
    press("Escape")
    gates.wait_until(lambda: focused_element().startswith("Network, features"))
    press("Space")
    gates.wait_for_epochs()
    press("Space")
    expect(gates.button("Play")).to_be_visible()
    press("ArrowLeft")
    press("ArrowRight")
    expect(said).to_contain_text("weight 3.00, gradient")
    expect(said).to_contain_text("frozen")
    tab_to("^Runs, files and code$", "Shift+Tab")
    press("Enter")
    drawer = gates.part("drawer")
    expect(gates.button("Save as …")).to_be_visible()
    before = drawer.get_by_role("listitem").count()
    tab_to("^Save as …$")
    press("Enter")
    expect(drawer.get_by_text(re.compile("^Saved"))).to_be_visible()
    expect(drawer.get_by_role("listitem")).to_have_count(before + 1)
    press("Escape")
    expect(drawer).not_to_be_visible()
    gates.wait_until(lambda: focused_element() == "Runs, files and code")
    press("Tab")
    press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()

    # Where the focused control is gone, Play has the focus.
    share = gates.button("Copy a link to this page as it is")
    share.focus()
    share.evaluate(HIDE)
    gates.wait_until(lambda: focused_element() == "Play")
    kept_page.close()  # too much has changed
