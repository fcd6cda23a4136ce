import { OFF, h, icon, merchant, pageData } from "./dom.js";

const HEADLINE = "This link is no longer active";
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
      h("h1", {}, HEADLINE),
      h("p", {}, data.message.replace(`${HEADLINE}. `, "")),
    ),
  ),
  h("footer", {}, "Stripe sandbox · no real money moves here"),
);
