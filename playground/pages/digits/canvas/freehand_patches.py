"""What Bokeh's tool that draws is taught in the browser."""

from __future__ import annotations

# Bokeh takes a pen that rests for a moment for a press, and what follows draws nothing; it takes
# the first five pixels for a tap, and a second finger (or the heel of a hand) for the pen. It
# reports that the pointer has come before the pointer is down. And where nothing has been painted
# since the page's styles came, it still believes the figure to be as large as without them.
#
# Its tool goes on with the last stroke on the sheet, whichever that is: if Python has written to
# the sheet meanwhile, the stroke under way must be put back. And of a stroke that ends beside the
# sheet it says nothing.
SETUP_JS = """
const view = Bokeh.index.find_one(cb_obj.origin)
if (view.frame.bbox.width != view.bbox.width) view.compute_layout()
const bus = view.canvas_view.ui_event_bus
if (!bus.draws) {
  bus.draws = true
  const pen = bus.ui_gestures
  pen._start_timeout = () => {}
  pen._within_threshold = (pointer) => {
    const {dx, dy} = pen._movement(pointer)
    return dx ** 2 + dy ** 2 <= 2
  }
  for (const kind of ["pointerdown", "pointermove", "pointerup"]) {
    view.el.addEventListener(kind, (event) => event.isPrimary || event.stopPropagation(), true)
  }
  const hand = bus._tools.get(tool)
  const draw = hand._draw
  const [xs, ys] = ["xs", "ys"].map((name) => () => source.get_array(name))
  let stroke = []
  hand._draw = (event, mode, ends) => {
    if (mode == "add" && xs().at(-1) !== stroke[0]) {
      xs().push(stroke[0])
      ys().push(stroke[1])
    }
    draw.call(hand, event, mode, false)
    if (mode == "new") stroke = [xs().at(-1), ys().at(-1)]
    if (ends) hand._emit_cds_changes(source)
  }
}
"""

# The tool that draws knows no dots, and browsers paint no line without length.
DOT_JS = """
if (cb_obj.x != null && cb_obj.y != null) {
  const {data} = source
  data.xs = [...data.xs, [cb_obj.x, cb_obj.x + 0.001]]
  data.ys = [...data.ys, [cb_obj.y, cb_obj.y]]
  source.change.emit()
  source.setv({data}, {check_eq: false})
}
"""

# What Python has written to the sheet has come.
ACKNOWLEDGE_JS = "tool.tags = cb_obj.tags"
