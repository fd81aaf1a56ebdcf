// The columns that a network is given, computed from the inputs of the samples.

/**
 * One column a feature, from one column an input.
 * A feature is {input, compute}: the number of an input taken as it is, or a function of all inputs.
 */
export function expand(features, columns) {
  const [x, y] = columns
  return features.map(({input, compute}) => {
    if (!compute) return columns[input]
    if (columns.length === 2) return x.map((across, row) => compute(across, y[row]))
    return x.map((_, row) => compute(...columns.map((column) => column[row])))
  })
}
