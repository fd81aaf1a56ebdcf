// Patches of BokehJS and Panel that the pages need, applied once a browser page. Each names the
// issue it works around, or the smallest example that shows it. Where another version of Bokeh has
// no such internals, that patch is skipped and nothing breaks.

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
// and fills them again, mostly with what was there. The browser then calculates the styles of all components, and
// again for each size that is read in between. This writes at the end what has changed, which is next to nothing.
// Related: https://github.com/bokeh/bokeh/issues/15286.
// Example: a page of 1,000 components, and the profile of `css_classes = ["other"]` for one of them.
function writeChangedStyles(internals) {
  const sheets = internals("core/dom")?.InlineStyleSheet?.prototype
  const views = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const css = sheets && Object.getOwnPropertyDescriptor(sheets, "css")
  const { _update: write } = sheets ?? {}
  const { update_layout: update } = views ?? {}
  if (css?.get === undefined || write === undefined || update === undefined) return
  let written // what is to be in each of the sheets; undefined while no layout is updated
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
  views.update_layout = function () {
    if (written !== undefined) return update.call(this)
    written = new Map()
    try {
      update.call(this)
    } finally {
      const changes = written
      written = undefined
      for (const [sheet, text] of changes) write.call(sheet, text)
    }
  }
}

// Then each figure on the page is also put together and painted anew, for whatever component. Figures with the tag
// "pg-own-style", on which no style sheet has a say, stay as they are until they have another size.
// Example: a page with ten figures, and the calls of `PlotView.paint` after `visible = False` for a button.
function keepFigures(internals) {
  const layouts = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const figures = internals("models/plots/plot_canvas")?.PlotView?.prototype
  const { _update_layout: updateLayout, invalidate_layout: invalidate } = layouts ?? {}
  const { _update_layout: putTogether, render } = figures ?? {}
  if (updateLayout === undefined || invalidate === undefined || putTogether === undefined) return
  if (render === undefined) return
  const complete = new WeakSet()
  let changed // the component for which the page is laid out
  layouts.invalidate_layout = function () {
    const outer = changed
    changed ??= this
    try {
      invalidate.call(this)
    } finally {
      changed = outer
    }
  }
  figures.render = function () {
    complete.delete(this)
    render.call(this)
  }
  figures._update_layout = function () {
    const isAnother = changed !== undefined && changed !== this
    if (isAnother && complete.has(this) && this.model.tags.includes("pg-own-style")) {
      updateLayout.call(this)
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

// The labels of a text glyph are made asynchronously. When its data get shorter, and another change
// has the glyph's visuals computed meanwhile, Bokeh looks up colours for the labels of before, throws
// "RangeError: Offset is outside the bounds of the DataView" and gives up the update for good. This
// waits for the labels: each update computes the visuals once more when they are there.
// Example: a text glyph with a column of colours and a colour mapper, and in one message
// `source.data` with fewer rows, a new palette and a new font size.
function awaitLabels(internals) {
  const prototype = internals("models/glyphs/text")?.TextView?.prototype
  const afterVisuals = prototype?.after_visuals
  if (afterVisuals === undefined) return
  prototype.after_visuals = function () {
    if (this.labels?.length === this.data_size) afterVisuals.call(this)
  }
}

// In a notebook, Panel's CommManager (https://github.com/holoviz/panel/pull/1171) sends every change
// of the document to the kernel, also those that came from the kernel. They arrive late, and old data
// replaces newer data. This sends only changes made in the browser.
// Example, in JupyterLab: a ColumnDataSource that the kernel replaces 20 times a second with
// `push_notebook`; its Python `data` jumps back to columns of some 100 ms before.
function sendOnlyOwnChanges() {
  const prototype = window.Bokeh.Models["panel.models.comm_manager.CommManager"]?.prototype
  const documentChanged = prototype?._document_changed
  if (documentChanged === undefined) return
  prototype._document_changed = function (event) {
    if (event.sync !== false) documentChanged.call(this, event)
  }
}

// Bokeh makes a button's element anew when a property of it changes, and takes a child out of the
// page and puts it back when its siblings change. If that happens between press and release, the
// browser fires no click. This clicks the element that is there at the release, if the mouse is
// released over the widget that it was pressed on.
// Example: `button.on_click(print)`, and `view.render()` in the console while the mouse is down.
function keepClicks() {
  const widgetOf = (button) => button?.getRootNode().host
  let pressed, clicked
  const onPress = (event) => {
    const button = event.composedPath().find((each) => each.localName === "button")
    const widget = widgetOf(button)
    const ofBokeh = event.button === 0 && /\bbk-/.test(widget?.className)
    const buttons = ofBokeh ? [...widget.shadowRoot.querySelectorAll("button")] : []
    pressed = ofBokeh ? { widget, number: buttons.indexOf(button) } : undefined
    clicked = false
  }
  const onRelease = (event) => {
    const [last, over] = [pressed, event.composedPath()]
    pressed = undefined
    const button = last?.widget.shadowRoot.querySelectorAll("button")[last.number]
    if (button === undefined || !over.includes(button)) return
    // The browser fires its click right after this event, before any timer. Touch is different, but
    // a finger is not lost: its click goes to what is there at the end.
    setTimeout(() => clicked || button.click())
  }
  const onClick = (event) => {
    clicked ||= event.composedPath().some((each) => each.localName === "button")
  }
  document.addEventListener("mousedown", onPress, true)
  document.addEventListener("mouseup", onRelease, true)
  document.addEventListener("click", onClick, true)
}

// Bokeh draws each cell of an Image glyph as a square with sharp edges, and has an option for
// interpolation only for ImageURL (https://docs.bokeh.org/en/3.9.0/docs/reference/models/glyphs/image_url.html).
// This interpolates the pictures of glyphs with the tag "pg-smooth".
function smoothTaggedImages(internals) {
  const prototype = internals("models/glyphs/image_base")?.ImageBaseView?.prototype
  const paint = prototype?._paint
  if (paint === undefined) return
  prototype._paint = function (context, ...rest) {
    if (!this.model.tags.includes("pg-smooth")) return paint.call(this, context, ...rest)
    // Hides the property of the context that Bokeh switches off; it is on by default.
    const kept = { value: true, writable: true, configurable: true }
    Object.defineProperty(context, "imageSmoothingEnabled", kept)
    try {
      paint.call(this, context, ...rest)
    } finally {
      delete context.imageSmoothingEnabled
    }
  }
}

// Bokeh focuses a figure by script when it is clicked, and the browser takes that for the keyboard: it
// outlines the figure. This leaves figures that were clicked without an outline, until a key is pressed.
// Example: a figure with a TapTool; click it, and `figure.matches(":focus-visible")` in the console.
function outlineForKeysOnly() {
  const clicked = new Set()
  const onPress = (event) => {
    const path = event.composedPath()
    const end = path.findIndex((each) => each.classList?.contains("bk-Figure"))
    // Of a figure, the layer that takes the events is focused too.
    for (const each of path.slice(0, end + 1)) {
      if (!each.matches?.(".bk-Figure, .bk-events")) continue
      each.style.setProperty("outline", "none", "important") // no style sheet of a page is in each root
      clicked.add(each)
    }
  }
  const onKey = () => {
    for (const figure of clicked) figure.style.removeProperty("outline")
    clicked.clear()
  }
  document.addEventListener("pointerdown", onPress, true)
  document.addEventListener("keydown", onKey, true)
}

// Bokeh clears a canvas after it has moved the origin by half a pixel, so that of the first row and the
// first column half of what was painted stays. This clears all of it.
// Example: a figure without borders whose text glyph reaches over its left edge, and other text.
function clearWholeCanvas(internals) {
  const prototype = internals("core/util/canvas")?.CanvasLayer?.prototype
  const clear = prototype?.clear
  if (clear === undefined) return
  prototype.clear = function () {
    clear.call(this)
    if (!(this.ctx instanceof CanvasRenderingContext2D)) return
    this.undo_transform((context) => context.clearRect(0, 0, this.canvas.width, this.canvas.height))
  }
}

// Bokeh puts the style sheets of a component into its shadow root one by one, those with an address as
// <link> elements: each is looked up in the browser's cache and applied when it has come, and the page is
// laid out anew each time. A page has thousands. Here all shadow roots adopt the same sheet for the
// same address or text. What a component computes for itself stays a <style> element before them.
// Related: https://github.com/bokeh/bokeh/issues/14830.
// Example: 300 components with four ImportedStyleSheets each; the profile of a browser that opens them.
function shareStyleSheets(internals) {
  const { ImportedStyleSheet, InlineStyleSheet } = internals("core/dom") ?? {}
  const component = internals("core/dom_view")?.DOMComponentView?.prototype
  const element = internals("models/ui/styled_element")?.StyledElementView?.prototype
  const { empty } = component ?? {}
  const userStyleSheets = element?.user_stylesheets
  const canAdopt = "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype
  if (!canAdopt || ImportedStyleSheet === undefined || empty === undefined || userStyleSheets === undefined) return
  const shared = new Map() // by address or text
  const sheetOf = (key, fill) => {
    if (!shared.has(key)) shared.set(key, fill())
    return shared.get(key)
  }
  const imported = (address) => {
    const sheet = new CSSStyleSheet({ baseURL: address })
    const forget = () => shared.delete(address) // the next component that needs it tries again
    fetch(address)
      .then(async (response) => (response.ok ? sheet.replace(await response.text()) : forget()))
      .catch(forget)
    return sheet
  }
  const written = (text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  }
  class Adopted {
    constructor(sheet) {
      this.sheet = sheet
    }
    install(root) {
      this.root = root
      root.adoptedStyleSheets.push(this.sheet)
    }
    uninstall() {
      const sheets = this.root?.adoptedStyleSheets ?? []
      const place = sheets.indexOf(this.sheet)
      if (place >= 0) sheets.splice(place, 1)
    }
  }
  // Such sheets can't import others, and other hosts may not let their sheets be read. A component with one of
  // these keeps all of its own, in their order.
  const canShare = (each) =>
    each.constructor === InlineStyleSheet
      ? !each.css.includes("@import")
      : each.constructor === ImportedStyleSheet && each.el.href.startsWith(`${location.origin}/`)
  element.user_stylesheets = function () {
    const sheets = userStyleSheets.call(this)
    if (!sheets.every(canShare)) return sheets
    return sheets.map((each) => {
      const address = each.el.href
      const sheet = address ? sheetOf(address, () => imported(address)) : sheetOf(each.css, () => written(each.css))
      return new Adopted(sheet)
    })
  }
  component.empty = function () {
    this.shadow_el.adoptedStyleSheets = []
    empty.call(this)
  }
}

// Bokeh builds the views of a page's components one after another, and has each listen to changes only when
// it and those beside it are built. A child that is added meanwhile is never shown. Each component looks for
// such children here once it is rendered.
// Example: a column whose `children` get one more between `build_view(column)` and the end of its promise.
function showLateChildren(internals) {
  const prototype = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const afterRender = prototype?.after_render
  if (afterRender === undefined || prototype.update_children === undefined) return
  prototype.after_render = function () {
    afterRender.call(this)
    if (this.child_models.some((each) => !this._child_views.has(each))) this.update_children()
  }
}

// Two changes of a component's children, of which the second comes while the views for the first are built,
// make two views of one child. This builds one after the other.
// Fixed in Bokeh 3.10: https://github.com/bokeh/bokeh/issues/15358.
function buildChildrenInTurn(internals) {
  const prototype = internals("models/layouts/layout_dom")?.LayoutDOMView?.prototype
  const build = prototype?.build_child_views
  if (build === undefined) return
  const turns = new WeakMap()
  prototype.build_child_views = function () {
    const built = (turns.get(this) ?? Promise.resolve()).then(() => build.call(this))
    turns.set(
      this,
      built.catch(() => undefined),
    )
    return built
  }
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
// this reads it once for each of them.
// Example: the profile of a page that opens with ten figures.
function readFontSizeOnce(internals) {
  const prototype = internals("models/plots/plot_canvas")?.PlotView?.prototype
  const property = prototype && Object.getOwnPropertyDescriptor(prototype, "base_font_size")
  if (property?.get === undefined) return
  const known = new WeakMap()
  const get = function () {
    if (!this.model.tags.includes("pg-own-style")) return property.get.call(this)
    if (!known.has(this)) known.set(this, property.get.call(this))
    return known.get(this)
  }
  Object.defineProperty(prototype, "base_font_size", { ...property, get })
}

function patch() {
  if (window.Bokeh?.require === undefined || window.Bokeh.patchedByPlayground) return
  window.Bokeh.patchedByPlayground = true
  const internals = (name) => {
    try {
      return window.Bokeh.require(name)
    } catch {
      return undefined
    }
  }
  skipUnchangedStyles(internals)
  writeChangedStyles(internals)
  keepFigures(internals)
  readNoStylesOfFigures(internals)
  hideElementsOfGlyphs(internals)
  layOutResizedFigures(internals)
  layOutOnce(internals)
  layOutNoLeaves(internals)
  readFontSizeOnce(internals)
  awaitLabels(internals)
  sendOnlyOwnChanges()
  keepClicks()
  outlineForKeysOnly()
  smoothTaggedImages(internals)
  clearWholeCanvas(internals)
  shareStyleSheets(internals)
  showLateChildren(internals)
  buildChildrenInTurn(internals)
}

export function render() {
  patch()
  return document.createElement("span")
}
