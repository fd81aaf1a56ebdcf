// Tells Python which tab of the browser this is. A tab keeps its id through a reload; another tab,
// even a copy of this one, has another.

const KEY = "playground-tab"
const PATIENCE = 150 // ms in which another tab answers that an id is its own

function drawn() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

function stored() {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null // where nothing may be stored, each load is a tab of its own
  }
}

function store(id) {
  try {
    sessionStorage.setItem(KEY, id)
  } catch {}
}

// Copies of a tab begin with a copy of its storage, so its id may be in use already.
function inUse(id, channel) {
  return new Promise((resolve) => {
    const done = setTimeout(() => resolve(false), PATIENCE)
    channel.onmessage = ({ data }) => {
      if (data.mine !== id) return
      clearTimeout(done)
      resolve(true)
    }
    channel.postMessage({ whose: id })
  })
}

async function settled() {
  const channel = new BroadcastChannel(KEY)
  const before = stored()
  const id = before === null || (await inUse(before, channel)) ? drawn() : before
  channel.onmessage = ({ data }) => {
    if (data.whose === id) channel.postMessage({ mine: id })
  }
  store(id)
  return id
}

// All parts of one page, and each time it is rendered, ask for the same tab.
function tab() {
  window.playgroundTab ??= settled()
  return window.playgroundTab
}

export function render({ model }) {
  const [{ type } = {}] = performance.getEntriesByType("navigation")
  tab().then((id) => model.send_msg({ tab: id, reloaded: type === "reload" }))
  return document.createElement("span")
}
