// The weights of the first layer, one small picture a unit.

import {paintIndices, pixels, valueIndex} from "./colours.js"
import {written} from "./numbers.js"

const GAP = 2 // pixels between two tiles

export class Mosaic {
  /** `shape` is [tiles, height, width] of what `state.weights` holds. */
  constructor(state, shape, colours) {
    Object.assign(this, {state, shape, colours})
    this.canvas = document.querySelector("#mosaic")
    this.change = document.querySelector("#change")
    this.change.addEventListener("change", () => state.set())
    this.canvas.addEventListener("pointermove", (event) => this.point(event))
    this.canvas.addEventListener("pointerleave", () => this.point(null))
    new ResizeObserver(() => state.refresh()).observe(this.canvas.parentElement)
  }

  /** The weights of the checkpoint, or their change since the first. */
  get values() {
    const {weights, recorded} = this.state
    return this.change.checked ? weights.map((value, place) => value - recorded[place]) : weights
  }

  /** The number of columns with which tiles are largest, and their side in pixels. */
  arrange() {
    const [count, height, width] = this.shape
    const {clientWidth: wide, clientHeight: tall} = this.canvas.parentElement
    const side = (columns) => {
      const rows = Math.ceil(count / columns)
      return Math.min((wide / columns - GAP) / width, (tall / rows - GAP) / height)
    }
    const columns = Array.from({length: count}, (_, number) => number + 1)
      .reduce((best, each) => (side(each) > side(best) ? each : best))
    const cell = Math.min(side(columns), 90 / height)
    const step = [cell * height + GAP, cell * width + GAP]
    return {columns, cell, step, left: (wide - columns * step[1]) / 2, wide, tall}
  }

  show() {
    const {columns, cell, step, left, wide, tall} = this.grid = this.arrange()
    const [count, height, width] = this.shape
    const values = this.shown = this.values
    const limit = strongest(values)
    const palette = pixels(this.colours().diverging)
    const density = window.devicePixelRatio || 1
    Object.assign(this.canvas, {width: wide * density, height: tall * density})
    const context = this.canvas.getContext("2d")
    context.setTransform(density, 0, 0, density, 0, 0)
    context.imageSmoothingEnabled = false
    for (let tile = 0; tile < count; tile++) {
      const part = values.subarray(tile * height * width, (tile + 1) * height * width)
      const indices = Uint8Array.from(part, (value) => valueIndex(value, limit))
      const [x, y] = [left + (tile % columns) * step[1], Math.floor(tile / columns) * step[0]]
      context.drawImage(paintIndices(indices, width, height, palette), x, y, cell * width, cell * height)
    }
    this.showReading()
  }

  point(event) {
    this.pointer = event && [event.offsetX, event.offsetY]
    this.showReading()
  }

  /** Show the weight under the pointer. */
  showReading() {
    const {columns, cell, step, left} = this.grid
    const [count, height, width] = this.shape
    const reading = document.querySelector("#tile")
    const [x, y] = this.pointer ?? [-1, -1]
    const [across, down] = [Math.floor((x - left) / step[1]), Math.floor(y / step[0])]
    const column = Math.floor((x - left - across * step[1]) / cell)
    const row = Math.floor((y - down * step[0]) / cell)
    const tile = down * columns + across
    const inside = across >= 0 && across < columns && down >= 0 && tile < count && column < width && row < height
    reading.textContent = inside
      ? `unit ${tile + 1}, row ${row + 1}, column ${column + 1}: ${written(this.shown[(tile * height + row) * width + column])}`
      : reading.dataset.idle
  }
}

/** The value that gets the full colour: the largest, except for outliers. */
function strongest(values) {
  let [largest, squares] = [0, 0]
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value) || 0)
    squares += value * value || 0
  }
  return Math.min(largest, 3 * Math.sqrt(squares / values.length)) || 1
}
