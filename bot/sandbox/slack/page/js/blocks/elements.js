import { h } from "../dom.js";
import { button } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { overflow } from "./overflow.js";
import { multiSelect } from "./multi_select.js";
import { select } from "./select.js";
import { datepicker, datetimepicker, textInput, timepicker } from "./text_inputs.js";

const RENDERERS = {
  button,
  overflow,
  checkboxes,
  radio_buttons: radioButtons,
  datepicker,
  timepicker,
  datetimepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: multiSelect,
  multi_external_select: multiSelect,
  multi_users_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
  image: (element) =>
    h("img", {
      class: "accessory-image",
      src: element.image_url,
      alt: element.alt_text ?? "",
      loading: "lazy",
    }),
};

/** An element of `block` on `surface`; `aria` are the attributes that tie it to an input block's label and notes. */
export function renderElement(element, block, surface, aria = {}) {
  const render = RENDERERS[element.type];
  if (!render) return h("em", {}, `This control (${element.type}) can’t be displayed here.`);
  const attributes = { ...aria, "data-block-id": block.block_id, "data-action-id": element.action_id };
  return render(element, surface.bind(block, element), attributes, { block, surface });
}
