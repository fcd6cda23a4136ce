import { h, uid } from "../dom.js";
import { emojiText } from "../emoji.js";
import { icon } from "../icons.js";
import { text } from "../mrkdwn.js";
import { richText } from "../rich_text.js";
import { renderElement } from "./elements.js";

const RENDERERS = {
  section: (block, surface) => [
    h(
      "div",
      { class: "section-body" },
      block.text && h("div", { class: "section-text" }, text(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", {}, text(field))),
        ),
    ),
    block.accessory && h("div", { class: "accessory" }, renderElement(block.accessory, block, surface)),
  ],
  header: (block) => [h("h3", {}, text(block.text))],
  divider: () => [h("hr")],
  context: (block) =>
    block.elements.map((element) =>
      element.type === "image"
        ? picture(element, "context-image")
        : h("span", { class: "context-text" }, text(element)),
    ),
  actions: (block, surface) => block.elements.map((element) => renderElement(element, block, surface)),
  image: (block) => [
    block.title && h("div", { class: "image-title" }, text(block.title)),
    picture(block, "block-image"),
  ],
  rich_text: (block) => richText(block),
  input: inputBlock,
};

export function renderBlock(block, surface) {
  const render = RENDERERS[block.type];
  const content = render
    ? render(block, surface)
    : [h("em", {}, `This content (${block.type}) can’t be displayed here.`)];
  return h("div", { class: `block block-${block.type}`, "data-block-id": block.block_id }, content);
}

function inputBlock(block, surface) {
  const ids = { label: uid("label"), control: uid("control"), notes: uid("notes") };
  const error = surface.errors[block.block_id];
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element.type);
  const aria = {
    id: ids.control,
    "aria-labelledby": ids.label,
    "aria-describedby": error || block.hint ? ids.notes : null,
    "aria-invalid": error ? "true" : null,
    "aria-required": block.optional ? null : "true",
  };
  return [
    h(
      grouped ? "div" : "label",
      { class: "input-label", id: ids.label, for: grouped ? null : ids.control },
      text(block.label),
      block.optional && h("span", { class: "optional" }, " (optional)"),
    ),
    renderElement(block.element, block, surface, aria),
    h(
      "div",
      { class: "input-notes", id: ids.notes, "aria-live": "polite" },
      error && h("p", { class: "field-error" }, icon("alert", 16), h("span", {}, error)),
      block.hint && h("p", { class: "hint" }, text(block.hint)),
    ),
  ];
}

function picture(image, name) {
  const source = image.image_url ?? image.slack_file?.url;
  return h("img", {
    class: name,
    src: source,
    alt: emojiText(image.alt_text ?? ""),
    loading: "lazy",
    decoding: "async",
  });
}
