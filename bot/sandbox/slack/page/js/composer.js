import { api } from "./api.js";
import { Completion } from "./completion.js";
import { h } from "./dom.js";
import { appIcon, icon } from "./icons.js";
import { loadMessages } from "./live.js";
import { showMenu } from "./popover.js";
import { store } from "./store.js";
import { complain, toast } from "./toast.js";

const MARKS = [
  ["Bold", "bold", "*"],
  ["Italic", "italic", "_"],
  ["Strikethrough", "strike", "~"],
  ["Code", "code", "`"],
];

/** Where one writes: a message, a slash command, or a reply when `thread` names a thread's first ts. */
export class Composer {
  constructor(label, { thread = null, channel }) {
    this.channel = channel;
    this.thread = thread;
    this.input = h("textarea", {
      class: "composer-input",
      role: "textbox",
      "aria-label": label,
      "aria-multiline": "true",
      placeholder: label,
      rows: 1,
    });
    this.hint = h("div", { class: "composer-hint", "aria-live": "polite" });
    this.sendButton = h(
      "button",
      {
        class: "send",
        type: "button",
        "aria-label": "Send now",
        title: "Send now",
        onclick: () => this.#send(),
      },
      icon("send"),
    );
    this.box = h("div", { class: "composer-box" }, this.#formatting(), this.input, this.#actions());
    this.node = h("div", { class: "composer" }, this.box, this.hint);
    this.completion = new Completion(this.input, this.box, {
      commands: !thread,
      changed: () => this.#changed(),
    });
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.#changed();
  }

  /** Not on touch screens, where it would bring the keyboard up. */
  focusOnArrival() {
    if (matchMedia("(pointer: fine)").matches) this.focus();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  #formatting() {
    const buttons = MARKS.map(([label, name, mark]) =>
      h(
        "button",
        { class: "tool", type: "button", "aria-label": label, title: label, onclick: () => this.#wrap(mark) },
        icon(name, 18),
      ),
    );
    return h(
      "div",
      { class: "composer-tools composer-formatting", role: "toolbar", "aria-label": "Formatting" },
      buttons,
    );
  }

  #actions() {
    const shortcuts = h(
      "button",
      {
        class: "tool",
        type: "button",
        "aria-label": "Shortcuts",
        title: "Shortcuts",
        "aria-haspopup": "menu",
      },
      icon("bolt"),
    );
    shortcuts.addEventListener("click", () =>
      showMenu(shortcuts, this.#shortcuts(), { label: "Shortcuts", align: "start", above: true }),
    );
    const tip = h("span", { class: "composer-tip" }, h("b", {}, "Shift + Enter"), " to add a new line");
    return h(
      "div",
      { class: "composer-tools" },
      this.thread ? null : shortcuts,
      h("span", { class: "spacer" }),
      tip,
      this.sendButton,
    );
  }

  #shortcuts() {
    const run = (callback_id) => async () =>
      complain(await api.shortcut({ callback_id, channel: this.channel.id }));
    const globals = store.shortcuts.filter((shortcut) => shortcut.type === "global");
    const commands = store.commands.map((command) => ({
      label: command.command,
      hint: command.description,
      icon: icon("bolt"),
      run: () => this.#put(`${command.command} `),
    }));
    return [
      "Shortcuts",
      ...globals.map(({ name, callback_id }) => ({
        label: name,
        hint: store.app.name,
        icon: appIcon(20),
        data: { "data-callback-id": callback_id },
        run: run(callback_id),
      })),
      "Commands",
      ...commands,
    ];
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.completion.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#send();
  }

  #wrap(mark) {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    this.input.setRangeText(`${mark}${value.slice(from, to)}${mark}`, from, to, "end");
    this.input.setSelectionRange(from + 1, to + 1);
    this.focus();
    this.#changed();
  }

  #put(value) {
    this.input.value = value;
    this.focus();
    this.#changed();
    this.completion.update();
  }

  #changed() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    this.sendButton.disabled = !this.input.value.trim();
    this.hint.replaceChildren(...usage(this.input.value));
  }

  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.completion.close();
    this.#put("");
    if (!(await this.#deliver(text)) && !this.input.value) this.#put(text);
  }

  /** Whether the server took it; what was refused goes back into the field. */
  async #deliver(text) {
    const channel = this.channel.id;
    if (!text.startsWith("/")) {
      return complain(await api.message({ channel, text, ...(this.thread && { thread_ts: this.thread }) }));
    }
    const command = text.split(/\s/, 1)[0];
    if (this.thread) return refuse(`${command} is not supported in threads. Sorry!`);
    if (command === "/invite") return invite(channel, text);
    if (!store.commands.some((known) => known.command === command)) {
      return refuse(`${command} is not a valid command. Messages that start with “/” are taken as commands.`);
    }
    return complain(await api.command(channel, text));
  }
}

function usage(value) {
  const command = store.commands.find((known) => value.startsWith(`${known.command} `));
  return command?.usage_hint ? [h("b", {}, command.command), ` ${command.usage_hint}`] : [];
}

async function invite(channel, text) {
  const name = text.slice("/invite".length).trim().replace(/^@/, "");
  if (name.toLowerCase() !== store.app.name.toLowerCase())
    return refuse(`Only @${store.app.name} can be invited here.`);
  const taken = complain(await api.invite(channel));
  if (taken) loadMessages(channel);
  return taken;
}

function refuse(words) {
  toast(words);
  return false;
}
