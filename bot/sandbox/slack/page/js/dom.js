// The page's only way of making elements. Text always becomes text nodes, so nothing typed by a person
// or sent by an app can turn into markup.

/** An HTML element: `h("button", {class: "x", onclick: f, "aria-label": "Close"}, "text", node, [nodes], null)`. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat(Infinity).filter(isContent));
  return node;
}

/** Parses the page's own, constant SVG source. Never call it with anything that came over the wire. */
export function svg(source, attributes = {}) {
  const node = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return document.importNode(node, true);
}

export function fragment(...children) {
  const node = document.createDocumentFragment();
  node.append(...children.flat(Infinity).filter(isContent));
  return node;
}

/** Makes `nodes` the children of `parent`, moving as few as possible: a node that moves loses its focus. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

let counter = 0;

/** An id unique in this document, for aria references. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

function setProp(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") node[name] = value;
  else if (name === "style")
    for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
  else node.setAttribute(name, value === true ? "" : value);
}

function isContent(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}
