import { api } from "./api.js";
import {
  adoptChannels,
  adoptMessages,
  dropMessage,
  emit,
  putMessage,
  showsMessages,
  store,
} from "./store.js";
import { complain, toast } from "./toast.js";

const handlers = {
  message: ({ channel, message }) => {
    const isNew = putMessage(channel, message);
    if (isNew && message.user !== store.me.id) noticeUnread(channel);
  },
  message_changed: ({ channel, message }) => putMessage(channel, message),
  message_deleted: ({ channel, ts }) => dropMessage(channel, ts),
  channels: ({ channels }) => adoptChannels(channels),
  views: ({ stack }) => {
    store.stack = stack;
    emit("stack");
  },
  home: ({ view }) => {
    store.home = view;
    emit("home");
  },
  pending: ({ pending }) => {
    store.pending = pending;
    emit("pending");
  },
  // A modal that is being submitted says by itself what went wrong.
  toast: ({ text }) => store.submitting || toast(text),
};

/**
 * Follows the server's events for as long as the page is open; the browser reconnects by itself. Resolves once the
 * first attempt is over, so that what is loaded afterwards has no gap before the first event.
 */
export function follow() {
  const source = api.events();
  source.onmessage = (event) => {
    const data = JSON.parse(event.data);
    handlers[data.type]?.(data);
  };
  source.onopen = () => {
    if (!store.connected) catchUp();
    setConnected(true);
  };
  source.onerror = () => setConnected(false);
  addEventListener("pagehide", () => source.close());
  return new Promise((resolve) => {
    source.addEventListener("open", resolve, { once: true });
    source.addEventListener("error", resolve, { once: true });
  });
}

/** Loads a channel's messages, or reloads them. */
export async function loadMessages(channel) {
  const answer = await api.messages(channel);
  if (answer.ok) adoptMessages(channel, answer.messages);
  else complain(answer);
}

// Events sent while the connection was away are lost, so what is on screen is asked for anew.
function catchUp() {
  for (const channel of store.messages.keys()) loadMessages(channel);
}

function noticeUnread(channel) {
  const known = store.channels.get(channel);
  if (known && showsMessages(known) && document.visibilityState === "visible") {
    api.read(channel);
    return;
  }
  store.unread.set(channel, (store.unread.get(channel) ?? 0) + 1);
  emit("unread");
}

function setConnected(connected) {
  if (store.connected === connected) return;
  store.connected = connected;
  emit("connected");
}
