import { arrange, h } from "./dom.js";
import { MessageRow } from "./message.js";
import { store } from "./store.js";
import { dayKey, dayName } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_END_PX = 80;

/** The scrolling log of one conversation or thread. It stays at the end when it was at the end. */
export class MessageList {
  #rows = new Map();
  #channel = null;
  #top = 0;
  #follows = true;

  constructor({ label, inThread = false }) {
    this.inThread = inThread;
    this.inner = h("div", { class: "log-inner" });
    this.more = h(
      "button",
      { class: "new-messages", type: "button", hidden: true, onclick: () => this.toEnd() },
      "New messages ↓",
    );
    this.scroller = h(
      "div",
      { class: "log", role: "log", "aria-live": "polite", "aria-label": label, tabindex: "0" },
      this.inner,
    );
    this.node = h("div", { class: "log-frame" }, this.scroller, this.more);
    this.scroller.addEventListener("scroll", () => this.#scrolled());
    // Pictures that load late and a composer that grows must not push the last message out of sight.
    const keep = new ResizeObserver(() => this.#follows && this.toEnd());
    keep.observe(this.inner);
    keep.observe(this.scroller);
  }

  /** `intro` stands above the first message; `repliesTo(message)` gives its thread's other messages. */
  show(channel, messages, { intro = null, repliesTo = () => [] } = {}) {
    this.#channel = channel;
    const known = this.#rows;
    const grew = messages.some((message) => !known.has(message.ts));
    this.#rows = new Map();
    const nodes = intro ? [intro] : [];
    messages.forEach((message, index) => {
      const previous = messages[index - 1];
      const divider = this.#dividerBetween(previous, message, messages.length - 1);
      if (divider) nodes.push(this.#divider(divider, known));
      const grouped = previous && !divider && continues(previous, message);
      nodes.push(this.#row(message, Boolean(grouped), repliesTo(message), known));
    });
    arrange(this.inner, nodes);
    const last = messages.at(-1);
    const isForMe = last && !known.has(last.ts) && (last.user === store.me.id || last.ephemeral);
    if (this.#follows || isForMe) this.toEnd();
    else if (grew) this.more.hidden = false;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#top = this.scroller.scrollTop;
    this.#follows = true;
    this.more.hidden = true;
  }

  // Only a person scrolls up; content that grows leaves the position where it is.
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollTop + clientHeight >= scrollHeight - NEAR_END_PX) {
      this.#follows = true;
      this.more.hidden = true;
    } else if (scrollTop < this.#top) {
      this.#follows = false;
    }
    this.#top = scrollTop;
  }

  /** The words of the line above `message`: a new day, or in a thread the number of replies. */
  #dividerBetween(previous, message, replies) {
    if (this.inThread) {
      const isFirstReply = previous && previous.ts === message.thread_ts;
      return isFirstReply ? `${replies} ${replies === 1 ? "reply" : "replies"}` : "";
    }
    const isNewDay = !previous || dayKey(previous.ts) !== dayKey(message.ts);
    return isNewDay ? dayName(message.ts) : "";
  }

  #row(message, grouped, replies, known) {
    const signature = JSON.stringify([message, grouped, replies.map((reply) => reply.ts)]);
    const entry = known.get(message.ts) ?? { row: new MessageRow(this.#channel, message.ts) };
    if (entry.signature !== signature) {
      entry.row.draw(message, { channel: this.#channel, grouped, replies, inThread: this.inThread });
    }
    this.#rows.set(message.ts, { row: entry.row, signature });
    return entry.row.node;
  }

  #divider(words, known) {
    const key = `divider ${words}`;
    const node = known.get(key)?.node ?? h("div", { class: "day", role: "separator" }, h("span", {}, words));
    this.#rows.set(key, { node });
    return node;
  }
}

function continues(previous, message) {
  const same =
    previous.user === message.user &&
    previous.bot_id === message.bot_id &&
    previous.username === message.username;
  const close = Number(message.ts) - Number(previous.ts) < GROUP_SECONDS;
  return same && close && !message.ephemeral && !previous.ephemeral;
}
