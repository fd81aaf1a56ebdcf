"""Latency from a pen movement on the canvas to repainted probability bars, in a browser."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import _root
from _chromium import chromium
from playwright.sync_api import Page

from tests.support.servers.server import PanelServer

APP = _root.ROOT / "apps" / "digits.py"
PROBE = """
(() => {
  // A canvas is identified by the card around it; parents may be shadow roots.
  const canvas = CanvasRenderingContext2D.prototype
  const { clearRect } = canvas
  const within = (element, name) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host)
      if (at.classList?.contains(name)) return true
    return false
  }
  const pen = { moved: null, resolve: null }
  window.pen = pen
  canvas.clearRect = function (...box) {
    if (pen.moved !== null && within(this.canvas, "pg-readings")) {
      const { moved, resolve } = pen
      pen.moved = null
      // A message posted while a frame is being drawn arrives when that frame is done.
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now() - moved)
      port2.postMessage(null)
    }
    return clearRect.apply(this, box)
  }
  pen.arm = () => {
    pen.answer = new Promise((resolve) => {
      pen.resolve = resolve
      window.addEventListener("pointermove", (event) => { pen.moved = event.timeStamp },
        { capture: true, once: true })
    })
  }
})()
"""


def pen_to_bars_ms(moves: int) -> float:
    """Return the median milliseconds from a pen event in the browser to repainted bars."""
    with TemporaryDirectory() as folder:
        server = PanelServer(APP, log=Path(folder) / "server.log")
        try:
            with chromium() as browser:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.add_init_script(PROBE)
                page.goto(f"{server.url()}/{APP.stem}", timeout=60_000)
                page.locator(".pg-play button").wait_for(timeout=60_000)
                return round(median(strokes(page, moves)), 1)
        finally:
            server.stop()


def strokes(page: Page, moves: int) -> list[float]:
    """Draw a zigzag line and return the milliseconds of each of its steps."""
    box = page.locator(".pg-sheet .bk-Figure").bounding_box()
    assert box is not None, "there is no canvas"
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + 0.3 * side, y + 0.3 * side)
    page.mouse.down()
    page.mouse.move(x + 0.32 * side, y + 0.3 * side)
    measurements = []
    for step in range(moves):
        share = 0.35 + 0.4 * step / moves
        page.evaluate("() => pen.arm()")
        page.mouse.move(x + share * side, y + (0.3 + 0.2 * (step % 2)) * side)
        measurements.append(float(page.evaluate("() => pen.answer")))
    page.mouse.up()
    return measurements
