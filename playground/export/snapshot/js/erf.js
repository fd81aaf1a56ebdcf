// The error function, which JavaScript lacks: functions translated from PyTorch may call it.

/** erf(x) to 1.2e-7: Numerical Recipes' Chebyshev fit of erfc (Press et al. 1992). */
export function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const fit = FIT.reduceRight((sum, factor) => sum * t + factor, 0)
  const rest = t * Math.exp(-x * x + fit)
  return x >= 0 ? 1 - rest : rest - 1
}

const FIT = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
]
