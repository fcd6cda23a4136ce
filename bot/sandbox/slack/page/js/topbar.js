import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Listbox } from "./listbox.js";
import { avatar, channelName } from "./people.js";
import { closePopover, isPopoverOpenFor, showPopover } from "./popover.js";
import { open } from "./router.js";
import { on, store } from "./store.js";

/** The bar on top: the conversation switcher (Ctrl or ⌘ + K) and what kind of Slack this is. */
export function topbar() {
  const toggle = h(
    "button",
    { class: "nav-toggle", type: "button", "aria-label": "Show conversations" },
    icon("menu"),
  );
  toggle.addEventListener("click", () => {
    document.body.dataset.nav = document.body.dataset.nav === "open" ? "closed" : "open";
  });
  return h(
    "div",
    { class: "topbar" },
    toggle,
    new Jump().node,
    h("div", { class: "topbar-end" }, offline(), pill()),
  );
}

class Jump {
  constructor() {
    this.input = h("input", {
      type: "text",
      role: "combobox",
      "aria-label": "Jump to a conversation",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: `Search ${store.team.name}`,
      oninput: () => this.search(),
      onclick: () => this.search(),
      onkeydown: (event) => this.isOpen && this.list.key(event),
      onblur: () => this.isOpen && closePopover(),
    });
    this.node = h("div", { class: "jump" }, icon("search", 16), this.input, h("kbd", {}, "Ctrl K"));
    this.list = new Listbox(this.input, {
      label: "Conversations",
      choose: (item) => this.#leave(item.channel),
    });
    addEventListener("keydown", (event) => this.#shortcut(event));
  }

  get isOpen() {
    return isPopoverOpenFor(this.node);
  }

  search() {
    if (!this.isOpen) {
      showPopover(this.node, this.list.node, { match: true, onclose: () => this.#expanded(false) });
      this.#expanded(true);
    }
    this.list.show(conversations(this.input.value), "No conversation has that name");
  }

  #expanded(expanded) {
    this.input.setAttribute("aria-expanded", String(expanded));
  }

  #leave(channel) {
    this.input.value = "";
    closePopover();
    this.input.blur();
    open(channel);
  }

  #shortcut(event) {
    const wanted = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (!wanted || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.input.focus();
    this.search();
  }
}

function conversations(typed) {
  const wanted = typed.trim().replace(/^[#@]/, "").toLowerCase();
  return [...store.channels.values()]
    .filter((channel) => channelName(channel).toLowerCase().includes(wanted))
    .map((channel) => ({
      channel: channel.id,
      content: [
        channel.is_im
          ? avatar(store.users.get(channel.user), 20)
          : icon(channel.is_private ? "lock" : "hash", 18),
        h("span", {}, channelName(channel)),
      ],
    }));
}

function offline() {
  const note = h("span", { class: "offline", role: "status" });
  on("connected", () => (note.textContent = store.connected ? "" : "Reconnecting…"));
  return note;
}

function pill() {
  const about = "This Slack and its Stripe run on this machine; no real money moves";
  const { dashboard } = store.links;
  if (!dashboard) return h("span", { class: "pill", title: about }, "Sandbox");
  const label = [
    h("span", {}, "Sandbox"),
    h("span", { class: "pill-link" }, "Stripe dashboard", icon("external", 14)),
  ];
  return h(
    "a",
    { class: "pill", href: dashboard, target: "_blank", rel: "noopener noreferrer", title: about },
    label,
  );
}
