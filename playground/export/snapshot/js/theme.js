// Light or dark.

export class Theme {
  constructor(changed) {
    this.root = document.documentElement
    document.querySelector("#theme").addEventListener("click", () => {
      this.root.dataset.theme = this.name === "dark" ? "light" : "dark"
      changed(this.name)
    })
  }

  get name() {
    return this.root.dataset.theme
  }
}
