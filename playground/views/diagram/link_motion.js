// Lets the dashes of links flow from left to right while the network trains: in the browser alone.

const PERIOD = 80 // milliseconds between two pictures
const STEP = 2 // pixels that the dashes move from one picture to the next

export function render({ model }) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)")
  let timer
  let offset = 0
  const links = () =>
    [...window.Bokeh.index.query((view) => view.model.tags?.includes(model.tag))]
      .flatMap((view) => view.model.renderers.map(({ glyph }) => glyph))
      .filter((glyph) => glyph.line_dash_offset !== undefined && glyph.type.endsWith("Bezier"))
  // The server is not informed: it keeps no offset.
  const moveTo = (position) => {
    offset = position
    for (const glyph of links()) glyph.setv({ line_dash_offset: { value: offset } }, { sync: false })
  }
  const follow = () => {
    clearInterval(timer)
    if (model.moving && !still.matches) {
      timer = setInterval(() => document.hidden || moveTo(offset - STEP), PERIOD)
    } else if (offset !== 0) {
      moveTo(0) // equal networks look the same
    }
  }
  model.on("moving", follow)
  still.addEventListener("change", follow)
  model.on("remove", () => {
    clearInterval(timer)
    still.removeEventListener("change", follow)
  })
  follow()
  return document.createElement("span")
}
