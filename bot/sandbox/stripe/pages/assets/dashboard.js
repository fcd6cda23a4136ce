// The Dashboard: draws what the server sends, presses buttons, and looks again every two seconds.
import { h, merchant, money, pageData, period, post } from "./dom.js";

const POLL_MS = 2000;
const root = h("main", {});
const toast = h("p", { class: "toast", role: "status", hidden: true });
let data = pageData();
let drawn = "";

async function act(action, id) {
  try {
    data = await post("/dashboard/act", { action, id });
    toast.hidden = true;
  } catch (error) {
    toast.textContent = error.message;
    toast.hidden = false;
  }
  draw();
}

const button = (label, action, id, kind = "") => h("button", { class: `act ${kind}`, type: "button", "data-key": `${action} ${id}`, onclick: () => act(action, id) }, label);
const time = (seconds) => new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeStyle: "medium" }).format(seconds * 1000);

function table(title, note, heads, rows, nothing) {
  const head = heads.map((name) => h("th", { class: name === "Amount" ? "number" : null }, name));
  return h("section", {}, h("h2", {}, title, h("small", {}, note)),
    rows.length ? h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows))) : h("p", { class: "empty" }, nothing));
}

function linkRow(link) {
  const on = link.active;
  const toggle = h("button", {
    class: "switch", type: "button", role: "switch", "aria-checked": String(on), "aria-label": `${link.name} is ${on ? "active" : "off"}`,
    "data-key": `toggle ${link.id}`, onclick: () => act(on ? "deactivate" : "activate", link.id),
  });
  return h("tr", {},
    h("td", { class: "wide" }, h("a", { href: link.url, target: "_blank", rel: "noopener" }, link.name), h("small", {}, link.id)),
    h("td", { class: "number" }, link.custom ? "Customer chooses" : money(link.amount, link), link.recurring ? ` ${period(link.recurring)}` : link.mixed ? " today" : ""),
    h("td", {}, `${link.completed} completed`),
    h("td", {}, h("span", { class: on ? "badge good" : "badge" }, on ? "Active" : "Off")),
    h("td", { class: "acts" }, toggle));
}

const TONES = { paid: "good", free: "good", processing: "wait", authorized: "wait", failed: "bad" };

function sessionRow(session) {
  const acts = {
    processing: [button("Settle", "settle", session.id), button("Fail", "fail", session.id, "danger")],
    open: [button("Expire", "expire", session.id)],
  }[session.state] ?? [];
  return h("tr", {},
    h("td", { class: "wide" }, session.name ?? "—", h("small", {}, session.email ?? session.id)),
    h("td", { class: "number" }, money(session.amount, session)),
    h("td", {}, h("span", { class: `badge ${TONES[session.state] ?? ""}` }, session.state)),
    h("td", { class: "when" }, time(session.created)),
    h("td", { class: "acts" }, acts));
}

function delivery({ attempts, delivered, last_status: status }) {
  if (delivered) return h("span", { class: "badge good" }, attempts > 1 ? `Delivered, ${attempts} tries` : "Delivered");
  if (attempts) return h("span", { class: "badge bad" }, `Failed ${attempts}× · ${status ?? "no answer"}`);
  return h("span", { class: "badge" }, data.endpoints.length ? "Not delivered" : "No endpoint");
}

function eventRow(event) {
  return h("tr", {},
    h("td", { class: "wide" }, event.type, h("small", {}, event.object)),
    h("td", {}, delivery(event)),
    h("td", { class: "when" }, time(event.created)),
    h("td", { class: "acts" }, data.endpoints.length ? button("Resend", "resend", event.id) : null));
}

function draw() {
  const now = JSON.stringify([data.links, data.sessions, data.events, data.endpoints]);
  if (now === drawn) return;
  drawn = now;
  const key = document.activeElement?.dataset?.key;
  root.replaceChildren(
    table("Payments", "newest first", ["Customer", "Amount", "State", "Opened", ""], data.sessions.map(sessionRow), "Nobody has opened a link yet."),
    table("Payment links", `${data.links.length}`, ["Link", "Amount", "Checkouts", "Status", ""], data.links.map(linkRow), "No payment links yet. Make one with /paylink."),
    table("Events", "newest first", ["Event", "Delivery", "At", ""], data.events.map(eventRow), "Nothing has happened yet."),
  );
  if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

async function look() {
  try {
    data = await (await fetch("/dashboard/data")).json();
    draw();
  } finally {
    setTimeout(look, POLL_MS);
  }
}

document.body.append(h("header", {}, merchant(data), h("small", {}, "Stripe sandbox")), root, toast);
draw();
setTimeout(look, POLL_MS);
