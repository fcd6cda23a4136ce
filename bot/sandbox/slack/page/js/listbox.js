import { arrange, h, uid } from "./dom.js";

/**
 * A list to choose from while focus stays in `input` (aria's combobox pattern).
 * Items are `{key, content, group?, selected?, data?}`; `choose(item)` runs on click, and on Enter through `key()`.
 */
export class Listbox {
  constructor(input, { label, choose }) {
    this.input = input;
    this.choose = choose;
    this.items = [];
    this.active = -1;
    this.node = h("div", { class: "listbox", role: "listbox", id: uid("listbox"), "aria-label": label });
  }

  /** Shows `items`, or `note` when there are none. The first selected item, else the first, becomes active. */
  show(items, note = "") {
    this.items = items;
    this.options = items.map((item) => this.#option(item));
    const nodes = [];
    items.forEach((item, index) => {
      if (item.group && item.group !== items[index - 1]?.group) {
        nodes.push(h("div", { class: "listbox-group", role: "presentation" }, item.group));
      }
      nodes.push(this.options[index]);
    });
    if (!items.length && note) nodes.push(h("div", { class: "listbox-note", role: "presentation" }, note));
    arrange(this.node, nodes);
    this.input.setAttribute("aria-controls", this.node.id);
    this.#activate(
      items.length
        ? Math.max(
            0,
            items.findIndex((item) => item.selected),
          )
        : -1,
    );
  }

  /** Handles a key of the input; true when the list used it. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.items.length) {
      this.#activate((this.active + step + this.items.length) % this.items.length);
    } else if (event.key === "Enter" && this.current) {
      this.choose(this.current);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  get current() {
    return this.items[this.active];
  }

  #option(item) {
    return h(
      "div",
      {
        class: "listbox-option",
        role: "option",
        id: uid("option"),
        "aria-selected": String(Boolean(item.selected)),
        // Keeps focus, and with it the caret, in the input.
        onpointerdown: (event) => event.preventDefault(),
        onmousedown: (event) => event.preventDefault(),
        onclick: () => this.choose(item),
        ...item.data,
      },
      item.content,
    );
  }

  #activate(index) {
    this.options[this.active]?.classList.remove("is-active");
    this.active = index;
    const option = this.options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.classList.add("is-active");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }
}
