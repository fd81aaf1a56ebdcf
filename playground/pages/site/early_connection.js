// Bokeh connects to the server when all scripts of a page have run, and only then is the page made. This connects at
// once, and hands the connection to Bokeh when it asks for one: the server makes the page while scripts are loaded and
// run.
function connectEarly(token) {
  const Native = window.WebSocket
  const path = location.pathname.replace(/\/$/, "")
  const address = `${location.protocol.replace("http", "ws")}//${location.host}${path}/ws${location.search}`
  const socket = new Native(address, ["bokeh", token])
  socket.binaryType = "arraybuffer"
  const received = []
  socket.onmessage = (event) => received.push(event)
  window.WebSocket = new Proxy(Native, {
    construct(_target, [url, protocols]) {
      window.WebSocket = Native
      if (protocols?.[1] !== token || socket.readyState > Native.OPEN) return new Native(url, protocols)
      // Bokeh sets its handlers first.
      queueMicrotask(() => {
        if (socket.readyState === Native.OPEN) socket.onopen()
        for (const event of received) socket.onmessage(event)
      })
      return socket
    },
  })
}
