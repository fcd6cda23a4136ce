import { svg } from "./dom.js";

const STROKE = `fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"`;

const PATHS = {
  hash: "M7.5 3.5 5.8 16.5M14.2 3.5l-1.7 13M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  home: "M3.5 9 10 3.5 16.5 9v7.5h-4.5v-4.5H8v4.5H3.5z",
  chevronDown: "M5 7.5l5 5 5-5",
  chevronRight: "M7.5 5l5 5-5 5",
  back: "M15.5 10h-11M9 4.5 3.8 10 9 15.5",
  close: "M5 5l10 10M15 5 5 15",
  search: "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17",
  reply: "M4 4.5h12v8.5h-6l-3.5 3v-3H4zM7 7.5h6M7 10h4",
  link: "M8.5 11.5l3-3M9 6.5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L13.5 11M11 13.5 9.5 15A3.2 3.2 0 0 1 5 10.5L6.5 9",
  bolt: "M11 2.5 4.5 11.5H9l-.5 6L15.5 8.5H10.5z",
  send: "M3.5 4.5 17 10 3.5 15.5 5 10zM5 10h6",
  calendar: "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3",
  check: "M4.5 10.5l3.5 3.5 7.5-8",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M5 2.5h6.5L15.5 6.5V17.5H5zM11.5 2.5v4h4",
  menu: "M3.5 6h13M3.5 10h13M3.5 14h13",
  alert: "M10 3 18 16.5H2zM10 8v4M10 14.2v.1",
  external: "M8 4.5H4.5v11h11V12M11.5 4h4.5v4.5M16 4 9.5 10.5",
  bold: "M6.5 4h4.5a3 3 0 0 1 0 6H6.5zM6.5 10h5.2a3 3 0 0 1 0 6H6.5z",
  italic: "M12 4 8.5 16M9.5 4h5M6 16h5",
  strike:
    "M3.5 10h13M13.5 6.5C13 5 11.7 4 10 4 8 4 6.5 5.2 6.5 7c0 1.2.7 2 1.8 2.6M6.3 13.3C6.8 15 8.2 16 10 16c2.2 0 3.7-1.2 3.7-3 0-.7-.2-1.2-.5-1.7",
  code: "M7 6 3 10l4 4M13 6l4 4-4 4",
};

/** Paylink's own picture, used for every app and bot. */
const APP = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#7a73ff"/><stop offset="1" stop-color="#4b32c3"/></linearGradient></defs><rect width="36" height="36" rx="7" fill="url(#g)"/><path d="M15.5 20.5l5-5M17 12.8l1.7-1.7a4.4 4.4 0 0 1 6.2 6.2L23.2 19M19 23.2l-1.7 1.7a4.4 4.4 0 0 1-6.2-6.2L12.8 17" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>`;

/** One of the page's line icons, 20 px and in the colour of the text; decorative, so name the control itself. */
export function icon(name, size = 20) {
  const body =
    name === "more"
      ? `<g fill="currentColor"><circle cx="10" cy="4.5" r="1.5"/><circle cx="10" cy="10" r="1.5"/><circle cx="10" cy="15.5" r="1.5"/></g>`
      : `<path d="${PATHS[name]}" ${STROKE}/>`;
  return svg(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">${body}</svg>`, {
    width: size,
    height: size,
    class: `icon icon-${name}`,
    "aria-hidden": "true",
  });
}

export function appIcon(size) {
  const node = svg(APP, { class: "avatar avatar-app", "aria-hidden": "true" });
  node.style.setProperty("--size", `${size}px`);
  return node;
}
