// What a network may be given of a point (x, y): as in playground/problems/points/features.py.

export const FEATURES = {
  x: (x) => x,
  y: (x, y) => y,
  "x²": (x) => x * x,
  "y²": (x, y) => y * y,
  xy: (x, y) => x * y,
  "sin x": (x) => Math.sin(x),
  "sin y": (x, y) => Math.sin(y),
  "cos x": (x) => Math.cos(x),
  "cos y": (x, y) => Math.cos(y),
}

/**
 * One column a feature, from one column an input.
 * A feature is {name} of the registry, or {input}, the number of an input taken as it is.
 */
export function expand(features, columns) {
  return features.map(({name, input}) => {
    if (input !== undefined) return columns[input]
    const [x, y] = columns
    return x.map((across, place) => FEATURES[name](across, y[place]))
  })
}
