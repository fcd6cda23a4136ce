import { arrange, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar, channelName, standing } from "./people.js";
import { showMenu } from "./popover.js";
import { address, open } from "./router.js";
import { isAppChannel, on, store } from "./store.js";

/** Names of the sections that this person has folded. */
const collapsed = new Set();

/** The narrow rail and the list of conversations. */
export function sidebar() {
  const list = h("nav", { class: "conversations", "aria-label": "Conversations" });
  const draw = () => arrange(list, sections());
  for (const topic of ["channels", "place", "unread"]) on(topic, draw);
  draw();
  return [rail(), h("aside", { class: "sidebar", "aria-label": "Workspace" }, header(), list)];
}

function rail() {
  const home = h(
    "button",
    { class: "rail-item is-active", type: "button", onclick: () => (document.body.dataset.nav = "open") },
    h("span", {}, icon("home", 22)),
    "Home",
  );
  const me = h(
    "button",
    {
      class: "rail-me",
      type: "button",
      "aria-label": "Switch user",
      title: store.me.real_name,
      "aria-haspopup": "menu",
    },
    avatar(store.me, 36),
    presence(),
  );
  me.addEventListener("click", () =>
    showMenu(me, people(), { label: "Switch user", align: "start", above: true }),
  );
  return h(
    "div",
    { class: "rail" },
    h("div", { class: "team-icon", "aria-hidden": "true" }, [...store.team.name][0].toUpperCase()),
    home,
    h("span", { class: "spacer" }),
    me,
  );
}

function header() {
  const button = h(
    "button",
    { class: "team", type: "button", "aria-haspopup": "menu" },
    h("b", {}, store.team.name),
    icon("chevronDown", 18),
  );
  button.addEventListener("click", () => showMenu(button, people(), { label: "Workspace", align: "start" }));
  return h("header", { class: "sidebar-head" }, button);
}

/** Who the tab's person can be: choosing one opens the page as them. */
function people() {
  const dashboard = store.links.dashboard;
  return [
    `${store.team.name} · ${store.team.domain}.slack.com`,
    ...[...store.users.values()]
      .filter((user) => !user.is_bot)
      .map((user) => ({
        label: user.real_name || user.name,
        hint: standing(user),
        icon: avatar(user, 24),
        checked: user.id === store.me.id,
        data: { "data-user-id": user.id },
        run: () => switchTo(user),
      })),
    ...(dashboard
      ? [null, { label: "Stripe sandbox dashboard", icon: icon("external"), href: dashboard }]
      : []),
  ];
}

function switchTo(user) {
  const url = new URL(location.href);
  url.searchParams.set("as", user.id);
  url.searchParams.delete("channel");
  url.hash = "";
  location.assign(url);
}

function sections() {
  const all = [...store.channels.values()];
  const direct = all.filter((channel) => channel.is_im && !isAppChannel(channel));
  return [
    section("Channels", all.filter((channel) => !channel.is_im).map(channelRow)),
    section("Direct messages", direct.map(directRow)),
    section("Apps", all.filter(isAppChannel).map(appRow)),
  ].filter(Boolean);
}

function section(name, rows) {
  if (!rows.length) return null;
  const node = h(
    "details",
    { class: "section", open: !collapsed.has(name) },
    h("summary", {}, icon("chevronDown", 14), name),
    h(
      "ul",
      {},
      rows.map((item) => h("li", {}, item)),
    ),
  );
  node.addEventListener("toggle", () => (node.open ? collapsed.delete(name) : collapsed.add(name)));
  return node;
}

function channelRow(channel) {
  return row(channel, icon(channel.is_private ? "lock" : "hash", 18), { badge: false });
}

function directRow(channel) {
  const user = store.users.get(channel.user);
  const own = channel.user === store.me.id ? h("span", { class: "you" }, "you") : null;
  return row(channel, h("span", { class: "face" }, avatar(user, 20), presence()), { badge: true }, own);
}

function appRow(channel) {
  return row(channel, h("span", { class: "face" }, avatar(store.users.get(channel.user), 20), presence()), {
    badge: true,
  });
}

function row(channel, picture, { badge }, ...rest) {
  const unread = store.unread.get(channel.id) ?? 0;
  const here = store.place.channel === channel.id;
  return h(
    "a",
    {
      class: ["conversation", here && "is-active", unread && "is-unread"].filter(Boolean).join(" "),
      href: address(channel.id),
      "aria-current": here ? "page" : null,
      "data-channel": channel.id,
      onclick: (event) => {
        event.preventDefault();
        open(channel.id);
      },
    },
    picture,
    h("span", { class: "conversation-name" }, channelName(channel)),
    rest,
    unread
      ? h(
          "span",
          { class: badge ? "count" : "sr-only" },
          String(unread),
          h("span", { class: "sr-only" }, " unread"),
        )
      : null,
  );
}

function presence() {
  return h("span", { class: "presence", title: "Active" });
}
