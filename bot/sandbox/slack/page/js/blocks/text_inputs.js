import { h } from "../dom.js";
import { emojiText } from "../emoji.js";
import { icon } from "../icons.js";

const TYPING_PAUSE_MS = 300;
const INPUT_TYPES = { email_text_input: "email", url_text_input: "url" };
const INPUT_MODES = { email_text_input: "email", url_text_input: "url" };

export function textInput(element, bound, attributes, { surface }) {
  const multiline = Boolean(element.multiline);
  const node = h(multiline ? "textarea" : "input", {
    class: "field",
    ...attributes,
    type: multiline ? null : (INPUT_TYPES[element.type] ?? "text"),
    inputmode: inputMode(element),
    rows: multiline ? 4 : null,
    maxlength: element.max_length,
    placeholder: element.placeholder && emojiText(element.placeholder.text),
    autocomplete: "off",
    value: bound.value() ?? "",
    "data-autofocus": element.focus_on_load ? "true" : null,
  });
  const counter = element.max_length ? remaining(node, element.max_length) : null;
  listen(node, element, bound, surface);
  return counter ? h("div", { class: "field-with-count" }, node, counter) : node;
}

export function datepicker(element, bound, attributes) {
  return picker("date", bound, attributes);
}

export function timepicker(element, bound, attributes) {
  return picker("time", bound, attributes);
}

/** A day and a time in the reader's own time zone; the state holds seconds since the epoch. */
export function datetimepicker(element, bound, attributes) {
  return picker("datetime-local", { value: () => localTime(bound.value()), set: (typed) => bound.set(seconds(typed)) }, attributes);
}

function localTime(moment) {
  if (!moment) return "";
  const zone = new Date(moment * 1000).getTimezoneOffset() * 60;
  return new Date((moment - zone) * 1000).toISOString().slice(0, 16);
}

const seconds = (typed) => (typed ? Math.floor(new Date(typed).getTime() / 1000) : null);

function inputMode(element) {
  if (element.type === "number_input") return element.is_decimal_allowed ? "decimal" : "numeric";
  return INPUT_MODES[element.type];
}

function picker(type, bound, attributes) {
  const node = h("input", {
    class: "field",
    type,
    ...attributes,
    value: bound.value() ?? "",
    onchange: () => bound.set(node.value),
  });
  return h("div", { class: "picker" }, icon("calendar"), node);
}

function listen(node, element, bound, surface) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const whileTyping = bound.dispatches && triggers.includes("on_character_entered");
  const onEnter = bound.dispatches && triggers.includes("on_enter_pressed");
  let pause;
  node.addEventListener("input", () => {
    bound.set(node.value, { quiet: true });
    clearTimeout(pause);
    // An update may have replaced this node meanwhile; the form knows what was typed last.
    const dispatch = () => surface.root.isConnected && bound.set(bound.value());
    if (whileTyping) pause = setTimeout(dispatch, TYPING_PAUSE_MS);
  });
  node.addEventListener("keydown", (event) => {
    const isSubmit = event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || event.isComposing || (node.tagName === "TEXTAREA" && !isSubmit)) return;
    event.preventDefault();
    clearTimeout(pause);
    if (onEnter && !isSubmit) bound.set(node.value);
    else surface.submit();
  });
}

/** Counts down near the limit, as Slack does. */
function remaining(node, limit) {
  const counter = h("span", { class: "field-count", "aria-hidden": "true" });
  const count = () => {
    const left = limit - node.value.length;
    counter.textContent = left <= Math.max(10, limit * 0.2) ? String(left) : "";
  };
  node.addEventListener("input", count);
  count();
  return counter;
}
