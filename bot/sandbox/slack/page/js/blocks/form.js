// What stands in the inputs of one view or message, in the shapes of Slack's `view.state.values`.

/** Per element type: the field of its state that holds the value, the element's field that presets it, "nothing". */
export const KINDS = {
  plain_text_input: { field: "value", initial: "initial_value", empty: null },
  email_text_input: { field: "value", initial: "initial_value", empty: null },
  url_text_input: { field: "value", initial: "initial_value", empty: null },
  number_input: { field: "value", initial: "initial_value", empty: null },
  static_select: { field: "selected_option", initial: "initial_option", empty: null },
  external_select: { field: "selected_option", initial: "initial_option", empty: null },
  radio_buttons: { field: "selected_option", initial: "initial_option", empty: null },
  users_select: { field: "selected_user", initial: "initial_user", empty: null },
  conversations_select: { field: "selected_conversation", initial: "initial_conversation", empty: null },
  channels_select: { field: "selected_channel", initial: "initial_channel", empty: null },
  multi_static_select: { field: "selected_options", initial: "initial_options", empty: [] },
  multi_external_select: { field: "selected_options", initial: "initial_options", empty: [] },
  checkboxes: { field: "selected_options", initial: "initial_options", empty: [] },
  multi_users_select: { field: "selected_users", initial: "initial_users", empty: [] },
  multi_conversations_select: {
    field: "selected_conversations",
    initial: "initial_conversations",
    empty: [],
  },
  multi_channels_select: { field: "selected_channels", initial: "initial_channels", empty: [] },
  datepicker: { field: "selected_date", initial: "initial_date", empty: null },
  timepicker: { field: "selected_time", initial: "initial_time", empty: null },
  datetimepicker: { field: "selected_date_time", initial: "initial_date_time", empty: null },
};

const elementsOf = (block) =>
  [block.element, block.accessory, ...(block.elements ?? [])].filter((item) => item && KINDS[item.type]);
const isBlank = (value) => value === null || value === undefined || value === "";

export class Form {
  #values = new Map();

  /**
   * Takes over the inputs of `blocks`. An input known by its block_id and action_id keeps what was typed or chosen,
   * unless its options no longer hold that; any other starts with the server's state, else with its initial value,
   * else with `fallback(element)`.
   */
  adopt(blocks, state = {}, fallback = () => undefined) {
    const before = this.#values;
    this.#values = new Map();
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        const key = keyOf(block.block_id, element.action_id);
        const { field, initial, empty } = KINDS[element.type];
        const old = before.get(key);
        const sent = state[block.block_id]?.[element.action_id]?.[field];
        const preset = sent === undefined ? (element[initial] ?? fallback(element) ?? empty) : sent;
        const keeps = old?.type === element.type && stillOffered(element, old.value);
        const value = keeps ? old.value : preset;
        this.#values.set(key, {
          block_id: block.block_id,
          action_id: element.action_id,
          type: element.type,
          value,
        });
      }
    }
  }

  get(block_id, action_id) {
    return this.#values.get(keyOf(block_id, action_id))?.value;
  }

  set(block_id, action_id, value) {
    const entry = this.#values.get(keyOf(block_id, action_id));
    if (entry) entry.value = isBlank(value) ? KINDS[entry.type].empty : value;
  }

  /** `{block_id: {action_id: {type, <field>: value}}}`. */
  values() {
    const values = {};
    for (const { block_id, action_id, type, value } of this.#values.values()) {
      values[block_id] ??= {};
      values[block_id][action_id] = { type, [KINDS[type].field]: value };
    }
    return values;
  }
}

// A choice that the new element no longer offers can't be kept. Selects that load their options offer anything.
function stillOffered(element, value) {
  const groups = element.option_groups ?? [{ options: element.options }];
  const offered = groups.flatMap((group) => group.options ?? []).map((option) => JSON.stringify(option));
  if (!offered.length || value === null) return true;
  return [value].flat().every((option) => offered.includes(JSON.stringify(option)));
}

const keyOf = (block_id, action_id) => JSON.stringify([block_id, action_id]);
