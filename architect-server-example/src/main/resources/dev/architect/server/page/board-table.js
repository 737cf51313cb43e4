// The items of a project in rows, sorted by the heads of the columns; more are read when the end comes into view.

import { follow, h, mark, setText } from "./dom.js";
import { exact, moment } from "./format.js";
import { api } from "./live.js";
import { actor, itemPage, kindMark } from "./planning.js";

const PAGE = 100;
const HEADS = [["", ""], ["key", "Key"], ["", "Title"], ["", "Column"], ["priority", "Priority"], ["", "Assigned"], ["", "Labels"], ["due", "Due"], ["updatedAt", "Changed"]];

/**
 * Returns the table. `look` gives `{board, filter, sort, current, chosen}`; `on` is told of `sort`, of `focus` and of `choose`, with the id of an
 * item, and of `more` once there are more rows.
 */
export function itemTable(project, look, on) {
  let items = [];
  let next = null;
  let pages = 1;
  let asked = "";
  const rows = h("tbody", { id: "item-rows" });
  const more = h("button", { type: "button", id: "more-rows", hidden: true, onclick: () => further() }, "Show more");
  const heads = HEADS.map(([field, words]) => h("th", { scope: "col", "data-sort": field || null },
    field === "" ? words || h("span", { class: "visually-hidden" }, "Select") : h("button", { type: "button", class: "quiet", onclick: () => on.sort(look().sort === field ? `-${field}` : field) }, words)));
  const element = h("div", { class: "stack-v" }, h("div", { class: "scroll" }, h("table", { class: "cards", id: "item-table" }, h("thead", {}, h("tr", {}, ...heads)), rows)), more);
  new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && next !== null && further()).observe(more);

  async function read() {
    const { filter, sort } = look();
    const name = `${filter}\n${sort}`;
    if (asked !== name) {
      asked = name;
      pages = 1;
    }
    const all = [];
    let cursor = "";
    for (let page = 0; page < pages && cursor !== null; page += 1) {
      const found = await api(`/api/projects/${encodeURIComponent(project)}/items?limit=${PAGE}&sort=${sort}&q=${encodeURIComponent(filter)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      all.push(...found.items);
      cursor = found.next;
    }
    if (asked === name) {
      items = all;
      next = cursor;
    }
  }

  let reading = false;

  async function further() {
    if (!reading) {
      reading = true;
      pages += 1;
      await read().finally(() => {
        reading = false;
      });
      on.more();
    }
  }

  function draw() {
    const { sort } = look();
    heads.forEach((head) => head.dataset.sort && mark(head, "aria-sort", sort === head.dataset.sort ? "ascending" : sort === `-${head.dataset.sort}` ? "descending" : null));
    follow(rows, items, (each) => each.id, create, update);
    more.hidden = next === null;
  }

  function create(item) {
    const box = h("input", { type: "checkbox", "aria-label": `Select ${item.key}`, onchange: () => on.choose(item.id) });
    const row = h("tr", { class: "board-row", tabindex: "-1" }, h("td", {}, box),
      h("th", { scope: "row", "data-label": "Key" }, h("a", { tabindex: "-1", href: itemPage(project, item.key) }, item.key)),
      ...HEADS.slice(2).map(([, words]) => h("td", { "data-label": words })));
    row.addEventListener("focus", () => on.focus(item.id));
    row.addEventListener("click", (event) => event.target.closest("a, input") || row.focus());
    return row;
  }

  function update(row, item) {
    const { board, current, chosen } = look();
    const cells = row.children;
    cells[0].firstElementChild.checked = chosen.has(item.id);
    const picture = JSON.stringify([item, board.columns.map(({ title }) => title), board.labels.map(({ name }) => name)]);
    if (row.dataset.picture !== picture) {
      row.dataset.picture = picture;
      cells[2].replaceChildren(kindMark(item.kind), ` ${item.title}`);
      setText(cells[3], board.columns.find(({ id }) => id === item.column)?.title ?? "");
      setText(cells[4], `P${item.priority}`);
      cells[5].replaceChildren(...(item.assignees ?? []).map(actor));
      cells[6].replaceChildren(...(item.labels ?? []).map((id) => h("span", { class: "tag" }, `${board.labels.find((each) => each.id === id)?.name ?? id} `)));
      setText(cells[7], item.due ?? "");
      setText(cells[8], moment(item.updatedAt));
      cells[8].title = exact(item.updatedAt);
    }
    mark(row, "tabindex", item.id === current ? "0" : "-1");
    mark(row, "data-current", item.id === current ? "" : null);
    mark(row, "data-chosen", chosen.has(item.id) ? "" : null);
  }

  return { element, read, draw, items: () => items };
}
