// The units of the user, in which places and values are shown.

import {written} from "./numbers.js"

export class Units {
  /** `scaling` is that of the problem; a plane may have units or a scale of its own. */
  constructor({inputs, values}, plane) {
    const own = {
      names: plane.units.map(({name}) => name),
      offset: plane.units.map(({offset}) => offset),
      scale: plane.units.map(({scale}) => scale),
    }
    this.names = own.names.length ? own.names : inputs.names
    this.places = own.names.length ? own : plane.scale.length ? plane : inputs
    this.values = values
  }

  /** A coordinate of the plane along an input. */
  place(input, coordinate) {
    return inUnits(coordinate, this.places.offset[input], this.places.scale[input])
  }

  /** A value of the network. */
  value(output) {
    return inUnits(output, this.values.offset, this.values.scale)
  }
}

/** A number in its units, with three digits of the scale. */
function inUnits(number, offset, scale) {
  if (offset === 0 && scale === 1) return written(number)
  const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(scale)), 0), 9)
  const options = {minimumFractionDigits: decimals, maximumFractionDigits: decimals}
  return (number * scale + offset).toLocaleString("en", options).replace("-", "−")
}
