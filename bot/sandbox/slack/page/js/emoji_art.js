// Small drawings for the emoji that apps use most, so that they look the same on machines without an emoji font.
// Each is the inside of a 20×20 SVG.

const line = (d, color, width = 2) =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
const disc = (color) => `<circle cx="10" cy="10" r="8.5" fill="${color}"/>`;
const tile = (color) => `<rect x="1.5" y="1.5" width="17" height="17" rx="4" fill="${color}"/>`;
const face = (mouth) =>
  `${disc("#ffcb4c")}<circle cx="7" cy="8.2" r="1.2" fill="#664500"/><circle cx="13" cy="8.2" r="1.2" fill="#664500"/>${mouth}`;
const card = (band) =>
  `<rect x="1" y="4" width="18" height="12.5" rx="2" fill="#3b88c3"/><path d="M1 7h18v2.8H1z" fill="${band}"/><path d="M3.5 13h5" stroke="#fff" stroke-width="1.4"/>`;
const bell = `<path d="M10 2a5.5 5.5 0 0 0-5.5 5.5c0 4-1.5 5-1.5 6.5h14c0-1.5-1.5-2.5-1.5-6.5A5.5 5.5 0 0 0 10 2z" fill="#ffac33"/><path d="M8 15.5a2 2 0 0 0 4 0z" fill="#be7a0c"/>`;
const hourglass = (sand) =>
  `<path d="M4 2h12v2.5c0 3-4 4-4 5.5s4 2.5 4 5.5V18H4v-2.5c0-3 4-4 4-5.5S4 7.5 4 4.5z" fill="#cfe6f5"/><path d="${sand}" fill="#ffac33"/><path d="M3 1.5h14v2H3zM3 16.5h14v2H3z" fill="#3b6a94"/>`;
const thumb = `<path d="M8 9l2.5-6.5c1.8-.5 2.7.8 2.2 2.5L12 8h4.5c1.5 0 1.9 1.5 1.4 2.5.5 1 .2 2-.5 2.5.2 1-.3 1.8-1 2.2.1 1.3-.7 2.3-2 2.3H9.5L8 16.5z" fill="#ffdb5e"/><path d="M2 8.5h5v9H2z" fill="#ee9547"/>`;
const doc = `<path d="M4 1.5h8l4 4v13H4z" fill="#e1e8ed"/><path d="M12 1.5v4h4z" fill="#99aab5"/>${line("M6.5 9h7M6.5 12h7M6.5 15h4", "#66757f", 1.3)}`;
const box = `<path d="M2 6l8-3.5L18 6v8.5L10 18l-8-3.5z" fill="#d99e6a"/><path d="M2 6l8 3.5L18 6l-8-3.5z" fill="#f2c79e"/><path d="M10 9.5V18l8-3.5V6z" fill="#b77b48"/>`;

export const ART = {
  white_check_mark: tile("#3eb24f") + line("M5.5 10.5l3.2 3.2 6-7.2", "#fff", 2.4),
  heavy_check_mark: line("M3.5 10.5l4.5 4.5 8.5-10", "#2b7a3a", 3),
  ballot_box_with_check: tile("#3b88c3") + line("M5.5 10.5l3.2 3.2 6-7.2", "#fff", 2.4),
  x: line("M4.5 4.5l11 11M15.5 4.5l-11 11", "#dd2e44", 3.2),
  warning: `<path d="M10 1.8 19 18H1z" fill="#ffcc4d" stroke="#ffcc4d" stroke-width="1.5" stroke-linejoin="round"/>${line("M10 7.5v4.8M10 15.2v.1", "#231f20", 2.2)}`,
  rotating_light: `<path d="M4 14a6 6 0 0 1 12 0v2H4z" fill="#dd2e44"/><path d="M2.5 15.5h15V18.5h-15z" fill="#66757f"/>${line("M10 2v2M4 4.5l1.3 1.3M16 4.5l-1.3 1.3", "#ffac33", 1.6)}`,
  moneybag: `<path d="M7 2.5h6l-1.3 3c3.5 1.8 5.3 5 5.3 8 0 3.5-3 4.8-7 4.8s-7-1.3-7-4.8c0-3 1.8-6.2 5.3-8z" fill="#fdcb58"/><path d="M7.5 5h5v1.5h-5z" fill="#bf6952"/>${line("M12 9.8c-.6-.7-1.3-.9-2-.9-1 0-1.9.5-1.9 1.5 0 2 4 .9 4 2.9 0 1-.9 1.6-2 1.6-.9 0-1.6-.3-2.2-1M10 8v8", "#67480b", 1.3)}`,
  money_with_wings: `<path d="M3 7h12v8H3z" fill="#5c913b"/><path d="M4.5 8.5h9v5h-9z" fill="#a7d28b"/><circle cx="9" cy="11" r="1.8" fill="#5c913b"/><path d="M12 6c1-3 4-4 7-3.5-.5 3-2 5-5 5.5z" fill="#ccd6dd"/>`,
  credit_card: card("#193d5e"),
  link: line(
    "M8.3 11.7l3.4-3.4M9 6.5l2.3-2.3a3.2 3.2 0 0 1 4.5 4.5L13.5 11M11 13.5l-2.3 2.3a3.2 3.2 0 0 1-4.5-4.5L6.5 9",
    "#8899a6",
    2.2,
  ),
  hourglass: hourglass("M6 15.8c1-1.6 3-1.6 4-3.3 1 1.7 3 1.7 4 3.3z"),
  hourglass_flowing_sand: hourglass("M6 4.8h8c-1 2.2-3 2.2-4 5.2-1-3-3-3-4-5.2zM7 15.8l3-2 3 2z"),
  test_tube: `<path d="M11.5 1.5l7 7-1 1-1-1-7.8 7.8a3.7 3.7 0 0 1-5.2-5.2L11.3 3.3l-.8-.8z" fill="#ccd6dd"/><path d="M6.5 8.2h7l-5.6 5.7a2.9 2.9 0 1 1-4.1-4.1z" fill="#5dadec"/><circle cx="6.5" cy="12" r="1" fill="#bbddf5"/>`,
  bell,
  no_bell: bell + line("M2.5 3l15 14.5", "#dd2e44", 2.2),
  tada: `<path d="M2 18 6.5 6.5l7 7z" fill="#ffcc4d"/><path d="M4.5 11.5l4.5 4.5-3 1.3-2.7-2.6z" fill="#dd2e44"/>${line("M10.5 7.5c1.5-1 1.5-3 .5-4.5M12.5 9.5c1.5-1.5 3-1.5 4.5-.5", "#3b88c3", 1.6)}<circle cx="15" cy="4" r="1.3" fill="#744eaa"/><circle cx="17.5" cy="13" r="1.2" fill="#3eb24f"/><circle cx="7" cy="3.5" r="1" fill="#dd2e44"/>`,
  rocket: `<path d="M18.5 1.5c-6 0-10 4-11.5 8l3.5 3.5c4-1.5 8-5.5 8-11.5z" fill="#a0041e"/><circle cx="13" cy="7" r="2" fill="#bbddf5"/><path d="M7.5 8 3 9.5 6 11zM12 12.5 10.5 17 9 14z" fill="#ffac33"/><path d="M6.5 11.5c-2.5.5-3.5 3-4 6 3-.5 5.5-1.5 6-4z" fill="#ffcc4d"/>`,
  eyes: `<ellipse cx="5.5" cy="10" rx="4" ry="6" fill="#e1e8ed"/><ellipse cx="14.5" cy="10" rx="4" ry="6" fill="#e1e8ed"/><circle cx="6" cy="11" r="2" fill="#292f33"/><circle cx="15" cy="11" r="2" fill="#292f33"/>`,
  thumbsup: thumb,
  wave: `<path d="M6 17.5c-3-2-4-6-3.5-8.5l2 2L4 5.5c.5-1 1.7-.8 2 .2l1 3.3-.3-5c.4-1.2 1.9-1 2.1.2l.7 4.8.7-4.3c.5-1 1.8-.8 1.9.4l-.3 5.4 1.5-1.8c1-.8 2.2 0 1.7 1.2C13 15 10 20 6 17.5z" fill="#ffdb5e"/>${line("M14.5 3.5c1.5.5 2.5 1.5 3 3M2 15.5c.3 1.2 1 2 2 2.7", "#5dadec", 1.2)}`,
  heart: `<path d="M10 18C4 13 1.5 10 1.5 6.8 1.5 2.5 7.5 1 10 5.5 12.5 1 18.5 2.5 18.5 6.8 18.5 10 16 13 10 18z" fill="#dd2e44"/>`,
  star: `<path d="M10 1.5l2.6 5.6 6 .7-4.5 4.1 1.2 6.1-5.3-3.1L4.7 18l1.2-6.1L1.4 7.8l6-.7z" fill="#ffac33"/>`,
  sparkles: `<path d="M8 3l1.7 5.3L15 10l-5.3 1.7L8 17l-1.7-5.3L1 10l5.3-1.7zM15.5 1l.8 2.7 2.7.8-2.7.8-.8 2.7-.8-2.7-2.7-.8 2.7-.8zM15.5 13l.7 2.3 2.3.7-2.3.7-.7 2.3-.7-2.3-2.3-.7 2.3-.7z" fill="#ffac33"/>`,
  fire: `<path d="M10.5 1c.5 3.5 5.5 6 5.5 11 0 4-2.7 7-6 7s-6-2.7-6-6.5C4 9.5 6 8 6.5 5.5c1.3.7 2 2 2 3.5C10 7.5 11 4.5 10.5 1z" fill="#f4900c"/><path d="M10.3 10c.3 2 2.7 3 2.7 5.5 0 2-1.3 3.5-3 3.5s-3-1.5-3-3.5c0-2 2.5-3 3.3-5.5z" fill="#ffcc4d"/>`,
  bulb: `<path d="M10 1.5a6 6 0 0 0-3.5 11c.7.6 1 1.3 1 2.5h5c0-1.2.3-1.9 1-2.5A6 6 0 0 0 10 1.5z" fill="#ffd983"/><path d="M7.5 15.5h5v2l-1 1h-3l-1-1z" fill="#8899a6"/>`,
  pencil2: `${doc}<path d="M9 14.5l7.5-8.5 2 1.8L11 16l-2.5.7z" fill="#f4900c"/>`,
  memo: `${doc}<path d="M9 14.5l7.5-8.5 2 1.8L11 16l-2.5.7z" fill="#f4900c"/>`,
  page_facing_up: doc,
  receipt: doc,
  package: box,
  arrows_counterclockwise:
    tile("#3b88c3") +
    line("M14.5 8A5 5 0 0 0 5.5 8M5.5 12a5 5 0 0 0 9 0M5.2 5v3h3M14.8 15v-3h-3", "#fff", 1.6),
  repeat:
    tile("#3b88c3") +
    line(
      "M5 10V9a2.5 2.5 0 0 1 2.5-2.5H14M12 4.5l2 2-2 2M15 10v1a2.5 2.5 0 0 1-2.5 2.5H6M8 11.5l-2 2 2 2",
      "#fff",
      1.5,
    ),
  information_source: tile("#3b88c3") + line("M10 9v5.5M10 5.6v.1", "#fff", 2.4),
  question: line("M6.5 6.5c0-5 7.5-4.5 7.5-.3 0 3-4 3-4 6M10 16.8v.1", "#dd2e44", 2.8),
  lock: `<path d="M6 9V6a4 4 0 0 1 8 0v3" fill="none" stroke="#aab8c2" stroke-width="2.2"/><rect x="3.5" y="8.5" width="13" height="10" rx="2" fill="#ffac33"/>`,
  key: `<circle cx="6" cy="7" r="4" fill="none" stroke="#c1694f" stroke-width="2.6"/>${line("M9 10l8 7M14 14.5l2-2", "#c1694f", 2.6)}`,
  mag: `<circle cx="8" cy="8" r="5.5" fill="#bbddf5" stroke="#66757f" stroke-width="2"/>${line("M12.5 12.5l5 5", "#66757f", 3)}`,
  calendar: `<rect x="2" y="3" width="16" height="15" rx="2" fill="#e1e8ed"/><path d="M2 5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v3H2z" fill="#dd2e44"/>${line("M5.5 11.5h9M5.5 14.5h6", "#66757f", 1.4)}`,
  bar_chart:
    tile("#e1e8ed") +
    line("M6 15v-4", "#5c913b", 2.6) +
    line("M10 15V6", "#3b88c3", 2.6) +
    line("M14 15V9", "#dd2e44", 2.6),
  shopping_trolley: `${line("M1.5 3h2.5l2 10h9.5l2-7.5H5", "#66757f", 1.8)}<circle cx="7.5" cy="16.5" r="1.5" fill="#292f33"/><circle cx="14" cy="16.5" r="1.5" fill="#292f33"/>`,
  gift: `<path d="M2.5 9h15v9.5h-15z" fill="#fdcb58"/><path d="M1.5 6h17v3.5h-17z" fill="#ffd983"/><path d="M8.8 6h2.4v12.5H8.8z" fill="#dd2e44"/>${line("M10 6C6 6 5 2 7.5 2 9.5 2 10 6 10 6s.5-4 2.5-4C15 2 14 6 10 6z", "#dd2e44", 1.6)}`,
  gear: `<circle cx="10" cy="10" r="5" fill="none" stroke="#66757f" stroke-width="3"/>${line("M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M15.8 4.2l-1.4 1.4M5.6 14.4l-1.4 1.4", "#66757f", 2.4)}`,
  no_entry: disc("#be1931") + `<path d="M4.5 8.5h11v3h-11z" fill="#fff"/>`,
  red_circle: disc("#dd2e44"),
  large_green_circle: disc("#3eb24f"),
  large_yellow_circle: disc("#fdcb58"),
  large_blue_circle: disc("#3b88c3"),
  white_circle: disc("#e1e8ed"),
  black_circle: disc("#31373d"),
  smile: face(line("M6 11.5c1 3.5 7 3.5 8 0", "#664500", 1.6)),
  slightly_smiling_face: face(line("M6.5 12.5c1.5 1.8 5.5 1.8 7 0", "#664500", 1.5)),
  cry: face(
    `${line("M7 14.5c1.5-1.8 4.5-1.8 6 0", "#664500", 1.5)}<path d="M5 11c1.5 2 1.5 4 0 4s-1.5-2 0-4z" fill="#5dadec"/>`,
  ),
};
