// What outputs mean, and how wrong they are: as in playground/training/core/losses.py.
// Outputs and probabilities are lists of columns, one number a sample in each.

const SHARPNESS = {hinge: 4}

/** Probabilities of the classes, one column each; of one output, those of two classes. */
export function probabilities(loss, outputs) {
  const sharpness = SHARPNESS[loss] ?? 1
  if (outputs.length === 1) {
    const second = outputs[0].map((z) => 1 / (1 + Math.exp(-z * sharpness)))
    return [second.map((p) => 1 - p), second]
  }
  return softmax(outputs, sharpness)
}

/** Softmax across columns. */
export function softmax(outputs, sharpness = 1) {
  const shares = outputs.map((column) => new Float32Array(column.length))
  for (let row = 0; row < outputs[0].length; row++) {
    const most = Math.max(...outputs.map((column) => column[row]))
    let total = 0
    outputs.forEach((column, place) => {
      total += shares[place][row] = Math.exp((column[row] - most) * sharpness)
    })
    for (const share of shares) share[row] /= total
  }
  return shares
}

/** Loss of one sample: z, its outputs; y, 0 or 1, a class number or a value. */
const VALUES = {
  binary: {
    "cross-entropy": ([z], y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))),
    "squared error": ([z], y) => (1 / (1 + Math.exp(-z)) - y) ** 2,
    hinge: ([z], y) => Math.max(0, 1 + (1 - 2 * y) * z),
  },
  many: {
    "cross-entropy": (z, y) => {
      const most = Math.max(...z)
      return most + Math.log(z.reduce((sum, each) => sum + Math.exp(each - most), 0)) - z[y]
    },
    "squared error": (z, y) =>
      softmax(z.map((each) => [each])).reduce((sum, [p], k) => sum + (p - (k === y)) ** 2, 0),
    hinge: (z, y) =>
      z.reduce((sum, each, k) => sum + Math.max(0, each - z[y] + (k !== y)), 0) / z.length,
  },
  regression: {
    "squared error": ([z], y) => (z - y) ** 2,
    Huber: ([z], y) => {
      const off = Math.abs(z - y)
      return off <= 1 ? off ** 2 / 2 : off - 0.5
    },
  },
}

/** Mean loss and accuracy over samples; NaN where there is nothing to measure. */
export function score(loss, classes, outputs, targets) {
  const form = classes ? (outputs.length === 1 ? "binary" : "many") : "regression"
  const value = VALUES[form][loss]
  let total = 0
  let right = 0
  for (let row = 0; row < targets.length; row++) {
    const z = outputs.map((column) => column[row])
    total += value(z, targets[row])
    right += decide(z) === targets[row]
  }
  return {loss: total / targets.length, accuracy: classes ? right / targets.length : NaN}
}

/** The class that outputs stand for. */
export function decide(z) {
  return z.length === 1 ? Number(z[0] > 0) : z.indexOf(Math.max(...z))
}
