// A dense network, on many samples at once.

import {activate} from "./activations.js"

/**
 * All weights lie in one array, layer by layer, unit by unit, each unit's bias last:
 * as in playground/networks/dense/parameters.py.
 */
export class Dense {
  /** `layers` is a list of {units, activation}. */
  constructor(inputs, layers) {
    let start = 0
    let fanIn = inputs
    this.inputs = inputs
    this.layers = layers.map(({units, activation}) => {
      const layer = {units, activation, fanIn, start}
      start += units * (fanIn + 1)
      fanIn = units
      return layer
    })
    this.size = start
    this.room = new Map()
  }

  /** Where a weight lies; where the bias does if there is no source. */
  index({layer, unit, source}) {
    const {start, fanIn} = this.layers[layer]
    return start + unit * (fanIn + 1) + (source ?? fanIn)
  }

  /** Every layer's answers: for each layer, for each unit, one number a sample. */
  responses(weights, columns) {
    const kept = this.buffers(columns[0].length)
    let given = columns
    this.layers.forEach((layer, number) => {
      kept[number].forEach((out, unit) => this.sum(weights, layer, unit, given, out))
      given = kept[number]
    })
    return kept
  }

  /** The output layer's numbers alone. */
  outputs(weights, columns) {
    return this.responses(weights, columns).at(-1)
  }

  sum(weights, {start, fanIn, activation}, unit, given, out) {
    const first = start + unit * (fanIn + 1)
    out.fill(weights[first + fanIn])
    for (let source = 0; source < fanIn; source++) {
      const weight = weights[first + source]
      const column = given[source]
      for (let row = 0; row < out.length; row++) out[row] += weight * column[row]
    }
    activate(activation, out)
  }

  /** Arrays for so many samples; the same ones each time. */
  buffers(count) {
    if (!this.room.has(count)) {
      const columns = ({units}) => Array.from({length: units}, () => new Float32Array(count))
      this.room.set(count, this.layers.map(columns))
    }
    return this.room.get(count)
  }
}
