import { api } from "./api.js";
import { conversation } from "./conversation.js";
import { h } from "./dom.js";
import { follow } from "./live.js";
import { startModal } from "./modal.js";
import { escapePopover } from "./popover.js";
import { startRouting } from "./router.js";
import { sidebar } from "./sidebar.js";
import { adopt, on, store } from "./store.js";
import { threadPanel } from "./thread.js";
import { topbar } from "./topbar.js";

async function start() {
  const root = document.getElementById("app");
  const state = await api.state();
  if (!state.ok) {
    const retry = h(
      "button",
      { class: "btn", type: "button", onclick: () => location.reload() },
      "Try again",
    );
    root.replaceChildren(h("p", { class: "boot", role: "alert" }, state.message ?? state.error, " ", retry));
    return;
  }
  adopt(state);
  root.replaceChildren(topbar(), ...sidebar(), h("div", { class: "stage" }, conversation(), threadPanel()));
  startModal();
  on("pending", () => document.body.toggleAttribute("data-pending", store.pending));
  // Captured, so that Escape closes an open list before the dialog behind it hears of the key.
  addEventListener("keydown", closeTopmost, true);
  root.addEventListener("click", closeDrawer);
  await follow();
  startRouting();
}

function closeTopmost(event) {
  if (event.key !== "Escape" || !escapePopover()) return;
  event.preventDefault();
  event.stopPropagation();
}

function closeDrawer(event) {
  if (document.body.dataset.nav === "open" && event.target.closest(".stage"))
    document.body.dataset.nav = "closed";
}

start();
