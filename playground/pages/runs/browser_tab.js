// Sends Python the id of the browser's tab. A tab keeps its id when it is reloaded; every other tab,
// even a duplicate of this one, has another id.

const KEY = "playground-tab"
const TIMEOUT = 150 // ms in which another tab replies that an id is its own

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

function stored() {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null // without storage each load counts as a new tab
  }
}

function store(id) {
  try {
    sessionStorage.setItem(KEY, id)
  } catch {}
}

// A duplicate of a tab starts with a copy of its storage, so the stored id may be in use already.
function inUse(id, channel) {
  return new Promise((resolve) => {
    const done = setTimeout(() => resolve(false), TIMEOUT)
    channel.onmessage = ({ data }) => {
      if (data.mine !== id) return
      clearTimeout(done)
      resolve(true)
    }
    channel.postMessage({ whose: id })
  })
}

async function findId() {
  const channel = new BroadcastChannel(KEY)
  const before = stored()
  const id = before === null || (await inUse(before, channel)) ? newId() : before
  channel.onmessage = ({ data }) => {
    if (data.whose === id) channel.postMessage({ mine: id })
  }
  store(id)
  return id
}

// One id for all components of a page, however often they are rendered.
function tabId() {
  window.playgroundTab ??= findId()
  return window.playgroundTab
}

export function render({ model }) {
  const [{ type } = {}] = performance.getEntriesByType("navigation")
  tabId().then((id) => model.send_msg({ tab: id, reloaded: type === "reload" }))
  return document.createElement("span")
}
