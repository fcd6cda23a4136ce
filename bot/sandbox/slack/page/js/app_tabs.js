import { h } from "./dom.js";
import { appIcon } from "./icons.js";
import { address } from "./router.js";
import { on, store } from "./store.js";
import { Surface } from "./blocks/surface.js";

let home = null;

/** The app's own pages: "home" or "about". */
export function appTab(tab, channel) {
  return tab === "about" ? about() : homeTab(channel);
}

function homeTab(channel) {
  home ??= new HomeTab();
  home.show(channel);
  return home.node;
}

class HomeTab {
  constructor() {
    this.node = h("section", { class: "app-tab", "aria-label": "Home" });
    this.blocks = h("div", { class: "blocks" });
    on("home", () => this.node.isConnected && this.show(this.channel));
  }

  show(channel) {
    this.channel = channel;
    const view = store.home;
    if (!view) return this.node.replaceChildren(this.#placeholder());
    if (this.viewId !== view.id) this.surface = new Surface(this.blocks, { type: "view", view_id: view.id });
    this.viewId = view.id;
    this.surface.render(view.blocks, { state: view.state?.values });
    if (this.blocks.parentNode !== this.node) this.node.replaceChildren(this.blocks);
  }

  #placeholder() {
    const [first] = store.commands;
    return h(
      "div",
      { class: "app-empty" },
      appIcon(72),
      h("h2", {}, `Welcome to ${store.app.name}`),
      h("p", {}, store.app.description ?? ""),
      first && h("p", { class: "quiet" }, "Type ", h("code", {}, first.command), " in any channel to begin."),
      h("a", { class: "btn", href: address(this.channel.id, "messages") }, "Go to messages"),
    );
  }
}

function about() {
  const { name, description } = store.app;
  const channels = [...store.channels.values()].filter((channel) => !channel.is_im && channel.app_is_member);
  return h(
    "section",
    { class: "app-tab about", "aria-label": "About" },
    h(
      "div",
      { class: "about-head" },
      appIcon(72),
      h("div", {}, h("h2", {}, name), h("p", {}, description ?? "")),
    ),
    part(
      "Commands",
      store.commands.map((command) => [
        h("code", {}, command.command, command.usage_hint ? ` ${command.usage_hint}` : ""),
        h("p", {}, command.description ?? ""),
      ]),
    ),
    part(
      "Shortcuts",
      store.shortcuts.map((shortcut) => [
        h("b", {}, shortcut.name),
        h(
          "p",
          { class: "quiet" },
          shortcut.type === "message"
            ? "On a message, under “More actions”"
            : "From the composer’s shortcuts menu",
        ),
      ]),
    ),
    part(
      "Channels",
      channels.map((channel) => h("a", { href: address(channel.id) }, `#${channel.name}`)),
    ),
  );
}

function part(title, rows) {
  return rows.length
    ? h(
        "div",
        { class: "about-part" },
        h("h3", {}, title),
        h(
          "ul",
          {},
          rows.map((row) => h("li", {}, row)),
        ),
      )
    : null;
}
