// What several networks read: ten bars for each, and what that comes to in a sentence:
// as in playground/pages/digits/prediction/prediction_tab.py and playground/prediction/rejection.py.

import {element} from "./elements.js"
import {argmax, percent} from "./numbers.js"

const LEAST = 0.4 // the mean probability of the likeliest digit under which it is doubted
const EMPTY = "Draw a digit from 0 to 9."

export class Readings {
  /** `models` are {name, judges}; judges can tell what is no digit. */
  constructor(models, classes) {
    Object.assign(this, {models, classes})
    this.columns = models.map(({name}) => {
      const [said, sure] = [element("b"), element("span")]
      const bars = classes.map((label) => element("li", {}, element("span", {textContent: label}), element("i")))
      const column = element(
        "div", {className: "reader"},
        element("h3", {textContent: name}), element("p", {}, said, sure), element("ol", {}, ...bars))
      return {column, said, sure, bars}
    })
    document.querySelector("#readings").append(...this.columns.map(({column}) => column))
  }

  /** Show probabilities, one list a model; null where there is nothing to read. */
  show(rows) {
    const doubted = rows !== null && this.doubtful(rows)
    document.querySelector("#readings").classList.toggle("doubted", doubted)
    document.querySelector("#verdict").replaceChildren(...this.sentence(rows, doubted))
    this.columns.forEach(({said, sure, bars}, number) => {
      const row = rows?.[number]
      const best = row ? argmax(row) : -1
      said.textContent = row ? this.classes[best] + (doubted ? "?" : "") : ""
      sure.textContent = row ? percent(row[best], 0) : ""
      bars.forEach((bar, k) => {
        bar.style.setProperty("--share", row?.[k] ?? 0)
        bar.classList.toggle("best", k === best)
        bar.title = row ? percent(row[k]) : ""
      })
    })
  }

  doubtful(rows) {
    const judges = rows.filter((_, number) => this.models[number].judges)
    if (!judges.length) return false
    const mean = (k) => judges.reduce((sum, row) => sum + row[k], 0) / judges.length
    return Math.max(...this.classes.map((_, k) => mean(k))) < LEAST
  }

  sentence(rows, doubted) {
    if (!rows) return [EMPTY]
    const votes = new Map()
    for (const row of rows) votes.set(argmax(row), (votes.get(argmax(row)) ?? 0) + 1)
    const [best, ...others] = [...votes.keys()].sort((one, other) => votes.get(other) - votes.get(one))
    const name = element("b", {textContent: this.classes[best]})
    if (doubted) return [element("b", {textContent: "Not a digit? "}), "If it is one, then perhaps ", name, "."]
    if (!others.length) return ["Prediction: ", name, "."]
    return ["Most predict ", name, `, others ${others.map((k) => this.classes[k]).join(", ")}.`]
  }
}
