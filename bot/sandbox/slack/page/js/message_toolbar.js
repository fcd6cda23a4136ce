import { api } from "./api.js";
import { h } from "./dom.js";
import { appIcon, icon } from "./icons.js";
import { showMenu } from "./popover.js";
import { address, go } from "./router.js";
import { store } from "./store.js";
import { complain, toast } from "./toast.js";

/** The tools that appear over a message: reply, copy its link, and the app's message shortcuts under "More actions". */
export function toolbar(message, { channel, inThread }) {
  if (message.ephemeral) return null;
  const root = message.thread_ts ?? message.ts;
  const more = tool("More actions", "more", () =>
    showMenu(more, entries(channel, message, root, inThread), { label: "More actions" }),
  );
  more.setAttribute("aria-haspopup", "menu");
  return h(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Message actions" },
    inThread ? null : tool("Reply in thread", "reply", () => go(channel, root)),
    tool("Copy link", "link", () => copyLink(channel, root)),
    more,
  );
}

function tool(label, name, onclick) {
  return h(
    "button",
    { class: "tool", type: "button", "aria-label": label, title: label, onclick },
    icon(name, 18),
  );
}

function entries(channel, message, root, inThread) {
  const shortcuts = store.shortcuts.filter((shortcut) => shortcut.type === "message");
  return [
    inThread ? null : { label: "Reply in thread", icon: icon("reply"), run: () => go(channel, root) },
    { label: "Copy link", icon: icon("link"), run: () => copyLink(channel, root) },
    shortcuts.length ? `${store.app.name} shortcuts` : null,
    ...shortcuts.map(({ name, callback_id }) => ({
      label: name,
      hint: store.app.name,
      icon: appIcon(20),
      data: { "data-callback-id": callback_id },
      run: () => run({ callback_id, channel, ts: message.ts }),
    })),
  ].filter((entry) => entry !== null);
}

async function run(body) {
  complain(await api.shortcut(body));
}

async function copyLink(channel, ts) {
  await navigator.clipboard.writeText(new URL(address(channel, ts), location.href).href);
  toast("Link copied", "done");
}
