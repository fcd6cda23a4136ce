// What this tab knows. Events and answers change it here; parts of the page listen to the topic they draw.

const listeners = new Map();

export const store = {
  team: null,
  me: null,
  app: null,
  links: {},
  users: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  /** channel id → messages, oldest first; absent until the channel was opened once. */
  messages: new Map(),
  /** channel id → number of messages that came while it was not on screen. */
  unread: new Map(),
  home: null,
  /** This person's modal stack, bottom first. */
  stack: [],
  pending: false,
  /** Whether a modal's submit awaits its answer. */
  submitting: false,
  connected: true,
  /** What is on screen: `{channel, thread, tab}`; `thread` is a ts or null, `tab` matters for the app's DM only. */
  place: { channel: null, thread: null, tab: "home" },
};

/** Topics: "place", "messages", "channels", "unread", "home", "stack", "pending", "connected". */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Takes the answer of `GET /client/state`. */
export function adopt(state) {
  store.team = state.team;
  store.me = state.me;
  store.app = state.app;
  store.links = state.links ?? {};
  store.commands = state.commands ?? [];
  store.shortcuts = state.shortcuts ?? [];
  store.users = byId(state.users);
  adoptChannels(state.channels);
}

export function adoptChannels(channels) {
  store.channels = byId(channels);
  emit("channels");
}

export function adoptMessages(channel, messages) {
  store.messages.set(channel, [...messages].sort(byTime));
  emit("messages", channel);
}

/** Puts a new or changed message in its place; returns whether it is new to this tab. */
export function putMessage(channel, message) {
  const messages = store.messages.get(channel);
  if (!messages) return true;
  const index = messages.findIndex((other) => other.ts === message.ts);
  if (index >= 0) messages[index] = message;
  else messages.push(message);
  messages.sort(byTime);
  emit("messages", channel);
  return index < 0;
}

export function dropMessage(channel, ts) {
  const messages = store.messages.get(channel);
  if (!messages) return;
  store.messages.set(
    channel,
    messages.filter((message) => message.ts !== ts),
  );
  emit("messages", channel);
}

/** Whether a conversation's messages are what the pane shows: the app's other tabs hide them. */
export function showsMessages(channel) {
  const { place } = store;
  return place.channel === channel.id && (!isAppChannel(channel) || place.tab === "messages");
}

export const isAppChannel = (channel) => Boolean(channel?.is_im && channel.user === store.app.bot_user_id);

const byId = (items = []) => new Map(items.map((item) => [item.id, item]));
const byTime = (a, b) => Number(a.ts) - Number(b.ts);
