// Changing weights by hand, and taking the changes back.

import {written} from "./numbers.js"

const USUAL = 5 // weights are rarely larger, so the slider reaches so far at least
const LARGEST = 100

export class Editor {
  constructor(lab) {
    this.lab = lab
    this.list = document.querySelector("#parameters")
    this.slider = document.querySelector("#value")
    this.number = document.querySelector("#exact")
    this.undo = document.querySelector("#undo")
    this.fill()
    this.list.addEventListener("change", () => this.hold())
    this.slider.addEventListener("input", () => this.change(Number(this.slider.value)))
    this.number.addEventListener("change", () => this.change(Number(this.number.value)))
    this.undo.addEventListener("click", () => {
      lab.state.changes.clear()
      lab.state.set()
    })
  }

  /** List every weight and bias, layer by layer. */
  fill() {
    const {network} = this.lab
    this.refs = network.dense.layers.flatMap(({units, fanIn}, layer) =>
      Array.from({length: units * (fanIn + 1)}, (_, place) => {
        const source = place % (fanIn + 1)
        const unit = Math.floor(place / (fanIn + 1))
        return {layer, unit, source: source === fanIn ? null : source}
      }),
    )
    const option = (ref, place) => new Option(network.parameterName(ref), place)
    this.list.append(new Option("Choose a weight…", ""), ...this.refs.map(option))
  }

  /** The flat place of what is held; that of its bias if it is a whole unit. */
  get place() {
    const {held} = this.lab.state
    if (!held || held.layer < 0) return null
    return this.lab.network.dense.index({...held, source: held.source ?? null})
  }

  hold() {
    this.lab.state.set({held: this.refs[this.list.value] ?? null})
  }

  change(value) {
    if (this.place === null || !Number.isFinite(value)) return
    this.lab.state.changes.set(this.place, Math.min(LARGEST, Math.max(-LARGEST, value)))
    this.lab.state.set()
  }

  show() {
    const {state} = this.lab
    const {place} = this
    const value = place === null ? 0 : state.weights[place]
    const reach = Math.max(USUAL, Math.ceil(Math.abs(value)))
    this.list.value = place === null ? "" : String(place)
    for (const field of [this.slider, this.number]) field.disabled = place === null
    // A range that shrinks while it is dragged would run away from the pointer.
    if (place !== this.held || reach > this.slider.max) Object.assign(this.slider, {min: -reach, max: reach})
    this.held = place
    if (Number(this.slider.value) !== value) this.slider.value = value
    if (document.activeElement !== this.number) this.number.value = place === null ? "" : value.toFixed(3)
    this.slider.ariaValueText = written(value)
    this.slider.style.setProperty("--share", (value - this.slider.min) / (this.slider.max - this.slider.min))
    this.undo.hidden = state.changes.size === 0
    this.undo.textContent = `Undo my change${state.changes.size === 1 ? "" : `s (${state.changes.size})`}`
  }
}
