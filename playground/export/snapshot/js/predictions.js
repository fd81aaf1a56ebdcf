// The predictions of several classifiers, as bars and as a sentence about them all: as in
// playground/pages/digits/prediction and playground/prediction/rejection.py.

import {element} from "./elements.js"
import {argmax, percent} from "./numbers.js"

const REJECTION_THRESHOLD = 0.4 // of the mean probability of the likeliest digit
const EMPTY_MESSAGE = "Draw a digit from 0 to 9."

export class Predictions {
  /** `models` are {name, rejects}; those that reject give low probabilities to what is no digit. */
  constructor(models, classes) {
    Object.assign(this, {models, classes})
    this.columns = models.map(({name}) => {
      const [label, confidence] = [element("b"), element("span")]
      const bars = classes.map((name) => element("li", {}, element("span", {textContent: name}), element("i")))
      const column = element(
        "div", {className: "classifier"},
        element("h3", {textContent: name}), element("p", {}, label, confidence), element("ol", {}, ...bars))
      return {column, label, confidence, bars}
    })
    document.querySelector("#predictions").append(...this.columns.map(({column}) => column))
  }

  /** Show probabilities, one list a model; null for an empty canvas. */
  show(rows) {
    const rejected = rows !== null && this.isRejected(rows)
    document.querySelector("#predictions").classList.toggle("rejected", rejected)
    document.querySelector("#verdict").replaceChildren(...this.sentence(rows, rejected))
    this.columns.forEach(({label, confidence, bars}, number) => {
      const row = rows?.[number]
      const best = row ? argmax(row) : -1
      label.textContent = row ? this.classes[best] + (rejected ? "?" : "") : ""
      confidence.textContent = row ? percent(row[best], 0) : ""
      bars.forEach((bar, k) => {
        bar.style.setProperty("--share", row?.[k] ?? 0)
        bar.classList.toggle("best", k === best)
        bar.title = row ? percent(row[k]) : ""
      })
    })
  }

  isRejected(rows) {
    const rejecting = rows.filter((_, number) => this.models[number].rejects)
    if (!rejecting.length) return false
    const mean = (k) => rejecting.reduce((sum, row) => sum + row[k], 0) / rejecting.length
    return Math.max(...this.classes.map((_, k) => mean(k))) < REJECTION_THRESHOLD
  }

  sentence(rows, rejected) {
    if (!rows) return [EMPTY_MESSAGE]
    const votes = new Map()
    for (const row of rows) votes.set(argmax(row), (votes.get(argmax(row)) ?? 0) + 1)
    const [best, ...others] = [...votes.keys()].sort((one, other) => votes.get(other) - votes.get(one))
    const name = element("b", {textContent: this.classes[best]})
    if (rejected) return [element("b", {textContent: "Not a digit? "}), "If it is one, then perhaps ", name, "."]
    if (!others.length) return ["Prediction: ", name, "."]
    return ["Most predict ", name, `, others ${others.map((k) => this.classes[k]).join(", ")}.`]
  }
}
