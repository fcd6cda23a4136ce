import { h } from "./dom.js";
import { store } from "./store.js";
import { fillDate } from "./time.js";
import { userName } from "./people.js";
import { address } from "./router.js";

const PERMALINK = /^\/archives\/(\w+)\//;
const SAFE = /^(https?:|mailto:|tel:)/i;

/** A link as Slack draws it; an address with any other scheme stays text. */
export function link(url, ...label) {
  if (!SAFE.test(url)) return h("span", {}, ...(label.length ? label : [url]));
  const target = URL.canParse(url) ? new URL(url) : null;
  const outside = target?.origin !== location.origin;
  const [, channel] = (!outside && PERMALINK.exec(target.pathname)) || [];
  return h(
    "a",
    {
      href: channel ? address(channel) : url,
      target: outside ? "_blank" : null,
      rel: outside ? "noopener noreferrer" : null,
    },
    ...(label.length ? label : [url.replace(/^(mailto:|tel:)/i, "")]),
  );
}

export function userMention(id, fallback) {
  const isMe = id === store.me.id;
  return h("span", { class: isMe ? "mention mention-me" : "mention" }, `@${userName(id, fallback)}`);
}

export function channelMention(id, fallback) {
  const channel = store.channels.get(id);
  if (!channel) return h("span", { class: "mention" }, `#${fallback || "unknown-channel"}`);
  return h("a", { class: "mention", href: address(id) }, `#${channel.name}`);
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

export function date(timestamp, template, url, fallback) {
  const text = Number.isFinite(Number(timestamp)) ? fillDate(timestamp, template) : fallback;
  return url ? link(url, text) : h("time", { title: fallback }, text);
}
