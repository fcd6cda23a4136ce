import { h } from "./dom.js";
import { appIcon, icon } from "./icons.js";
import { Listbox } from "./listbox.js";
import { avatar } from "./people.js";
import { closePopover, isPopoverOpenFor, showPopover } from "./popover.js";
import { store } from "./store.js";

const MOST = 8;

/** Completes slash commands at the start of a composer's text, and @people at the caret. */
export class Completion {
  constructor(input, anchor, { commands, changed }) {
    this.input = input;
    this.anchor = anchor;
    this.commands = commands;
    this.changed = changed;
    this.list = new Listbox(input, { label: "Suggestions", choose: (item) => this.#take(item) });
    input.addEventListener("input", () => this.update());
    input.addEventListener("blur", () => this.close());
  }

  update() {
    const items = this.#find();
    if (!items.length) return this.close();
    if (!isPopoverOpenFor(this.anchor)) {
      showPopover(this.anchor, h("div", { class: "completion" }, this.list.node), {
        match: true,
        above: true,
      });
    }
    this.list.show(items);
  }

  close() {
    if (isPopoverOpenFor(this.anchor)) closePopover();
  }

  /** Handles a key; true when it was meant for the suggestions. */
  key(event) {
    if (!isPopoverOpenFor(this.anchor)) return false;
    const { current } = this.list;
    if (event.key === "Enter" && (event.shiftKey || this.#isTyped(current))) return false;
    if (event.key === "Tab" && current) {
      event.preventDefault();
      this.#take(current);
      return true;
    }
    return this.list.key(event);
  }

  /** What is typed in full needs no completion: Enter sends it. */
  #isTyped(item) {
    const typed = this.input.value.slice(item?.from, this.input.selectionStart);
    return typed.toLowerCase() === item?.insert.trim().toLowerCase();
  }

  #take(item) {
    this.input.setRangeText(item.insert, item.from, this.input.selectionStart, "end");
    this.close();
    this.changed();
  }

  #find() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    if (/^\/[^\s]*$/.test(before)) return this.commands ? commandItems(before) : [];
    const [, name] = /(?:^|\s)@([^\s@]*)$/.exec(before) ?? [];
    return name === undefined ? [] : peopleItems(name, before.length - name.length - 1);
  }
}

function commandItems(typed) {
  const invite = {
    command: "/invite",
    usage_hint: `@${store.app.name}`,
    description: `Add ${store.app.name} to this channel`,
    own: true,
  };
  return [...store.commands, invite]
    .filter((command) => command.command.startsWith(typed.toLowerCase()))
    .map((command) => ({
      key: command.command,
      insert: `${command.command} `,
      from: 0,
      group: command.own ? "Slack" : store.app.name,
      data: { "data-command": command.command },
      content: h(
        "div",
        { class: "command" },
        command.own ? icon("hash", 28) : appIcon(28),
        h(
          "div",
          {},
          h(
            "div",
            {},
            h("b", {}, command.command),
            " ",
            h("span", { class: "quiet" }, command.usage_hint ?? ""),
          ),
          h("small", {}, command.description ?? ""),
        ),
      ),
    }));
}

function peopleItems(typed, from) {
  const wanted = typed.toLowerCase();
  return [...store.users.values()]
    .filter((user) =>
      `${user.real_name} ${user.name}`
        .toLowerCase()
        .split(/\s+/)
        .some((word) => word.startsWith(wanted)),
    )
    .slice(0, MOST)
    .map((user) => ({
      insert: `@${user.name} `,
      from,
      content: [
        avatar(user, 24),
        h("span", {}, h("b", {}, user.real_name || user.name), " ", h("span", { class: "quiet" }, user.name)),
      ],
    }));
}
