// Patches of FilePond, of which Panel's FileDropper is made. They are joined with those of bokeh_patches.js, which
// applies them.

// A page loads FilePond, which runs for 0.1 s of the processor and more by the clock, before it shows anything. Where
// the page keeps FilePond's scripts in a template, this loads them with the first widget that needs them.
// A page, or what is added to it, is shown when all its widgets are ready: nobody uploads before.
function loadUploadsLater() {
  const scripts = document.getElementById("pg-upload-scripts")?.content.querySelectorAll("script")
  const view = window.Bokeh.Models["panel.models.file_dropper.FileDropper"]?.prototype.default_view?.prototype
  if (scripts === undefined || view === undefined || window.FilePond !== undefined) return
  const { lazy_initialize: prepare, render } = view
  const { initialize: initializeInput, render: renderInput } = Object.getPrototypeOf(view)
  const run = ({ src }) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script")
      document.head.append(Object.assign(script, { src, async: false, onload: resolve, onerror: reject }))
    })
  const loadAll = async () => {
    await Promise.all([...scripts].map(run)) // which run in their order
    restFilePond()
  }
  let loading
  const load = () => (loading ??= loadAll().catch(() => (loading = undefined))) // the next widget tries again
  view.initialize = function () {
    initializeInput.call(this)
  }
  view.lazy_initialize = async function () {
    await prepare.call(this)
    await load()
    if (window.FilePond === undefined) return
    window.FilePond.registerPlugin(window.FilePondPluginFileValidateType, window.FilePondPluginFileValidateSize)
  }
  view.render = function () {
    if (window.FilePond !== undefined) return render.call(this)
    renderInput.call(this)
    const message = "What uploads need could not be loaded. Reload the page."
    this.input_el.replaceWith(Object.assign(document.createElement("div"), { textContent: message, style: "white-space: normal" }))
  }
}

// As soon as it is loaded, FilePond asks for 60 animation frames a second, for ever, also where nothing can be
// uploaded, and the browser composes the page each time. This lets it ask for all of them only while a file is
// on its way, and for two seconds after a widget was made, shown, resized or used; and for two a second otherwise.
// Upstream: https://github.com/pqina/filepond/issues/243 (the next major version stops by itself).
// Example: a page with a FileDropper, and the calls of `requestAnimationFrame` while nobody touches it.
function restFilePond() {
  const [pond, BUSY] = [window.FilePond, window.FilePond?.Status?.BUSY]
  const { create } = pond ?? {}
  if (create === undefined || BUSY === undefined || window.__framePainter === undefined) return
  pond.setOptions({ allowMinimumUploadDuration: false }) // It would show a file on its way for a second that has arrived.
  const [RESTING_MS, AWAKE_MS, STEPS] = [500, 2000, 10]
  const request = window.requestAnimationFrame
  const widgets = new Set()
  let tick, timer // what FilePond does in each frame; what calls it while it rests
  let awakeUntil = performance.now() + AWAKE_MS
  const isBusy = () => [...widgets].some((each) => each.status === BUSY)

  // A file is sent when its movement in the widget has come to an end, after a second. Who wants no motion gets
  // ten steps of it at once.
  const isReduced = matchMedia("(prefers-reduced-motion: reduce)")
  const hasten = (now) => {
    tick(now)
    const { readers, writers } = window.__framePainter
    for (let step = 1; step < STEPS && isReduced.matches && isBusy(); step += 1) {
      for (const read of readers) read()
      for (const write of writers) write(now)
    }
  }

  window.requestAnimationFrame = function (callback) {
    if (tick === undefined && String(callback).includes("readers.forEach")) tick = callback
    if (callback !== tick) return request.call(window, callback)
    if (performance.now() < awakeUntil || isBusy()) return request.call(window, hasten)
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      tick(performance.now())
    }, RESTING_MS)
    return 0 // which is no frame's number: nothing is cancelled by it
  }

  const wake = () => {
    awakeUntil = performance.now() + AWAKE_MS
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    request.call(window, tick)
  }
  const watch = (widget) => {
    widgets.add(widget)
    widget.on("destroy", () => widgets.delete(widget))
    for (const kind of ["dragenter", "drop", "input", "pointerdown"]) widget.element.addEventListener(kind, wake)
    new ResizeObserver(wake).observe(widget.element)
    wake()
    return widget
  }
  elementsWithin(document)
    .map((each) => pond.find(each))
    .filter((each) => each !== null)
    .forEach(watch)
  pond.create = (...made) => watch(create(...made))
}

// Return the elements of FilePond's widgets within a document or shadow root, and the shadow roots in it.
function elementsWithin(root) {
  return [...root.querySelectorAll("*")].flatMap((each) => [
    ...(each.classList.contains("filepond--root") ? [each] : []),
    ...(each.shadowRoot ? elementsWithin(each.shadowRoot) : []),
  ])
}
