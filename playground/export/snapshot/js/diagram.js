// The network as a diagram, as on the page; a click selects a weight, which can then be changed.

import {paintIndices, pixels, valueIndex} from "./colours.js"
import {largestWeights, linkPath, linkStyle, links, maxLinkWidth, visibleLinks} from "./links.js"
import {written} from "./numbers.js"

const TOLERANCE = 5 // pixels between the pointer and a link that it hits
const CORNER = 0.12 // radius of a tile's corners, as a share of its side
const HALF_STRENGTH = 0.5 // the size of a bias that is drawn with half of the strongest colour

export class Diagram {
  constructor(lab, layouts) {
    Object.assign(this, {lab, layouts})
    this.links = links(lab.network.dense)
    this.canvas = document.querySelector("#diagram")
    this.context = this.canvas.getContext("2d")
    this.canvas.addEventListener("pointermove", (event) => this.hover(this.at(event)))
    this.canvas.addEventListener("pointerleave", () => this.hover(null))
    this.canvas.addEventListener("click", (event) => this.click(this.at(event)))
    new ResizeObserver(() => this.fit()).observe(this.canvas.parentElement)
    this.fit()
  }

  /** Choose the largest layout that fits, and enlarge it to fill the card. */
  fit() {
    const {clientWidth: width, clientHeight: height} = this.canvas.parentElement
    const scale = ({size}) => Math.min(width / size[0], height / size[1])
    const area = (each) => (scale(each) >= 1 ? each.size[0] * each.size[1] : scale(each))
    this.layout = this.layouts.reduce((best, each) => (area(each) > area(best) ? each : best))
    this.scale = scale(this.layout)
    this.left = (width - this.layout.size[0] * this.scale) / 2
    const density = window.devicePixelRatio || 1
    Object.assign(this.canvas, {width: width * density, height: height * density})
    this.lab.state.refresh()
  }

  get focus() {
    return [this.lab.state.selected, this.hovered].filter(Boolean)
  }

  show() {
    const {context, layout} = this
    const density = window.devicePixelRatio || 1
    const {weights} = this.lab.state
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    context.setTransform(density * this.scale, 0, 0, density * this.scale, density * this.left, 0)
    this.drawLinks(weights)
    this.drawTiles(weights)
    this.drawFocus()
    this.drawLabels(layout)
    this.showReading()
  }

  drawLinks(weights) {
    const {context, lab: {colours}} = this
    const drawn = visibleLinks(this.links, weights, this.focus)
    const maxWidth = maxLinkWidth(this.layout.tile, drawn)
    const largest = largestWeights(drawn, weights)
    this.drawn = drawn.map((each) => ({...each, path: linkPath(this.layout, each)}))
    context.save()
    for (const each of this.drawn) {
      const {width, alpha} = linkStyle(each, weights, largest, maxWidth, this.focus.length > 0)
      const plus = weights[each.link.index] > 0
      each.width = width
      context.setLineDash(plus ? [] : [12, 3])
      Object.assign(context, {lineWidth: width, globalAlpha: alpha, strokeStyle: colours.classes[plus ? 1 : 0]})
      context.stroke(each.path)
    }
    context.restore()
  }

  drawTiles(weights) {
    const {lab: {network, plane, colours}, layout} = this
    const responses = network.responses(weights, plane.grid(layout.cells))
    this.palette = pixels(colours.diverging)
    responses.flat().forEach((values, tile) => this.drawTile(values, tile))
    network.dense.layers.forEach(({units}, layer) => {
      for (let unit = 0; unit < units; unit++) {
        const bias = weights[network.dense.index({layer, unit, source: null})]
        const index = valueIndex(bias / (HALF_STRENGTH + Math.abs(bias)), 1)
        const path = this.round(this.dot(layout.starts[layer + 1] + unit))
        this.context.fillStyle = colours.diverging[index]
        this.context.fill(path)
        this.outline(path, 1)
      }
    })
    this.drawSwatches()
  }

  drawTile(values, tile) {
    const {layout, context, lab: {colours}} = this
    const limit = values.reduce((largest, value) => Math.max(largest, Math.abs(value) || 0), 1)
    const indices = Uint8Array.from(values, (value) => valueIndex(value, limit))
    const {cells, tile: side} = layout
    const path = this.rounded(this.centre(tile), side)
    context.save()
    Object.assign(context, {shadowColor: "rgb(0 0 0 / 0.25)", shadowBlur: 5, shadowOffsetY: 3, fillStyle: colours.muted})
    context.fill(path)
    context.restore()
    context.save()
    context.clip(path)
    context.translate(...this.centre(tile))
    context.scale(1, -1) // pictures begin with the lowest row
    context.drawImage(paintIndices(indices, cells, cells, this.palette), -side / 2, -side / 2, side, side)
    context.restore()
    this.outline(path, 1.5)
  }

  drawSwatches() {
    const {layout, context, lab: {colours, network}} = this
    const {units} = network.dense.layers.at(-1)
    if (units !== network.classes.length) return
    for (let unit = 0; unit < units; unit++) {
      const [, y] = this.centre(layout.starts.at(-2) + unit)
      context.fillStyle = colours.classes[unit]
      context.beginPath()
      context.arc(layout.rights.at(-1) + 11, y, 4, 0, 2 * Math.PI)
      context.fill()
    }
  }

  drawFocus() {
    for (const {layer, unit: number, source} of this.focus) {
      const tile = this.layout.starts[layer + 1] + number
      const unit = (place) => this.rounded(this.centre(place), this.layout.tile)
      this.outline(source === null ? this.round(this.dot(tile)) : unit(tile), 2.5)
      if (typeof source === "number") this.outline(unit(this.layout.starts[layer] + source), 2.5)
    }
  }

  drawLabels({labels, size}) {
    const {context} = this
    context.font = `13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`
    Object.assign(context, {fillStyle: this.lab.colours.muted, textBaseline: "middle"})
    for (const {x, y, text, align} of labels) {
      context.textAlign = align
      const lines = text.split("\n")
      lines.forEach((line, number) => {
        context.fillText(line, x, size[1] - y + 17 * (number - (lines.length - 1) / 2))
      })
    }
  }

  rounded([x, y], side) {
    const path = new Path2D()
    path.roundRect(x - side / 2, y - side / 2, side, side, CORNER * side)
    return path
  }

  round([x, y]) {
    const path = new Path2D()
    path.arc(x, y, this.layout.dot / 2, 0, 2 * Math.PI)
    return path
  }

  outline(path, width) {
    Object.assign(this.context, {lineWidth: width, strokeStyle: this.lab.colours.ink})
    this.context.stroke(path)
  }

  /** The centre of a tile, from the upper left corner. */
  centre(tile) {
    return [this.layout.x[tile], this.layout.size[1] - this.layout.y[tile]]
  }

  /** The centre of a unit's bias: outside the tile, at its lower left. */
  dot(tile) {
    const {tile: side, dot} = this.layout
    const [x, y] = this.centre(tile)
    return [x - (side + dot) / 2, y + (side - dot) / 2]
  }

  /** The unit, else the bias, else the nearest link under the pointer. */
  at(event) {
    const x = (event.offsetX - this.left) / this.scale
    const y = event.offsetY / this.scale
    const slack = event.pointerType === "touch" ? 3 * TOLERANCE : TOLERANCE
    return this.unitAt(x, y, slack) ?? this.linkAt(x, y, slack) ?? null
  }

  unitAt(x, y, slack) {
    const {layout} = this
    const off = ([across, down]) => Math.max(Math.abs(across - x), Math.abs(down - y))
    const tiles = layout.x.map((_, tile) => tile)
    const ref = (tile) => {
      const level = layout.starts.findLastIndex((start) => start <= tile)
      return {layer: level - 1, unit: tile - layout.starts[level]}
    }
    const unit = tiles.find((tile) => off(this.centre(tile)) <= layout.tile / 2)
    if (unit !== undefined) return ref(unit)
    const near = (tile) => tile >= layout.starts[1] && off(this.dot(tile)) <= (layout.dot + slack) / 2
    const bias = tiles.find(near)
    return bias === undefined ? undefined : {...ref(bias), source: null}
  }

  linkAt(x, y, slack) {
    this.context.save()
    this.context.setTransform(1, 0, 0, 1, 0, 0)
    const hit = this.drawn.findLast(({path, width}) => {
      this.context.lineWidth = width + 2 * slack
      this.context.setLineDash([])
      return this.context.isPointInStroke(path, x, y)
    })
    this.context.restore()
    if (!hit) return undefined
    const {layer, unit, source} = hit.link
    return {layer, unit, source}
  }

  hover(ref) {
    this.canvas.style.cursor = ref ? "pointer" : ""
    if (JSON.stringify(ref) === JSON.stringify(this.hovered ?? null)) return
    this.hovered = ref
    this.lab.state.refresh()
  }

  click(ref) {
    const {state} = this.lab
    const same = JSON.stringify(ref) === JSON.stringify(state.selected)
    state.set({selected: same ? null : ref})
  }

  /** Show the value of what is under the pointer, or else of what is selected. */
  showReading() {
    const reading = document.querySelector("#reading")
    const ref = this.hovered ?? this.lab.state.selected
    reading.textContent = ref ? this.describe(ref) : reading.dataset.idle
  }

  describe({layer, unit, source}) {
    const {network, state} = this.lab
    if (layer < 0) return network.unitName(layer, unit)
    const whole = source === undefined
    const ref = {layer, unit, source: whole ? null : source}
    const value = written(state.weights[network.dense.index(ref)])
    const name = whole ? network.unitName(layer, unit) : network.parameterName(ref)
    return whole ? `${name}: bias ${value}` : `${name}: ${value}`
  }
}
