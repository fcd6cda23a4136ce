import { api } from "./api.js";
import { appTab } from "./app_tabs.js";
import { Composer } from "./composer.js";
import { arrange, h } from "./dom.js";
import { appIcon, icon } from "./icons.js";
import { loadMessages } from "./live.js";
import { MessageList } from "./message_list.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, channelName } from "./people.js";
import { address } from "./router.js";
import { isAppChannel, on, showsMessages, store } from "./store.js";
import { complain } from "./toast.js";

const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
  ["about", "About"],
];

/** The main pane: the head of the conversation, its messages and its composer, or a tab of the app. */
export function conversation() {
  const pane = new Pane();
  on("place", () => pane.draw({ moved: true }));
  on("channels", () => pane.draw());
  on("messages", (channel) => channel === store.place.channel && pane.drawMessages());
  return pane.node;
}

class Pane {
  #composers = new Map();
  #key = null;

  constructor() {
    this.node = h("main", { class: "pane" });
  }

  /** `moved` when the person went somewhere, were it to where they are: then they can type at once. */
  draw({ moved = false } = {}) {
    const channel = store.channels.get(store.place.channel);
    if (!channel) return;
    document.title = `${channelName(channel)} - ${store.team.name} - Slack sandbox`;
    if (!showsMessages(channel)) {
      this.#key = null;
      arrange(this.node, [head(channel), appTab(store.place.tab, channel)]);
      return;
    }
    const arrived = this.#key !== channel.id;
    this.#key = channel.id;
    if (arrived) this.list = new MessageList({ label: `Messages in ${channelName(channel)}` });
    const composer = this.#composer(channel);
    arrange(this.node, [head(channel), this.list.node, composer.node]);
    this.drawMessages();
    if (arrived || (moved && !store.place.thread)) composer.focusOnArrival();
  }

  drawMessages() {
    const channel = store.channels.get(store.place.channel);
    const messages = store.messages.get(store.place.channel);
    if (!channel || !messages || !showsMessages(channel)) return;
    const replies = Map.groupBy(messages.filter(isReply), (message) => message.thread_ts);
    this.list.show(
      channel.id,
      messages.filter((message) => !isReply(message)),
      { intro: intro(channel), repliesTo: (message) => replies.get(message.ts) ?? [] },
    );
  }

  /** Each conversation keeps its own, with what was typed and not sent. */
  #composer(channel) {
    const composer = this.#composers.get(channel.id) ?? new Composer(`Message ${sign(channel)}`, { channel });
    this.#composers.set(channel.id, composer);
    return composer;
  }
}

/** Whether a message stands in a thread only. */
export const isReply = (message) =>
  Boolean(message.thread_ts && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast");

function sign(channel) {
  return channel.is_im ? channelName(channel) : `#${channel.name}`;
}

function head(channel) {
  const picture = channel.is_im
    ? avatar(store.users.get(channel.user), 24)
    : icon(channel.is_private ? "lock" : "hash", 20);
  const title = h("h1", { class: "pane-title" }, picture, h("span", {}, channelName(channel)));
  const topic = channel.topic && h("div", { class: "topic" }, mrkdwn(channel.topic));
  const bar = h(
    "div",
    { class: "pane-bar" },
    title,
    topic,
    h("span", { class: "spacer" }),
    channel.is_im ? null : membership(channel),
  );
  return h("header", { class: "pane-head" }, bar, isAppChannel(channel) ? tabs(channel) : null, progress());
}

function tabs(channel) {
  const links = TABS.map(([tab, name]) =>
    h(
      "a",
      {
        class: "tab",
        href: address(channel.id, tab),
        "aria-current": store.place.tab === tab ? "page" : null,
      },
      name,
    ),
  );
  return h("nav", { class: "tabs", "aria-label": store.app.name }, links);
}

function membership(channel) {
  const people = h(
    "span",
    { class: "members", title: "People in this channel" },
    (channel.members ?? []).slice(0, 3).map((id) => avatar(store.users.get(id), 20)),
    h("span", {}, String(channel.members?.length ?? 0)),
  );
  if (channel.app_is_member) return people;
  const add = h(
    "button",
    { class: "btn", type: "button", onclick: () => invite(channel) },
    appIcon(16),
    `Add ${store.app.name}`,
  );
  return [people, add];
}

async function invite(channel) {
  if (complain(await api.invite(channel.id))) loadMessages(channel.id);
}

/** A thin moving line while the app has not yet acknowledged what this person did. */
function progress() {
  return h("div", { class: "progress", role: "presentation" });
}

function intro(channel) {
  const name = channelName(channel);
  const words = channel.is_im
    ? `This is the very beginning of your direct messages with ${name}.`
    : `This is the very beginning of the ${sign(channel)} channel.`;
  const picture = channel.is_im
    ? avatar(store.users.get(channel.user), 48)
    : icon(channel.is_private ? "lock" : "hash", 40);
  return h(
    "div",
    { class: "intro" },
    picture,
    h("h2", {}, channel.is_im ? name : sign(channel)),
    h("p", {}, words),
  );
}
