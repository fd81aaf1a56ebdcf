"""The page about digits in a real Chromium, where MNIST is not at hand.

Tests share one open page. Each leaves it as it was: `DigitsBrowserPage.restore`. The last opens the
app with all pages: a server and a browser that know this page open it in a third of the time.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.support.browser.axe import check_both_themes
from tests.support.browser.digits_browser_page import DelayedWebSocket, DigitsBrowserPage
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.lab_page import DESKTOP, OPENING_MS, PHONE, LabPage
from tests.support.browser.patient_expect import expect
from tests.support.data.photos import FOUR, SEVEN, ZERO, encode_image, page

WORK = """async (area) => {
    const views = [...Bokeh.index.query(each => each.shadow_el !== undefined)]
    const figures = views.filter(each => each.canvas_view !== undefined)
    const changed = []
    const observer = new MutationObserver(records => changed.push(...records))
    for (const view of views)
        for (const style of view.shadow_el.querySelectorAll("style"))
            observer.observe(style, { childList: true, characterData: true, subtree: true })
    const painted = () => figures.reduce((sum, each) => sum + each._render_count, 0)
    const before = painted()
    views.find(each => each.model.css_classes?.includes(area)).invalidate_layout()
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    observer.disconnect()
    const glyphs = figures.flatMap(each => [...each.renderer_views.values()])
        .filter(each => each.glyph !== undefined)
    const elements = glyphs.map(each => each.position.css)
    return [figures.length, changed.length, painted() - before, elements]
}"""
"""Has one area laid out; returns how much of the page that has changed."""


COUNT_UPLOAD_TICKS = """async () => {
    const { readers } = window.__framePainter
    let count = 0
    readers.push(() => { count += 1 })
    for (let frame = 0; frame < 40; frame += 1) await new Promise(requestAnimationFrame)
    readers.pop()
    return count
}"""
"""How often FilePond looks at its widgets during 40 animation frames."""


class DelayableDigitsPage(DigitsBrowserPage):
    """The page, and the way from the server to it."""

    def __init__(self, page: Page, url: str) -> None:
        self.line = DelayedWebSocket(page)
        super().__init__(page, url)


@pytest.fixture
def digits(kept_page: KeptPage, server: str) -> DelayableDigitsPage:
    return kept_page.borrow(lambda page: DelayableDigitsPage(page, f"{server}/digits"))


def test_everything_is_within_the_window(digits: DigitsBrowserPage) -> None:
    assert digits.page.evaluate("document.documentElement.scrollHeight") <= DESKTOP[1]
    for area in DigitsBrowserPage.areas:
        expect(digits.figure(area)).to_be_in_viewport(ratio=1)
    for name in ("Play", "Undo", "Clear"):
        expect(digits.button(name)).to_be_in_viewport(ratio=1)
    expect(digits.part("upload")).to_be_in_viewport(ratio=1)
    # Widgets of uploads ask for next to no frames while nobody uses them.
    digits.wait_until(lambda: digits.page.evaluate(COUNT_UPLOAD_TICKS) < 10)
    expect(digits.button("Back to drawing")).to_be_hidden()
    expect(digits.button("Undo")).to_be_disabled()


def test_pictures_that_stand_in_are_labelled(digits: DigitsBrowserPage) -> None:
    digits.open_tab("setup", "Pictures")
    expect(digits.part("badge")).to_have_text("stand-in")
    expect(digits.part("source")).to_have_text("1,797 digits of scikit-learn")
    expect(digits.part("setup")).to_contain_text("MNIST is not on this machine")
    digits.open_tab("setup", "Network")


def test_what_is_laid_out_anew_has_no_other_styled_or_painted(digits: DigitsBrowserPage) -> None:
    def nothing_else_changes() -> bool:
        nonlocal glyphs
        figures, styles, painted, glyphs = digits.page.evaluate(WORK, "pg-sheet")
        assert figures >= len(DigitsBrowserPage.areas) - 1
        return (styles, painted) == (0, 0)

    glyphs: list[str] = []
    digits.wait_until(nothing_else_changes)  # what came before may still be painted
    assert set(glyphs) - {""} == {":host { display: none }"}  # some were never painted


def test_what_is_read_changes_while_the_pen_is_down(digits: DigitsBrowserPage) -> None:
    seen, read = digits.wait_steady("seen"), digits.wait_steady("readings")
    ((first, *all_places),) = digits.strokes(ZERO)
    rest = all_places[2::4]  # to the last one
    half = len(rest) // 2
    digits.page.mouse.move(*first)
    digits.page.mouse.down()
    for part in (rest[:half], rest[half:]):
        digits.trace(part)
        digits.wait_until_changed("seen", seen)
        digits.wait_until_changed("readings", read)
        seen, read = digits.picture("seen"), digits.picture("readings")
    digits.is_predicted("0")
    digits.page.mouse.up()
    digits.is_predicted("0")


def test_strokes_are_undone_and_cleared_by_buttons_and_by_the_usual_keys(
    digits: DigitsBrowserPage,
) -> None:
    keys = digits.page.keyboard
    empty = digits.wait_steady("sheet")
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.draw(SEVEN)
    keys.press("Control+z")
    digits.wait_until(lambda: digits.strokes_shown == 1)
    # The keys are those of the sheet only while it has the focus, which draws a ring around it.
    digits.part("brand").click()
    keys.press("Control+z")
    seven = digits.wait_steady("sheet")
    digits.is_predicted("7")
    assert digits.strokes_shown == 1
    digits.click("Clear")
    digits.wait_until_same("sheet", empty)
    expect(digits.verdict).to_contain_text("Draw a digit")
    digits.click("Undo")
    digits.wait_until_same("sheet", seven)
    digits.is_predicted("7")
    digits.click("Undo")
    digits.wait_until_same("sheet", empty)
    digits.draw(FOUR)
    digits.is_predicted("4")
    keys.press("Meta+z")
    digits.wait_until(lambda: digits.strokes_shown == 1)


def test_what_is_drawn_before_the_server_has_answered_stays(digits: DelayableDigitsPage) -> None:
    page, line = digits.page, digits.line
    # After one of the buttons
    for name in ("Clear", "Undo"):
        digits.draw(SEVEN)
        digits.is_predicted("7")
        line.hold()
        digits.click(name)
        digits.draw(FOUR)
        assert digits.strokes_shown == 3, name
        line.release()
        digits.is_predicted("4")
        digits.wait_until(lambda: digits.strokes_shown == 2)
        digits.click("Undo")
        digits.wait_until(lambda: digits.strokes_shown == 1)
        digits.clear()

    # While the pen is down
    digits.draw(FOUR)
    digits.is_predicted("4")
    line.hold()
    digits.click("Clear")
    ((first, *rest),) = digits.strokes(SEVEN)
    page.mouse.move(*first)
    page.mouse.down()
    digits.trace(rest[:1])
    assert digits.strokes_shown == 3
    line.release()
    digits.wait_until(lambda: digits.strokes_shown <= 1)
    digits.trace(rest[1:])
    page.mouse.up()
    digits.is_predicted("7")
    assert digits.strokes_shown == 1


def test_digits_drawn_side_by_side_are_told_apart(digits: DigitsBrowserPage) -> None:
    digits.draw(SEVEN, (0.08, 0.3), 0.36)
    digits.draw(FOUR, (0.56, 0.3), 0.36)
    expect(digits.verdict).to_have_text("This looks like 2 digits: 7 and 4.")


def test_what_is_pointed_at_or_focused_is_explained_and_what_was_clicked_only_again(
    digits: DigitsBrowserPage,
) -> None:
    name = digits.page.get_by_role("tooltip")
    digits.page.get_by_role("heading", name="Draw a digit").hover()
    expect(name).to_contain_text("Draw with mouse, pen or finger")
    tab = digits.page.get_by_role("tab", name="They read")
    tab.focus()
    digits.page.keyboard.press("ArrowRight")
    expect(name).to_contain_text("Which parts of your drawing decide")
    digits.page.keyboard.press("ArrowLeft")
    expect(tab).to_have_attribute("aria-description", re.compile("How probable each digit is"))
    digits.button("Play").hover()
    expect(name).to_contain_text("Learns, until you pause it")
    expect(name).to_be_visible()
    digits.button("Play").click()
    expect(digits.button("Pause")).to_be_visible()
    expect(name).to_be_hidden()
    digits.part("brand").hover()
    digits.button("Pause").hover()
    expect(name).to_contain_text("Pauses: nothing is lost")
    expect(name).to_be_visible()


def test_a_phone_shows_all_tabs_and_a_finger_draws_and_scrolls_nothing(
    digits: DigitsBrowserPage,
) -> None:
    page = digits.page
    with digits.on_a_phone():
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        for part in ("reading-card", "setup", "details"):
            for tab in digits.part(part).locator(".bk-tab").all():
                tab.scroll_into_view_if_needed()
                box, shown = tab.bounding_box(), digits.part(part).bounding_box()
                assert box is not None
                assert shown is not None
                assert shown["x"] <= box["x"]
                assert box["x"] + box["width"] <= shown["x"] + shown["width"], tab.inner_text()
        digits.open_tab("details", "Inputs")
        digits.figure("sheet").scroll_into_view_if_needed()
        digits.wait_steady("sheet")
        scrolled = page.evaluate("scrollY")
        for places in digits.strokes(SEVEN):
            digits.touch(places)
        digits.is_predicted("7")
        (upwards,) = digits.strokes([[(0.5, 0.95), (0.5, 0.05)]])  # as one scrolls on
        digits.touch(upwards)
        digits.wait_until(lambda: digits.strokes_shown == 2)
        assert page.evaluate("scrollY") == scrolled
        digits.open_tab("details", "Confusion")


def test_it_learns_and_shows_it_also_when_the_network_is_changed(
    digits: DigitsBrowserPage,
) -> None:
    digits.play()
    digits.pause()
    digits.reset()
    # By now everything on the page has found its place.
    before = digits.wait_steady("weights")
    digits.play()
    digits.wait_until_changed("weights", before)
    expect(digits.part("figures")).to_contain_text(re.compile(r"[89]\d(\.\d)?%"))
    learned = digits.picture("weights")
    digits.choice("setup", "CNN").click()
    expect(digits.part("setup").locator(".pg-about").first).to_contain_text("421,642 parameters")
    digits.wait_until_changed("weights", learned)
    digits.wait_until_changed("weights", digits.picture("weights"))
    expect(digits.button("Pause")).to_be_visible()
    digits.choice("setup", "MLP").click()
    expect(digits.part("setup").locator(".pg-about").first).to_contain_text("109,386 parameters")
    # Its first weights are those of before; it has learned once their picture has changed too.
    for _ in range(2):
        digits.wait_until_changed("weights", digits.picture("weights"))
    digits.pause()
    assert digits.wait_steady("weights") != before
    digits.reset()
    digits.wait_until_same("weights", before)


def test_a_prediction_is_explained(digits: DigitsBrowserPage) -> None:
    digits.open_tab("reading-card", "Why")
    expect(digits.explanation).to_contain_text("Draw a digit")
    blank = digits.wait_steady("reading-card")
    digits.draw(SEVEN)
    expect(digits.explanation).to_contain_text("Blue speaks for 7")
    digits.wait_until_changed("reading-card", blank)

    digits.open_tab("reading-card", "Feature maps")
    expect(digits.explanation).to_contain_text("Blue is positive")
    first = digits.wait_steady("reading-card")
    digits.field("Layer").select_option(index=2)
    digits.wait_until_changed("reading-card", first)

    digits.open_tab("reading-card", "What if")
    digits.page.get_by_label("Target class").select_option("1")
    expect(digits.explanation).to_contain_text("then it reads 1")
    digits.page.get_by_label("Target class").select_option("7")
    expect(digits.explanation).to_contain_text("It reads 7 already.")


def test_a_correction_is_learned_and_undone(digits: DigitsBrowserPage) -> None:
    others = ("Softmax", "MLP", "CNN", "Deep CNN")
    for reader in others:
        digits.choice("reading-card", reader).click()
    digits.draw(SEVEN)
    expect(digits.verdict).to_contain_text("Prediction:")
    digits.wait_steady("readings")  # the last piece of the stroke may still be on its way
    before = digits.verdict.inner_text()
    taught = "3" if "3" not in before else "5"
    digits.open_tab("reading-card", "Teach")
    digits.choice("answers", taught).click()
    expect(digits.explanation).to_contain_text(f"Learned: the prediction is “{taught}” now")
    expect(digits.part("count").locator("visible=true")).to_contain_text("1 correction")
    digits.open_tab("reading-card", "They read")
    digits.is_predicted(taught)
    digits.open_tab("reading-card", "Teach")
    digits.choice("reading-card", "Undo").click()
    expect(digits.explanation).to_contain_text("Undone")
    digits.open_tab("reading-card", "They read")
    expect(digits.verdict).to_have_text(before)
    for reader in others:
        digits.choice("reading-card", reader).click()


def test_a_text_called_png_is_refused_in_a_sentence_and_a_picture_is_read(
    digits: DigitsBrowserPage,
) -> None:
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.upload_image("digit.png", b"This is no picture.\n" * 20)
    refused = digits.part("upload").locator(".pg-refused")
    expect(refused).to_contain_text("What you drew is still shown.")
    digits.is_predicted("7")
    digits.click("Clear")
    expect(refused).to_be_hidden()
    expect(digits.verdict).to_contain_text("Draw a digit")

    # Both digits of a picture
    ink = page((SEVEN, (30, 60), 150), (FOUR, (220, 60), 150))
    digits.upload_image("digits.png", encode_image((255 - 255 * ink).astype("uint8")))
    frames = digits.part("frame").locator("b")
    expect(frames).to_have_text(["7", "4"])
    expect(digits.part("upload")).to_contain_text("Prediction: 74.")
    for name in ("Undo", "Clear"):
        expect(digits.button(name)).to_be_disabled()
    digits.is_predicted("7")
    digits.choice("found", "4").click()
    digits.is_predicted("4")
    digits.click("Back to drawing")
    expect(digits.part("framed")).to_be_hidden()
    expect(digits.figure("sheet")).to_be_visible()
    digits.draw(FOUR)
    digits.is_predicted("4")


def test_a_dark_page_draws_and_reads_too(digits: DigitsBrowserPage) -> None:
    light = digits.wait_steady("readings")
    digits.click("Light or dark")
    digits.wait_until_changed("readings", light)
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.play()
    digits.click("Light or dark")
    digits.clear()
    digits.wait_until_same("readings", light)


def test_axe_finds_nothing_grave_light_or_dark(digits: DigitsBrowserPage) -> None:
    check_both_themes(digits)


IS_INERT = """each => {
    for (let node = each; node; node = node.parentNode ?? node.host) {
        if (node.inert) return true
    }
    return false
}"""
DIGITS_LINK = "?page=Digits&model=own&own_channels=6&log=true&readers=cnn,mlp&tab=Samples"
LEFT = "model=lenet&own_channels=6&readers=cnn,mlp&log=true&tab=Samples"
"""What the address says of the page about digits when it is left."""


def test_a_link_opens_one_of_the_pages_and_the_others_are_a_click_away(
    page: Page, server: str
) -> None:
    """In the app with all pages."""
    line = DelayedWebSocket(page)
    page.goto(f"{server}/apps{DIGITS_LINK}", timeout=OPENING_MS)

    # The page that the link is about, as the link says.
    expect(page.locator(".pg-details")).to_be_visible(timeout=OPENING_MS)
    digits = DigitsBrowserPage(page)
    nav, setup, notice = digits.part("nav"), digits.part("setup"), ".pg-notice:not(.pg-busy)"
    expect(nav.locator(".bk-active")).to_have_text("Digits")
    expect(setup.get_by_role("button", name="Custom")).to_have_class(re.compile("bk-active"))
    expect(setup.get_by_label("Channels")).to_have_value("6")
    expect(digits.part("curves").get_by_role("checkbox").first).to_be_checked()
    expect(page.locator(".pg-details .bk-tab.bk-active")).to_have_text("Samples")
    expect(page.locator(notice)).to_be_hidden()
    setup.get_by_role("button", name="LeNet-5").click()
    expect_address(page, f"?page=Digits&{LEFT}")
    digits.draw(SEVEN)
    digits.is_predicted("7")
    digits.play()

    # A page that is closing takes no clicks.
    line.hold()
    digits.go_to("Points")
    closing = digits.button("Pause")
    expect(closing).to_be_visible()
    assert closing.evaluate(IS_INERT)
    line.release()

    # Each page begins at its start.
    expect_heading(page, "Data")
    lab = LabPage(page)
    expect_address(
        page,
        "?page=Points&shape=arms&noise=0&classes_count=2&split=exact&features=x,y&hidden=4&pace=5",
    )
    expect(nav.locator(".bk-active")).to_have_text("Points")
    lab.wait_until(lambda: lab.epoch == 0)
    lab.play()
    page.get_by_role("button", name=re.compile("^circle: ")).click()
    expect_address(
        page, "?page=Points&noise=0&classes_count=2&split=exact&features=x,y&hidden=4&pace=5"
    )

    # When one comes back it is as it was left, and paused.
    lab.go_to("Digits")
    expect_heading(page, "Draw a digit")
    expect_address(page, f"?page=Digits&{LEFT}")
    expect(nav.locator(".bk-active")).to_have_text("Digits")
    expect(setup.get_by_role("button", name="LeNet-5")).to_have_class(re.compile("bk-active"))
    digits.is_predicted("7")
    digits.wait_until(lambda: digits.epoch > 0)
    expect(digits.button("Play")).to_be_visible()
    digits.play()
    digits.pause()


def expect_heading(page: Page, name: str) -> None:
    """Wait until the page with this heading is there."""
    expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=OPENING_MS)


def expect_address(page: Page, query: str) -> None:
    """Wait until the address bar says this and nothing else."""
    expect(page).to_have_url(re.compile(rf"/apps{re.escape(query)}$"))
