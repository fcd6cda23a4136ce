import { h, uid } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 4;
const EDGE = 8;

let open = null;

/**
 * Shows `content` beside `anchor` until `close()` is called, the anchor goes away or a press lands elsewhere.
 * `align` is "start" or "end"; `match` makes it as wide as the anchor; `onclose` runs once.
 */
export function showPopover(
  anchor,
  content,
  { align = "start", match = false, above = false, onclose } = {},
) {
  closePopover();
  // A modal dialog makes everything outside itself inert, so its popovers live inside it.
  const host = anchor.closest("dialog") ?? document.body;
  const box = host.appendChild(h("div", { class: "popover", popover: "manual" }, content));
  box.showPopover();
  const place = () => position(box, anchor, { align, match, above });
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) closePopover();
  };
  const watcher = new ResizeObserver(place);
  const watch = new MutationObserver(() => !anchor.isConnected && closePopover());
  place();
  watcher.observe(box);
  watcher.observe(anchor);
  watch.observe(host, { childList: true, subtree: true });
  addEventListener("scroll", place, { capture: true, passive: true });
  document.addEventListener("pointerdown", outside, true);
  const close = () => {
    if (open?.box !== box) return;
    open = null;
    watcher.disconnect();
    watch.disconnect();
    removeEventListener("scroll", place, { capture: true });
    document.removeEventListener("pointerdown", outside, true);
    box.remove();
    onclose?.();
  };
  open = { box, anchor, close };
  return { box, close, place };
}

export function closePopover() {
  open?.close();
}

/** Closes what Escape is meant for; true when there was something. */
export function escapePopover() {
  if (!open) return false;
  const { anchor } = open;
  closePopover();
  anchor.focus();
  return true;
}

export const isPopoverOpenFor = (anchor) => open?.anchor === anchor;

/**
 * A menu of `{label, hint?, icon?, danger?, href?, checked?, run}`, strings for headings and null for a line.
 * Arrow keys, Home, End, Enter and Escape work as in any menu.
 */
export function showMenu(anchor, entries, { label, align = "end", above = false } = {}) {
  if (isPopoverOpenFor(anchor)) return closePopover();
  const list = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    entries.map((entry) => menuEntry(entry, anchor)),
  );
  anchor.setAttribute("aria-expanded", "true");
  showPopover(anchor, list, { align, above, onclose: () => anchor.setAttribute("aria-expanded", "false") });
  const items = [...list.querySelectorAll('[role^="menuitem"]')];
  list.addEventListener("keydown", (event) => moveFocus(event, items, anchor));
  items[0]?.focus();
}

function menuEntry(entry, anchor) {
  if (entry === null) return h("div", { class: "menu-line", role: "separator" });
  if (typeof entry === "string") return h("div", { class: "menu-heading", role: "presentation" }, entry);
  const hint = entry.hint ? uid("hint") : null;
  return h(
    entry.href ? "a" : "button",
    {
      class: entry.danger ? "menu-item menu-danger" : "menu-item",
      role: entry.checked === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": entry.checked === undefined ? null : String(entry.checked),
      "aria-describedby": hint,
      tabindex: "-1",
      type: entry.href ? null : "button",
      href: entry.href,
      target: entry.href ? "_blank" : null,
      rel: entry.href ? "noopener noreferrer" : null,
      ...entry.data,
      onclick: () => {
        closePopover();
        if (anchor.isConnected) anchor.focus();
        entry.run?.();
      },
    },
    entry.icon ?? null,
    h(
      "span",
      { class: "menu-text" },
      h("span", {}, entry.label),
      hint && h("small", { id: hint }, entry.hint),
    ),
    entry.checked ? icon("check", 18) : null,
  );
}

function moveFocus(event, items, anchor) {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length)?.focus();
  } else if (event.key === "Tab") {
    closePopover();
    anchor.focus();
  }
}

function position(box, anchor, { align, match, above }) {
  const from = anchor.getBoundingClientRect();
  if (match) box.style.minWidth = `${from.width}px`;
  if (match) box.style.maxWidth = `${Math.max(from.width, 280)}px`;
  box.style.maxHeight = "";
  const { width, height } = box.getBoundingClientRect();
  const below = innerHeight - from.bottom - GAP - EDGE;
  const over = from.top - GAP - EDGE;
  const goesUp = above || (below < height && over > below);
  const room = Math.max(goesUp ? over : below, 96);
  box.style.maxHeight = `${room}px`;
  box.style.top = `${goesUp ? from.top - GAP - Math.min(height, room) : from.bottom + GAP}px`;
  const left = align === "end" ? from.right - width : from.left;
  box.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}
