// Answers each frame once it has been painted, and mends three things in Bokeh and Panel that the
// pages need. Where a later version has no such insides, nothing is mended and nothing breaks.

// Each time it paints, Bokeh writes the style sheets of all axes and glyphs anew, and asks for
// computed styles in between, so that the browser works them out a dozen times a frame. What says
// the same as before need not be written.
function leaveSameStylesAlone(inside) {
  const sheet = inside("core/dom")?.InlineStyleSheet?.prototype
  const update = sheet?._update
  if (update === undefined) return
  sheet._update = function (css) {
    if (this.el.textContent !== css) update.call(this, css)
  }
}

// When a figure's box changes, Bokeh lays it out only if no ancestor has measured it meanwhile, as
// happens while style sheets arrive one after another: the figure keeps the size that it had.
function layOutWhatWasMeasured(inside) {
  const figure = inside("models/plots/plot_canvas")?.PlotView?.prototype
  const resized = figure?.after_resize
  if (resized === undefined) return
  const layOut = (view) => {
    const [box, drawn] = [view.bbox, view.canvas_view?.bbox]
    const same = box.width === drawn?.width && box.height === drawn?.height
    if (box.width > 0 && drawn !== undefined && !same) view.compute_layout()
  }
  figure.after_resize = function () {
    resized.call(this)
    layOut(this)
  }
  // Those that were there before.
  for (const view of window.Bokeh.index.query((each) => each.canvas_view !== undefined)) layOut(view)
}

// In a notebook, Panel sends back to the kernel all that came from there, late: old columns in the
// place of new ones. What was not changed here need not travel.
function keepWhatCameFromTheKernel() {
  const manager = window.Bokeh.Models["panel.models.comm_manager.CommManager"]?.prototype
  const changed = manager?._document_changed
  if (changed === undefined) return
  manager._document_changed = function (event) {
    if (event.sync !== false) changed.call(this, event)
  }
}

function mend() {
  if (window.Bokeh?.require === undefined || window.Bokeh.mended) return
  window.Bokeh.mended = true
  const inside = (name) => {
    try {
      return window.Bokeh.require(name)
    } catch {
      return undefined
    }
  }
  leaveSameStylesAlone(inside)
  layOutWhatWasMeasured(inside)
  keepWhatCameFromTheKernel()
}

export function render({ model }) {
  mend()
  model.on("tick", () => {
    const tick = model.tick
    requestAnimationFrame(() => model.send_msg(tick))
  })
  model.send_msg(0)
  return document.createElement("span")
}
