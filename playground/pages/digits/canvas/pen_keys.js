// A place over the canvas that can be focused, and the pen that its keys move.

const STEP = 1 / 24, SMALL_STEP = 1 / 96 // widths of the canvas; the small one with Shift
const MARGIN = 1 / 12
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const NAME = "Canvas. Arrows move the pen, Enter lowers and lifts it, Ctrl+Z takes a stroke back."

export function render({ model }) {
  const area = document.createElement("div")
  const pen = document.createElement("div")
  area.tabIndex = 0
  area.setAttribute("role", "application")
  area.setAttribute("aria-label", NAME)
  area.style.cssText = "position: absolute; inset: 0; outline-offset: -3px; border-radius: 8px"
  pen.style.cssText =
    "position: absolute; width: 16px; height: 16px; margin: -8px; border-radius: 50%; box-sizing: border-box; border: 2px solid var(--pg-ink); display: none"
  area.append(pen, liveRegion(model))
  let [x, y] = [0.5, 0.25]
  let isDown = false
  const show = () => {
    pen.style.left = `${100 * x}%`
    pen.style.top = `${100 * y}%`
    pen.style.background = isDown ? "var(--pg-class-1)" : "transparent"
  }
  const lift = () => {
    if (!isDown) return
    isDown = false
    model.send_msg("up")
    show()
  }
  const onKey = (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return
    if (event.key === "Enter" || event.key === " ") {
      if (isDown) lift()
      else {
        isDown = true
        model.send_msg(["down", x, y])
      }
    } else if (event.key in MOVES) {
      const [across, down] = MOVES[event.key]
      const step = event.shiftKey ? SMALL_STEP : STEP
      const within = (place) => Math.min(Math.max(place, MARGIN), 1 - MARGIN)
      x = within(x + step * across)
      y = within(y + step * down)
      if (isDown) model.send_msg(["to", x, y])
    } else return
    event.preventDefault() // it would scroll, or play
    event.stopPropagation()
    show()
  }
  area.addEventListener("keydown", onKey)
  area.addEventListener("focus", () => { pen.style.display = "block" })
  area.addEventListener("blur", () => {
    lift()
    pen.style.display = "none"
  })
  show()
  return area
}
