// How the items of a project are looked at: in columns or rows, in lanes, by a view that somebody has saved. All of it is in the address.

import { h, mark, setText } from "./dom.js";
import { api } from "./live.js";
import { dialog, segments, toast } from "./shell.js";

/** What columns can be cut into. */
export const LANES = { none: "No lanes", assignee: "Lanes by assignee", milestone: "Lanes by milestone" };

/**
 * Returns the tools above a board. `now` gives what is shown, `{layout, lanes, filter}`, and `change` is told of what somebody has chosen. `update`
 * brings the tools up to date.
 */
export function boardTools(project, now, change) {
  const layouts = segments("Layout", [["board", "Board"], ["table", "Table"]], now().layout, (layout) => change({ layout }));
  const lanes = h("select", { id: "lanes", "aria-label": "Lanes", onchange: () => change({ lanes: lanes.value }) }, ...Object.entries(LANES).map(([value, words]) => h("option", { value, selected: value === now().lanes }, words)));
  const views = h("button", { type: "button", id: "views", onclick: () => openViews(project, now, change) }, "Views");
  const element = h("div", { id: "board-tools" }, layouts, lanes, views);
  const update = () => {
    const { layout, lanes: cut } = now();
    layouts.querySelectorAll("button").forEach((each) => mark(each, "aria-pressed", String(each.value === layout)));
    lanes.value = cut;
    lanes.hidden = layout !== "board";
  };
  update();
  return { element, update };
}

/** Shows the saved views of a project: to go to one, to keep what is shown, and to change or delete one's own. */
export async function openViews(project, now, change) {
  const list = h("ul", { class: "rows", id: "view-list" });
  const problem = h("p", { class: "note bad", role: "alert" });
  const name = h("input", { id: "view-name", required: true, maxlength: "60", autocomplete: "off", placeholder: "Name" });
  const shared = h("input", { id: "view-shared", type: "checkbox" });
  const { filter, layout } = now();
  const form = h("form", { id: "view-form", onsubmit: (event) => {
    event.preventDefault();
    attempt(() => api("/api/views", { project, name: name.value.trim(), query: filter, layout, shared: shared.checked }), () => {
      name.value = "";
    });
  } },
  h("label", { for: "view-name" }, "Keep what is shown as"), name,
  h("p", { class: "note" }, `${layout === "table" ? "Table" : "Board"}${filter === "" ? ", all items" : ` of ${filter}`}`),
  h("label", { for: "view-shared" }, shared, " Others see it too"),
  problem, h("p", { class: "actions" }, h("button", { class: "primary", id: "view-save" }, "Keep"), h("button", { type: "button", onclick: () => box.close() }, "Close")));
  const box = dialog("form", "Views", list, form);

  async function attempt(work, then = () => {}) {
    setText(problem, "");
    try {
      await work();
      then();
      await draw();
    } catch (failure) {
      setText(problem, failure.message);
    }
  }

  async function draw() {
    const [found, me] = await Promise.all([api(`/api/views?project=${encodeURIComponent(project)}`), api("/api/me")]);
    const own = (view) => view.createdBy === `person:${me.name ?? "operator"}`;
    list.replaceChildren(...found.items.map((view) => h("li", {},
      h("button", { type: "button", class: "quiet what", "data-view": view.name, onclick: () => {
        box.close();
        change({ filter: view.query, layout: view.layout });
      } }, view.name),
      h("span", { class: "note" }, `${view.layout === "table" ? "table" : "board"}${view.shared ? ", shared" : ""}`),
      own(view) && h("button", { type: "button", "aria-label": `Replace ${view.name} by what is shown`, onclick: () => attempt(() => api(`/api/views/${view.id}`, { query: filter, layout }, "PATCH", { headers: { "If-Match": `"${view.version}"` } }), () => toast(`${view.name} shows this now.`)) }, "Replace"),
      own(view) && h("button", { type: "button", "aria-label": `Delete ${view.name}`, onclick: () => attempt(() => api(`/api/views/${view.id}`, undefined, "DELETE", { headers: { "If-Match": `"${view.version}"` } })) }, "Delete"))));
    if (found.items.length === 0) {
      list.replaceChildren(h("li", { class: "note" }, "No view is saved."));
    }
  }

  try {
    await draw();
  } catch (failure) {
    setText(problem, failure.message);
  }
  (list.querySelector("button") ?? name).focus();
}
