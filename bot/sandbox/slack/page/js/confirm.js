import { h, uid } from "./dom.js";
import { plain, text } from "./mrkdwn.js";

/** Shows Slack's confirmation dialog (a `confirm` object); resolves to whether the person agreed. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const dialog = draw(confirm, (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    });
    // Inside the open modal, which makes everything outside itself inert.
    (document.querySelector("dialog[open]") ?? document.body).append(dialog);
    dialog.showModal();
    dialog.querySelector("footer button:last-child").focus();
  });
}

function draw(confirm, finish) {
  const ids = { title: uid("title"), text: uid("text") };
  const button = (style, answer, words) =>
    h("button", { class: `btn btn-large ${style}`, type: "button", onclick: () => finish(answer) }, words);
  const dialog = h(
    "dialog",
    {
      class: "dialog dialog-confirm",
      role: "dialog",
      "aria-labelledby": ids.title,
      "aria-describedby": ids.text,
    },
    h("header", { class: "dialog-head" }, h("h2", { id: ids.title }, label(confirm.title, "Are you sure?"))),
    h("div", { class: "dialog-body", id: ids.text }, text(confirm.text)),
    h(
      "footer",
      { class: "dialog-foot" },
      button("", false, label(confirm.deny, "Cancel")),
      button(`btn-${confirm.style ?? "primary"}`, true, label(confirm.confirm, "Yes")),
    ),
  );
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    finish(false);
  });
  return dialog;
}

function label(object, otherwise) {
  return object ? plain(object.text) : otherwise;
}
