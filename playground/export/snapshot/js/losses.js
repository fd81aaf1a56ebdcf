// Probabilities and scores from a network's outputs. The functions themselves are translated from
// PyTorch by playground/export/snapshot/translation/browser_functions.py.
// Outputs and probabilities are lists of columns, one number a sample in each.

/** Probabilities of the classes, one column each; `compute` takes the outputs of one sample. */
export function probabilities(compute, classCount, outputs) {
  const columns = Array.from({length: classCount}, () => new Float32Array(outputs[0].length))
  for (let row = 0; row < outputs[0].length; row++) {
    compute(...outputs.map((column) => column[row])).forEach((share, k) => (columns[k][row] = share))
  }
  return columns
}

/**
 * Mean loss and accuracy over samples; NaN where there is nothing to measure. The mean is weighted
 * by `classWeights`, a number for each class, unless that is null.
 * `loss` takes the outputs and the target of one sample; targets are class numbers, or values if
 * there are no classes.
 */
export function score(loss, classCount, outputs, targets, classWeights = null) {
  let total = 0
  let totalWeight = 0
  let correct = 0
  for (let row = 0; row < targets.length; row++) {
    const z = outputs.map((column) => column[row])
    const weight = classWeights ? classWeights[targets[row]] : 1
    total += weight * loss(...z, ...encoded(targets[row], z.length))
    totalWeight += weight
    correct += predictedClass(z) === targets[row]
  }
  const {length} = targets
  return {loss: total / totalWeight, accuracy: classCount ? correct / length : NaN}
}

/** A target as a loss has it: as it is for one output, one-hot for several. */
function encoded(target, outputCount) {
  if (outputCount === 1) return [target]
  return Array.from({length: outputCount}, (_, k) => Number(k === target))
}

function predictedClass(z) {
  return z.length === 1 ? Number(z[0] > 0) : z.indexOf(Math.max(...z))
}
