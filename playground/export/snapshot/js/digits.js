// The snapshot of digit classifiers: a canvas, their predictions, and how one of them was trained.

import {paintIndices} from "./colours.js"
import {Curves} from "./curves.js"
import {lossText, setTexts} from "./elements.js"
import {SIDE, mnistPicture} from "./ink.js"
import {Mosaic} from "./mosaic.js"
import {accuracyText, nearest, unpack} from "./numbers.js"
import {Plot} from "./plots.js"
import {Classifier} from "./classifier.js"
import {Predictions} from "./predictions.js"
import {DrawingCanvas} from "./drawing_canvas.js"
import {State} from "./state.js"
import {Theme} from "./theme.js"
import {Transport} from "./transport.js"

class DigitsSnapshot {
  constructor(data, functions) {
    this.data = data
    this.plots = []
    this.theme = new Theme(() => this.restyle())
    const {activations} = functions
    this.classifiers = data.models.map(({layers}) => new Classifier(layers, activations))
    this.predictions = new Predictions(data.models, data.classes)
    this.canvas = new DrawingCanvas(() => this.predictSoon(), () => this.colours.ink)
  }

  async start() {
    if (this.data.run) await this.showRun(this.data.run)
    this.restyle()
    this.predict()
    document.documentElement.dataset.ready = "yes"
  }

  get colours() {
    return this.data.colours[this.theme.name]
  }

  /** Show the training of the last network: curves, and first-layer weights of checkpoints. */
  async showRun(run) {
    const state = this.state = new State({epochs: run.epochs, weights: unpack(run.tiles)})
    const transport = new Transport(state)
    this.curves = Object.fromEntries(Object.entries(run.curves).map(([name, row]) => [name, unpack(row)]))
    this.networks = run.networks && unpack(run.networks)
    this.plots = await Promise.all(
      Object.entries(run.plots).map(([name, plot]) => Plot.embed(plot, document.getElementById(name))),
    )
    state.views = [
      transport,
      new Mosaic(state, run.shape, () => this.colours),
      ...this.plots.map((plot) => new Curves(state, plot, transport)),
      {show: () => this.showCheckpoint()},
    ]
  }

  restyle() {
    for (const plot of this.plots) plot.restyle(this.theme.name)
    this.state?.refresh()
    this.canvas.show()
    this.showInput()
  }

  /** Show the scores of a checkpoint, and use its network where all of it was recorded. */
  showCheckpoint() {
    const {epochs, checkpoint, epoch} = this.state
    const row = nearest(this.curves.epoch, epoch)
    setTexts({
      epoch: Number(epoch.toFixed(1)).toLocaleString("en"),
      "train-loss": lossText(this.curves.train_loss[row]),
      "test-loss": lossText(this.curves.test_loss[row]),
      "train-accuracy": accuracyText(this.curves.train_accuracy[row]),
      "test-accuracy": accuracyText(this.curves.test_accuracy[row]),
    })
    if (!this.networks || checkpoint === this.loaded) return
    const size = this.networks.length / epochs.length
    const last = checkpoint === epochs.length - 1
    const weights = this.networks.subarray(checkpoint * size, (checkpoint + 1) * size)
    this.classifiers.at(-1).loadWeights(last ? null : weights)
    this.loaded = checkpoint
    this.predict()
  }

  /** Predict once before the next repaint, however often the drawing changes until then. */
  predictSoon() {
    this.due ??= requestAnimationFrame(() => {
      this.due = undefined
      this.predict()
    })
  }

  predict() {
    const began = performance.now()
    this.picture = mnistPicture(this.canvas.strokes)
    this.probabilities = this.picture && this.classifiers.map((each) => each.predict(this.picture))
    this.predictionTime = performance.now() - began
    this.predictions.show(this.probabilities)
    this.showInput()
  }

  /** Show the 28×28 pixels that the networks are given. */
  showInput() {
    const canvas = document.querySelector("#input")
    const context = canvas.getContext("2d")
    const shades = Uint32Array.from({length: 256}, (_, shade) => (shade << 24) | this.inkColour)
    context.clearRect(0, 0, SIDE, SIDE)
    if (this.picture) context.drawImage(paintIndices(this.picture, SIDE, SIDE, shades), 0, 0)
  }

  /** The colour of ink as the lower three bytes of a pixel: blue, green, red. */
  get inkColour() {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(this.colours.ink.slice(at, at + 2), 16))
    return (blue << 16) | (green << 8) | red
  }
}

globalThis.snapshot = new DigitsSnapshot(JSON.parse(document.getElementById("data").textContent), FUNCTIONS)
globalThis.snapshot.start()
