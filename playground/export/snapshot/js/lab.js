// A snapshot of a small dense network on gates or points.

import {Boundary} from "./boundary.js"
import {Curves} from "./curves.js"
import {Diagram} from "./diagram.js"
import {Editor} from "./editor.js"
import {element, loss, tell} from "./elements.js"
import {Network, Plane} from "./network.js"
import {percent, unpack, written} from "./numbers.js"
import {Plot} from "./plots.js"
import {State} from "./state.js"
import {Table} from "./table.js"
import {Theme} from "./theme.js"
import {Transport} from "./transport.js"

const MOST_CLASSES = 3

class Lab {
  constructor(data) {
    this.data = data
    this.theme = new Theme(() => this.restyle())
    this.network = new Network(data)
    this.plane = new Plane(data.plane)
    this.state = new State({epochs: data.moments.epochs, weights: unpack(data.moments.weights)})
    this.samples = {train: columns(data.samples.train), test: columns(data.samples.test)}
  }

  async start() {
    const {state, data} = this
    const transport = new Transport(state)
    const plots = await Promise.all(
      Object.entries(data.plots).map(([name, plot]) => Plot.embed(plot, document.getElementById(name))),
    )
    const [boundary, ...curves] = this.plots = plots
    state.parts = [
      transport,
      ...(data.gate ? [new Table(this, data.gate)] : []),
      new Boundary(this, boundary),
      new Diagram(this, data.layouts),
      new Editor(this),
      ...curves.map((plot) => new Curves(state, plot, transport)),
      {show: () => this.figures()},
    ]
    this.choice("discretise", "discretise")
    this.choice("tests", "tests")
    this.restyle()
    document.documentElement.dataset.ready = "yes"
  }

  choice(id, name) {
    const box = document.getElementById(id)
    box.addEventListener("change", () => this.state.set({[name]: box.checked}))
  }

  restyle() {
    for (const plot of this.plots) plot.restyle(this.theme.name)
    this.state.refresh()
  }

  /** Colours of the theme that is on. */
  get colours() {
    return this.data.colours[this.theme.name]
  }

  /** Palettes for pictures of a unit's value, and of what the network says. */
  get palettes() {
    const {diverging, blended} = this.colours
    return {diverging, classes: this.network.classes.length ? blended : diverging}
  }

  /** The unit that has been clicked, if any: its answers are drawn in place of the network's. */
  get unit() {
    const {held} = this.state
    return held && held.source === undefined ? held : null
  }

  /** What the network says to one row of inputs, given as columns: elements to be shown. */
  said(row, most = MOST_CLASSES) {
    const answers = this.network.answers(this.state.weights, row).map((column) => column[0])
    if (!this.network.classes.length) return [element("b", {textContent: written(answers[0])})]
    const order = [...answers.keys()].sort((one, other) => answers[other] - answers[one])
    return order.slice(0, most).flatMap((k) => [this.badge(k), ` ${percent(answers[k])} `])
  }

  /** The name of a class in its colour. */
  badge(k) {
    const badge = element("b", {className: "class", textContent: this.network.classes[k]})
    badge.style.setProperty("--own", `var(--pg-class-${k})`)
    return badge
  }

  /** Epoch, losses and accuracies in the header. */
  figures() {
    const {state, network, samples} = this
    const [train, test] = [samples.train, samples.test].map((part) => network.score(state.weights, part))
    tell({
      epoch: Math.round(state.epoch).toLocaleString("en"),
      "train-loss": loss(train.loss),
      "test-loss": loss(test.loss),
      "train-accuracy": percent(train.accuracy),
      "test-accuracy": percent(test.accuracy),
    })
  }
}

function columns({inputs, x, y}) {
  const values = unpack(x)
  const count = values.length / inputs
  const column = (input) => Float32Array.from({length: count}, (_, row) => values[row * inputs + input])
  return {x: Array.from({length: inputs}, (_, input) => column(input)), y: unpack(y)}
}

globalThis.snapshot = new Lab(JSON.parse(document.getElementById("data").textContent))
globalThis.snapshot.start()
