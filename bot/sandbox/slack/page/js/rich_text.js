import { h } from "./dom.js";
import { draw, emojify } from "./emoji.js";
import { broadcast, channelMention, date, link, userMention } from "./mentions.js";

const CONTAINERS = {
  rich_text_section: (node) => h("div", { class: "rich-section" }, inline(node.elements)),
  rich_text_quote: (node) => h("blockquote", {}, inline(node.elements)),
  rich_text_preformatted: (node) => h("pre", { class: "code-block" }, inline(node.elements)),
  rich_text_list: (node) => {
    const items = node.elements.map((item) => h("li", {}, inline(item.elements)));
    return h(
      node.style === "ordered" ? "ol" : "ul",
      {
        class: "rich-list",
        start: node.offset ? node.offset + 1 : null,
        style: { "--indent": node.indent ?? 0 },
      },
      items,
    );
  },
};

const LEAVES = {
  text: (leaf) => emojify(leaf.text, false),
  link: (leaf) => [link(leaf.url, ...(leaf.text ? [leaf.text] : []))],
  user: (leaf) => [userMention(leaf.user_id)],
  channel: (leaf) => [channelMention(leaf.channel_id)],
  broadcast: (leaf) => [broadcast(leaf.range)],
  emoji: (leaf) => [draw(leaf.name) ?? `:${leaf.name}:`],
  date: (leaf) => [date(leaf.timestamp, leaf.format ?? "{date}", leaf.url, leaf.fallback ?? "")],
};

const STYLES = { code: "code", bold: "b", italic: "i", strike: "s" };

/** The content of a `rich_text` block. */
export function richText(block) {
  return block.elements.map((node) => CONTAINERS[node.type]?.(node));
}

function inline(elements) {
  return elements.map((leaf) => {
    const content = LEAVES[leaf.type]?.(leaf) ?? [];
    const styles = Object.keys(STYLES).filter((style) => leaf.style?.[style]);
    return styles.reduce((inner, style) => [h(STYLES[style], {}, inner)], content);
  });
}
