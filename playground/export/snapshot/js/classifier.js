// Evaluates a classifier of pictures layer by layer, as torch.nn does.
// Between layers the activations are {values, shape}, shape being [channels, height, width].

import {unpack} from "./numbers.js"

const KINDS = {linear, convolution, maximum, average, affine, activation}

export class Classifier {
  /**
   * `layers` as playground/export/snapshot/translation/browser_layers.py writes them; `activations` are
   * functions of one number, by the names that layers call them by.
   */
  constructor(layers, activations) {
    this.layers = layers.map((layer) => {
      const tensors = Object.entries(layer.tensors ?? {})
      return {...layer, compute: activations[layer.name], ...Object.fromEntries(tensors.map(([name, packed]) => [name, unpack(packed)]))}
    })
  }

  /** Probabilities of the classes for a picture of bytes, 255 being ink. */
  predict(picture) {
    const side = Math.sqrt(picture.length)
    let output = {values: Float32Array.from(picture, (ink) => ink / 127.5 - 1), shape: [1, side, side]}
    for (const layer of this.layers) output = KINDS[layer.kind](output, layer)
    return softmax(Array.from(output.values))
  }

  /** Use other weights: a row in the order of the layers' own, or null for the layers' own. */
  loadWeights(row) {
    let at = 0
    for (const layer of this.layers) {
      for (const [name, packed] of Object.entries(layer.tensors ?? {})) {
        layer[name] = row ? row.subarray(at, (at += layer[name].length)) : unpack(packed)
      }
    }
  }
}

function softmax(logits) {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
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

/** How many positions a window has along a side. */
function positions(length, {window, stride, padding}, axis) {
  return Math.floor((length + 2 * padding[axis] - window[axis]) / stride[axis]) + 1
}

function convolution({values, shape: [channels, height, width]}, layer) {
  const {weight, bias, window: [tall, wide], stride, padding} = layer
  const [rows, columns] = [positions(height, layer, 0), positions(width, layer, 1)]
  const out = new Float32Array(bias.length * rows * columns)
  for (let filter = 0; filter < bias.length; filter++) {
    const plane = out.subarray(filter * rows * columns, (filter + 1) * rows * columns).fill(bias[filter])
    for (let tap = 0; tap < channels * tall * wide; tap++) {
      const factor = weight[filter * channels * tall * wide + tap]
      const channel = Math.floor(tap / (tall * wide)) * height * width
      const top = (Math.floor(tap / wide) % tall) - padding[0]
      const left = (tap % wide) - padding[1]
      // Only where the cell of the window lies on the picture: the padding adds nothing.
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

/** The first position, and the one after the last, whose `position * stride + offset` is inside. */
function inside(offset, stride, length, count) {
  const first = Math.max(0, Math.ceil(-offset / stride))
  return [first, Math.min(count, Math.floor((length - 1 - offset) / stride) + 1)]
}

/** Fold each window of each channel with `add`, from `empty`, without the padding. */
function pooled({values, shape: [channels, height, width]}, layer, empty, add) {
  const {window: [tall, wide], stride, padding} = layer
  const [rows, columns] = [positions(height, layer, 0), positions(width, layer, 1)]
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

function maximum(input, layer) {
  return pooled(input, layer, -Infinity, (largest, value) => (value > largest ? value : largest))
}

/** Mean over the whole window, padding included. */
function average(input, layer) {
  const share = 1 / (layer.window[0] * layer.window[1])
  return pooled(input, layer, 0, (sum, value) => sum + value * share)
}

/** Each channel times a factor plus a constant: batch normalisation in evaluation mode. */
function affine({values, shape}, {scale, shift}) {
  const cells = values.length / scale.length
  return {values: values.map((value, at) => value * scale[Math.floor(at / cells)] + shift[Math.floor(at / cells)]), shape}
}

function activation({values, shape}, {compute}) {
  return {values: values.map((value) => compute(value)), shape}
}
