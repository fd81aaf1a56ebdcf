// Replaces the query in the browser's address bar, without an entry in the history.
export function render({ model }) {
  const write = () => {
    if (model.query === null) return; // no link was opened
    const { pathname } = window.location;
    const url = model.query ? `${pathname}?${model.query}` : pathname;
    try {
      window.history.replaceState(window.history.state, "", url);
    } catch {
      // An iframe without an address, such as one with srcdoc, can't be given one.
    }
  };
  model.on("query", write);
  write();
}
