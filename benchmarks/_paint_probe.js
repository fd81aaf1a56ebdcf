// Notes what is really painted on the page, from inside it. Runs before anything else there.
//
// Bokeh puts a new picture into a canvas of its own once (putImageData) and draws that onto the
// figure whenever it paints it (drawImage). A painted frame is an animation frame in which the
// boundary was drawn with pixels that differ from those drawn before. The boundary's picture is
// the only large one; the small ones are the neurons of the diagram.
(() => {
  const LARGE = 100
  const canvas = CanvasRenderingContext2D.prototype
  const { putImageData, drawImage } = canvas
  const pictures = new WeakMap()
  const seen = { hash: null, discrete: null, diagram: "" }
  let diagram = { at: null, sizes: "" }
  let framed = null
  let waiting = null

  const bench = { frames: 0, firstPaint: null, numbers: null }
  window.bench = bench

  canvas.putImageData = function (image, ...rest) {
    if (image.width >= LARGE) pictures.set(this.canvas, look(new Uint32Array(image.data.buffer)))
    return putImageData.call(this, image, ...rest)
  }

  canvas.drawImage = function (source, ...rest) {
    if (pictures.has(source)) noteBoundary(pictures.get(source))
    else noteDiagram(source)
    return drawImage.call(this, source, ...rest)
  }

  function look(pixels) {
    let hash = 0
    for (let i = 0; i < pixels.length; i++) hash = (Math.imul(hash, 31) + pixels[i]) | 0
    const colours = new Set()
    for (let i = 0; i < pixels.length; i += 7) colours.add(pixels[i])
    return { hash, discrete: colours.size <= 3 }
  }

  function noteBoundary({ hash, discrete }) {
    if (bench.firstPaint === null) requestAnimationFrame(usable)
    if (hash === seen.hash) return
    Object.assign(seen, { hash, discrete })
    const now = document.timeline.currentTime
    if (framed !== now) bench.frames++
    framed = now
    check()
  }

  // The sizes of all pictures of neurons that were drawn in one animation frame.
  function noteDiagram({ width, height }) {
    const now = document.timeline.currentTime
    if (diagram.at !== now) diagram = { at: now, sizes: "" }
    diagram.sizes += ` ${width}x${height}`
    afterPaint(() => { seen.diagram = diagram.sizes; check() })
  }

  function check() {
    if (waiting === null || waiting.start === null || !waiting.effect()) return
    const { start, resolve } = waiting
    waiting = null
    afterPaint(() => resolve(performance.now() - start))
  }

  // A message posted while a frame is being drawn arrives when that frame is done.
  function afterPaint(call) {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => { port1.close(); call() }
    port2.postMessage(null)
  }

  // Asked once the boundary has been drawn, until it is seen.
  function usable() {
    if (bench.firstPaint !== null) return
    const [play, boundary] = [".pg-play button", ".pg-boundary canvas"].map((it) => find(document, it))
    if (!shown(play) || !shown(boundary)) return requestAnimationFrame(usable)
    bench.numbers = find(document, ".pg-numbers")
    bench.firstPaint = performance.now() / 1000
  }

  const shown = (element) => element !== null && element.getBoundingClientRect().width > 0

  // The first element for ".one .other" in document order, through shadow roots.
  function find(root, path) {
    return path.split(" ").reduce((inside, selector) => inside && findOne(inside, selector), root)
  }

  function findOne(root, selector) {
    const found = root.shadowRoot?.querySelector(selector) ?? root.querySelector(selector)
    if (found) return found
    for (const element of (root.shadowRoot ?? root).querySelectorAll("*")) {
      const inside = element.shadowRoot && findOne(element.shadowRoot, selector)
      if (inside) return inside
    }
    return null
  }

  const epoch = () => Number(bench.numbers.shadowRoot.querySelector("b").textContent.replace(/\D/g, ""))

  bench.pace = async (seconds) => {
    const [frames, epochs, start] = [bench.frames, epoch(), performance.now()]
    await new Promise((done) => setTimeout(done, 1000 * seconds))
    const passed = (performance.now() - start) / 1000
    return { frames: (bench.frames - frames) / passed, epochs: (epoch() - epochs) / passed }
  }

  // Milliseconds from the next click, as the browser received it, until its effect is painted.
  bench.effects = {
    discretise: () => { const before = seen.discrete; return () => seen.discrete !== before },
    neuron: () => { const before = seen.diagram; return () => seen.diagram !== before },
  }
  bench.arm = (name) => {
    bench.answer = new Promise((resolve) => {
      waiting = { start: null, effect: bench.effects[name](), resolve }
      const onClick = (event) => { waiting.start = event.timeStamp }
      window.addEventListener("pointerdown", onClick, { capture: true, once: true })
    })
  }
})()
