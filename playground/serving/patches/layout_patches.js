// Patches of BokehJS that have pages laid out with less work: fewer styles are written, read and computed. They
// are joined with those of bokeh_patches.js, which applies them.

// Bokeh rewrites the <style> elements of all axes and glyphs at each paint, and reads computed styles
// in between, so that the browser recalculates all styles a dozen times a frame: half the cost of
// painting a page. This skips the writes that change nothing.
// Related: https://github.com/bokeh/bokeh/issues/15286 (computed styles read at each paint).
// Example: a figure with two axes, a MutationObserver on the <style> elements in its shadow root, and
// `source.data = {x: [1, 2], y: [2, 1]}` once a frame: records arrive although no style changes.
function skipUnchangedStyles(internals) {
  const prototype = internals("core/dom")?.InlineStyleSheet?.prototype
  const update = prototype?._update
  if (update === undefined) return
  prototype._update = function (css) {
    if (this.el.textContent !== css) update.call(this, css)
  }
}

// To lay out one component anew, Bokeh lays out the whole page: it empties the <style> elements of every component
// and fills them again, mostly with what was there; then it writes those of a figure, and reads sizes for the next
// one. The browser calculates the styles of all components for each size that is read in between. This writes at the
// end of each step what has changed, which is next to nothing once a page is there.
// Related: https://github.com/bokeh/bokeh/issues/15286.
// Example: a page of 1,000 components, and the profile of `css_classes = ["other"]` for one of them.
function writeChangedStyles(internals) {
  const sheets = internals("core/dom")?.InlineStyleSheet?.prototype
  const views = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const css = sheets && Object.getOwnPropertyDescriptor(sheets, "css")
  const { _update: write } = sheets ?? {}
  const steps = ["update_layout", "measure_layout", "update_bbox", "_compute_layout", "after_layout"]
  if (css?.get === undefined || write === undefined || steps.some((name) => views?.[name] === undefined)) return
  let written // what is to be in each of the sheets; undefined outside of these steps
  sheets._update = function (text) {
    if (written === undefined) write.call(this, text)
    else written.set(this, text)
  }
  Object.defineProperty(sheets, "css", {
    ...css,
    get() {
      return written?.get(this) ?? css.get.call(this)
    },
  })
  for (const name of steps) {
    const step = views[name]
    views[name] = function () {
      if (written !== undefined) return step.call(this)
      written = new Map()
      try {
        return step.call(this)
      } finally {
        const changes = written
        written = undefined
        for (const [sheet, text] of changes) write.call(sheet, text)
      }
    }
  }
}

// Then each figure on the page is also put together and painted anew, for whatever component. Figures with the tag
// "pg-own-style", on which no style sheet has a say, stay as they are until they have another size.
// Example: a page with ten figures, and the calls of `PlotView.paint` after `visible = False` for a button.
function keepFigures(internals) {
  const layouts = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const figures = internals("models/plots/plot_canvas")?.PlotView?.prototype
  const { _update_layout: putTogether, render } = figures ?? {}
  if (layouts?._update_layout === undefined || layouts.invalidate_layout === undefined) return
  if (putTogether === undefined || render === undefined) return
  const complete = new WeakSet()
  figures.invalidate_layout = function () {
    complete.delete(this)
    layouts.invalidate_layout.call(this)
  }
  figures.render = function () {
    complete.delete(this)
    render.call(this)
  }
  figures._update_layout = function () {
    if (complete.has(this) && this.model.tags.includes("pg-own-style")) {
      layouts._update_layout.call(this)
    } else {
      putTogether.call(this)
      complete.add(this)
    }
  }
}

// Style sheets can colour the parts of a figure by variables like --bk-axis-line-color. At each paint and
// layout Bokeh reads every one of them from the computed styles, in between changes of styles, so that
// the browser calculates all styles anew dozens of times. This reads none for figures with the tag
// "pg-own-style", whose properties are set in Python.
// Related: https://github.com/bokeh/bokeh/issues/15286.
// Example: the profile of a page with ten figures while a column with one of them gets another child.
function readNoStylesOfFigures(internals) {
  const prototype = internals("core/visuals/visual")?.VisualProperties?.prototype
  const read = prototype?._get_css_value
  if (read === undefined) return
  prototype._get_css_value = function (name) {
    const { model } = this.obj.plot_view ?? this.obj
    return model.tags?.includes("pg-own-style") ? "" : read.call(this, name)
  }
}

// Each glyph has an empty element, which Bokeh moves at each paint to where the glyph is, by another style
// sheet: the browser then looks through the style sheets of the whole page. Nobody sees or points at these
// elements. In figures with the tag "pg-own-style" they stay hidden.
// Example: the profile of a page with 500 components while a line on it grows 30 times a second.
function hideElementsOfGlyphs(internals) {
  const prototype = internals("models/renderers/glyph_renderer")?.GlyphRendererView?.prototype
  const update = prototype?.update_position
  if (update === undefined) return
  prototype.update_position = function () {
    if (!this.plot_view.model.tags.includes("pg-own-style")) update.call(this)
    else if (this.position.css === "") this.position.replace(":host { display: none }")
  }
}

// When the box of a figure changes, Bokeh computes the figure's layout only if no ancestor has
// measured that box first. This happens while style sheets load one after another: the box is right,
// the figure inside keeps its old size.
// Related: https://github.com/bokeh/bokeh/issues/12640, https://github.com/holoviz/panel/issues/4922.
// Example: a figure with sizing_mode "stretch_both" in a column whose ImportedStyleSheet sets the
// column's height, and whose response is delayed by 200 ms.
function layOutResizedFigures(internals) {
  const prototype = internals("models/plots/plot_canvas")?.PlotView?.prototype
  const afterResize = prototype?.after_resize
  if (afterResize === undefined) return
  const layOut = (view) => {
    const [box, canvas] = [view.bbox, view.canvas_view?.bbox]
    const same = box.width === canvas?.width && box.height === canvas?.height
    if (box.width > 0 && canvas !== undefined && !same) view.compute_layout()
  }
  prototype.after_resize = function () {
    afterResize.call(this)
    layOut(this)
  }
  // Figures that were rendered before this patch.
  for (const view of window.Bokeh.index.query((each) => each.canvas_view !== undefined)) layOut(view)
}

// Each change of what a layout depends on has Bokeh lay out the whole page at once, although the next change
// follows: a column that gets a child does it three times. This lays out once, when the code that makes the
// changes has ended, and before anything is painted.
// Example: `column.children` gets a column with a collapsed Panel `Card`; count calls of `update_layout`.
function layOutOnce(internals) {
  const { LayoutDOMView } = internals("models/layouts/layout_dom") ?? {}
  const layOut = LayoutDOMView?.prototype.invalidate_layout
  if (layOut === undefined) return
  const waiting = new Set()
  LayoutDOMView.prototype.invalidate_layout = function () {
    if (this.parent instanceof LayoutDOMView) return this.parent.invalidate_layout()
    if (waiting.has(this)) return
    waiting.add(this)
    queueMicrotask(() => {
      waiting.delete(this)
      layOut.call(this)
    })
  }
}

// Panel lays out the whole page whenever the size of a component with JavaScript of its own is reported, which
// is so for each of them once it is added. This does so only where such a component has children to lay out:
// what stands around it is laid out by the browser, and figures report changes of their own size.
// Example: a column with ten JSComponents whose `render` returns a span; count calls of `compute_layout`.
function layOutNoLeaves(internals) {
  const { LayoutDOMView } = internals("models/layouts/layout_dom") ?? {}
  const component = window.Bokeh.Models["panel.models.esm.ReactiveESM"]?.prototype.default_view?.prototype
  const afterResize = component?._after_resize
  if (LayoutDOMView === undefined || afterResize === undefined) return
  component._after_resize = function () {
    if (this.model.children.length > 0 || !(this.parent instanceof LayoutDOMView)) afterResize.call(this)
  }
}

// Bokeh reads the size of a figure's font, for sizes that are multiples of it, each time that it measures a
// label, and the browser calculates all styles anew. Figures with the tag "pg-own-style" have sizes in pixels:
// of these it is not read.
// Example: the profile of a page that opens with ten figures.
function readNoFontSizes(internals) {
  const prototype = internals("models/plots/plot_canvas")?.PlotView?.prototype
  const property = prototype && Object.getOwnPropertyDescriptor(prototype, "base_font_size")
  if (property?.get === undefined) return
  const get = function () {
    return this.model.tags.includes("pg-own-style") ? null : property.get.call(this)
  }
  Object.defineProperty(prototype, "base_font_size", { ...property, get })
}

// Bokeh measures the parts of components, such as icons and the canvases of figures, as soon as they are on the page,
// which has no layout yet: the browser lays out all of it in vain. This leaves that to what measures them later,
// Bokeh's observers of sizes and the layout of a figure.
// Example: the profile of a page that opens with ten buttons with icons.
function measureOnceLaidOut(internals) {
  const prototype = internals("models/ui/ui_element")?.UIElementView?.prototype
  const { LayoutDOMView } = internals("models/layouts/layout_dom") ?? {}
  const afterRender = prototype?._after_render
  if (afterRender === undefined || LayoutDOMView === undefined) return
  prototype._after_render = function () {
    if (this.parent instanceof LayoutDOMView) this.update_style()
    else afterRender.call(this)
  }
}

// Bokeh builds six views of each glyph: as it is, for what is selected, for the rest, muted, hovered and for too
// many rows; each of them takes every new column, and computes colours and places. In figures with the tag
// "pg-own-style" nothing can be selected or muted: there one view stands for all but the hovered one.
// Example: a figure with an image of 100 x 100, and count calls of `ImageView.set_data` as its data change.
function buildGlyphsOnce(internals) {
  const prototype = internals("models/renderers/glyph_renderer")?.GlyphRendererView?.prototype
  const { build_glyph_view: build, children_views: children } = prototype ?? {}
  if (build === undefined || children === undefined) return
  const steps = ["set_base", "set_data", "set_visuals", "after_visuals", "after_lazy_visuals", "map_data", "remove"]
  const skipped = Object.fromEntries(steps.map((name) => [name, { value: () => {} }]))
  const standIns = new WeakSet()
  prototype.build_glyph_view = async function (glyph) {
    const { glyph: view, model } = this
    const own = this.plot_view.model.tags.includes("pg-own-style")
    if (!own || view === undefined || glyph === model.hover_glyph) return build.call(this, glyph)
    const standIn = Object.create(view, { ...skipped, paint: { value: (...given) => view.paint(...given) } })
    standIns.add(standIn)
    return standIn
  }
  prototype.children_views = function () {
    return children.call(this).filter((each) => !standIns.has(each))
  }
}

// A page's figures cost the browser more time than all else on it, and half of them are not seen at first. Columns with
// the tag "pg-later" are filled after the rest of the page has been painted, one after another, unless they are seen.
// Example: a column of ten figures, each in a column of its own; how long until the first of them is painted.
function fillLater(internals) {
  const prototype = internals("models/layouts/flex_box")?.FlexBoxView?.prototype
  const children = prototype && Object.getOwnPropertyDescriptor(prototype, "child_models")
  const afterRender = prototype?.after_render
  if (children?.get === undefined || afterRender === undefined) return
  const filled = new WeakSet()
  const isEmpty = (view) => view.model.tags.includes("pg-later") && !filled.has(view)
  const isSeen = ({ el }) => {
    const { top, bottom } = el.getBoundingClientRect()
    return top < innerHeight && bottom >= 0
  }
  const fill = async (view) => {
    if (!isEmpty(view) || view.is_destroyed) return
    filled.add(view)
    await view.build_child_views()
    if (!view.is_destroyed) view.invalidate_render()
  }
  let last = Promise.resolve()
  const fillAfterPainting = (view) => {
    const painted = last.then(() => new Promise((end) => setTimeout(end)))
    last = painted.then(() => fill(view)).catch((error) => console.error(error))
  }
  Object.defineProperty(prototype, "child_models", {
    ...children,
    get() {
      return isEmpty(this) ? [] : children.get.call(this)
    },
  })
  prototype.after_render = function () {
    afterRender.call(this)
    if (!isEmpty(this)) return
    // By then the page is laid out, but not painted.
    requestAnimationFrame(() => (isSeen(this) ? fill(this) : fillAfterPainting(this)))
  }
}
