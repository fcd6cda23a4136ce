import { api } from "./api.js";
import { arrange, h, uid } from "./dom.js";
import { emojiText } from "./emoji.js";
import { icon, appIcon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { closePopover } from "./popover.js";
import { on, store } from "./store.js";
import { Surface } from "./blocks/surface.js";

/** The modal: one dialog that shows the top of this person's view stack. */
export function startModal() {
  const modal = new Modal();
  on("stack", () => modal.show(store.stack));
}

class Modal {
  #sheets = new Map();
  #top = null;

  constructor() {
    this.dialog = h("dialog", { class: "dialog dialog-modal", role: "dialog" });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      // Also keeps the browser from closing the dialog without telling the server.
      event.preventDefault();
      this.#close(true);
    });
    document.body.append(this.dialog);
  }

  show(stack) {
    const known = new Set(stack.map((view) => view.id));
    for (const id of this.#sheets.keys()) if (!known.has(id)) this.#sheets.delete(id);
    const view = stack.at(-1);
    if (!view) return this.#hide();
    const isNew = !this.#sheets.has(view.id);
    const sheet = this.#sheets.get(view.id) ?? this.#add(view);
    const turned = this.#top !== sheet;
    if (turned) closePopover();
    this.#top = sheet;
    sheet.show(view, stack.length > 1);
    this.dialog.setAttribute("aria-labelledby", sheet.titleId);
    this.dialog.dataset.viewId = view.id;
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    arrange(this.dialog, [sheet.node, ...this.dialog.querySelectorAll(":scope > .popover, :scope > dialog")]);
    if (!this.dialog.open) this.dialog.showModal();
    if (turned) sheet.arrive(isNew);
  }

  #add(view) {
    const sheet = new Sheet(view, (all) => this.#close(all));
    this.#sheets.set(view.id, sheet);
    return sheet;
  }

  #hide() {
    closePopover();
    this.#top = null;
    if (this.dialog.open) this.dialog.close();
    this.dialog.replaceChildren();
  }

  /** Tells the server; the stack comes back as an event. A view that the server no longer knows just goes. */
  async #close(all) {
    const view = store.stack.at(-1);
    if (!view) return;
    const answer = await api.close(view.id, all && store.stack.length > 1);
    if (!answer.ok) this.show((store.stack = []));
  }
}

/** One view of the stack. Its inputs live on while another view stands above it. */
class Sheet {
  #scroll = 0;

  constructor(view, close) {
    this.viewId = view.id;
    this.titleId = uid("title");
    this.close = close;
    this.busy = false;
    this.head = h("header", { class: "dialog-head" });
    this.content = h("div", { class: "blocks" });
    this.body = h("div", { class: "dialog-body", onscroll: () => this.#shade() }, this.content);
    this.banner = h("div", { class: "dialog-banner", role: "alert", hidden: true });
    this.foot = h("footer", { class: "dialog-foot" });
    this.node = h("div", { class: "sheet" }, this.head, this.body, this.banner, this.foot);
    this.surface = new Surface(
      this.content,
      { type: "view", view_id: view.id },
      { onsubmit: () => this.#submit() },
    );
    new ResizeObserver(() => this.#shade()).observe(this.content);
  }

  show(view, pushed) {
    this.view = view;
    this.#drawHead(view, pushed);
    this.#drawFoot(view);
    // The server repeats the last submit's errors; those the person has meanwhile attended to stay gone.
    const told = JSON.stringify(view.errors ?? {});
    const errors = this.told === told ? this.surface.errors : (view.errors ?? {});
    this.told = told;
    this.surface.render(view.blocks, { state: view.state?.values, errors });
  }

  /** Called when the sheet comes to the top. */
  arrive(isNew) {
    this.body.scrollTop = isNew ? 0 : this.#scroll;
    const wanted =
      this.content.querySelector("[data-autofocus]") ??
      this.content.querySelector("input, textarea") ??
      (this.submitButton ? null : this.content.querySelector("button, a.btn"));
    const target = wanted ?? this.submitButton ?? this.foot.querySelector("button");
    target.focus({ preventScroll: !wanted });
    this.#shade();
  }

  // Head and foot are drawn again only when their words change, so that focus on their buttons survives an update.
  #drawHead(view, pushed) {
    const words = JSON.stringify([view.title.text, pushed]);
    if (this.headWords === words) return;
    this.headWords = words;
    const back = () =>
      h(
        "button",
        { class: "btn-bare", type: "button", "aria-label": "Back", onclick: () => this.close(false) },
        icon("back"),
      );
    const close = {
      class: "btn-bare dialog-close",
      type: "button",
      "aria-label": "Close",
      onclick: () => this.close(true),
    };
    const title = h("h2", { id: this.titleId }, plain(view.title.text));
    arrange(this.head, [pushed ? back() : appIcon(28), title, h("button", close, icon("close"))]);
  }

  #drawFoot(view) {
    const submit = view.submit && emojiText(view.submit.text);
    const close = emojiText(view.close?.text ?? (submit ? "Cancel" : "Close"));
    const words = JSON.stringify([close, submit]);
    if (this.footWords === words) return;
    this.footWords = words;
    const button = (label, style, onclick) =>
      h("button", { class: `btn btn-large ${style}`, type: "button", onclick }, label);
    this.submitButton = submit ? button(submit, "btn-primary", () => this.#submit()) : null;
    arrange(this.foot, [button(close, "", () => this.close(false)), this.submitButton].filter(Boolean));
    this.#showBusy();
  }

  async #submit() {
    if (this.busy || !this.view.submit) return;
    this.#setBusy(true);
    this.banner.hidden = true;
    const answer = await api.submit(this.viewId, this.surface.form.values());
    this.#setBusy(false);
    if (answer.ok) return;
    if (answer.errors) {
      this.surface.setErrors(answer.errors);
      this.surface.focusFirst();
    } else {
      this.banner.replaceChildren(
        icon("alert", 18),
        answer.message ?? "We had some trouble connecting. Try again?",
      );
      this.banner.hidden = false;
    }
  }

  #setBusy(busy) {
    this.busy = busy;
    store.submitting = busy;
    this.#showBusy();
  }

  #showBusy() {
    this.node.setAttribute("aria-busy", String(this.busy));
    if (this.busy) this.submitButton?.setAttribute("aria-busy", "true");
    else this.submitButton?.removeAttribute("aria-busy");
  }

  #shade() {
    this.#scroll = this.body.isConnected ? this.body.scrollTop : this.#scroll;
    const { scrollTop, scrollHeight, clientHeight } = this.body;
    this.node.classList.toggle("has-above", scrollTop > 1);
    this.node.classList.toggle("has-below", scrollTop + clientHeight < scrollHeight - 1);
  }
}
