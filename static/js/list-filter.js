// <list-filter>: shows of a list what contains the typed text.
class ListFilter extends HTMLElement {
  connectedCallback() {
    this.addEventListener('input', (event) => this.filter(event.target.value.trim().toLowerCase()))
  }

  filter(text) {
    let left = 0
    for (const item of this.querySelectorAll('[data-item]')) {
      item.hidden = !item.dataset.item.toLowerCase().includes(text)
      if (!item.hidden) left++
    }
    this.querySelector('[data-none]').hidden = left > 0
  }
}

customElements.define('list-filter', ListFilter)
