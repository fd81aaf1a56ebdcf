// The slider over the checkpoints, and the button that plays them.

const SECONDS = 8

export class Transport {
  constructor(state) {
    this.state = state
    this.slider = document.querySelector("#checkpoint")
    this.button = document.querySelector("#play")
    this.slider.max = state.epochs.length - 1
    document.querySelector("#transport").hidden = state.epochs.length < 2
    this.slider.addEventListener("input", () => this.go(Number(this.slider.value)))
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()))
  }

  /** Stop playing, and show a checkpoint by its number. */
  go(checkpoint) {
    this.pause()
    this.state.set({checkpoint})
  }

  play() {
    const last = this.state.epochs.length - 1
    const first = this.state.checkpoint === last ? 0 : this.state.checkpoint
    const began = performance.now() - (first / last) * SECONDS * 1000
    const step = (now) => {
      const checkpoint = Math.min(last, Math.max(0, Math.floor(((now - began) / 1000 / SECONDS) * last)))
      if (checkpoint !== this.state.checkpoint) this.state.set({checkpoint})
      this.playing = checkpoint < last ? requestAnimationFrame(step) : undefined
      this.label()
    }
    this.playing = requestAnimationFrame(step)
    this.label()
  }

  pause() {
    cancelAnimationFrame(this.playing)
    this.playing = undefined
    this.label()
  }

  label() {
    this.button.classList.toggle("playing", this.playing !== undefined)
    this.button.ariaLabel = this.playing ? "Pause" : "Play the training"
  }

  show() {
    const {checkpoint, epoch} = this.state
    this.slider.value = checkpoint
    this.slider.ariaValueText = `epoch ${epoch}`
    this.slider.style.setProperty("--share", checkpoint / Math.max(1, this.slider.max))
  }
}
