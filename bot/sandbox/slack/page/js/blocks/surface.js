import { api } from "../api.js";
import { arrange } from "../dom.js";
import { store } from "../store.js";
import { complain } from "../toast.js";
import { confirmed } from "../confirm.js";
import { renderBlock } from "./blocks.js";
import { Form, KINDS } from "./form.js";

/**
 * Blocks on screen: a message's, a modal's or the App Home's. Drawing again keeps the nodes of blocks that did not
 * change, everything typed, the focus and the caret.
 */
export class Surface {
  #drawn = new Map();

  /** `container` as the protocol names it: `{type: "message", channel, ts}` or `{type: "view", view_id}`. */
  constructor(root, container, { onsubmit } = {}) {
    this.root = root;
    this.container = container;
    this.form = new Form();
    this.errors = {};
    this.blocks = [];
    this.submit = onsubmit ?? (() => {});
  }

  render(blocks, { state, errors = {} } = {}) {
    this.blocks = blocks.map((block, index) => ({ ...block, block_id: block.block_id ?? `block-${index}` }));
    this.errors = errors;
    this.form.adopt(this.blocks, state, currentConversation);
    this.#draw();
  }

  setErrors(errors) {
    this.errors = errors;
    this.#draw();
  }

  /** Focuses the first field that has an error, else the first field. */
  focusFirst() {
    const invalid = this.root.querySelector('[aria-invalid="true"]');
    const field = invalid ?? this.root.querySelector("input, textarea, button, a[href], [tabindex='0']");
    field?.focus();
    return Boolean(field);
  }

  /**
   * Binds an element to the form. `set(value)` stores and acts when Slack would, `set(value, {quiet: true})` only
   * stores; `act(fields)` sends an action after the element's confirm dialog: `agreed()`, then `send(fields)`.
   */
  bind(block, element) {
    const ids = [block.block_id, element.action_id];
    const dispatches = block.type !== "input" || block.dispatch_action;
    const agreed = async () => !element.confirm || confirmed(element.confirm);
    const send = (fields) => this.#send(block, element, fields);
    const act = async (fields) => (await agreed()) && send(fields);
    return {
      agreed,
      send,
      act,
      dispatches,
      value: () => this.form.get(...ids),
      set: (value, { quiet = false } = {}) => {
        this.form.set(...ids, value);
        this.#forgetError(block.block_id);
        if (dispatches && !quiet) act({ [KINDS[element.type].field]: this.form.get(...ids) });
      },
    };
  }

  async #send(block, element, fields) {
    const answer = await api.action({
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      ...fields,
      state: this.form.values(),
    });
    complain(answer);
  }

  options(block, element, value) {
    return api.options({
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      value,
    });
  }

  #forgetError(block_id) {
    if (!this.errors[block_id]) return;
    const { [block_id]: gone, ...rest } = this.errors;
    this.setErrors(rest);
  }

  #draw() {
    const focus = rememberFocus(this.root);
    const before = this.#drawn;
    this.#drawn = new Map();
    const nodes = this.blocks.map((block) => {
      const signature = JSON.stringify([block, this.errors[block.block_id]]);
      const old = before.get(block.block_id);
      const node = old?.signature === signature ? old.node : renderBlock(block, this);
      this.#drawn.set(block.block_id, { signature, node });
      return node;
    });
    arrange(this.root, nodes);
    restoreFocus(this.root, focus);
  }
}

function currentConversation(element) {
  return element.default_to_current_conversation ? (store.place.channel ?? undefined) : undefined;
}

function rememberFocus(root) {
  const node = document.activeElement;
  if (!root.contains(node) || !node.dataset.actionId) return null;
  const { blockId, actionId, value } = node.dataset;
  return { blockId, actionId, value, text: node.value, caret: caretOf(node), node };
}

function restoreFocus(root, focus) {
  if (!focus || document.activeElement === focus.node) return;
  const same = [...root.querySelectorAll("[data-action-id]")].filter(
    (node) => node.dataset.blockId === focus.blockId && node.dataset.actionId === focus.actionId,
  );
  const node = same.find((item) => item.dataset.value === focus.value) ?? same[0];
  node?.focus({ preventScroll: true });
  if (focus.caret && node?.value === focus.text) node.setSelectionRange(...focus.caret);
}

// Inputs of type number or date have no caret to ask for.
function caretOf(node) {
  return typeof node.selectionStart === "number" ? [node.selectionStart, node.selectionEnd] : null;
}
