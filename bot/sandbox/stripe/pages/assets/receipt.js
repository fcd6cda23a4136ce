import { h, merchant, money, pageData } from "./dom.js";

const data = pageData();
const date = new Intl.DateTimeFormat(navigator.language, { dateStyle: "long" }).format(data.created * 1000);
const tone = { succeeded: "good", paid: "good", failed: "bad" }[data.status] ?? "wait";

document.body.append(
  h("header", {}, merchant(data)),
  h(
    "main",
    {},
    h(
      "section",
      { class: "card" },
      h("span", { class: `badge ${tone}` }, data.status),
      h("h1", {}, money(data.total, data)),
      h("p", {}, `${data.title} · ${date}\n${data.email}`),
      h(
        "div",
        { class: "lines" },
        h(
          "ul",
          {},
          data.lines.map((line) =>
            h(
              "li",
              {},
              h("span", {}, line.name, line.quantity > 1 ? h("small", {}, ` × ${line.quantity}`) : null),
              h("span", {}, money(line.amount, data)),
            ),
          ),
        ),
        h("div", { class: "total" }, h("span", {}, "Total"), h("span", {}, money(data.total, data))),
      ),
    ),
  ),
  h("footer", {}, data.id),
);
