// What a unit makes of its sum: the same functions, by the same names, as in
// playground/networks/dense/activations.py.

const exp = Math.exp

const softplus = (z) => (z > 20 ? z : Math.log1p(exp(z)))

export const ACTIVATIONS = {
  tanh: Math.tanh,
  ReLU: (z) => (z > 0 ? z : 0),
  sigmoid: (z) => 1 / (1 + exp(-z)),
  linear: (z) => z,
  "leaky ReLU": (z) => (z > 0 ? z : 0.01 * z),
  ELU: (z) => (z > 0 ? z : Math.expm1(z)),
  GELU: (z) => 0.5 * z * (1 + erf(z * Math.SQRT1_2)),
  SiLU: (z) => z / (1 + exp(-z)),
  Mish: (z) => z * Math.tanh(softplus(z)),
  softplus,
  sine: Math.sin,
  step: (z) => (z > 0 ? 1 : 0),
}

/** The error function, to 1.2e-7: Numerical Recipes' Chebyshev fit of erfc (Press et al. 1992). */
export function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const fit = FIT.reduceRight((sum, factor) => sum * t + factor, 0)
  const rest = t * exp(-x * x + fit)
  return x >= 0 ? 1 - rest : rest - 1
}

const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]

/** Apply an activation to all values, in place. */
export function activate(name, values) {
  if (name === "linear") return
  const rule = ACTIVATIONS[name]
  for (let place = 0; place < values.length; place++) values[place] = rule(values[place])
}
