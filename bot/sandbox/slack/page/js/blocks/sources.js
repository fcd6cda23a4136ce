// Where the choices of a select come from. Items are `{key, text, chosen?, description?, picture?, group?, value}`:
// `chosen` is the text once picked, where it differs, and `value` is what Slack's state holds, which is a whole option
// object or the id of a user or conversation.

import { emojiText } from "../emoji.js";
import { icon } from "../icons.js";
import { avatar, channelName } from "../people.js";
import { store } from "../store.js";

const NO_RESULTS = "No results";

/** `{find(query) → {items, note} or a promise of it, itemOf(value) → item, remote}` for any select element. */
export function sourceOf(element, block, surface) {
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "static_select") return staticSource(element);
  if (kind === "external_select") return externalSource(element, block, surface);
  if (kind === "users_select")
    return localSource(people, (id) => userItem(store.users.get(id) ?? { id, name: id }));
  return localSource(
    () => conversations(element, kind),
    (id) =>
      store.users.has(id)
        ? userItem(store.users.get(id))
        : channelItem(store.channels.get(id) ?? { id, name: id }),
  );
}

function staticSource(element) {
  const items = flatten(element);
  return { remote: false, find: (query) => found(items.filter(matches(query))), itemOf: optionItem };
}

function localSource(list, itemOf) {
  return { remote: false, find: (query) => found(list().filter(matches(query))), itemOf };
}

function externalSource(element, block, surface) {
  const least = element.min_query_length ?? 3;
  const find = async (query) => {
    if ([...query].length < least) {
      return { items: [], note: `Type at least ${least} character${least === 1 ? "" : "s"} to see options` };
    }
    const answer = await surface.options(block, element, query);
    return answer.ok
      ? found(flatten(answer))
      : { items: [], note: answer.message ?? "These options couldn’t be loaded." };
  };
  return { remote: true, find, itemOf: optionItem };
}

const found = (items) => ({ items, note: NO_RESULTS });

function matches(query) {
  const wanted = query.trim().toLocaleLowerCase();
  return (item) => !wanted || `${item.text} ${item.aliases ?? ""}`.toLocaleLowerCase().includes(wanted);
}

function flatten({ options, option_groups }) {
  if (!option_groups) return (options ?? []).map((option) => optionItem(option));
  return option_groups.flatMap((group) =>
    group.options.map((option) => ({ ...optionItem(option), group: emojiText(group.label.text) })),
  );
}

function optionItem(option) {
  return {
    key: option.value,
    text: emojiText(option.text.text),
    description: option.description?.text,
    value: option,
  };
}

function people() {
  return [...store.users.values()].map(userItem);
}

function userItem(user) {
  return {
    key: user.id,
    text: user.real_name || user.name,
    aliases: user.name,
    picture: () => avatar(user, 20),
    value: user.id,
  };
}

function conversations(element, kind) {
  const wanted =
    kind === "channels_select" ? ["public"] : (element.filter?.include ?? ["public", "private", "im"]);
  const open = [...store.channels.values()]
    .filter((channel) => wanted.includes(kindOf(channel)))
    .filter((channel) => !(element.filter?.exclude_bot_users && store.users.get(channel.user)?.is_bot));
  return [...open.map(channelItem), ...(wanted.includes("im") ? colleagues().map(userItem) : [])];
}

// Conversations that nobody has begun yet: they go by the person's id, which chat.postMessage takes too.
function colleagues() {
  return [...store.users.values()].filter((user) => !user.is_bot && user.id !== store.me.id);
}

function kindOf(channel) {
  if (channel.is_im) return "im";
  return channel.is_private ? "private" : "public";
}

function channelItem(channel) {
  const sign = () => icon(channel.is_private ? "lock" : "hash", 16);
  const picture = () => (channel.is_im ? avatar(store.users.get(channel.user), 20) : sign());
  const text = channelName(channel);
  return { key: channel.id, text, chosen: channel.is_im ? text : `#${text}`, picture, value: channel.id };
}
