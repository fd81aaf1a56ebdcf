// The sheet to draw on, with mouse, pen or finger.

import {clamp} from "./numbers.js"

const THICKNESS = 5 // pixels for each step of the brush, on a sheet of USUAL pixels
const USUAL = 300
const MOST_STEPS = 200

export class Sheet {
  /** `changed` is called whenever the drawing has changed; `ink` gives the colour of the pen. */
  constructor(changed, ink) {
    Object.assign(this, {changed, ink, strokes: [], before: []})
    this.canvas = document.querySelector("#sheet")
    this.brush = document.querySelector("#brush")
    const listen = (name, call) => this.canvas.addEventListener(name, call)
    listen("pointerdown", (event) => this.press(event))
    listen("pointermove", (event) => this.move(event))
    for (const name of ["pointerup", "pointercancel"]) listen(name, (event) => this.lift(event))
    this.brush.addEventListener("input", () => this.show())
    document.querySelector("#back").addEventListener("click", () => this.undo())
    document.querySelector("#clear").addEventListener("click", () => this.clear())
    new ResizeObserver(() => this.show()).observe(this.canvas)
  }

  press(event) {
    // A second finger, or the heel of a hand, is not the pen.
    if (!event.isPrimary || event.button) return
    event.preventDefault()
    this.canvas.setPointerCapture(event.pointerId)
    this.pen = event.pointerId
    this.take([...this.strokes, [this.place(event)]])
  }

  move(event) {
    if (event.pointerId !== this.pen) return
    const passed = event.getCoalescedEvents?.() ?? []
    this.strokes.at(-1).push(...(passed.length ? passed : [event]).map((each) => this.place(each)))
    this.show()
    this.changed()
  }

  lift(event) {
    if (event.pointerId === this.pen) this.pen = undefined
  }

  /** A place on the unit canvas. */
  place({clientX, clientY}) {
    const {left, top, width, height} = this.canvas.getBoundingClientRect()
    return [(clientX - left) / width, (clientY - top) / height]
  }

  /** Replace the drawing, in a step that can be taken back. */
  take(strokes) {
    this.before = [...this.before, this.strokes].slice(-MOST_STEPS)
    this.strokes = strokes
    this.show()
    this.changed()
  }

  undo() {
    if (!this.before.length) return
    this.strokes = this.before.pop()
    this.show()
    this.changed()
  }

  clear() {
    if (this.strokes.length) this.take([])
  }

  show() {
    const {clientWidth: side} = this.canvas
    const dense = window.devicePixelRatio || 1
    Object.assign(this.canvas, {width: side * dense, height: side * dense})
    const pen = this.canvas.getContext("2d")
    const width = (clamp(Number(this.brush.value), 1, 5) * THICKNESS * side) / USUAL
    pen.setTransform(dense, 0, 0, dense, 0, 0)
    Object.assign(pen, {strokeStyle: this.ink(), lineWidth: width, lineCap: "round", lineJoin: "round"})
    for (const stroke of this.strokes) {
      pen.beginPath()
      stroke.forEach(([x, y], point) => pen[point ? "lineTo" : "moveTo"](x * side, y * side))
      if (stroke.length === 1) pen.lineTo(stroke[0][0] * side + 0.01, stroke[0][1] * side)
      pen.stroke()
    }
    this.brush.style.setProperty("--share", (this.brush.value - 1) / 4)
    this.canvas.parentElement.classList.toggle("blank", !this.strokes.length)
    document.querySelector("#back").disabled = !this.before.length
  }
}
