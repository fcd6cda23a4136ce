// Small helpers: elements, the page's data, money, talking to the server.

/** An element: h("p", {class: "x", onclick: fn}, child, …). `null` attributes and children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An icon of one stroked path. */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  const set = (element, values) => Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
  set(svg, { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2.4", "aria-hidden": "true" });
  set(line, { d: path, "stroke-linecap": "round", "stroke-linejoin": "round" });
  svg.append(line);
  return svg;
}

/** The JSON that the server put into the page. */
export const pageData = () => JSON.parse(document.getElementById("data").textContent);

/** The reader's language: the link's, or the browser's. */
export const language = (locale) => (locale && locale !== "auto" ? locale : navigator.language);

/** Money from minor units, exactly: the decimal point is put into the digits, never computed. */
export function money(amount, { currency, decimals, locale }) {
  const digits = String(Math.abs(amount)).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals ? digits.slice(-decimals) : "";
  const text = `${amount < 0 ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
  const options = { style: "currency", currency: currency.toUpperCase() };
  if (/[1-9]/.test(fraction)) options.minimumFractionDigits = decimals;
  return new Intl.NumberFormat(language(locale), options).format(text);
}

/** Minor units as a plain decimal to edit: 1999 → "19.99". */
export function decimal(minor, decimals) {
  const digits = String(minor).padStart(decimals + 1, "0");
  return decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
}

/** A typed amount in minor units, or null when it isn't one of this currency. */
export function minorUnits(text, decimals) {
  const match = text.trim().match(/^(\d{1,12})(?:[.,](\d+))?$/);
  const fraction = (match?.[2] ?? "").padEnd(decimals, "0");
  return match && fraction.length <= decimals ? Number(`${match[1]}${fraction}`) : null;
}

/** "per month", "every 3 months". */
export function period({ interval, interval_count: count }) {
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`;
}

/** POST JSON; the answer, or an Error with the server's `message` and `field`. */
export async function post(url, body) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The connection was lost. Try again.");
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.error?.message ?? "Something went wrong. Try again."), answer.error);
}

/** The merchant's mark and name, with the TEST MODE badge. */
export function merchant({ merchant: name, livemode }) {
  return h(
    "div",
    { class: "merchant" },
    h("span", { class: "mark", "aria-hidden": "true" }, name.slice(0, 1)),
    h("span", {}, name),
    livemode ? null : h("span", { class: "badge test" }, "TEST MODE"),
  );
}

export const CHECK = "M5 12.5l4.5 4.5L19 7.5";
export const CLOCK = "M12 7v5l3.5 2M12 3a9 9 0 100 18 9 9 0 000-18z";
export const OFF = "M12 4v8M7 6.7a7.5 7.5 0 1010 0";
