import { h } from "../dom.js";
import { plain } from "../mrkdwn.js";
import { link } from "../mentions.js";
import { store } from "../store.js";

export function button(element, bound, attributes) {
  const name = ["btn", element.style && `btn-${element.style}`].filter(Boolean).join(" ");
  const common = {
    class: name,
    "aria-label": element.accessibility_label,
    ...attributes,
    "data-value": element.value,
  };
  const node = element.url ? link(here(element.url)) : h("button", { type: "button" });
  for (const [key, value] of Object.entries(common))
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  node.replaceChildren(plain(element.text.text, element.text.emoji));
  node.addEventListener("click", () => press(node, element, bound));
  return node;
}

// The Dashboard of this Slack's Stripe is next door.
function here(url) {
  return store.links.dashboard && url.startsWith("https://dashboard.stripe.com/") ? store.links.dashboard : url;
}

// Busy until the app has acknowledged; a second press in that time would be a second click for the app.
async function press(node, element, bound) {
  if (node.getAttribute("aria-busy") || !(await bound.agreed())) return;
  node.setAttribute("aria-busy", "true");
  await bound.send({ value: element.value });
  node.removeAttribute("aria-busy");
}
