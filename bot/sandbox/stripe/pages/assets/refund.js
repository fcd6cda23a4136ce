// Asks how much of a payment to give back.
import { decimal, h, minorUnits, money } from "./dom.js";

export function askRefund(payment, act) {
  const amount = h("input", { inputmode: "decimal", name: "amount", value: decimal(payment.left, payment.decimals), "aria-label": "Amount to refund" });
  const error = h("p", { class: "error", role: "alert" });
  const close = () => dialog.close();
  const send = (event) => {
    event.preventDefault();
    const minor = minorUnits(amount.value, payment.decimals);
    if (minor === null || minor < 1 || minor > payment.left) {
      error.textContent = `Enter an amount up to ${money(payment.left, payment)}.`;
      return amount.focus();
    }
    close();
    return act("refund", payment.id, { amount: minor });
  };
  const form = h("form", { onsubmit: send, novalidate: true },
    h("h2", {}, "Refund payment"),
    h("p", {}, `${payment.name ?? payment.email} paid ${money(payment.amount, payment)}.`),
    h("label", {}, h("span", {}, "Amount "), amount, h("span", {}, ` ${payment.currency.toUpperCase()}`)), error,
    h("div", { class: "buttons" }, h("button", { class: "act", type: "button", onclick: close }, "Don't refund"), h("button", { class: "act primary", type: "submit" }, "Refund")));
  const dialog = h("dialog", { onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
  amount.select();
}
