// Remarks that were used stay away from this browser, until the help is asked for: the style sheet hides
// a remark by a property of the document, which is set before anything is painted.

const KEY = "playground-callouts-used"

function stored() {
  try {
    const names = JSON.parse(localStorage.getItem(KEY))
    return Array.isArray(names) ? names : []
  } catch {
    return [] // without storage, or with something else in it, they are new at each visit
  }
}

function store(names) {
  try {
    localStorage.setItem(KEY, JSON.stringify(names))
  } catch {}
}

export function render({ model }) {
  const root = document.documentElement.style
  const apply = (used) => {
    for (const name of model.names) {
      if (used.includes(name)) root.setProperty(`--pg-callout-${name}`, "none")
      else root.removeProperty(`--pg-callout-${name}`)
    }
  }
  const use = () => {
    const used = [...new Set([...stored(), ...model.used])]
    if (model.used.length) store(used)
    apply(used)
  }
  const again = () => {
    store([])
    apply([])
    model.send_msg({ again: true })
  }
  model.on("used", use)
  window.addEventListener("playground-help", again)
  model.on("remove", () => window.removeEventListener("playground-help", again))
  use()
  return document.createElement("span")
}
