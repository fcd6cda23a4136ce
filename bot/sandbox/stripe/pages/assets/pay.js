// The payment page. The server holds the order and decides; this draws it and sends what is typed.
import { h, merchant, money, pageData, post } from "./dom.js";
import { address, card, consent, customField, field, input, shippingRates } from "./fields.js";
import { order } from "./order.js";

/** Test cards that do something later; docs.stripe.com/testing. */
const TEST_CARDS = [
  ["4000 0000 0000 0259", "is disputed as fraudulent"],
  ["4000 0000 0000 2685", "is disputed as not received"],
  ["4000 0000 0000 1976", "is inquired about"],
  ["4000 0000 0000 7726", "gets refunds later"],
  ["4000 0000 0000 5126", "gets refunds that fail"],
  ["4000 0000 0000 0341", "can be saved, not charged: for trials"],
];

let view = pageData();
const { base, asks } = view;
const left = h("div", {});
const submit = h("button", { class: "submit", type: "submit" });
const methods = h("div", {});
const general = h("p", { class: "error", role: "alert", "data-field": "" });
const form = h("form", { novalidate: true, onsubmit: pay }, sections(), general, fine("submit"), submit, fine("after_submit"));

async function change(choices) {
  try {
    view = { ...(await post(`${base}/choose`, choices)), base };
    draw();
  } catch (refusal) {
    draw();
    show(refusal, left);
  }
}

function draw() {
  const active = document.activeElement?.getAttribute("aria-label");
  left.replaceChildren(...[merchant(view), ...order(view, change), h("p", { class: "powered" }, "Stripe sandbox · no real money moves here")].filter(Boolean));
  if (active) left.querySelector(`[aria-label="${CSS.escape(active)}"]`)?.focus();
  methods.hidden = !view.takes_method;
  submit.textContent = submitLabel();
}

function submitLabel() {
  if (view.recurring) return view.trial_days ? "Start trial" : "Subscribe";
  const verb = { donate: "Donate", book: "Book" }[view.submit_type] ?? "Pay";
  return view.totals.total ? `${verb} ${money(view.totals.total, view)}` : "Complete order";
}

function sections() {
  const names = asks.name_collection ?? {};
  const optional = (kind) => (names[kind].optional ? "(optional)" : null);
  return [
    h("h2", {}, "Contact information"),
    field("email", "Email", input("email", {
      type: "email", autocomplete: "email", placeholder: "email@example.com",
      value: asks.email ?? view.prefilled_email, disabled: asks.email !== null,
    })),
    names.business?.enabled ? field("business_name", "Business name", input("business_name", { autocomplete: "organization" }), optional("business")) : null,
    names.individual?.enabled ? field("individual_name", "Full name", input("individual_name", { autocomplete: "name" }), optional("individual")) : null,
    asks.phone ? field("phone", "Phone number", input("phone", { type: "tel", autocomplete: "tel", placeholder: "+1 201 555 0123" })) : null,
    asks.shipping ? shipping() : null,
    asks.custom_fields.map(customField),
    methods,
    asks.tax_id.enabled ? field("tax_id", "Tax ID", input("tax_id.value", { placeholder: "DE123456789" }), asks.tax_id.required === "never" ? "(optional)" : null) : null,
    consents(),
  ];
}

function shipping() {
  return [
    h("h2", {}, "Shipping"),
    field("shipping.name", "Recipient", input("shipping.name", { autocomplete: "shipping name" })),
    h("fieldset", { "data-field": "shipping.address" }, h("legend", {}, "Shipping address"),
      address("shipping.address", asks.shipping.allowed_countries, view), h("p", { class: "error", role: "alert" })),
    view.custom_text.shipping_address ? fine("shipping_address") : null,
    view.shipping_options.length ? [h("h2", {}, "Shipping method"), shippingRates(view, change)] : null,
  ];
}

function consents() {
  const asked = asks.consent;
  if (!asked) return null;
  const terms = view.custom_text.terms_of_service_acceptance;
  return [
    asked.promotions === "auto" ? consent("promotions", `Send me news and offers from ${view.merchant}.`) : null,
    asked.terms_of_service === "required"
      ? consent("terms_of_service", terms ?? [`I agree to ${view.merchant}'s `, h("a", { href: asks.terms_url, target: "_blank", rel: "noopener" }, "terms of service"), "."])
      : null,
  ];
}

function fine(place) {
  const text = view.custom_text[place];
  return text ? h("p", { class: "fine" }, text) : null;
}

function drawMethods() {
  const panels = { card: cardPanel, bank_debit: bankPanel };
  methods.append(h("h2", {}, "Payment method"), h("div", { class: "methods", "data-field": "method" }, view.methods.map(({ id, name }, position) => {
    const radio = h("input", { type: "radio", name: "method", value: id, checked: position === 0, onchange: choosePanel });
    return h("div", {}, h("label", { class: "method" }, radio, name, h("small", {}, id === "card" ? "Visa · Mastercard · Amex" : "Settles in a few days")),
      h("div", { class: "panel", id: `panel-${id}`, hidden: position > 0 }, panels[id]()));
  })));
  const asksAddress = asks.billing_address === "required";
  methods.append(
    field("name", "Name", input("name", { autocomplete: "cc-name", placeholder: "Full name" })),
    h("fieldset", { "data-field": "address" }, h("legend", {}, asksAddress ? "Billing address" : "Country or region"),
      asksAddress ? address("address", asks.countries, view) : address("address", asks.countries, view, ["country", "postal_code"]),
      h("p", { class: "error", role: "alert" })),
  );
}

function choosePanel() {
  const chosen = form.elements.method.value;
  for (const panel of methods.querySelectorAll(".panel")) panel.hidden = panel.id !== `panel-${chosen}`;
}

function cardPanel() {
  const type = (name, value) => {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event("input"));
  };
  const fill = () => {
    type("card.number", "4242424242424242");
    type("card.expiry", "1240");
    type("card.cvc", "123");
    if (!form.elements.name.value) type("name", "Jenny Rosen");
    if (!form.elements.email.value) type("email", "jenny.rosen@example.com");
  };
  return [
    card(),
    view.livemode ? null : h("div", { class: "hint" },
      h("button", { type: "button", onclick: fill }, "Fill in the test card"), " 4242… pays, 4000 0000 0000 0002 is declined.",
      h("details", {}, h("summary", {}, "More test cards"), h("ul", {}, TEST_CARDS.map(([number, what]) => h("li", {}, h("code", {}, number), ` ${what}`))))),
  ];
}

function bankPanel() {
  return h("p", { class: "note" }, "A test bank account is used. The payment is confirmed later; settle it or let it fail in the Dashboard.");
}

/** The form as nested JSON: `address.city` becomes {address: {city}}. */
function typed() {
  const result = {};
  for (const element of form.elements) {
    if (!element.name || (element.type === "radio" && !element.checked)) continue;
    const path = element.name.split(".");
    const last = path.pop();
    let node = result;
    for (const key of path) node = node[key] ??= {};
    node[last] = element.type === "checkbox" ? element.checked : element.value;
  }
  return result;
}

async function pay(event) {
  event.preventDefault();
  clear();
  submit.disabled = true;
  submit.textContent = "Processing…";
  try {
    const { next } = await post(`${base}/pay`, typed());
    submit.classList.add("done");
    submit.textContent = "✓";
    location.assign(next);
  } catch (refusal) {
    submit.disabled = false;
    submit.textContent = submitLabel();
    show(refusal, document.body);
  }
}

function clear() {
  for (const element of document.querySelectorAll(".error")) element.textContent = "";
  for (const element of document.querySelectorAll("[aria-invalid]")) element.removeAttribute("aria-invalid");
}

/** Put a refusal where it belongs: `shipping.address.city` marks that input, or the nearest group around it. */
function show({ message, field: name }, scope) {
  let place = null;
  for (let path = name ?? ""; path && !place; path = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "") {
    place = [...scope.querySelectorAll("[data-field]")].find((element) => element.dataset.field === path);
  }
  const target = place ?? general;
  target.hidden = false;
  if (target.previousElementSibling?.matches("button.plain")) target.previousElementSibling.hidden = true;
  (target.matches(".error") ? target : target.querySelector(".error") ?? general).textContent = message;
  const control = form.elements[name] ?? target.querySelector("input, select");
  if (control instanceof HTMLElement) {
    control.setAttribute("aria-invalid", "true");
    control.focus();
  }
}

document.body.append(h("div", { class: "checkout" }, h("main", { class: "order" }, left), h("section", { class: "form", "aria-label": "Payment details" }, form)));
drawMethods();
draw();
if (view.tax) {
  const country = form.elements[view.tax.place];
  const tax = () => change({ country: country.value });
  country.addEventListener("change", tax);
  tax();
}
