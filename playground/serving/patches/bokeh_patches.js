// Patches of BokehJS and Panel that the pages need, applied once a browser page. Each names the
// issue it works around, or the smallest example that shows it. Where another version of Bokeh has
// no such internals, that patch is skipped and nothing breaks.

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

// Bokeh gives each cell of an Image glyph its colour, and interpolates nothing but colours, if at all. Of glyphs
// with the tag "pg-margins-k" this interpolates the margins of k classes; see finer_pictures.js.
function refineTaggedImages(internals) {
  const prototype = internals("models/glyphs/image")?.ImageView?.prototype
  const { _set_data: setData, connect_signals: connect } = prototype ?? {}
  if (setData === undefined || connect === undefined) return
  const classesOf = (glyph) => Number(glyph.tags.find((each) => /^pg-margins-/.test(each))?.split("-").at(-1))
  prototype._set_data = function (...rest) {
    const classes = classesOf(this.model)
    const pictures = this.image
    if (!classes || pictures === undefined) return setData.apply(this, rest)
    const get = (each) => {
      const picture = pictures.get(each)
      const [height, width] = picture.shape
      const finer = finerMargins(picture, height, width, classes)
      return Object.assign(finer, { dimension: 2, shape: [height * FINENESS, width * FINENESS] })
    }
    Object.defineProperty(this, "image", { configurable: true, enumerable: true, value: { get } })
    try {
      setData.apply(this, rest)
    } finally {
      Object.defineProperty(this, "image", { configurable: true, enumerable: true, value: pictures })
    }
  }
  prototype.connect_signals = function () {
    connect.call(this)
    this.connect(this.model.properties.tags.change, () => this._update_image())
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
// same address or text, and a component is rendered when its sheets are there. What a component computes for
// itself stays a <style> element before them. Sheets with the given addresses are asked for at once.
// Related: https://github.com/bokeh/bokeh/issues/14830.
// Example: 300 components with four ImportedStyleSheets each; the profile of a browser that opens them.
function shareStyleSheets(internals, addresses) {
  const { ImportedStyleSheet, InlineStyleSheet } = internals("models/dom/stylesheets") ?? {}
  const component = internals("core/dom_view")?.DOMComponentView?.prototype
  const element = internals("models/ui/styled_element")?.StyledElementView?.prototype
  const { empty, lazy_initialize: prepare } = component ?? {}
  const userStyleSheets = element?.user_stylesheets
  const canAdopt = "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype
  if (!canAdopt || ImportedStyleSheet === undefined || empty === undefined || userStyleSheets === undefined) return
  const shared = new Map() // by address or text
  const coming = new Map() // promises, by address
  const sheetOf = (key, fill) => {
    if (!shared.has(key)) shared.set(key, fill())
    return shared.get(key)
  }
  const imported = (address) => {
    const sheet = new CSSStyleSheet({ baseURL: address })
    const forget = () => shared.delete(address) // the next component that needs it tries again
    const filled = fetch(address)
      .then(async (response) => (response.ok ? sheet.replace(await response.text()) : forget()))
      .catch(forget)
      .finally(() => coming.delete(address))
    coming.set(address, filled)
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
  const addressesOf = new Map() // by what stands in models; undefined where it is of another host
  const addressOf = (url) => {
    if (!addressesOf.has(url)) {
      const { href, origin } = new URL(url, document.baseURI)
      addressesOf.set(url, origin === location.origin ? href : undefined)
    }
    return addressesOf.get(url)
  }
  const importedFrom = (url) => {
    const address = addressOf(url)
    return address && sheetOf(address, () => imported(address))
  }
  // Such sheets can't import others, and other hosts may not let their sheets be read. A component with one of
  // these keeps all of its own, in their order.
  const sharedSheet = (each) => {
    if (each.constructor === ImportedStyleSheet) return importedFrom(each.url)
    const text = each.constructor === InlineStyleSheet ? each.css : each
    if (typeof text === "string" && !text.includes("@import")) return sheetOf(text, () => written(text))
  }
  element.user_stylesheets = function () {
    const sheets = this.model.stylesheets.map(sharedSheet)
    return sheets.includes(undefined) ? userStyleSheets.call(this) : sheets.map((each) => new Adopted(each))
  }
  component.lazy_initialize = async function () {
    for (const { url } of this.model.stylesheets ?? []) if (url !== undefined) importedFrom(url)
    await prepare.call(this)
    await Promise.all(coming.values())
  }
  addresses.forEach(importedFrom)
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

// Panel has the browser import the script of each component as a module from a blob, which takes a message to another
// process and back each; a page is built when all of them have come. Here the scripts of components with a bundle's
// name that import nothing are run as functions. It is for pages of our own server, which allows that.
// Example: the timeline of a page that opens with ten JSComponents, between its document and its first layout.
function runScriptsAtOnce() {
  const component = window.Bokeh.Models["panel.models.esm.ReactiveESM"]?.prototype
  const { recompile, init_module: initModule } = component ?? {}
  if (recompile === undefined || initModule === undefined || component._render_code === undefined) return
  const modules = new Map() // by name of the bundle; null where a script exports or imports something else
  const run = (script, name) => {
    const body = script
      .replace(/^export function (\w+)/gm, "exports.$1 = $1\nfunction $1")
      .replace(/^export const (\w+) = /gm, "const $1 = exports.$1 = ")
      .replace(/^export default /gm, "exports.default = ")
    if (/^(ex|im)port\b/m.test(body)) return null
    const exported = {}
    new Function("exports", `"use strict"\n${body}\n//# sourceURL=playground/${name}.js`)(exported)
    return exported
  }
  const moduleOf = (name, script) => {
    if (!modules.has(name)) modules.set(name, run(script, name))
    return modules.get(name)
  }
  component.recompile = async function () {
    const isNamed = this.bundle !== null && this.bundle !== "url"
    const module = isNamed ? moduleOf(this.bundle, this.esm) : null
    if (module === null) return recompile.call(this)
    this.compiled = this.esm
    this.compiled_module = Promise.resolve(module)
    this.init_module()
  }
  component.init_module = function () {
    const module = moduleOf(this._render_cache_key, this._render_code())
    if (module === null) initModule.call(this)
    else this.render_module = Promise.resolve(module)
  }
}

function patch(styleSheets = []) {
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
  buildGlyphsOnce(internals)
  layOutResizedFigures(internals)
  layOutOnce(internals)
  layOutNoLeaves(internals)
  readNoFontSizes(internals)
  measureOnceLaidOut(internals)
  awaitLabels(internals)
  sendOnlyOwnChanges()
  keepClicks()
  outlineForKeysOnly()
  smoothTaggedImages(internals)
  refineTaggedImages(internals)
  clearWholeCanvas(internals)
  shareStyleSheets(internals, styleSheets)
  showLateChildren(internals)
  buildChildrenInTurn(internals)
  fillLater(internals)
  restFilePond()
  loadUploadsLater()
}

export function render() {
  patch()
  return document.createElement("span")
}
