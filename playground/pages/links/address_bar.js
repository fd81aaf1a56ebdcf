// Writes into the browser's address bar, in place of what is there: no entry in the history.
export function render({ model }) {
  const write = () => {
    if (model.query === null) return; // nothing has been changed yet
    const { pathname } = window.location;
    const url = model.query ? `${pathname}?${model.query}` : pathname;
    try {
      window.history.replaceState(window.history.state, "", url);
    } catch {
      // A frame without an address of its own has none to write to.
    }
  };
  model.on("query", write);
  write();
}
