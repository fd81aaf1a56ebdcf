// The snapshot of a small dense network on gates or points.

import {Boundary} from "./boundary.js"
import {Curves} from "./curves.js"
import {Diagram} from "./diagram.js"
import {Editor} from "./editor.js"
import {element, lossText, setTexts} from "./elements.js"
import {Network, Plane} from "./network.js"
import {accuracyText, percent, unpack} from "./numbers.js"
import {Plot} from "./plots.js"
import {State} from "./state.js"
import {Theme} from "./theme.js"
import {Transport} from "./transport.js"
import {TruthTable} from "./truth_table.js"
import {Units} from "./units.js"

const MAX_CLASSES = 3

class Lab {
  constructor(data, functions) {
    this.data = data
    this.theme = new Theme(() => this.restyle())
    this.network = new Network(data, functions)
    this.plane = new Plane(data.plane)
    this.units = new Units(data.scaling, data.plane)
    this.state = new State({epochs: data.checkpoints.epochs, weights: unpack(data.checkpoints.weights)})
    this.samples = {train: columns(data.samples.train), test: columns(data.samples.test)}
  }

  async start() {
    const {state, data} = this
    const transport = new Transport(state)
    const plots = await Promise.all(
      Object.entries(data.plots).map(([name, plot]) => Plot.embed(plot, document.getElementById(name))),
    )
    const [boundary, ...curves] = this.plots = plots
    state.views = [
      transport,
      ...(data.gate ? [new TruthTable(this, data.gate)] : []),
      new Boundary(this, boundary),
      new Diagram(this, data.layouts),
      new Editor(this),
      ...curves.map((plot) => new Curves(state, plot, transport)),
      {show: () => this.showScores()},
    ]
    this.connectCheckbox("discretise")
    this.connectCheckbox("tests")
    this.restyle()
    document.documentElement.dataset.ready = "yes"
  }

  connectCheckbox(id) {
    const box = document.getElementById(id)
    box.addEventListener("change", () => this.state.set({[id]: box.checked}))
  }

  restyle() {
    for (const plot of this.plots) plot.restyle(this.theme.name)
    this.state.refresh()
  }

  /** Colours of the current theme. */
  get colours() {
    return this.data.colours[this.theme.name]
  }

  /** The selected unit, if any: its output is drawn in place of the network's predictions. */
  get unit() {
    const {selected} = this.state
    return selected && selected.source === undefined ? selected : null
  }

  /** Elements that show the prediction for one row of inputs, given as columns. */
  predictionElements(row, count = MAX_CLASSES) {
    const prediction = this.network.predict(this.state.weights, row).map((column) => column[0])
    if (!this.network.classes.length) return [element("b", {textContent: this.units.value(prediction[0])})]
    const order = [...prediction.keys()].sort((one, other) => prediction[other] - prediction[one])
    return order.slice(0, count).flatMap((k) => [this.badge(k), ` ${percent(prediction[k])} `])
  }

  /** The name of a class in its colour. */
  badge(k) {
    const badge = element("b", {className: "class", textContent: this.network.classes[k]})
    badge.style.setProperty("--own", `var(--pg-class-${k})`)
    return badge
  }

  /** Show epoch, losses and accuracies in the header. */
  showScores() {
    const {state, network, samples} = this
    const [train, test] = [samples.train, samples.test].map((part) => network.score(state.weights, part))
    setTexts({
      epoch: Math.round(state.epoch).toLocaleString("en"),
      "train-loss": lossText(train.loss),
      "test-loss": lossText(test.loss),
      "train-accuracy": accuracyText(train.accuracy),
      "test-accuracy": accuracyText(test.accuracy),
    })
  }
}

function columns({inputs, x, y}) {
  const values = unpack(x)
  const count = values.length / inputs
  const column = (input) => Float32Array.from({length: count}, (_, row) => values[row * inputs + input])
  return {x: Array.from({length: inputs}, (_, input) => column(input)), y: unpack(y)}
}

globalThis.snapshot = new Lab(JSON.parse(document.getElementById("data").textContent), FUNCTIONS)
globalThis.snapshot.start()
