// A table of runs. A click on a heading sorts, here and not on the server; a click on a row selects,
// with Ctrl it adds or removes the row, with Shift it selects all rows from the one clicked before.

const MISSING = "–"
const DIGITS = 4

function newElement(kind, text = "") {
  const element = document.createElement(kind)
  element.textContent = text
  return element
}

// All losses have as many digits.
function inWords(value, heading) {
  return typeof value === "number" && heading.endsWith("loss") ? value.toPrecision(DIGITS) : String(value)
}

// Numbers before words, what is missing last, whichever way it is sorted.
function compare(one, other, direction) {
  if (one === null || other === null) return (one === null) - (other === null)
  const both = typeof one === "number" && typeof other === "number"
  return direction * (both ? one - other : String(one).localeCompare(String(other)))
}

export function render({ model }) {
  const table = newElement("table")
  const head = table.createTHead().insertRow()
  const body = table.createTBody()
  let order = [] // of the rows that are shown
  let anchor = null // the row that was clicked last, from which shift selects
  let sorted = { column: -1, direction: 1 }

  function sort(column) {
    const again = sorted.column === column
    sorted = { column, direction: again ? -sorted.direction : 1 }
    showHeadings()
    show()
  }

  function heading(text, column) {
    const cell = newElement("th")
    const button = newElement("button", text)
    button.type = "button"
    button.addEventListener("click", () => sort(column))
    cell.scope = "col"
    if (sorted.column === column) cell.ariaSort = sorted.direction > 0 ? "ascending" : "descending"
    cell.append(button)
    return cell
  }

  function select(run, event) {
    if (event.shiftKey && order.includes(anchor)) {
      const [first, last] = [order.indexOf(anchor), order.indexOf(run)].sort((a, b) => a - b)
      // The row that was clicked first stays the first.
      const range = order.slice(Math.max(first, 0), last + 1).filter((each) => each !== anchor)
      model.send_msg({ select: [anchor, ...range] })
      return
    }
    anchor = run
    const adds = event.ctrlKey || event.metaKey
    const others = model.selected.filter((each) => each !== run)
    const kept = adds ? others : []
    const removes = adds && others.length < model.selected.length
    model.send_msg({ select: removes ? kept : [...kept, run] })
  }

  function row(run) {
    const line = newElement("tr")
    const chosen = model.selected.includes(run)
    line.className = chosen ? "chosen" : ""
    model.rows[run].forEach((value, column) => {
      const cell = newElement("td")
      const text = value === null ? MISSING : inWords(value, model.headings[column])
      if (column === 0) {
        // By keyboard a row is selected with the button in its first cell.
        const button = newElement("button", text)
        button.type = "button"
        button.setAttribute("aria-pressed", String(chosen))
        cell.append(button)
      } else cell.textContent = text
      line.append(cell)
    })
    line.addEventListener("mousedown", (event) => {
      if (event.shiftKey) event.preventDefault() // which would select text
    })
    line.addEventListener("click", (event) => select(run, event))
    return line
  }

  function show() {
    const focused = table.getRootNode().activeElement
    const place = [...body.querySelectorAll("button")].indexOf(focused)
    const runs = model.rows.map((_, run) => run).filter((run) => model.shown[run] ?? true)
    const { column, direction } = sorted
    if (column >= 0) {
      runs.sort((a, b) => compare(model.rows[a][column], model.rows[b][column], direction))
    }
    order = runs
    body.replaceChildren(...runs.map(row))
    if (place >= 0) body.querySelectorAll("button")[place]?.focus()
  }

  function showHeadings() {
    const focused = table.getRootNode().activeElement
    const place = [...head.querySelectorAll("button")].indexOf(focused)
    head.replaceChildren(...model.headings.map(heading))
    if (place >= 0) head.querySelectorAll("button")[place]?.focus()
  }

  model.on("headings", () => {
    anchor = null
    sorted = { column: -1, direction: 1 }
    showHeadings()
  })
  for (const name of ["rows", "selected", "shown"]) model.on(name, show)
  showHeadings()
  show()
  return table
}
