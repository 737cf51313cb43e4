// What is next, who is on it? A board: columns beside each other, cards that are moved by dragging, by keys, and by a menu.

import { find, follow, h, later, mark, query, setQuery, setText } from "./dom.js";
import { count, plural, usd } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { actor, itemPage, kindMark, milestonesPage, projectTabs } from "./planning.js";
import { action, dialog, key, start, toast } from "./shell.js";
import { empty, failed, load, sentence } from "./states.js";

const project = decodeURIComponent(location.pathname.split("/").at(-2));
const CARDS = 200;

let board = null;
let filter = query().get("q") ?? "";
let current = query().get("card");
let dragged = null;
const chosen = new Set();

const field = h("input", { id: "board-filter", "data-filter": "", type: "search", value: filter, placeholder: "Filter: words, label:ui, assignee:me, kind:bug, is:blocked", "aria-label": "Filter the cards", autocomplete: "off", spellcheck: "false" });
const wrong = h("p", { class: "note bad", id: "filter-problem", role: "alert" });
const columns = h("div", { class: "board", id: "board" });
const box = h("div", {});
const bulk = h("div", { class: "bulk", id: "bulk", hidden: true });
find("main").append(projectTabs(project, "board"), h("div", { class: "stack-v" }, h("div", {}, field, wrong), box, bulk));

const all = () => board.columns.flatMap((column) => column.items);
const shown = () => board.columns.filter((column) => !column.hidden);
const cardOf = (id) => columns.querySelector(`.board-card[data-key="${id}"]`);
const columnOf = (id) => board.columns.find((column) => column.items.some((each) => each.id === id));
const labelOf = (id) => board.labels.find((each) => each.id === id || each.name === id);

function draw(found) {
  board = found;
  setText(find("title"), found.project.title);
  document.title = `${found.project.title} · Architect`;
  const open = found.columns.filter(({ stage }) => stage !== "done" && stage !== "cancelled").reduce((sum, column) => sum + column.count, 0);
  sentence(`${plural(open, "open item")}${found.project.state === "active" ? "" : `, ${found.project.state}`}`);
  if (!columns.isConnected) {
    box.replaceChildren(columns);
  }
  follow(columns, found.columns, (column) => column.id, createColumn, updateColumn);
  if (found.columns.every((column) => column.count === 0) && filter === "" && !box.querySelector(".empty")) {
    box.append(empty("No items. Create one with c, or by the + of a column."));
  } else if (all().length > 0) {
    box.querySelector(".empty")?.remove();
  }
  for (const id of chosen) {
    if (!all().some((each) => each.id === id)) {
      chosen.delete(id);
    }
  }
  drawBulk();
}

function createColumn(column) {
  const list = h("ol", { "aria-label": column.title });
  const quick = h("form", { hidden: true, onsubmit: (event) => create(event, column.id) },
    h("input", { "aria-label": `Title of a new item in ${column.title}`, maxlength: "300", placeholder: "Title, then Enter", autocomplete: "off", onkeydown: (event) => {
      if (event.key === "Escape") {
        quick.hidden = true;
        cardOf(current)?.focus();
      }
    } }));
  const section = h("section", { class: "column", "data-id": column.id, "aria-labelledby": `column-${column.id}` },
    h("div", { class: "head" }, h("h2", { id: `column-${column.id}` }), h("span", { class: "note", "data-part": "count" }),
      h("button", { type: "button", class: "quiet", "aria-label": `New item in ${column.title}`, onclick: () => openQuick(column.id) }, icon("plus"))),
    quick, list, h("p", { class: "note", "data-part": "more" }));
  section.addEventListener("dragover", (event) => over(event, section));
  section.addEventListener("dragleave", (event) => section.contains(event.relatedTarget) || clearGap());
  section.addEventListener("drop", (event) => drop(event, section));
  return section;
}

function updateColumn(section, column) {
  mark(section, "data-folded", column.hidden ? "" : null);
  setText(section.querySelector("h2"), column.title);
  const counted = section.querySelector("[data-part=count]");
  const isFull = column.wipLimit != null && column.count >= column.wipLimit;
  setText(counted, column.wipLimit == null ? count(column.count) : `${count(column.count)} of ${column.wipLimit}${isFull ? " full" : ""}`);
  mark(counted, "data-full", isFull ? "" : null);
  follow(section.querySelector("ol"), column.hidden ? [] : column.items, (each) => each.id, createCard, updateCard);
  const more = column.count - column.items.length;
  setText(section.querySelector("[data-part=more]"), more > 0 ? `${count(more)} more below` : "");
}

function createCard(item) {
  const look = h("li", { class: "board-card", draggable: "true", tabindex: "-1" },
    h("div", { class: "line" }, h("span", { "data-part": "kind" }), h("a", { "data-part": "key", tabindex: "-1", href: itemPage(project, item.key) }), h("span", { class: "blocked", "data-part": "blocked" }), h("span", { class: "who" })),
    h("div", { class: "name" }), h("div", { class: "facts" }));
  look.addEventListener("focus", () => setCurrent(item.id));
  look.addEventListener("dblclick", () => location.assign(itemPage(project, item.key)));
  look.addEventListener("click", (event) => event.target.closest("a") || look.focus());
  look.addEventListener("dragstart", (event) => {
    dragged = item.id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.key);
  });
  look.addEventListener("dragend", () => {
    dragged = null;
    clearGap();
  });
  return look;
}

function updateCard(look, item) {
  const picture = JSON.stringify([item, board.labels.map((each) => each.version)]);
  if (look.dataset.picture !== picture) {
    look.dataset.picture = picture;
    const part = (name) => look.querySelector(`[data-part=${name}]`);
    part("kind").replaceChildren(kindMark(item.kind));
    setText(part("key"), item.key);
    setText(part("blocked"), item.blocked ? `blocked: ${item.blocked.reason}` : "");
    look.querySelector(".who").replaceChildren(...(item.assignees ?? []).slice(0, 3).map(actor));
    setText(look.querySelector(".name"), item.title);
    look.querySelector(".facts").replaceChildren(
      h("span", { title: "priority, 0 is least" }, `P${item.priority}`),
      ...(item.severity ? [h("span", {}, item.severity)] : []),
      ...(item.labels ?? []).map((id) => h("span", { class: "tag" }, labelOf(id)?.name ?? id)),
      ...(item.due ? [h("span", {}, `due ${item.due}`)] : []), h("span", { class: "cost", "data-part": "cost" }));
    drawCost(look, costs.get(item.id));
    if (item.startedAt) {
      seen.observe(look);
    }
    mark(look, "aria-label", `${item.key} ${item.title}`);
  }
  mark(look, "tabindex", item.id === current ? "0" : "-1");
  mark(look, "data-current", item.id === current ? "" : null);
  mark(look, "data-chosen", chosen.has(item.id) ? "" : null);
}

// What cards have cost: asked for those in view on which work has begun, one after the other, and again while work goes on.

const COST_MILLIS = 5_000;
const costs = new Map();
const inView = new Set();
const seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
  if (isIntersecting) {
    inView.add(target.dataset.key);
  } else {
    inView.delete(target.dataset.key);
  }
  readCosts();
}));
let readingCosts = false;

function isCostOld(item) {
  const known = costs.get(item.id);
  const { stage } = board.columns.find(({ id }) => id === item.column);
  const works = stage === "active" || stage === "review";
  return !known || known.version !== item.version || (works && performance.now() - known.at > COST_MILLIS);
}

async function readCosts() {
  if (readingCosts || board === null) {
    return;
  }
  readingCosts = true;
  for (const item of all().filter(({ id, startedAt }) => startedAt && inView.has(id))) {
    if (isCostOld(item)) {
      const cost = await api(`/api/items/${item.id}/cost`).catch(() => null);
      costs.set(item.id, { ...(cost ?? costs.get(item.id)), version: item.version, at: performance.now() });
      const look = cardOf(item.id);
      if (look) {
        drawCost(look, costs.get(item.id));
      }
    }
  }
  readingCosts = false;
}

function drawCost(look, cost) {
  const part = look.querySelector("[data-part=cost]");
  setText(part, cost?.calls > 0 ? usd(cost.costUsd) + (cost.unpricedCalls > 0 ? ` + ${cost.unpricedCalls} unpriced` : "") : "");
  mark(part, "title", cost?.calls > 0 ? `${plural(cost.calls, "call")} of ${plural(cost.tasks, "task")}` : null);
}

// The filter.

field.addEventListener("input", later(() => {
  filter = field.value.trim();
  setQuery({ q: filter });
  refresh();
}, 250));

async function read() {
  const asked = filter;
  const found = await api(`/api/projects/${encodeURIComponent(project)}/board?cards=${CARDS}${asked ? `&q=${encodeURIComponent(asked)}` : ""}`);
  return asked === filter ? found : read();
}

async function show() {
  if (dragged !== null) {
    return;
  }
  if (board === null) {
    await load(box, "the board", read, draw, 6);
    return;
  }
  try {
    draw(await read());
    readCosts();
    setText(wrong, "");
  } catch (failure) {
    if (failure.status === 400) {
      setText(wrong, failure.message);
    } else if (failure.status === 404) {
      box.replaceChildren(failed("the board", failure, show));
    }
  }
}

// The current card.

function setCurrent(id) {
  if (current !== id) {
    const before = current && cardOf(current);
    current = id;
    setQuery({ card: id });
    for (const look of [before, cardOf(id)]) {
      const item = look && all().find((each) => each.id === look.dataset.key);
      if (item) {
        updateCard(look, item);
      }
    }
  }
}

function place() {
  const lists = shown();
  const column = lists.findIndex((each) => each.items.some((item) => item.id === current));
  return { lists, column, row: column < 0 ? -1 : lists[column].items.findIndex((item) => item.id === current) };
}

function go(id) {
  setCurrent(id);
  cardOf(id)?.focus();
}

function step(down, right) {
  const { lists, column, row } = place();
  if (column < 0) {
    const first = lists.find((each) => each.items.length > 0);
    if (first) {
      go(first.items[0].id);
    }
    return;
  }
  if (down !== 0) {
    const next = lists[column].items[row + down];
    if (next) {
      go(next.id);
    }
    return;
  }
  for (let other = column + right; other >= 0 && other < lists.length; other += right) {
    if (lists[other].items.length > 0) {
      go(lists[other].items[Math.min(row, lists[other].items.length - 1)].id);
      return;
    }
  }
}

// Moves.

async function move(ids, column, beside = {}) {
  const target = board.columns.find((each) => each.id === column);
  for (const id of ids) {
    const item = all().find((each) => each.id === id);
    try {
      await moveOne(item, target, beside);
    } catch (failure) {
      toast(failure.message, { bad: true });
      break;
    }
  }
  await refresh();
  go(ids[0]);
}

async function moveOne(item, target, beside) {
  const path = `/api/items/${item.id}/move`;
  try {
    await api(path, { column: target.id, ...beside });
  } catch (failure) {
    if (failure.problem?.code !== "wip-limit" || !(await confirmFull(item, target))) {
      if (failure.problem?.code === "wip-limit") {
        return;
      }
      throw failure;
    }
    await api(path, { column: target.id, ...beside, confirm: true });
  }
  if (target.id !== item.column) {
    setText(find("news"), `${item.key} is in ${target.title}`);
  }
}

function confirmFull(item, target) {
  return new Promise((done) => {
    let sure = false;
    const box2 = dialog("form", `${target.title} is full`, h("p", {}, `It has ${target.count} of ${target.wipLimit} items. Move ${item.key} there all the same?`),
      h("p", { class: "actions" }, h("button", { type: "button", onclick: () => box2.close(), autofocus: true }, "Leave it"), h("button", { type: "button", id: "move-anyway", onclick: () => {
        sure = true;
        box2.close();
      } }, "Move it")));
    box2.addEventListener("close", () => done(sure));
  });
}

const acting = () => (chosen.size > 0 ? [...chosen] : current && columnOf(current) ? [current] : []);

function sideways(by) {
  const { lists, column } = place();
  const target = column < 0 ? null : lists[column + by];
  if (target) {
    move(acting(), target.id);
  }
}

function within(by) {
  const { lists, column, row } = place();
  const other = column < 0 ? null : lists[column].items[row + by];
  if (other) {
    move([current], lists[column].id, by < 0 ? { before: other.id } : { after: other.id });
  }
}

function openMenu() {
  const ids = acting();
  if (ids.length === 0) {
    return;
  }
  const what = ids.length === 1 ? all().find((each) => each.id === ids[0]).key : plural(ids.length, "item");
  const box2 = dialog("form", `Move ${what} to`, h("div", { class: "stack-v" }, ...board.columns.map((column) =>
    h("button", { type: "button", "data-to": column.id, onclick: () => {
      box2.close();
      move(ids, column.id);
    } }, column.title))));
}

function over(event, section) {
  if (dragged === null) {
    return;
  }
  event.preventDefault();
  clearGap();
  section.dataset.over = "";
  gapBefore(event, section)?.setAttribute("data-gap", "");
}

function gapBefore(event, section) {
  return [...section.querySelectorAll(".board-card")].find((look) => {
    const { top, height } = look.getBoundingClientRect();
    return event.clientY < top + height / 2 && look.dataset.key !== dragged;
  });
}

function clearGap() {
  columns.querySelectorAll("[data-over]").forEach((each) => delete each.dataset.over);
  columns.querySelectorAll("[data-gap]").forEach((each) => each.removeAttribute("data-gap"));
}

function drop(event, section) {
  if (dragged === null) {
    return;
  }
  event.preventDefault();
  const before = gapBefore(event, section)?.dataset.key;
  const id = dragged;
  dragged = null;
  clearGap();
  move([id], section.dataset.id, before ? { before } : {});
}

// New items.

function openQuick(id) {
  const quick = columns.querySelector(`.column[data-id="${id}"] form`);
  quick.hidden = false;
  quick.querySelector("input").focus();
}

function newItem() {
  const target = (current && columnOf(current)) || shown().find(({ stage }) => stage === "ready") || shown()[0];
  if (target) {
    openQuick(target.id);
  }
}

async function create(event, column) {
  event.preventDefault();
  const input = event.target.querySelector("input");
  const title = input.value.trim();
  if (title === "") {
    return;
  }
  try {
    const made = await api(`/api/projects/${encodeURIComponent(project)}/items`, { title, column });
    input.value = "";
    setText(find("news"), `${made.key} is made`);
    await refresh();
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

// Several at once.

function choose() {
  if (current) {
    if (!chosen.delete(current)) {
      chosen.add(current);
    }
    draw(board);
  }
}

function drawBulk() {
  bulk.hidden = chosen.size === 0;
  if (chosen.size > 0) {
    bulk.replaceChildren(h("span", {}, `${count(chosen.size)} selected`), h("button", { type: "button", onclick: openMenu }, "Move to…"), h("button", { type: "button", class: "quiet", onclick: () => {
      chosen.clear();
      draw(board);
    } }, "Clear"));
  }
}

start();
const open = () => {
  const item = current && all().find((each) => each.id === current);
  if (item) {
    location.assign(itemPage(project, item.key));
  }
};
for (const [name, words, work] of [
  ["c", "New item", newItem], ["j", "The card below", () => step(1, 0)], ["k", "The card above", () => step(-1, 0)], ["l", "The next column", () => step(0, 1)], ["h", "The column before", () => step(0, -1)],
  ["L", "Move to the next column", () => sideways(1)], ["H", "Move to the column before", () => sideways(-1)], ["x", "Select", choose], [".", "Move to…", openMenu], ["Enter", "Open", open], ["e", "Edit", open],
]) {
  key(name, words, work);
}
for (const [name, down, right] of [["ArrowDown", 1, 0], ["ArrowUp", -1, 0], ["ArrowRight", 0, 1], ["ArrowLeft", 0, -1]]) {
  key(name, "Another card", () => step(down, right));
}
document.addEventListener("keydown", (event) => {
  if (event.altKey && ["j", "k", "ArrowDown", "ArrowUp"].includes(event.key) && event.target.closest?.(".board-card")) {
    event.preventDefault();
    within(event.key === "j" || event.key === "ArrowDown" ? 1 : -1);
  }
});
action("New item", newItem, "c");
action("Milestones", () => location.assign(milestonesPage(project)));
action("All projects", () => location.assign(at("/projects")));
const button = find("new-task");
button.querySelector("span").textContent = "New item";
button.setAttribute("aria-label", "New item");
button.addEventListener("click", (event) => {
  event.stopImmediatePropagation();
  newItem();
}, { capture: true });
const refresh = watch([`project:${project}`], show);
