// A network that reads pictures, layer by layer: as torch.nn works it out.
// What passes from layer to layer is {values, shape}, shape being [channels, height, width].

import {activate} from "./activations.js"
import {unpack} from "./numbers.js"
import {softmax} from "./losses.js"

const KINDS = {linear, convolution, maximum, average, affine, activation}

export class Reader {
  /** `layers` as playground/export/snapshot/browser_layers.py writes them. */
  constructor(layers) {
    this.layers = layers.map((layer) => {
      const tensors = Object.entries(layer.tensors ?? {})
      return {...layer, ...Object.fromEntries(tensors.map(([name, packed]) => [name, unpack(packed)]))}
    })
  }

  /** Probabilities of the classes for a picture of bytes, 255 being ink. */
  read(picture) {
    const side = Math.sqrt(picture.length)
    let passed = {values: Float32Array.from(picture, (ink) => ink / 127.5 - 1), shape: [1, side, side]}
    for (const layer of this.layers) passed = KINDS[layer.kind](passed, layer)
    return softmax(Array.from(passed.values, (logit) => [logit])).map(([share]) => share)
  }

  /** Take on other weights, one long row in the order of the layers' own; null for those. */
  load(row) {
    let at = 0
    for (const layer of this.layers) {
      for (const [name, packed] of Object.entries(layer.tensors ?? {})) {
        layer[name] = row ? row.subarray(at, (at += layer[name].length)) : unpack(packed)
      }
    }
  }
}

function linear({values}, {weight, bias}) {
  const out = new Float32Array(bias.length)
  for (let unit = 0, at = 0; unit < out.length; unit++) {
    let sum = bias[unit]
    for (let source = 0; source < values.length; source++) sum += weight[at++] * values[source]
    out[unit] = sum
  }
  return {values: out, shape: [out.length, 1, 1]}
}

/** How many places a window has along a side. */
function places(length, {window, stride, padding}, axis) {
  return Math.floor((length + 2 * padding[axis] - window[axis]) / stride[axis]) + 1
}

function convolution({values, shape: [channels, height, width]}, layer) {
  const {weight, bias, window: [tall, wide], stride, padding} = layer
  const [rows, columns] = [places(height, layer, 0), places(width, layer, 1)]
  const out = new Float32Array(bias.length * rows * columns)
  for (let filter = 0; filter < bias.length; filter++) {
    const plane = out.subarray(filter * rows * columns, (filter + 1) * rows * columns).fill(bias[filter])
    for (let tap = 0; tap < channels * tall * wide; tap++) {
      const factor = weight[filter * channels * tall * wide + tap]
      const channel = Math.floor(tap / (tall * wide)) * height * width
      const top = (Math.floor(tap / wide) % tall) - padding[0]
      const left = (tap % wide) - padding[1]
      // Only where the window's cell lies on the picture: beside it is nothing to be added.
      const [first, last] = inside(left, stride[1], width, columns)
      for (let row = 0; row < rows; row++) {
        const y = row * stride[0] + top
        if (y < 0 || y >= height) continue
        const from = channel + y * width + left
        for (let column = first; column < last; column++) {
          plane[row * columns + column] += factor * values[from + column * stride[1]]
        }
      }
    }
  }
  return {values: out, shape: [bias.length, rows, columns]}
}

/** For which places, first to before last, `place * stride + offset` lies within a length. */
function inside(offset, stride, length, count) {
  const first = Math.max(0, Math.ceil(-offset / stride))
  return [first, Math.min(count, Math.floor((length - 1 - offset) / stride) + 1)]
}

/** Sum up each window of each channel with `add`, from `empty`; cells beside the picture are left out. */
function pooled({values, shape: [channels, height, width]}, layer, empty, add) {
  const {window: [tall, wide], stride, padding} = layer
  const [rows, columns] = [places(height, layer, 0), places(width, layer, 1)]
  const out = new Float32Array(channels * rows * columns)
  for (let place = 0; place < out.length; place++) {
    const channel = Math.floor(place / (rows * columns)) * height * width
    const top = (Math.floor(place / columns) % rows) * stride[0] - padding[0]
    const left = (place % columns) * stride[1] - padding[1]
    let sum = empty
    for (let y = Math.max(0, top); y < Math.min(height, top + tall); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + wide); x++) {
        sum = add(sum, values[channel + y * width + x])
      }
    }
    out[place] = sum
  }
  return {values: out, shape: [channels, rows, columns]}
}

function maximum(given, layer) {
  return pooled(given, layer, -Infinity, (most, value) => (value > most ? value : most))
}

/** Mean over the whole window, blanks around the picture included. */
function average(given, layer) {
  const share = 1 / (layer.window[0] * layer.window[1])
  return pooled(given, layer, 0, (sum, value) => sum + value * share)
}

/** Each channel times a factor plus a constant: what batch normalisation is once it has learned. */
function affine({values, shape}, {scale, shift}) {
  const cells = values.length / scale.length
  return {values: values.map((value, at) => value * scale[Math.floor(at / cells)] + shift[Math.floor(at / cells)]), shape}
}

function activation({values, shape}, {name}) {
  activate(name, values)
  return {values, shape}
}
