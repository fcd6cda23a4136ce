// The Dashboard's rows: `row(item, act, data)`; act(action, id, more) presses a button.
import { h, money, period } from "./dom.js";
import { askRefund } from "./refund.js";

const TONES = {
  paid: "good", free: "good", active: "good", won: "good", trialing: "wait", processing: "wait", authorized: "wait", under_review: "wait",
  warning_under_review: "wait", failed: "bad", past_due: "bad", needs_response: "bad", warning_needs_response: "bad", disputed: "bad", lost: "bad",
};
const WORDS = {
  past_due: "past due", needs_response: "needs response", under_review: "under review", warning_needs_response: "inquiry: needs response",
  warning_under_review: "inquiry: under review", warning_closed: "inquiry closed",
};

const badge = (state) => h("span", { class: `badge ${TONES[state] ?? ""}` }, WORDS[state] ?? state);
const format = (style) => (seconds) => new Intl.DateTimeFormat(navigator.language, style).format(seconds * 1000);
const time = format({ dateStyle: "medium", timeStyle: "medium" });
const day = format({ dateStyle: "medium" });
const who = (name, email, note) => h("td", { class: "wide" }, name ?? email ?? "—", h("small", {}, [name ? email : null, note].filter(Boolean).join(" · ")));
const acts = (buttons) => h("td", { class: "acts" }, h("div", {}, buttons));

function button(label, key, onclick, kind = "") {
  return h("button", { class: `act ${kind}`, type: "button", "data-key": key, onclick }, label);
}

const press = (act, id) => (label, action, kind) => button(label, `${action} ${id}`, () => act(action, id), kind);

export function paymentRow(payment, act) {
  const { id, state, left, refund, refunded } = payment;
  const on = press(act, id);
  const buttons = {
    processing: [on("Settle", "settle"), on("Fail", "fail", "danger")],
    open: [on("Expire", "expire")],
    paid: left ? [button("Refund…", `refund ${id}`, () => askRefund(payment, act)), payment.disputed ? null : [payment.by_card ? on("Inquire", "inquire") : null, on("Dispute", "dispute", "danger")]] : [],
  }[state] ?? [];
  const waiting = refund ? [press(act, refund)("Refund arrives", "settle_refund"), press(act, refund)("Refund fails", "fail_refund", "danger")] : [];
  const back = refunded ? h("small", {}, refunded === payment.amount ? "refunded" : `${money(refunded, payment)} refunded`) : null;
  return h("tr", {},
    who(payment.name ?? "Somebody", payment.email ?? "on the payment page", payment.note),
    h("td", { class: "number" }, money(payment.amount, payment)),
    h("td", {}, badge(state), payment.disputed ? [" ", badge("disputed")] : null, back),
    h("td", { class: "when" }, time(payment.created)),
    acts([...waiting, ...buttons]));
}

export function subscriptionRow(subscription, act) {
  const { id, state, ends, until } = subscription;
  const on = press(act, id);
  const later = ends ? on("Don't cancel", "resume") : on("Cancel at period end", "cancel_later");
  const end = [later, on("Cancel now", "cancel", "danger")];
  const retry = subscription.owed ? [on("Retry payment", "retry"), on("Retry fails", "retry_fails", "danger")] : [];
  const renew = ends ? [on("End period", "renew")] : [on("Renew", "renew"), on("Renewal fails", "renewal_fails", "danger")];
  const buttons = {
    trialing: [on("Trial ends soon", "trial_will_end"), on("End trial", "renew"), ends ? null : on("End trial, fails", "renewal_fails", "danger"), end],
    active: [retry, renew, end],
    past_due: [retry, end],
    paused: [on("Cancel now", "cancel", "danger")],
  }[state] ?? [];
  const when = state === "canceled" ? `Ended ${day(until)}` : ends ? `Cancels ${day(until)}` : state === "trialing" ? `Trial to ${day(until)}` : `To ${day(until)}`;
  return h("tr", {},
    who(subscription.name, subscription.email),
    h("td", { class: "number" }, money(subscription.amount, subscription), h("small", {}, ` ${period(subscription.recurring)}`)),
    h("td", {}, badge(state)),
    h("td", { class: "when" }, when),
    acts(buttons));
}

export function disputeRow(dispute, act) {
  const { id, state } = dispute;
  const on = press(act, id);
  const evidence = on("Submit evidence", "submit_evidence");
  const inquiry = [on("Escalate", "escalate", "danger"), on("Close", "win")];
  const decide = [on("Win", "win"), on("Lose", "lose", "danger")];
  const buttons = {
    needs_response: [evidence, decide], under_review: decide, warning_needs_response: [evidence, inquiry], warning_under_review: inquiry,
  }[state] ?? [];
  return h("tr", {},
    who(dispute.name, dispute.email, dispute.reason.replaceAll("_", " ")),
    h("td", { class: "number" }, money(dispute.amount, dispute)),
    h("td", {}, badge(state)),
    h("td", { class: "when" }, day(dispute.due_by)),
    acts(buttons));
}

export function linkRow(link, act) {
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
    acts(toggle));
}

function delivery({ attempts, delivered, last_status: status }, endpoints) {
  if (delivered) return h("span", { class: "badge good" }, attempts > 1 ? `Delivered, ${attempts} tries` : "Delivered");
  if (attempts) return h("span", { class: "badge bad" }, `Failed ${attempts}× · ${status ?? "no answer"}`);
  return h("span", { class: "badge" }, endpoints.length ? "Not delivered" : "No endpoint");
}

export function eventRow(event, act, { endpoints }) {
  return h("tr", {},
    h("td", { class: "wide" }, event.type, h("small", {}, event.object)),
    h("td", {}, delivery(event, endpoints)),
    h("td", { class: "when" }, time(event.created)),
    acts(endpoints.length ? press(act, event.id)("Resend", "resend") : null));
}
