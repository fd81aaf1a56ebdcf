// Numbers: decoded from text, compared, and formatted.

/** Bytes of a base64 text, as an ArrayBuffer. */
export function buffer(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer
}

/** Numbers packed by Python: {dtype: "float32" | "float16" | "uint8", data: base64}. */
export function unpack({dtype, data}) {
  const bytes = buffer(data)
  if (dtype === "float16") return Float32Array.from(new Uint16Array(bytes), halfToNumber)
  return dtype === "uint8" ? new Uint8Array(bytes) : new Float32Array(bytes)
}

/** The number that 16 bits stand for: IEEE 754 binary16. */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high)
}

/** Position of the largest of some numbers. */
export function argmax(values) {
  let best = 0
  for (let place = 1; place < values.length; place++) if (values[place] > values[best]) best = place
  return best
}

/** Position of the number nearest to a value, in numbers that rise. */
export function nearest(rising, value) {
  let low = 0
  let high = rising.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (rising[middle] <= value) low = middle
    else high = middle
  }
  return Math.abs(rising[low] - value) <= Math.abs(rising[high] - value) ? low : high
}

/** A number with at least two significant digits and a true minus sign. */
export function written(value) {
  if (!Number.isFinite(value)) return "not a number"
  const text = Math.abs(value) >= 0.1 || value === 0 ? value.toFixed(2) : value.toPrecision(2)
  return text.replace("-", "−")
}

// An accuracy in percent, rounded down, so that 100% means all.
export function accuracyText(share) {
  return Number.isFinite(share) ? `${Math.floor(1000 * (share + 5e-8)) / 10}%` : "–"
}

export function percent(share, digits = 1) {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)}%` : "–"
}
