// The Dashboard: draws what the server sends, presses buttons, and looks again every two seconds.
import { disputeRow, eventRow, linkRow, paymentRow, subscriptionRow } from "./dashboard_rows.js";
import { h, merchant, pageData, post } from "./dom.js";

const POLL_MS = 2000;
const root = h("main", {});
const toast = h("p", { class: "toast", role: "status", hidden: true });
let data = pageData();
let drawn = "";

async function act(action, id, more = {}) {
  try {
    data = await post("/dashboard/act", { action, id, ...more });
    toast.hidden = true;
  } catch (error) {
    toast.textContent = error.message;
    toast.hidden = false;
  }
  draw();
}

function table(title, note, heads, rows, nothing) {
  const head = heads.map((name) => h("th", { class: name === "Amount" ? "number" : null, scope: "col" }, name || h("span", { class: "visually-hidden" }, "Actions")));
  return h("section", { "aria-label": title }, h("h2", {}, title, h("small", {}, note)),
    rows.length ? h("div", { class: "scroll" }, h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows))) : h("p", { class: "empty" }, nothing));
}

function draw() {
  const now = JSON.stringify(data);
  if (now === drawn) return;
  drawn = now;
  const key = document.activeElement?.dataset?.key;
  const rows = (kind, row) => data[kind].map((item) => row(item, act, data));
  root.replaceChildren(
    table("Payments", "newest first", ["Customer", "Amount", "State", "At", ""], rows("payments", paymentRow), "Nobody has opened a link yet."),
    data.subscriptions.length ? table("Subscriptions", "newest first", ["Subscription", "Amount", "State", "Period", ""], rows("subscriptions", subscriptionRow)) : "",
    data.disputes.length ? table("Disputes", "newest first", ["Customer", "Amount", "State", "Respond by", ""], rows("disputes", disputeRow)) : "",
    table("Payment links", `${data.links.length}`, ["Link", "Amount", "Checkouts", "Status", ""], rows("links", linkRow), "No payment links yet. Make one with /paylink."),
    table("Events", "newest first", ["Event", "Delivery", "At", ""], rows("events", eventRow), "Nothing has happened yet."),
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
