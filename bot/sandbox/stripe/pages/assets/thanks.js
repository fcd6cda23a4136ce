import { CHECK, CLOCK, h, icon, merchant, money, pageData, period } from "./dom.js";

const data = pageData();
const processing = data.payment_status === "unpaid";

function headline() {
  if (processing) return "Payment processing";
  return data.mode === "subscription" ? "Thanks for subscribing" : "Thanks for your payment";
}

function text() {
  if (data.message) return data.message;
  if (processing) return `We'll email ${data.email} as soon as your bank confirms the payment. This takes a few days.`;
  return `A payment to ${data.merchant} will appear on your statement. A receipt goes to ${data.email}.`;
}

const extra = [["Discount", -data.totals.discount], ["Shipping", data.totals.shipping], ["Tax", data.totals.tax], ["Tax included", data.totals.tax_included]]
  .filter(([, amount]) => amount)
  .map(([label, amount]) => h("li", {}, h("span", {}, label), h("span", {}, money(amount, data))));
const chosen = data.optional_items.filter((item) => item.quantity > 0);
const rows = [...data.items, ...chosen]
  .filter((item) => item.quantity > 0)
  .map((item) =>
    h(
      "li",
      {},
      h("span", {}, item.name, item.quantity > 1 ? h("small", {}, ` × ${item.quantity}`) : null),
      h("span", {}, money(item.amount, data), item.recurring ? h("small", {}, ` ${period(item.recurring)}`) : null),
    ),
  );

document.body.append(
  h("header", {}, merchant(data)),
  h(
    "main",
    {},
    h(
      "section",
      { class: "card" },
      h("div", { class: processing ? "seal wait" : "seal" }, icon(processing ? CLOCK : CHECK)),
      h("h1", {}, headline()),
      h("p", {}, text()),
      h(
        "div",
        { class: "lines" },
        h("ul", {}, rows, extra),
        h("div", { class: "total" }, h("span", {}, "Total"), h("span", {}, money(data.totals.total, data))),
      ),
    ),
  ),
  h("footer", {}, "Stripe sandbox · no real money moves here"),
);
