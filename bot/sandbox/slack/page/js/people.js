import { h } from "./dom.js";
import { appIcon } from "./icons.js";
import { store } from "./store.js";

export function userName(id, fallback) {
  const user = store.users.get(id);
  return user ? user.real_name || user.name : fallback || id;
}

/** Who wrote a message: `{name, isApp, user}`. */
export function author(message) {
  const user = store.users.get(message.user);
  const isApp = Boolean(message.bot_id || user?.is_bot);
  const own = isApp ? store.app.name : userName(message.user, "Slackbot");
  return { name: message.username ?? own, isApp, user: isApp ? null : user };
}

/** A square picture: the app's icon, or the person's initials on their colour. */
export function avatar(user, size) {
  if (!user || user.is_bot) return appIcon(size);
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials(user));
  node.style.setProperty("--size", `${size}px`);
  if (user.color)
    node.style.setProperty("--colour", user.color.startsWith("#") ? user.color : `#${user.color}`);
  return node;
}

/** What a person is besides a member, in words; empty for members. */
export function standing(user) {
  if (user.is_stranger) return "External";
  return user.is_restricted ? "Guest" : "";
}

/** The name a conversation goes by, without its sign. */
export function channelName(channel) {
  if (!channel.is_im) return channel.name;
  return channel.user === store.app.bot_user_id ? store.app.name : userName(channel.user, channel.name);
}

function initials(user) {
  const words = (user.real_name || user.name).split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");
}
