// The decision boundary, computed for the visible part of the plane.

import {marginIndices, valueIndex} from "./colours.js"
import {FINENESS, finerMargins} from "./finer_pictures.js"
import {clamp} from "./numbers.js"
import {picture} from "./plots.js"
import {SETTLED} from "./state.js"

const MOVING = 2.5e6 // multiplications a frame while something changes ...
const RESTING = 2.5e7 // ... and for the finer picture afterwards

export class Boundary {
  constructor(lab, plot) {
    Object.assign(this, {lab, plot})
    this.reading = document.querySelector("#place")
    this.limit = lab.data.limit
    const {figure, x_range: x, y_range: y} = plot
    for (const range of [x, y]) range.properties.start.change.connect(() => this.moved())
    figure.on_event("mousemove", (event) => this.point(event.x, event.y))
    figure.on_event("mouseleave", () => this.point(null, null))
    document.querySelector("#whole").addEventListener("click", () => this.zoom(null))
    document.querySelector("#nearer").addEventListener("click", () => this.zoom(0.6))
    document.querySelector("#farther").addEventListener("click", () => this.zoom(1 / 0.6))
  }

  /** The visible part of the plane. */
  get window() {
    const {x_range: x, y_range: y} = this.plot
    return {left: x.start, right: x.end, bottom: y.start, top: y.end}
  }

  /** Draw another part of the plane; where that is not all of it, it can be dragged. */
  moved() {
    const {low, high} = this.lab.plane
    const {left, right, bottom, top} = this.window
    this.plot.pan.active = left > low || right < high || bottom > low || top < high
    this.lab.state.set()
  }

  zoom(factor) {
    const {low, high} = this.lab.plane
    for (const range of [this.plot.x_range, this.plot.y_range]) {
      const middle = (range.start + range.end) / 2
      const half = (factor * (range.end - range.start)) / 2
      range.setv(factor ? {start: middle - half, end: middle + half} : {start: low, end: high})
    }
  }

  show() {
    const {state} = this.lab
    this.draw(this.side(state.busy ? MOVING : RESTING))
    this.showSamples()
    this.showReading()
    clearTimeout(this.later)
    if (state.busy) this.later = setTimeout(() => state.refresh(), SETTLED + 20)
  }

  /** Cells along each side of the picture, for a number of multiplications. */
  side(work) {
    return Math.round(clamp(Math.sqrt(work / (this.lab.network.dense.size + 20)), 40, 150))
  }

  draw(side) {
    const {left, right, bottom, top} = this.window
    const columns = this.lab.plane.grid(side, this.window)
    const data = {image: [this.picture(columns, side)], x: [left], y: [bottom]}
    this.plot.mapper.palette = this.palette
    this.plot.picture.data = {...data, dw: [right - left], dh: [top - bottom]}
  }

  get palette() {
    const {colours, unit, network, state} = this.lab
    if (unit || !network.classes.length) return colours.diverging
    return state.discretise ? colours.sharp : colours.blended
  }

  picture(columns, side) {
    const {network, state, unit} = this.lab
    if (unit) return picture(this.unitIndices(columns), side, side)
    const predictions = network.predict(state.weights, columns)
    const classes = network.classes.length
    if (!classes) return picture(this.valueIndices(predictions[0]), side, side)
    const finer = finerMargins(marginIndices(predictions), side, side, classes)
    return picture(finer, side * FINENESS, side * FINENESS)
  }

  valueIndices(values) {
    const {state} = this.lab
    const index = state.discretise ? (value) => valueIndex(Math.sign(value), 1)
      : (value) => valueIndex(value, this.limit)
    return Uint8Array.from(values, index)
  }

  unitIndices(columns) {
    const {network, state, unit} = this.lab
    const values = network.responses(state.weights, columns)[unit.layer + 1][unit.unit]
    const limit = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
    return Uint8Array.from(values, (value) => valueIndex(value, limit))
  }

  /** Draw the samples near the slice; test samples only if the box is checked. */
  showSamples() {
    const {samples, plane, state, network} = this.lab
    const key = JSON.stringify([plane.pins, state.tests])
    if (key === this.samplesKey) return
    this.samplesKey = key
    const {train, test} = samples
    this.plot.train.data = visible(train, plane, network, this.limit)
    this.plot.test.data = visible(state.tests ? test : none(test), plane, network, this.limit)
  }

  point(x, y) {
    this.pointer = x === null ? null : [x, y]
    this.showReading()
  }

  /** Show the prediction under the pointer, and a ring where the switches are. */
  showReading() {
    const {lab} = this
    const {axes} = lab.plane
    if (lab.switches) {
      const [across, up] = axes.map((axis) => lab.switches[axis])
      this.plot.ring.data = {x: [across], y: [up]}
    }
    if (!this.pointer) {
      this.reading.textContent = this.reading.dataset.idle
      return
    }
    const [across, up] = this.pointer.map((value) => Float32Array.of(value))
    const names = axes.map((axis, place) => (
      `${lab.units.names[axis]} = ${lab.units.place(axis, this.pointer[place])}`
    ))
    const label = document.createElement("span")
    label.textContent = `${names.join(", ")} `
    this.reading.replaceChildren(label, ...lab.predictionElements(lab.plane.columns(across, up)))
  }
}

function none({x}) {
  return {x: x.map(() => []), y: []}
}

function visible({x, y}, plane, {classes}, limit) {
  const near = plane.near(x)
  const rows = [...near.keys()].filter((row) => near[row])
  const run = Math.floor(256 / classes.length)
  const colour = (value) => (classes.length ? value * run + run - 1 : valueIndex(value, limit))
  const [across, up] = plane.axes.map((axis) => plane.coordinates(x[axis], axis))
  return {
    x: rows.map((row) => across[row]),
    y: rows.map((row) => up[row]),
    color: rows.map((row) => colour(y[row])),
  }
}
