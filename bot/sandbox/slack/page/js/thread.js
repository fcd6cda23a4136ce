import { Composer } from "./composer.js";
import { isReply } from "./conversation.js";
import { arrange, h } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./message_list.js";
import { channelName } from "./people.js";
import { go } from "./router.js";
import { isAppChannel, on, store } from "./store.js";

/** The panel beside a conversation that shows one thread. */
export function threadPanel() {
  const panel = new ThreadPanel();
  on("place", () => panel.draw());
  on("messages", (channel) => channel === store.place.channel && panel.drawMessages());
  return panel.node;
}

class ThreadPanel {
  #key = null;

  constructor() {
    this.node = h("aside", { class: "thread", "aria-label": "Thread", hidden: true });
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) leave(store.channels.get(store.place.channel));
    });
  }

  draw() {
    const { channel: id, thread } = store.place;
    const channel = store.channels.get(id);
    this.node.hidden = !(thread && channel);
    document.body.dataset.thread = this.node.hidden ? "closed" : "open";
    const key = this.node.hidden ? null : `${id}/${thread}`;
    if (key && key !== this.#key) this.#build(channel, thread);
    this.#key = key;
    this.drawMessages();
  }

  drawMessages() {
    if (this.node.hidden) return;
    const { channel, thread } = store.place;
    const messages = store.messages.get(channel) ?? [];
    this.list.show(
      channel,
      messages.filter(
        (message) => message.ts === thread || (isReply(message) && message.thread_ts === thread),
      ),
    );
  }

  #build(channel, thread) {
    this.list = new MessageList({ label: "Thread", inThread: true });
    const composer = new Composer("Reply to thread", { thread, channel });
    arrange(this.node, [head(channel), this.list.node, composer.node]);
    composer.focusOnArrival();
  }
}

function leave(channel) {
  go(channel.id, isAppChannel(channel) ? "messages" : undefined);
}

function head(channel) {
  const where = channel.is_im ? channelName(channel) : `#${channel.name}`;
  const close = h(
    "button",
    { class: "btn-bare", type: "button", "aria-label": "Close thread", onclick: () => leave(channel) },
    icon("close"),
  );
  return h(
    "header",
    { class: "pane-head" },
    h(
      "div",
      { class: "pane-bar" },
      h("h2", { class: "pane-title" }, "Thread"),
      h("span", { class: "topic" }, where),
      h("span", { class: "spacer" }),
      close,
    ),
  );
}
