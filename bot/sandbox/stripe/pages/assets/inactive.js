import { OFF, h, icon, merchant, pageData } from "./dom.js";

const data = pageData();

document.body.append(
  h("header", {}, merchant(data)),
  h(
    "main",
    {},
    h(
      "section",
      { class: "card" },
      h("div", { class: "seal off" }, icon(OFF)),
      h("h1", {}, "This link is no longer active"),
      h("p", {}, data.message),
    ),
  ),
  h("footer", {}, "Stripe sandbox · no real money moves here"),
);
