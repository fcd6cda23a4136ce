import { h } from "./dom.js";
import { emojify } from "./emoji.js";
import { icon } from "./icons.js";

const SECONDS = 6;
let tray = null;

/** Says something in the corner for a while; `tone` is "notice" or "done". */
export function toast(words, tone = "notice") {
  const note = h(
    "div",
    { class: `toast toast-${tone}` },
    icon(tone === "done" ? "check" : "alert", 18),
    h("span", {}, emojify(words)),
    h(
      "button",
      { class: "toast-close", "aria-label": "Dismiss", onclick: () => leave(note) },
      icon("close", 16),
    ),
  );
  place().append(note);
  setTimeout(() => leave(note), SECONDS * 1000);
}

/**
 * Says why an answer is not ok, and returns whether it was. What the app itself did wrong (`app_error`) the server
 * announces with an event of its own.
 */
export function complain(answer) {
  if (!answer.ok && answer.error !== "app_error") toast(answer.message ?? answer.error);
  return answer.ok;
}

// Shown anew each time: the tray has to stand above a dialog that opened after it.
function place() {
  tray ??= document.body.appendChild(h("div", { class: "toasts", popover: "manual", role: "status" }));
  if (tray.matches(":popover-open")) tray.hidePopover();
  tray.showPopover();
  return tray;
}

function leave(note) {
  note.remove();
  if (!tray.childElementCount) tray.hidePopover();
}
