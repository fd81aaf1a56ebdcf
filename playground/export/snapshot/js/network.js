// The network of this snapshot, evaluated for any inputs and with any weights.

import {Dense} from "./dense.js"
import {expand} from "./features.js"
import {probabilities, score} from "./losses.js"

export class Network {
  /** `functions` as playground/export/snapshot/lab_snapshot.py writes them. */
  constructor({features, layers, classes}, functions) {
    this.features = features.map((feature, n) => ({...feature, compute: functions.features[n]}))
    const resolved = layers.map(({units, activation}) => (
      {units, activation: functions.activations[activation]}
    ))
    Object.assign(this, {functions, classes, dense: new Dense(features.length, resolved)})
  }

  /** The features, then the outputs of every unit: for each layer, one column a unit. */
  responses(weights, columns) {
    const inputs = expand(this.features, columns)
    return [inputs, ...this.dense.responses(weights, inputs)]
  }

  /** Probabilities, one column a class; in regression the values in one column. */
  predict(weights, columns) {
    const outputs = this.dense.outputs(weights, expand(this.features, columns))
    const {length} = this.classes
    return length ? probabilities(this.functions.probabilities, length, outputs) : outputs
  }

  /** Loss and accuracy on samples {x: columns, y}. */
  score(weights, {x, y}) {
    if (!y.length) return {loss: NaN, accuracy: NaN}
    const outputs = this.dense.outputs(weights, expand(this.features, x))
    const {loss, classWeights} = this.functions
    return score(loss, this.classes.length, outputs, y, classWeights)
  }

  /** The name of a unit, such as "feature x²", "hidden 2, neuron 1" or "output blue". */
  unitName(layer, unit) {
    if (layer < 0) return `feature ${this.features[unit].name}`
    if (layer < this.dense.layers.length - 1) return `hidden ${layer + 1}, neuron ${unit + 1}`
    const {units} = this.dense.layers.at(-1)
    if (units === this.classes.length) return `output ${this.classes[unit]}`
    return units > 1 ? `output ${unit + 1}` : "output"
  }

  /** The name of a weight or a bias. */
  parameterName({layer, unit, source}) {
    const name = this.unitName(layer, unit)
    return source === null ? `bias of ${name}` : `${this.unitName(layer - 1, source)} → ${name}`
  }
}

/** The slice through the inputs that the boundary is drawn over. */
export class Plane {
  /** An input is its coordinate times `scale` plus `offset`; without these it is the coordinate. */
  constructor({axes, low, high, pins, thickness, offset, scale}) {
    Object.assign(this, {axes, low, high, pins: [...pins], offset, scale})
    this.thickness = thickness ?? Infinity
  }

  /** One column an input, for points of the plane. */
  columns(across, up) {
    return this.pins.map((pin, input) => {
      // A single input is on both axes, and read from the second.
      const axis = this.axes.lastIndexOf(input)
      const column = axis < 0 ? new Float32Array(across.length).fill(pin) : axis ? up : across
      if (!this.scale.length) return column
      return column.map((place) => place * this.scale[input] + this.offset[input])
    })
  }

  /** The coordinates of samples along one input. */
  coordinates(column, input) {
    if (!this.scale.length) return column
    return column.map((value) => (value - this.offset[input]) / this.scale[input])
  }

  /** The centres of side x side cells of a window, row by row from the lowest upwards. */
  grid(side, {left, right, bottom, top} = this.window) {
    const across = new Float32Array(side * side)
    const up = new Float32Array(side * side)
    for (let cell = 0; cell < across.length; cell++) {
      across[cell] = left + (((cell % side) + 0.5) * (right - left)) / side
      up[cell] = bottom + ((Math.floor(cell / side) + 0.5) * (top - bottom)) / side
    }
    return this.columns(across, up)
  }

  get window() {
    return {left: this.low, right: this.high, bottom: this.low, top: this.high}
  }

  /** Which of some samples, given by their columns, belong to the slice: those nearest to it. */
  near(columns) {
    const others = this.pins.flatMap((pin, input) => (this.axes.includes(input) ? [] : [[pin, input]]))
    const places = columns.map((column, input) => this.coordinates(column, input))
    return Array.from(columns[0], (_, row) =>
      others.every(([pin, input]) => Math.abs(places[input][row] - pin) <= this.thickness),
    )
  }
}
