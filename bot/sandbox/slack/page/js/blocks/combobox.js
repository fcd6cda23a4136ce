import { h } from "../dom.js";
import { emojify } from "../emoji.js";
import { Listbox } from "../listbox.js";
import { closePopover, isPopoverOpenFor, showPopover } from "../popover.js";

const TYPING_PAUSE_MS = 200;
const OPENING_KEYS = ["ArrowDown", "ArrowUp", "Enter"];

/** Makes an input search a source (see `sourceOf`) in a list under `anchor`. */
export class Combobox {
  #turn = 0;
  #pause;

  /** `isSelected(item)` marks items, `choose(item)` takes one, `onclose()` runs when the list goes away. */
  constructor(input, anchor, { source, label, actionId, isSelected, choose, onclose }) {
    Object.assign(this, { input, anchor, source, actionId, isSelected, onclose });
    this.list = new Listbox(input, { label, choose: (entry) => choose(entry.item) });
    // A press on the list's edge or scrollbar must not take the focus away either.
    this.list.node.addEventListener("pointerdown", (event) => event.preventDefault());
    input.addEventListener("mousedown", (event) => this.#press(event));
    anchor.addEventListener("click", (event) => this.#click(event));
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.isOpen && closePopover());
  }

  get isOpen() {
    return isPopoverOpenFor(this.anchor);
  }

  open(query = "") {
    if (!this.isOpen) {
      showPopover(this.anchor, this.list.node, { match: true, onclose: () => this.#closed() });
      this.input.setAttribute("aria-expanded", "true");
    }
    this.#search(query);
  }

  refresh() {
    if (this.isOpen) this.#search(this.input.value);
  }

  async #search(query) {
    this.#turn += 1;
    const turn = this.#turn;
    const answer = this.source.find(query);
    if (answer instanceof Promise && !this.list.items.length) this.list.show([], "Loading…");
    const { items, note } = await answer;
    // A later search may have been answered first.
    if (turn === this.#turn)
      this.list.show(
        items.map((item) => this.#entry(item)),
        note,
      );
  }

  #entry(item) {
    return {
      item,
      group: item.group,
      selected: this.isSelected(item),
      content: itemContent(item),
      data: { "data-action-id": this.actionId, "data-value": item.key },
    };
  }

  #closed() {
    this.#turn += 1;
    clearTimeout(this.#pause);
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.onclose();
  }

  #click(event) {
    if (event.target.closest("button")) return;
    this.input.focus();
    if (!this.isOpen) this.open();
  }

  // A press on selected words would leave the caret after them, and what is typed next would be added to the choice.
  #press(event) {
    if (this.isOpen || event.target !== this.input) return;
    event.preventDefault();
    this.input.focus();
    this.input.select();
  }

  #typed() {
    clearTimeout(this.#pause);
    if (!this.source.remote || !this.isOpen) this.open(this.input.value);
    else this.#pause = setTimeout(() => this.open(this.input.value), TYPING_PAUSE_MS);
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.isOpen) {
      if (event.key === "Tab") closePopover();
      else this.list.key(event);
    } else if (OPENING_KEYS.includes(event.key)) {
      event.preventDefault();
      this.open();
    }
  }
}

/** The input of a combobox, with the attributes assistive technology needs. */
export function comboInput(attributes, placeholder) {
  return h("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-haspopup": "listbox",
    placeholder,
    ...attributes,
  });
}

function itemContent({ picture, text, description }) {
  const words = [h("span", {}, emojify(text)), description && h("small", {}, emojify(description))];
  return [picture?.(), h("span", { class: "option-text" }, words)];
}
