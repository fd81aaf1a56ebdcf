// Runs whenever the pointer comes to the canvas; `source`, `tool` and `dotLength` are its arguments.
const figure = cb_obj.origin
const view = Bokeh.index.find_one(figure)

// If nothing was painted since the page's style sheets came, Bokeh still has the size without them.
if (view.frame.bbox.width != view.bbox.width) view.compute_layout()

// Bokeh has no options for these, and they are to hold for the canvas alone, not for other figures.
const gestures = view.canvas_view.ui_event_bus.ui_gestures
if (!Object.hasOwn(gestures, "_start_timeout")) {
  // A pointer that rests for 250 ms is a press, after which the same stroke would draw nothing.
  gestures._start_timeout = () => {}
  // Movements of up to 5 px are a tap: small strokes would become dots.
  gestures._within_threshold = (pointer) => {
    const { dx, dy } = gestures._movement(pointer)
    return dx ** 2 + dy ** 2 <= 2
  }
  // A second finger, or the heel of the hand, would draw on with the stroke of the first.
  for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
    view.el.addEventListener(kind, (event) => event.isPrimary || event.stopPropagation(), true)
  }
}

// Once for each figure, before its first stroke. The number of strokes drawn here goes to Python in
// the tags of the tool, ahead of the events of each stroke.
if (tool.tags.length == 0) {
  tool.tags = [0]
  const isInside = (event) =>
    [event.x, event.y].every((place) => -1e-9 <= place && place <= 1 + 1e-9)
  const count = () => {
    tool.tags = [tool.tags[0] + 1]
  }
  figure.on_event("panstart", (event) => isInside(event) && count())

  // The tool draws no dots, and browsers paint no line without length.
  const drawDot = (event) => {
    if (!isInside(event)) return
    count()
    source.get_array("xs").push([event.x, event.x + dotLength])
    source.get_array("ys").push([event.y, event.y])
    source.change.emit()
  }
  figure.on_event("tap", drawDot)
  figure.on_event("doubletap", drawDot)

  // Python writes all strokes anew. Those that it did not have whole yet are put back on top; the
  // tool goes on with the last one.
  let shown = source.data
  source.on_change(source.properties.data, () => {
    if (source.data === shown) return
    const missing = tool.tags[0] - source.tags[0]
    if (missing > 0) {
      for (const name of ["xs", "ys"]) {
        source.get_array(name).push(...shown[name].slice(-missing))
      }
      source.change.emit()
    }
    shown = source.data
  })
}
