// A dense network, on many samples at once.

/**
 * All weights lie in one array, layer by layer, unit by unit, each unit's bias last:
 * as in playground/networks/dense/parameters.py.
 */
export class Dense {
  /** `layers` is a list of {units, activation}, an activation being a function of one number. */
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
    this.buffersByCount = new Map()
  }

  /** Where a weight lies; where the bias does if there is no source. */
  index({layer, unit, source}) {
    const {start, fanIn} = this.layers[layer]
    return start + unit * (fanIn + 1) + (source ?? fanIn)
  }

  /** The outputs of every unit: for each layer, for each unit, one number a sample. */
  responses(weights, columns) {
    const responses = this.buffers(columns[0].length)
    let inputs = columns
    this.layers.forEach((layer, number) => {
      responses[number].forEach((out, unit) => this.compute(weights, layer, unit, inputs, out))
      inputs = responses[number]
    })
    return responses
  }

  /** The outputs of the last layer alone. */
  outputs(weights, columns) {
    return this.responses(weights, columns).at(-1)
  }

  compute(weights, {start, fanIn, activation}, unit, inputs, out) {
    const first = start + unit * (fanIn + 1)
    out.fill(weights[first + fanIn])
    for (let source = 0; source < fanIn; source++) {
      const weight = weights[first + source]
      const column = inputs[source]
      for (let row = 0; row < out.length; row++) out[row] += weight * column[row]
    }
    for (let row = 0; row < out.length; row++) out[row] = activation(out[row])
  }

  /** Arrays for so many samples, which are reused. */
  buffers(count) {
    if (!this.buffersByCount.has(count)) {
      const columns = ({units}) => Array.from({length: units}, () => new Float32Array(count))
      this.buffersByCount.set(count, this.layers.map(columns))
    }
    return this.buffersByCount.get(count)
  }
}
