// The right side's fields: one small builder per thing Stripe may ask for.
import { h, language, money } from "./dom.js";

const error = () => h("p", { class: "error", role: "alert" });

/** A labelled control with a place for its error, found again by `data-field`. */
export function field(name, label, control, note = null) {
  return h("label", { class: "field", "data-field": name }, h("span", {}, label, note ? h("small", {}, ` ${note}`) : null), control, error());
}

export const input = (name, attributes = {}) => h("input", { name, ...attributes });

/** A select of countries by name, in the reader's language. */
export function countries(name, codes, view, chosen) {
  const names = new Intl.DisplayNames([language(view.locale)], { type: "region", fallback: "code" });
  const sorted = codes.map((code) => [code, names.of(code)]).sort((a, b) => a[1].localeCompare(b[1]));
  const first = codes.includes(chosen) ? chosen : sorted[0][0];
  return h("select", { name, "aria-label": "Country or region", autocomplete: "country" },
    sorted.map(([code, text]) => h("option", { value: code, selected: code === first }, text)));
}

/** Address rows that look like one box; `only` limits them to what is needed. */
export function address(prefix, codes, view, only = null) {
  const cell = (key, placeholder, complete, half) => h("span", { class: half ? "cell half" : "cell" },
    input(`${prefix}.${key}`, { placeholder, "aria-label": placeholder, autocomplete: complete }));
  const home = view.currency === "eur" ? "DE" : view.currency === "gbp" ? "GB" : "US";
  const rows = {
    country: () => h("span", { class: "cell" }, countries(`${prefix}.country`, codes, view, home)),
    line1: () => cell("line1", "Address line 1", "address-line1"),
    line2: () => cell("line2", "Address line 2", "address-line2"),
    city: () => cell("city", "City", "address-level2", !only),
    postal_code: () => cell("postal_code", "Postal code", "postal-code", !only),
    state: () => cell("state", "State or region", "address-level1"),
  };
  const shown = only ?? ["country", "line1", "line2", "state", "postal_code", "city"];
  return h("div", { class: "group" }, shown.map((key) => rows[key]()));
}

const BRANDS = [["Visa", /^4/], ["Mastercard", /^(5[1-5]|2[2-7])/], ["Amex", /^3[47]/], ["Discover", /^6(011|5)/], ["Diners", /^3[068]/], ["JCB", /^35/]];

/** Number, expiry and CVC as one box, formatted while typing. */
export function card() {
  const brand = h("span", { class: "brand", "aria-hidden": "true" });
  const number = input("card.number", { placeholder: "1234 1234 1234 1234", "aria-label": "Card number", inputmode: "numeric", autocomplete: "cc-number", maxlength: 23 });
  const expiry = input("card.expiry", { placeholder: "MM / YY", "aria-label": "Expiration", inputmode: "numeric", autocomplete: "cc-exp", maxlength: 7 });
  const cvc = input("card.cvc", { placeholder: "CVC", "aria-label": "Security code", inputmode: "numeric", autocomplete: "cc-csc", maxlength: 4 });
  number.addEventListener("input", () => {
    const digits = number.value.replace(/\D/g, "").slice(0, 19);
    brand.textContent = BRANDS.find(([, pattern]) => pattern.test(digits))?.[0] ?? "";
    number.value = /^3[47]/.test(digits) ? digits.replace(/^(\d{4})(\d{0,6})(\d{0,5}).*/, "$1 $2 $3").trim() : digits.replace(/(\d{4})(?=\d)/g, "$1 ");
  });
  expiry.addEventListener("input", (event) => {
    if (event.inputType?.startsWith("delete")) return;
    let digits = expiry.value.replace(/\D/g, "").slice(0, 4);
    if (/^[2-9]/.test(digits)) digits = `0${digits}`.slice(0, 4);
    expiry.value = digits.length >= 2 ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
  });
  return h("fieldset", { "data-field": "card" }, h("legend", {}, "Card information"),
    h("div", { class: "group" }, h("span", { class: "cell" }, number, brand), h("span", { class: "cell half" }, expiry), h("span", { class: "cell half" }, cvc)),
    error());
}

/** The merchant's own questions. */
export function customField(item) {
  const name = `custom_fields.${item.key}`;
  const setting = item[item.type];
  const note = item.optional ? "(optional)" : null;
  if (item.type === "dropdown") {
    const options = setting.options.map(({ value, label }) => h("option", { value, selected: value === setting.default_value }, label));
    return field(name, item.label.custom, h("select", { name }, h("option", { value: "" }, "Select…"), options), note);
  }
  const length = { maxlength: setting.maximum_length ?? 255, value: setting.default_value ?? "" };
  return field(name, item.label.custom, input(name, { ...length, inputmode: item.type === "numeric" ? "numeric" : null }), note);
}

const unit = ({ unit: name, value }) => `${value} ${name.replace("_", " ")}${value === 1 ? "" : "s"}`;

function estimate(given) {
  if (!given) return null;
  const { minimum, maximum } = given;
  if (minimum && maximum) return minimum.unit === maximum.unit && minimum.value !== maximum.value ? `${minimum.value}–${unit(maximum)}` : unit(maximum);
  return minimum ? `At least ${unit(minimum)}` : maximum ? `Up to ${unit(maximum)}` : null;
}

/** Shipping rates as radio buttons. */
export function shippingRates(view, change) {
  return h("div", { class: "rates", role: "radiogroup", "aria-label": "Shipping method" }, view.shipping_options.map((option) =>
    h("label", {},
      h("input", { type: "radio", name: "shipping_rate", value: option.id, checked: option.chosen, onchange: () => change({ shipping_rate: option.id }) }),
      h("span", {}, option.name, h("small", {}, estimate(option.estimate))),
      h("span", {}, option.amount ? money(option.amount, view) : "Free"))));
}

/** A checkbox with a sentence. */
export function consent(name, ...sentence) {
  return h("div", { "data-field": name }, h("label", { class: "choice" }, h("input", { type: "checkbox", name }), h("span", {}, sentence)), error());
}
