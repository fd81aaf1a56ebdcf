// The network as a diagram: looks as on the page, and whatever is clicked can be changed.

import {painted, pixels, valueIndex} from "./colours.js"
import {chosen, curve, links, looks, widest} from "./links.js"
import {written} from "./numbers.js"

const TOLERANCE = 5 // pixels beside a link that still mean it
const VIVID = 0.5 // a bias of this size has half the strength of colour that is possible

export class Diagram {
  constructor(lab, layouts) {
    Object.assign(this, {lab, layouts})
    this.links = links(lab.network.dense)
    this.canvas = document.querySelector("#diagram")
    this.ink = this.canvas.getContext("2d")
    this.canvas.addEventListener("pointermove", (event) => this.hover(this.at(event)))
    this.canvas.addEventListener("pointerleave", () => this.hover(null))
    this.canvas.addEventListener("click", (event) => this.click(this.at(event)))
    new ResizeObserver(() => this.fit()).observe(this.canvas.parentElement)
    this.fit()
  }

  /** Take the largest layout for which there is room, and enlarge it to fill that. */
  fit() {
    const {clientWidth: width, clientHeight: height} = this.canvas.parentElement
    const scale = ({size}) => Math.min(width / size[0], height / size[1])
    const area = (each) => (scale(each) >= 1 ? each.size[0] * each.size[1] : scale(each))
    this.layout = this.layouts.reduce((best, each) => (area(each) > area(best) ? each : best))
    this.scale = scale(this.layout)
    this.left = (width - this.layout.size[0] * this.scale) / 2
    const dense = window.devicePixelRatio || 1
    Object.assign(this.canvas, {width: width * dense, height: height * dense})
    this.lab.state.refresh()
  }

  get focus() {
    return [this.lab.state.held, this.hovered].filter(Boolean)
  }

  show() {
    const {ink, layout} = this
    const dense = window.devicePixelRatio || 1
    const {weights} = this.lab.state
    ink.setTransform(1, 0, 0, 1, 0, 0)
    ink.clearRect(0, 0, this.canvas.width, this.canvas.height)
    ink.setTransform(dense * this.scale, 0, 0, dense * this.scale, dense * this.left, 0)
    this.drawLinks(weights)
    this.drawTiles(weights)
    this.drawFocus()
    this.drawWords(layout)
    this.tell()
  }

  drawLinks(weights) {
    const {ink, lab: {colours}} = this
    const drawn = chosen(this.links, weights, this.focus)
    const most = widest(this.layout.tile, drawn)
    this.drawn = drawn.map((each) => ({...each, path: curve(this.layout, each)}))
    ink.save()
    for (const each of this.drawn) {
      const {width, alpha} = looks(each, weights, most, this.focus.length > 0)
      const plus = weights[each.link.place] > 0
      each.width = width
      ink.setLineDash(plus ? [] : [12, 3])
      Object.assign(ink, {lineWidth: width, globalAlpha: alpha, strokeStyle: colours.classes[plus ? 1 : 0]})
      ink.stroke(each.path)
    }
    ink.restore()
  }

  drawTiles(weights) {
    const {lab: {network, plane, colours}, layout} = this
    const levels = network.levels(weights, plane.grid(layout.cells))
    this.palette = pixels(colours.diverging)
    levels.flat().forEach((values, tile) => this.drawTile(values, tile))
    network.dense.layers.forEach(({units}, layer) => {
      for (let unit = 0; unit < units; unit++) {
        const bias = weights[network.dense.index({layer, unit, source: null})]
        const index = valueIndex(bias / (VIVID + Math.abs(bias)), 1)
        this.square(this.dot(layout.starts[layer + 1] + unit), layout.dot, colours.diverging[index])
      }
    })
    this.drawSwatches()
  }

  drawTile(values, tile) {
    const {layout, ink, lab: {colours}} = this
    const limit = values.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 1)
    const indices = Uint8Array.from(values, (value) => valueIndex(value, limit))
    const {cells, tile: side} = layout
    ink.save()
    ink.translate(...this.centre(tile))
    ink.scale(1, -1) // pictures begin with the lowest row
    ink.imageSmoothingEnabled = false
    ink.drawImage(painted(indices, cells, cells, this.palette), -side / 2, -side / 2, side, side)
    ink.restore()
    this.outline(this.centre(tile), side, colours.muted, 1, 0.6)
  }

  drawSwatches() {
    const {layout, ink, lab: {colours, network}} = this
    const {units} = network.dense.layers.at(-1)
    if (units !== network.classes.length) return
    for (let unit = 0; unit < units; unit++) {
      const [, y] = this.centre(layout.starts.at(-2) + unit)
      ink.fillStyle = colours.classes[unit]
      ink.beginPath()
      ink.arc(layout.rights.at(-1) + 11, y, 4, 0, 2 * Math.PI)
      ink.fill()
    }
  }

  drawFocus() {
    for (const {layer, unit, source} of this.focus) {
      const tile = this.layout.starts[layer + 1] + unit
      const ink = this.lab.colours.ink
      if (source === null) this.outline(this.dot(tile), this.layout.dot, ink, 2.5)
      else this.outline(this.centre(tile), this.layout.tile, ink, 2.5)
      if (typeof source === "number") {
        this.outline(this.centre(this.layout.starts[layer] + source), this.layout.tile, ink, 2.5)
      }
    }
  }

  drawWords({words, size}) {
    const {ink} = this
    ink.font = `${size[0] < 480 ? 10 : 12}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`
    Object.assign(ink, {fillStyle: this.lab.colours.muted, textBaseline: "middle"})
    for (const {x, y, text, align} of words) {
      ink.textAlign = align
      const lines = text.split("\n")
      lines.forEach((line, number) => {
        ink.fillText(line, x, size[1] - y + 13 * (number - (lines.length - 1) / 2))
      })
    }
  }

  square([x, y], side, colour) {
    this.ink.fillStyle = colour
    this.ink.fillRect(x - side / 2, y - side / 2, side, side)
    this.outline([x, y], side, this.lab.colours.muted, 1, 0.6)
  }

  outline([x, y], side, colour, width, alpha = 1) {
    this.ink.save()
    Object.assign(this.ink, {lineWidth: width, strokeStyle: colour, globalAlpha: alpha})
    this.ink.strokeRect(x - side / 2, y - side / 2, side, side)
    this.ink.restore()
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

  /** What an event points at: a unit, else a bias, else the nearest link. */
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
    this.ink.save()
    this.ink.setTransform(1, 0, 0, 1, 0, 0)
    const hit = this.drawn.findLast(({path, width}) => {
      this.ink.lineWidth = width + 2 * slack
      this.ink.setLineDash([])
      return this.ink.isPointInStroke(path, x, y)
    })
    this.ink.restore()
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
    const same = JSON.stringify(ref) === JSON.stringify(state.held)
    state.set({held: same ? null : ref})
  }

  /** Say what is pointed at, or else what has been clicked. */
  tell() {
    const reading = document.querySelector("#reading")
    const ref = this.hovered ?? this.lab.state.held
    reading.textContent = ref ? this.described(ref) : reading.dataset.idle
  }

  described({layer, unit, source}) {
    const {network, state} = this.lab
    if (layer < 0) return network.unitName(layer, unit)
    const whole = source === undefined
    const ref = {layer, unit, source: whole ? null : source}
    const value = written(state.weights[network.dense.index(ref)])
    const name = whole ? network.unitName(layer, unit) : network.parameterName(ref)
    return whole ? `${name}: bias ${value}` : `${name}: ${value}`
  }
}
