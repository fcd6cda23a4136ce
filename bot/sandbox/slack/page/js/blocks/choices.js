import { h, uid } from "../dom.js";
import { text } from "../mrkdwn.js";

export function checkboxes(element, bound, attributes) {
  const chosen = () => new Set(bound.value().map((option) => option.value));
  const toggle = (option, checked) => {
    const values = chosen();
    if (checked) values.add(option.value);
    else values.delete(option.value);
    bound.set(element.options.filter((item) => values.has(item.value)));
  };
  return group("checkbox", "group", element, attributes, chosen(), toggle);
}

export function radioButtons(element, bound, attributes) {
  const chosen = new Set([bound.value()?.value].filter(Boolean));
  return group("radio", "radiogroup", element, attributes, chosen, (option) => bound.set(option));
}

function group(type, role, element, attributes, chosen, change) {
  const { "data-block-id": blockId, "data-action-id": actionId, ...aria } = attributes;
  const name = uid("choice");
  const rows = element.options.map((option) => {
    const note = option.description ? uid("note") : null;
    const box = h("input", {
      type,
      name,
      checked: chosen.has(option.value),
      "aria-describedby": note,
      "data-block-id": blockId,
      "data-action-id": actionId,
      "data-value": option.value,
      onchange: () => change(option, box.checked),
    });
    return h(
      "div",
      { class: "choice" },
      h("label", {}, box, h("span", { class: "choice-text" }, text(option.text))),
      note && h("div", { class: "choice-note", id: note }, text(option.description)),
    );
  });
  return h("div", { class: "choices", role, ...aria }, rows);
}
