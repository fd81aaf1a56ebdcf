// A canvas for drawing with mouse, pen or finger.

import {clamp} from "./numbers.js"

const BRUSH_STEP = 5 // pixels on a canvas of REFERENCE_SIZE pixels
const REFERENCE_SIZE = 300
const MAX_UNDO_STEPS = 200

export class DrawingCanvas {
  /** `onChange` is called whenever the drawing has changed; `getColour` returns the colour of the ink. */
  constructor(onChange, getColour) {
    Object.assign(this, {onChange, getColour, strokes: [], undoSteps: []})
    this.canvas = document.querySelector("#drawing")
    this.brush = document.querySelector("#brush")
    const listen = (name, call) => this.canvas.addEventListener(name, call)
    listen("pointerdown", (event) => this.press(event))
    listen("pointermove", (event) => this.move(event))
    for (const name of ["pointerup", "pointercancel"]) listen(name, (event) => this.lift(event))
    this.brush.addEventListener("input", () => this.show())
    document.querySelector("#undo-stroke").addEventListener("click", () => this.undo())
    document.querySelector("#clear").addEventListener("click", () => this.clear())
    new ResizeObserver(() => this.show()).observe(this.canvas)
  }

  press(event) {
    // A second finger, or the palm of the hand, must not draw.
    if (!event.isPrimary || event.button) return
    event.preventDefault()
    this.canvas.setPointerCapture(event.pointerId)
    this.pen = event.pointerId
    this.replaceStrokes([...this.strokes, [this.position(event)]])
  }

  move(event) {
    if (event.pointerId !== this.pen) return
    const events = event.getCoalescedEvents?.() ?? []
    this.strokes.at(-1).push(...(events.length ? events : [event]).map((each) => this.position(each)))
    this.show()
    this.onChange()
  }

  lift(event) {
    if (event.pointerId === this.pen) this.pen = undefined
  }

  /** The position of an event on a unit canvas. */
  position({clientX, clientY}) {
    const {left, top, width, height} = this.canvas.getBoundingClientRect()
    return [(clientX - left) / width, (clientY - top) / height]
  }

  /** Replace the drawing, in a step that can be undone. */
  replaceStrokes(strokes) {
    this.undoSteps = [...this.undoSteps, this.strokes].slice(-MAX_UNDO_STEPS)
    this.strokes = strokes
    this.show()
    this.onChange()
  }

  undo() {
    if (!this.undoSteps.length) return
    this.strokes = this.undoSteps.pop()
    this.show()
    this.onChange()
  }

  clear() {
    if (this.strokes.length) this.replaceStrokes([])
  }

  show() {
    const {clientWidth: side} = this.canvas
    const density = window.devicePixelRatio || 1
    Object.assign(this.canvas, {width: side * density, height: side * density})
    const context = this.canvas.getContext("2d")
    const width = (clamp(Number(this.brush.value), 1, 5) * BRUSH_STEP * side) / REFERENCE_SIZE
    context.setTransform(density, 0, 0, density, 0, 0)
    Object.assign(context, {strokeStyle: this.getColour(), lineWidth: width, lineCap: "round", lineJoin: "round"})
    for (const stroke of this.strokes) {
      context.beginPath()
      stroke.forEach(([x, y], point) => context[point ? "lineTo" : "moveTo"](x * side, y * side))
      if (stroke.length === 1) context.lineTo(stroke[0][0] * side + 0.01, stroke[0][1] * side)
      context.stroke()
    }
    this.brush.style.setProperty("--share", (this.brush.value - 1) / 4)
    this.canvas.parentElement.classList.toggle("blank", !this.strokes.length)
    document.querySelector("#undo-stroke").disabled = !this.undoSteps.length
  }
}
