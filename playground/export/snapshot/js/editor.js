// Changes weights by hand, and undoes the changes.

import {written} from "./numbers.js"

const MIN_REACH = 5 // weights are rarely larger
const MAX_WEIGHT = 100

export class Editor {
  constructor(lab) {
    this.lab = lab
    this.list = document.querySelector("#parameters")
    this.slider = document.querySelector("#value")
    this.number = document.querySelector("#exact")
    this.undo = document.querySelector("#undo")
    this.fill()
    this.list.addEventListener("change", () => this.select())
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
      Array.from({length: units * (fanIn + 1)}, (_, index) => {
        const source = index % (fanIn + 1)
        const unit = Math.floor(index / (fanIn + 1))
        return {layer, unit, source: source === fanIn ? null : source}
      }),
    )
    const option = (ref, index) => new Option(network.parameterName(ref), index)
    this.list.append(new Option("Choose a weight…", ""), ...this.refs.map(option))
  }

  /** The flat index of the selected parameter; that of the bias if a unit is selected. */
  get index() {
    const {selected} = this.lab.state
    if (!selected || selected.layer < 0) return null
    return this.lab.network.dense.index({...selected, source: selected.source ?? null})
  }

  select() {
    this.lab.state.set({selected: this.refs[this.list.value] ?? null})
  }

  change(value) {
    if (this.index === null || !Number.isFinite(value)) return
    this.lab.state.changes.set(this.index, Math.min(MAX_WEIGHT, Math.max(-MAX_WEIGHT, value)))
    this.lab.state.set()
  }

  show() {
    const {state} = this.lab
    const {index} = this
    const value = index === null ? 0 : state.weights[index]
    const reach = Math.max(MIN_REACH, Math.ceil(Math.abs(value)))
    this.list.value = index === null ? "" : String(index)
    for (const field of [this.slider, this.number]) field.disabled = index === null
    // The range of a slider must not shrink while it is dragged.
    if (index !== this.shownIndex || reach > this.slider.max) Object.assign(this.slider, {min: -reach, max: reach})
    this.shownIndex = index
    if (Number(this.slider.value) !== value) this.slider.value = value
    if (document.activeElement !== this.number) this.number.value = index === null ? "" : value.toFixed(3)
    this.slider.ariaValueText = written(value)
    this.slider.style.setProperty("--share", (value - this.slider.min) / (this.slider.max - this.slider.min))
    this.undo.hidden = state.changes.size === 0
    this.undo.textContent = `Undo my change${state.changes.size === 1 ? "" : `s (${state.changes.size})`}`
  }
}
