// Saved views: what a page shows, which its address says, under names. Own ones, and those that others share.

import { h, mark, setText } from "./dom.js";
import { icon } from "./icons.js";
import { api } from "./live.js";
import { action, dialog, key, undoable } from "./shell.js";
import { load } from "./states.js";

const PATH = "/api/page-views";

/** What is open by chance, and no part of a view. */
const PASSING = ["peek", "before", "rating", "invoice"];

/** What the address says of the view. */
function shown() {
  const now = new URLSearchParams(location.search);
  PASSING.forEach((name) => now.delete(name));
  return now.toString();
}

/** Whether two addresses say the same. */
function same(one, other) {
  const sorted = (text) => [...new URLSearchParams(text)].map((pair) => pair.join("=")).sort().join("&");
  return sorted(one) === sorted(other);
}

/** Returns the button that opens the saved views of a page, and says which one is shown; `page` is its name. */
export function savedViews(page) {
  const words = h("span", {}, "Views");
  const button = h("button", { type: "button", id: "views", title: "Saved views", "aria-haspopup": "dialog", "aria-keyshortcuts": "v", onclick: open }, icon("star"), words);
  let views = null;

  const read = async () => {
    ({ items: views } = await api(`${PATH}?page=${page}`));
    name();
    return views;
  };

  /** Names the view that is shown. */
  function name() {
    const current = views?.find((view) => same(view.query, shown()));
    setText(words, current?.name ?? "Views");
    mark(button, "title", current ? `Saved view: ${current.name}` : "Saved views");
  }

  const ofOne = (view, body, method) => api(`${PATH}/${view.id}`, body, method, { headers: { "If-Match": `"${view.version}"` }, keepalive: true });

  function open() {
    const list = h("ul", { class: "rows", id: "view-list" });
    const box = h("div", {});
    const problem = h("p", { class: "note bad", role: "alert", id: "view-problem" });
    const title = h("input", { id: "view-name", required: true, maxlength: "60", autocomplete: "off" });
    const share = h("input", { type: "checkbox", id: "view-shared" });
    const attempt = async (work, field) => {
      setText(problem, "");
      try {
        await work();
        await refresh();
      } catch (failure) {
        setText(problem, failure.message);
        field.focus();
      }
    };
    const form = h("form", { id: "view-form", onsubmit: (event) => {
      event.preventDefault();
      attempt(async () => {
        await api(PATH, { page, name: title.value.trim(), query: shown(), shared: share.checked });
        title.value = "";
        share.checked = false;
      }, title);
    } },
    h("div", { class: "field" }, h("label", { for: "view-name" }, "Save what is shown as"), title),
    h("label", { class: "row", for: "view-shared" }, share, "Everybody sees it"),
    problem,
    h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Save view"), h("button", { type: "button", onclick: () => over.close() }, "Close")));
    const over = dialog("views", "Saved views", box, form);
    const refresh = () => load(box, "the saved views", read, draw, 2);
    const draw = () => {
      list.replaceChildren(...views.map(row));
      box.replaceChildren(views.length > 0 ? list : h("p", { class: "note" }, "None is saved yet. A view keeps filter, order and range under a name."));
    };
    const row = (view) => h(
      "li",
      {},
      h("div", { class: "what" },
        h("a", { href: `${location.pathname}${view.query ? `?${view.query}` : ""}`, "aria-current": same(view.query, shown()) ? "true" : null }, view.name),
        h("p", { class: "note" }, view.own ? (view.shared ? "yours, everybody sees it" : "yours alone") : `shared by ${view.createdBy.replace(/^\w+:/, "")}`)),
      ...(view.own ? [
        h("button", { type: "button", class: "quiet", "aria-label": `Rename the view ${view.name}`, onclick: (event) => rename(view, event.currentTarget.closest("li")) }, "Rename"),
        h("button", { type: "button", class: "quiet", "aria-label": `Delete the view ${view.name}`, onclick: () => remove(view) }, icon("close"))] : []),
    );
    const rename = (view, element) => {
      const field = h("input", { value: view.name, required: true, maxlength: "60", autocomplete: "off", "aria-label": `New name of the view ${view.name}` });
      element.replaceChildren(h("form", { class: "row what", onsubmit: (event) => {
        event.preventDefault();
        attempt(() => ofOne(view, { name: field.value.trim() }, "PATCH"), field);
      } }, field, h("button", { type: "submit" }, "Save"), h("button", { type: "button", class: "quiet", onclick: draw }, "Cancel")));
      field.select();
    };
    const remove = (view) => {
      over.close();
      undoable(`Deleting the view ${view.name}`, () => ofOne(view, undefined, "DELETE").then(read), `The view ${view.name} is deleted.`);
    };
    refresh();
    title.focus();
  }

  key("v", "Saved views", open);
  action("Saved views", open, "v");
  addEventListener("query-changed", name);
  addEventListener("popstate", name);
  read().catch(() => null);
  return button;
}
