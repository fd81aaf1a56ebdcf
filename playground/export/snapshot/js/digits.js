// A snapshot of networks that read digits: draw, and they read; and how one of them learned.

import {painted} from "./colours.js"
import {Curves} from "./curves.js"
import {loss, tell} from "./elements.js"
import {SIDE, prepared} from "./ink.js"
import {Mosaic} from "./mosaic.js"
import {nearest, percent, unpack} from "./numbers.js"
import {Plot} from "./plots.js"
import {Reader} from "./classifier.js"
import {Readings} from "./predictions.js"
import {Sheet} from "./canvas.js"
import {State} from "./state.js"
import {Theme} from "./theme.js"
import {Transport} from "./transport.js"

class Desk {
  constructor(data) {
    this.data = data
    this.plots = []
    this.theme = new Theme(() => this.restyle())
    this.readers = data.models.map(({layers}) => new Reader(layers))
    this.readings = new Readings(data.models, data.classes)
    this.sheet = new Sheet(() => this.later(), () => this.colours.ink)
  }

  async start() {
    if (this.data.run) await this.remember(this.data.run)
    this.restyle()
    this.read()
    document.documentElement.dataset.ready = "yes"
  }

  get colours() {
    return this.data.colours[this.theme.name]
  }

  /** Show how the network learned that was trained: its curves, and its weights at many moments. */
  async remember(run) {
    const state = this.state = new State({epochs: run.epochs, weights: unpack(run.tiles)})
    const transport = new Transport(state)
    this.curves = Object.fromEntries(Object.entries(run.curves).map(([name, row]) => [name, unpack(row)]))
    this.whole = run.whole && unpack(run.whole)
    this.plots = await Promise.all(
      Object.entries(run.plots).map(([name, plot]) => Plot.embed(plot, document.getElementById(name))),
    )
    state.parts = [
      transport,
      new Mosaic(state, run.shape, () => this.colours),
      ...this.plots.map((plot) => new Curves(state, plot, transport)),
      {show: () => this.follow()},
    ]
  }

  restyle() {
    for (const plot of this.plots) plot.restyle(this.theme.name)
    this.state?.refresh()
    this.sheet.show()
    this.preview()
  }

  /** Go to another moment: its numbers, and the network of then where it was recorded whole. */
  follow() {
    const {epochs, moment, epoch} = this.state
    const row = nearest(this.curves.epoch, epoch)
    tell({
      epoch: Number(epoch.toFixed(1)).toLocaleString("en"),
      "train-loss": loss(this.curves.train_loss[row]),
      "test-loss": loss(this.curves.test_loss[row]),
      "train-accuracy": percent(this.curves.train_accuracy[row]),
      "test-accuracy": percent(this.curves.test_accuracy[row]),
    })
    if (!this.whole || moment === this.loaded) return
    const size = this.whole.length / epochs.length
    const last = moment === epochs.length - 1
    this.readers.at(-1).load(last ? null : this.whole.subarray(moment * size, (moment + 1) * size))
    this.loaded = moment
    this.read()
  }

  /** Read before the next repaint, however often the pen has moved until then. */
  later() {
    this.due ??= requestAnimationFrame(() => {
      this.due = undefined
      this.read()
    })
  }

  read() {
    const began = performance.now()
    this.picture = prepared(this.sheet.strokes)
    this.probabilities = this.picture && this.readers.map((reader) => reader.read(this.picture))
    this.took = performance.now() - began
    this.readings.show(this.probabilities)
    this.preview()
  }

  /** Show the 28×28 that the networks see. */
  preview() {
    const canvas = document.querySelector("#seen")
    const ink = canvas.getContext("2d")
    const shades = Uint32Array.from({length: 256}, (_, shade) => (shade << 24) | this.inkColour)
    ink.clearRect(0, 0, SIDE, SIDE)
    if (this.picture) ink.drawImage(painted(this.picture, SIDE, SIDE, shades), 0, 0)
  }

  /** The colour of ink as the lower three bytes of a pixel: blue, green, red. */
  get inkColour() {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(this.colours.ink.slice(at, at + 2), 16))
    return (blue << 16) | (green << 8) | red
  }
}

globalThis.snapshot = new Desk(JSON.parse(document.getElementById("data").textContent))
globalThis.snapshot.start()
