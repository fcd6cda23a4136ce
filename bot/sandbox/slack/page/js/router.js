import { api } from "./api.js";
import { loadMessages } from "./live.js";
import { emit, isAppChannel, showsMessages, store } from "./store.js";

const TABS = ["home", "messages", "about"];

/** The address of a place: `#C1`, `#C1/1700000000.000100` for a thread, `#D1/home` for a tab of the app. */
export function address(channel, detail) {
  return `#${channel}${detail ? `/${detail}` : ""}`;
}

export function go(channel, detail) {
  const target = address(channel, detail);
  if (location.hash === target) arrive();
  else location.hash = target;
}

/** Opens a conversation as a click in the sidebar does: the app opens on its messages when some are unread. */
export function open(channel) {
  if (!isAppChannel(store.channels.get(channel))) return go(channel);
  return go(channel, store.unread.get(channel) ? "messages" : store.place.tab);
}

export function startRouting() {
  addEventListener("hashchange", arrive);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") markRead(store.place.channel);
  });
  arrive();
}

/** Where to start: the channel of a permalink (`?channel=`), else #sales when there is one. */
function firstChannel() {
  const asked = new URLSearchParams(location.search).get("channel");
  if (store.channels.has(asked)) return asked;
  const channels = [...store.channels.values()];
  const start =
    channels.find((channel) => channel.name === "sales") ?? channels.find((channel) => !channel.is_im);
  return (start ?? channels[0])?.id;
}

function arrive() {
  const [wanted, detail] = decodeURIComponent(location.hash.slice(1)).split("/");
  const channel = store.channels.has(wanted) ? wanted : firstChannel();
  if (!channel) return;
  const before = store.place;
  const thread = detail && !TABS.includes(detail) ? detail : null;
  const isApp = isAppChannel(store.channels.get(channel));
  const tab = isApp && detail ? (thread ? "messages" : detail) : before.tab;
  store.place = { channel, thread, tab };
  document.body.dataset.nav = "closed";
  if (!store.messages.has(channel)) loadMessages(channel);
  const opensHome = isApp && tab === "home" && (before.channel !== channel || before.tab !== tab);
  if (opensHome) api.home();
  markRead(channel);
  emit("place", before);
}

function markRead(channel) {
  if (!store.unread.has(channel) || !showsMessages(store.channels.get(channel))) return;
  store.unread.delete(channel);
  api.read(channel);
  emit("unread");
}
