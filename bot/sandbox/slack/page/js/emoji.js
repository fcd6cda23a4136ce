import { h, svg } from "./dom.js";
import { ART } from "./emoji_art.js";

const CHARACTERS = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  warning: "⚠️",
  rotating_light: "🚨",
  moneybag: "💰",
  money_with_wings: "💸",
  credit_card: "💳",
  link: "🔗",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  test_tube: "🧪",
  bell: "🔔",
  no_bell: "🔕",
  tada: "🎉",
  rocket: "🚀",
  eyes: "👀",
  thumbsup: "👍",
  wave: "👋",
  heart: "❤️",
  star: "⭐",
  sparkles: "✨",
  fire: "🔥",
  bulb: "💡",
  pencil2: "✏️",
  memo: "📝",
  page_facing_up: "📄",
  receipt: "🧾",
  package: "📦",
  arrows_counterclockwise: "🔄",
  repeat: "🔁",
  information_source: "ℹ️",
  question: "❓",
  lock: "🔒",
  key: "🔑",
  mag: "🔍",
  calendar: "📅",
  bar_chart: "📊",
  shopping_trolley: "🛒",
  gift: "🎁",
  gear: "⚙️",
  no_entry: "⛔",
  red_circle: "🔴",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_blue_circle: "🔵",
  white_circle: "⚪",
  black_circle: "⚫",
  smile: "😄",
  slightly_smiling_face: "🙂",
  cry: "😢",
  arrow_right: "➡️",
  arrow_up: "⬆️",
  arrow_down: "⬇️",
  point_right: "👉",
  raised_hands: "🙌",
  clap: "👏",
  pray: "🙏",
  100: "💯",
  handshake: "🤝",
  office: "🏢",
  earth_africa: "🌍",
  truck: "🚚",
  bank: "🏦",
  chart_with_upwards_trend: "📈",
  iphone: "📱",
  email: "📧",
  clipboard: "📋",
  speech_balloon: "💬",
  inbox_tray: "📥",
  outbox_tray: "📤",
  wastebasket: "🗑️",
};

const ALIASES = {
  "+1": "thumbsup",
  pencil: "memo",
  green_circle: "large_green_circle",
  cart: "shopping_trolley",
};

const bare = (character) => character.replaceAll("\ufe0f", "");
const NAMES = new Map(Object.entries(CHARACTERS).map(([name, character]) => [bare(character), name]));
const PATTERN = new RegExp(`:([a-z0-9_+-]+):|(${[...NAMES.keys()].join("|")})\\ufe0f?`, "gu");

/**
 * Text as nodes, with `:shortcodes:` and emoji characters drawn; an unknown shortcode stays as it was typed, and so do
 * all of them when `shortcodes` is false (`"emoji": false` of a plain_text object).
 */
export function emojify(text, shortcodes = true) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(PATTERN)) {
    if (match[1] && !shortcodes) continue;
    const drawn = draw(match[1] ?? NAMES.get(match[2]));
    if (!drawn) continue;
    nodes.push(text.slice(from, match.index), drawn);
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** The same as a plain string, for places that hold only text (titles, placeholders, options of the system). */
export function emojiText(text) {
  return text.replace(PATTERN, (whole, name) => CHARACTERS[ALIASES[name] ?? name] ?? whole);
}

/** One emoji by its shortcode, or null. */
export function draw(shortcode) {
  const name = ALIASES[shortcode] ?? shortcode;
  if (!CHARACTERS[name]) return null;
  const label = { role: "img", "aria-label": `${name.replaceAll("_", " ")} emoji` };
  if (!ART[name]) return h("span", { class: "emoji", ...label }, CHARACTERS[name]);
  const picture = svg(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">${ART[name]}</svg>`, {
    class: "emoji",
    ...label,
  });
  return picture;
}
