// A receipt or the hosted page of an invoice.
import { h, merchant, money, pageData } from "./dom.js";

const data = pageData();
const day = (seconds) => new Intl.DateTimeFormat(navigator.language, { dateStyle: "long" }).format(seconds * 1000);
const TONES = { succeeded: "good", paid: "good", failed: "bad", open: "wait" };
const WORDS = { succeeded: "Paid", paid: "Paid", open: "Payment due", failed: "Failed", refunded: "Refunded" };
const open = data.status === "open";

const row = ({ label, amount }) => h("li", { class: "soft" }, h("span", {}, label), h("span", {}, money(amount, data)));

function line({ name, quantity, amount, period }) {
  const note = period && period.start !== period.end ? h("small", { class: "period" }, `${day(period.start)} – ${day(period.end)}`) : null;
  return h("li", {}, h("span", {}, name, quantity > 1 ? h("small", {}, ` × ${quantity}`) : null, note), h("span", {}, money(amount, data)));
}

const { customer } = data;
const facts = [
  ["Number", data.number],
  ["Date", day(data.created)],
  ["To", h("span", {}, [customer.name, customer.email, ...customer.address].filter(Boolean).map((text) => h("span", { class: "part" }, text)))],
  ["From", h("span", {}, [data.merchant, data.merchant_email].map((text) => h("span", { class: "part" }, text)))],
  data.method ? ["Payment method", data.method] : null,
].filter(Boolean);

document.body.append(
  h("header", {}, merchant(data)),
  h("main", {}, h("section", { class: "card paper" },
    h("span", { class: `badge ${TONES[data.status] ?? ""}` }, WORDS[data.status] ?? data.status),
    h("h1", {}, money(data.total, data)),
    h("p", {}, open ? `${data.title} due to ${data.merchant}` : `${data.title} from ${data.merchant}`),
    data.links.length ? h("nav", {}, data.links.map(({ label, url }) => h("a", { href: url, class: "button" }, label))) : null,
    h("dl", {}, facts.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
    h("div", { class: "lines" },
      h("ul", {}, data.lines.map(line), data.sums.map(row)),
      h("div", { class: "total" }, h("span", {}, "Total"), h("span", {}, money(data.total, data))),
      h("ul", {}, data.after.map(row))),
    data.notes.map((note) => h("p", { class: "note" }, note)))),
  h("footer", {}, "Stripe sandbox · no real money moves here"),
);
