import { h } from "../dom.js";
import { emojify } from "../emoji.js";
import { icon } from "../icons.js";
import { showMenu } from "../popover.js";

export function overflow(element, bound, attributes) {
  const node = h(
    "button",
    {
      class: "btn btn-icon",
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": "More actions",
      ...attributes,
    },
    icon("more"),
  );
  node.addEventListener("click", () => {
    const entries = element.options.map((option) => ({
      label: emojify(option.text.text),
      hint: option.description?.text,
      href: option.url,
      data: { "data-value": option.value },
      run: () => bound.act({ selected_option: option }),
    }));
    showMenu(node, entries, { label: "More actions" });
  });
  return node;
}
