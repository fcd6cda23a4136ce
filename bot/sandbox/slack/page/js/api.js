// Requests to the sandbox's Slack. Every call answers with the server's JSON; a connection that fails
// answers `{ok: false, error: "unreachable"}` in the same shape, so callers handle one kind of failure.

const TROUBLE = { ok: false, error: "unreachable", message: "We had some trouble connecting. Try again?" };

/** The person who uses this tab, from the page's address; the server falls back to its first member. */
export const user = new URLSearchParams(location.search).get("as") ?? "";

const get = (name, query) => call(`/client/${name}?${new URLSearchParams({ user: me(), ...query })}`);
const post = (name, body) =>
  call(`/client/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: me(), ...body }),
  });

let identity = user;
const me = () => identity;

export const api = {
  async state() {
    const state = await call(`/client/state${identity ? `?user=${encodeURIComponent(identity)}` : ""}`);
    if (state.ok) identity = state.me.id;
    return state;
  },
  messages: (channel) => get("messages", { channel }),
  events: () => new EventSource(`/client/events?user=${encodeURIComponent(me())}`),
  command: (channel, text) => post("command", { channel, text }),
  message: (body) => post("message", body),
  action: (body) => post("action", body),
  options: (body) => post("options", body),
  submit: (view_id, state) => post("view/submit", { view_id, state }),
  close: (view_id, clear) => post("view/close", clear ? { view_id, clear: true } : { view_id }),
  shortcut: (body) => post("shortcut", body),
  home: () => post("home", {}),
  invite: (channel) => post("invite", { channel }),
  read: (channel) => post("read", { channel }),
};

async function call(url, init) {
  try {
    const response = await fetch(url, init);
    return await response.json();
  } catch {
    return TROUBLE;
  }
}
