// The left side: what is bought, quantities, promotion code, totals.
import { decimal, h, minorUnits, money, period } from "./dom.js";

/** Draw the order. `change(choices)` asks the server for a new one and rejects with the server's refusal. */
export function order(view, change) {
  return [
    headline(view),
    view.amount ? customAmount(view, change) : null,
    h("ul", { class: "items" }, view.items.map((item) => itemRow(view, item, change))),
    h("div", { class: "totals" }, totals(view, change)),
    view.optional_items.length ? optionalItems(view, change) : null,
  ];
}

function headline(view) {
  const { total } = view.totals;
  const { recurring } = view;
  const verb = recurring ? `Subscribe to ${view.merchant}` : `${{ donate: "Donate to", book: "Book with" }[view.submit_type] ?? "Pay"} ${view.merchant}`;
  if (recurring && view.trial_days) {
    return h("div", { class: "headline" }, verb, h("p", { class: "amount" }, `${view.trial_days} days free`),
      h("p", { class: "then" }, `Then ${money(recurring.amount, view)} ${period(recurring)}`));
  }
  const onlyRecurring = recurring && view.totals.subtotal === recurring.amount;
  return h(
    "div",
    { class: "headline" },
    verb,
    h("p", { class: "amount" }, money(total, view), recurring ? h("small", {}, onlyRecurring ? period(recurring) : "today") : null),
    recurring && !onlyRecurring ? h("p", { class: "then" }, `Then ${money(recurring.amount, view)} ${period(recurring)}`) : null,
  );
}

function thumb(item) {
  const face = item.image ? h("img", { src: item.image, alt: "" }) : item.name.slice(0, 1).toUpperCase();
  return h("span", { class: "thumb", "aria-hidden": "true" }, face);
}

function itemRow(view, item, change) {
  const set = (quantity) => change({ quantities: { [item.id]: quantity } });
  const each = item.recurring ? period(item.recurring)
    : item.quantity > 1 && item.unit_amount !== null ? `${money(item.unit_amount, view)} each` : null;
  return h(
    "li",
    { class: item.quantity ? "item" : "item gone" },
    thumb(item),
    h("span", { class: "name" }, item.name),
    h("span", { class: "price" }, money(item.amount, view)),
    h("span", { class: "detail" }, [item.description, item.adjustable || item.quantity < 2 ? null : `Qty ${item.quantity}`].filter(Boolean).join(" · ")),
    each ? h("span", { class: "each" }, each) : null,
    item.adjustable ? stepper(item.name, item.quantity, item.adjustable, view.items.length === 1 ? 1 : 0, set) : null,
  );
}

function stepper(name, quantity, { minimum, maximum }, floor, set) {
  const low = Math.max(minimum, floor);
  const input = h("input", {
    type: "number", min: low, max: maximum, value: quantity, "aria-label": `Quantity of ${name}`,
    onchange: () => set(Number(input.value)),
  });
  return h(
    "div",
    { class: "stepper" },
    h("button", { type: "button", "aria-label": `One ${name} fewer`, disabled: quantity <= low, onclick: () => set(quantity - 1) }, "−"),
    input,
    h("button", { type: "button", "aria-label": `One ${name} more`, disabled: quantity >= maximum, onclick: () => set(quantity + 1) }, "+"),
  );
}

function optionalItems(view, change) {
  return h(
    "div",
    { class: "optional" },
    h("h2", {}, "Add to your order"),
    h("ul", {}, view.optional_items.map((item) => {
      const set = (quantity) => change({ optional_items: { [item.price]: quantity } });
      const add = h("button", { type: "button", class: "plain", onclick: () => set(item.quantity ? 0 : item.default_quantity) }, item.quantity ? "Remove" : "Add");
      return h(
        "li",
        { class: "item" },
        thumb(item),
        h("span", { class: "name" }, item.name),
        h("span", { class: "detail" }, `${money(item.amount, view)}${item.recurring ? ` ${period(item.recurring)}` : ""}`),
        add,
        item.quantity && item.adjustable ? stepper(item.name, item.quantity, item.adjustable, 1, set) : null,
      );
    })),
  );
}

function customAmount(view, change) {
  const { value, minimum, maximum } = view.amount;
  const show = (minor) => decimal(minor, view.decimals);
  const input = h("input", {
    inputmode: "decimal", value: value === null ? "" : show(value), "aria-label": "Amount", placeholder: show(minimum),
    onchange: () => change({ amount: minorUnits(input.value, view.decimals) ?? -1 }),
  });
  return h("label", { class: "field chosen", "data-field": "amount" },
    h("span", {}, "Amount ", h("small", {}, maximum ? `${money(minimum, view)} to ${money(maximum, view)}` : `from ${money(minimum, view)}`)), input, h("p", { class: "error", role: "alert" }));
}

function totals(view, change) {
  const { subtotal, discount, shipping, tax, tax_included: included, total } = view.totals;
  const row = (label, amount, kind = "") => h("div", { class: kind }, h("span", {}, label), h("span", {}, money(amount, view)));
  return [
    row("Subtotal", subtotal),
    view.promotion.allowed ? promotion(view, change) : null,
    view.shipping_options.length ? row("Shipping", shipping, "soft") : null,
    view.tax && !view.tax.known ? h("div", { class: "soft" }, h("span", {}, "Tax"), h("span", {}, "Depends on the country")) : tax ? row("Tax", tax, "soft") : null,
    row(view.recurring ? "Total due today" : "Total due", total, "due"),
    included ? h("p", { class: "then" }, `Includes ${money(included, view)} tax`) : null,
  ];

  function promotion() {
    if (view.promotion.code) {
      const remove = () => change({ promotion_code: "" });
      return h(
        "div",
        { class: "soft" },
        h("span", { class: "tag" }, view.promotion.code,
          h("button", { type: "button", "aria-label": "Remove promotion code", onclick: remove }, "×")),
        h("span", {}, money(-discount, view)),
      );
    }
    return promotionForm(change);
  }
}

function promotionForm(change) {
  const input = h("input", { placeholder: "Promotion code", "aria-label": "Promotion code", autocomplete: "off" });
  const apply = () => input.value.trim() && change({ promotion_code: input.value.trim() });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); apply(); } });
  const form = h("div", { class: "promo-form" }, input, h("button", { type: "button", class: "plain", onclick: apply }, "Apply"));
  const open = h("button", {
    type: "button", class: "plain",
    onclick: () => { open.hidden = true; holder.hidden = false; input.focus(); },
  }, "Add promotion code");
  const holder = h("div", { hidden: true, "data-field": "promotion_code", class: "promo" }, form, h("p", { class: "error", role: "alert" }));
  return h("div", {}, open, holder);
}
