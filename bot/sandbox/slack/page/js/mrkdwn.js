// Slack's mrkdwn, as text objects and messages carry it: `&`, `<` and `>` arrive escaped, everything in angle
// brackets is a link or a mention.

import { fragment, h } from "./dom.js";
import { emojify } from "./emoji.js";
import { broadcast, channelMention, date, link, userMention } from "./mentions.js";

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^(?:[•◦▪] |- |\d{1,2}\. )/;

// A mark opens and closes only at the edge of a word: `2*3*4` and snake_case_names stay as they are.
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\p{L}\\p{N}~])",
    "(?<url>https?://[^\\s<>|]*[^\\s<>|.,;:!?)'\"])",
  ].join("|"),
  "gu",
);

/** A text object (`plain_text` or `mrkdwn`) as nodes. */
export function text(object) {
  if (!object) return "";
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text, object.emoji);
}

/** Literal text: nothing but emoji is interpreted. */
export function plain(value, emoji = true) {
  const lines = value.split("\n").map((line) => emojify(line, emoji));
  return fragment(lines.map((line, index) => (index ? [h("br"), line] : line)));
}

export function mrkdwn(source) {
  const parts = source.split(/```\n?([\s\S]*?)\n?```/);
  return fragment(
    parts.map((part, index) => (index % 2 ? codeBlock(part) : paragraphs(trimBreaks(part, index)))),
  );
}

function codeBlock(source) {
  return h(
    "pre",
    { class: "code-block" },
    unescape(source.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, to, name) => name ?? to)),
  );
}

function trimBreaks(part, index) {
  return index > 0 ? part.replace(/^\n/, "") : part;
}

function paragraphs(source) {
  const nodes = [];
  let quote = null;
  const lines = source.split("\n");
  lines.forEach((line, index) => {
    if (QUOTE.test(line)) {
      if (!quote) nodes.push((quote = h("blockquote")));
      quote.append(h("div", {}, inline(line.replace(QUOTE, ""))));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    const previousIsBlock = afterQuote || BULLET.test(lines[index - 1] ?? "");
    if (BULLET.test(line)) nodes.push(h("div", { class: "hanging" }, inline(line)));
    else nodes.push(index > 0 && !previousIsBlock ? h("br") : null, inline(line));
  });
  return nodes;
}

function inline(source) {
  const nodes = [];
  let from = 0;
  for (const match of source.matchAll(INLINE)) {
    nodes.push(...leaf(source.slice(from, match.index)), marked(match.groups));
    from = match.index + match[0].length;
  }
  nodes.push(...leaf(source.slice(from)));
  return nodes;
}

function marked({ code, angle, bold, italic, strike, url }) {
  if (code !== undefined) return h("code", {}, unescape(code));
  if (angle !== undefined) return bracket(angle);
  if (bold !== undefined) return h("b", {}, inline(bold));
  if (italic !== undefined) return h("i", {}, inline(italic));
  if (strike !== undefined) return h("s", {}, inline(strike));
  return link(unescape(url));
}

function bracket(content) {
  const [target, label] = splitOnce(content, "|");
  const name = label === undefined ? undefined : unescape(label);
  if (target.startsWith("@")) return userMention(target.slice(1), name);
  if (target.startsWith("#")) return channelMention(target.slice(1), name);
  if (target.startsWith("!date^")) {
    const [, timestamp, template, url] = target.split("^");
    return date(timestamp, unescape(template ?? ""), url, name ?? "");
  }
  if (target.startsWith("!")) return broadcast(name?.replace(/^@/, "") ?? target.slice(1));
  return label ? link(unescape(target), ...inline(label)) : link(unescape(target));
}

function splitOnce(value, separator) {
  const at = value.indexOf(separator);
  return at < 0 ? [value] : [value.slice(0, at), value.slice(at + 1)];
}

function leaf(value) {
  return value ? emojify(unescape(value)) : [];
}

function unescape(value) {
  return value.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
