import { fragment, h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { author, avatar, standing } from "./people.js";
import { address } from "./router.js";
import { dropMessage } from "./store.js";
import { clock, moment } from "./time.js";
import { toolbar } from "./message_toolbar.js";
import { Surface } from "./blocks/surface.js";

/**
 * One message on screen. `context` is `{channel, grouped, replies, inThread}`: `grouped` hides the author because the
 * message above has the same one; `replies` are the thread's other messages when this is its first.
 */
export class MessageRow {
  constructor(channel, ts) {
    this.blocks = h("div", { class: "blocks" });
    this.surface = new Surface(this.blocks, { type: "message", channel, ts });
    this.node = h("article", { class: "message", "data-ts": ts, tabindex: "-1" });
  }

  draw(message, context) {
    const { channel, grouped } = context;
    const who = author(message);
    if (message.blocks?.length) this.surface.render(message.blocks);
    this.node.className = ["message", grouped && "is-grouped", message.ephemeral && "is-ephemeral"]
      .filter(Boolean)
      .join(" ");
    this.node.setAttribute("aria-label", `${who.name}, ${clock(message.ts)}`);
    const focused = document.activeElement;
    this.node.replaceChildren(
      fragment(
        message.ephemeral && ephemeralNote(channel, message),
        h("div", { class: "gutter" }, grouped ? time(message, "time-small") : avatar(who.user, 36)),
        h(
          "div",
          { class: "message-main" },
          grouped ? null : byline(message, who),
          body(message, this.blocks),
          (message.files ?? []).map(attachment),
          context.replies?.length && !context.inThread ? replyBar(channel, message, context.replies) : null,
        ),
        toolbar(message, context),
      ),
    );
    if (this.blocks.contains(focused)) focused.focus({ preventScroll: true });
  }
}

function byline(message, { name, isApp, user }) {
  const status = user && standing(user);
  return h(
    "div",
    { class: "byline" },
    h("b", { class: "author" }, name),
    isApp && h("span", { class: "badge" }, "APP"),
    status && h("span", { class: "badge" }, status.toUpperCase()),
    time(message, "time"),
  );
}

function time(message, name) {
  return h("time", { class: name, title: moment(message.ts) }, clock(message.ts));
}

// Slack marks edited text, not blocks: an app's card that is kept current would always bear the mark.
function body(message, blocks) {
  if (message.blocks?.length) return blocks;
  const mark = message.edited && edited(message);
  return message.text || mark
    ? h("div", { class: "message-text" }, mrkdwn(message.text), mark && " ", mark)
    : null;
}

function edited(message) {
  const when = message.edited.ts ? moment(message.edited.ts) : null;
  return h("span", { class: "edited", title: when }, "(edited)");
}

function ephemeralNote(channel, message) {
  return h(
    "div",
    { class: "ephemeral-note" },
    icon("eye", 16),
    h("span", {}, "Only visible to you"),
    h("span", { "aria-hidden": "true" }, "•"),
    h(
      "button",
      { class: "linklike", type: "button", onclick: () => dropMessage(channel, message.ts) },
      "Dismiss",
    ),
  );
}

function replyBar(channel, message, replies) {
  const count = replies.length;
  const faces = [...new Map(replies.map((reply) => [author(reply).name, author(reply).user])).values()].slice(
    0,
    4,
  );
  return h(
    "a",
    { class: "reply-bar", href: address(channel, message.ts) },
    faces.map((user) => avatar(user, 24)),
    h("b", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    h("span", { class: "quiet" }, `Last reply at ${clock(replies.at(-1).ts)}`),
  );
}

function attachment(file) {
  const url = `/files/${encodeURIComponent(file.id)}/${encodeURIComponent(file.name)}`;
  const title = file.title || file.name;
  if (file.mimetype?.startsWith("image/")) {
    const picture = h("img", { src: url, alt: title, loading: "lazy" });
    return h(
      "figure",
      { class: "file-image" },
      h("figcaption", {}, title),
      h("a", { href: url, target: "_blank" }, picture),
    );
  }
  return h(
    "a",
    { class: "file-card", href: url, target: "_blank", download: file.name },
    icon("file", 28),
    h("span", {}, h("b", {}, title), h("small", {}, file.name)),
  );
}
