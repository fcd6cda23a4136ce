import { arrange, h } from "../dom.js";
import { emojify, emojiText } from "../emoji.js";
import { icon } from "../icons.js";
import { closePopover } from "../popover.js";
import { Combobox, comboInput } from "./combobox.js";
import { sourceOf } from "./sources.js";

/** Any select that holds several values, shown as tokens in the field. */
export function multiSelect(element, bound, attributes, { block, surface }) {
  return new MultiSelect(element, bound, attributes, sourceOf(element, block, surface)).node;
}

class MultiSelect {
  constructor(element, bound, attributes, source) {
    Object.assign(this, { bound, source, most: element.max_selected_items ?? Infinity });
    this.placeholder = emojiText(element.placeholder?.text ?? "Select options");
    const name = attributes["aria-labelledby"] ? null : this.placeholder;
    this.input = comboInput({ "aria-label": name, ...attributes }, "");
    this.node = h("div", { class: "field multi" }, this.input);
    this.combobox = new Combobox(this.input, this.node, {
      source,
      label: this.placeholder,
      actionId: element.action_id,
      isSelected: (item) => this.#has(item),
      choose: (item) => this.#choose(item),
      onclose: () => this.#show(),
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && !this.input.value && this.#items.length)
        this.#remove(this.#items.at(-1));
    });
    this.#show();
  }

  get #items() {
    return this.bound.value().map((value) => this.source.itemOf(value));
  }

  #has(item) {
    return this.#items.some((other) => other.key === item.key);
  }

  #choose(item) {
    if (this.#has(item)) return this.#remove(item);
    if (this.#items.length >= this.most) return closePopover();
    this.#take([...this.bound.value(), item.value]);
  }

  #remove(item) {
    this.#take(this.bound.value().filter((value) => this.source.itemOf(value).key !== item.key));
    this.input.focus();
  }

  #take(values) {
    this.bound.set(values);
    this.#show();
    this.combobox.refresh();
  }

  #show() {
    const items = this.#items;
    arrange(this.node, [...items.map((item) => token(item, () => this.#remove(item))), this.input]);
    this.input.value = "";
    this.input.placeholder = items.length ? "" : this.placeholder;
  }
}

function token(item, remove) {
  const button = { type: "button", "aria-label": `Remove ${item.text}`, onclick: remove };
  return h(
    "span",
    { class: "token" },
    item.picture?.(),
    h("span", {}, emojify(item.text)),
    h("button", button, icon("close", 14)),
  );
}
