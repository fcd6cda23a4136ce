import { h } from "../dom.js";
import { emojiText } from "../emoji.js";
import { icon } from "../icons.js";
import { closePopover } from "../popover.js";
import { Combobox, comboInput } from "./combobox.js";
import { sourceOf } from "./sources.js";

/** Any select that holds one value. */
export function select(element, bound, attributes, { block, surface }) {
  const source = sourceOf(element, block, surface);
  const placeholder = emojiText(element.placeholder?.text ?? "Select an option");
  const input = comboInput(
    { class: "field", "aria-label": attributes["aria-labelledby"] ? null : placeholder, ...attributes },
    placeholder,
  );
  const chosen = () => (bound.value() ? source.itemOf(bound.value()) : null);
  const show = () => {
    input.value = chosen()?.chosen ?? chosen()?.text ?? "";
    node.classList.toggle("has-value", Boolean(chosen()));
  };
  const clear = h(
    "button",
    { class: "select-clear", type: "button", "aria-label": "Clear", onclick: () => take(null) },
    icon("close", 16),
  );
  const node = h("div", { class: "select" }, input, block.optional ? clear : null, icon("chevronDown", 16));
  const take = (value) => {
    bound.set(value);
    closePopover();
    show();
  };
  new Combobox(input, node, {
    source,
    label: placeholder,
    actionId: element.action_id,
    isSelected: (item) => item.key === chosen()?.key,
    choose: (item) => take(item.value),
    onclose: show,
  });
  // What is chosen reads as a query once one types over it.
  input.addEventListener("focus", () => input.select());
  show();
  return node;
}
