// What is next, who is on it? A board: columns beside each other, cards that are moved by dragging, by keys, and by a menu.

import { assign, label, prioritise } from "./board-bulk.js";
import { itemTable } from "./board-table.js";
import { boardTools, LANES, openViews } from "./board-views.js";
import { windowed } from "./board-window.js";
import { find, follow, h, later, mark, query, setQuery, setText } from "./dom.js";
import { count, plural, usd } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { actor, change, itemPage, kindMark, milestonesPage, nameOf, projectTabs } from "./planning.js";
import { action, dialog, key, start, toast } from "./shell.js";
import { empty, failed, load, sentence } from "./states.js";

const project = decodeURIComponent(location.pathname.split("/").at(-2));
const CARDS = 200;
const PAGE = 500;
const NEAR_END = 3_000;

let board = null;
let filter = query().get("q") ?? "";
let current = query().get("card");
let dragged = null;
let layout = query().get("layout") === "table" ? "table" : "board";
let lanes = query().get("lanes") in LANES ? query().get("lanes") : "none";
let sort = query().get("sort") ?? "key";
let milestones = [];
const chosen = new Set();
// How many pages of a column were asked for, beyond the first cards that a board has.
const pages = new Map();
// The list of each column, of which only what is near the view is in the document.
const windows = new WeakMap();
let byId = new Map();

const field = h("input", { id: "board-filter", "data-filter": "", type: "search", value: filter, placeholder: "Filter: words, label:ui, assignee:me, kind:bug, is:blocked", "aria-label": "Filter the cards", autocomplete: "off", spellcheck: "false" });
const wrong = h("p", { class: "note bad", id: "filter-problem", role: "alert" });
const columns = h("div", { class: "lanes", id: "board" });
const box = h("div", {});
const bulk = h("div", { class: "bulk", id: "bulk", role: "group", "aria-label": "Selected items", hidden: true });
const tools = boardTools(project, () => ({ layout, lanes, filter }), look);
const table = itemTable(project, () => ({ board, filter, sort, current, chosen }), {
  sort: (wanted) => look({ sort: wanted }),
  focus: setCurrent,
  choose: (id) => toggle(id),
  more: () => {
    index();
    table.draw();
  },
});
find("main").append(projectTabs(project, "board"), h("div", { class: "stack-v" }, h("div", { class: "board-bar" }, field, tools.element), wrong, box, bulk));

const isTable = () => layout === "table";
const all = () => (isTable() ? table.items() : board.columns.flatMap((column) => column.items));
const itemOf = (id) => byId.get(id);
const shown = () => board.columns.filter((column) => !column.hidden);
const cardOf = (id) => box.querySelector(`:is(.board-card, .board-row)[data-key="${id}"]`);
const columnNamed = (id) => board.columns.find((column) => column.id === id);
const columnOf = (id) => columnNamed(itemOf(id)?.column);
const labelOf = (id) => board.labels.find((each) => each.id === id || each.name === id);

function index() {
  byId = new Map(all().map((item) => [item.id, item]));
}

function draw(found) {
  board = found;
  index();
  setText(find("title"), found.project.title);
  document.title = `${found.project.title} · Architect`;
  const open = found.columns.filter(({ stage }) => stage !== "done" && stage !== "cancelled").reduce((sum, column) => sum + column.count, 0);
  sentence(`${plural(open, "open item")}${found.project.state === "active" ? "" : `, ${found.project.state}`}`);
  const view = isTable() ? table.element : columns;
  if (!view.isConnected) {
    box.replaceChildren(view);
  }
  if (isTable()) {
    table.draw();
  } else {
    follow(columns, lanesOf(found), (lane) => lane.key, createLane, updateLane);
  }
  if (found.columns.every((column) => column.count === 0) && filter === "" && !box.querySelector(".empty")) {
    box.append(empty("No items. Create one with c, or import from Vibe Kanban, task-master or GitHub.", h("a", { href: at("/projects") }, "Import")));
  } else if (byId.size > 0) {
    box.querySelector(".empty")?.remove();
  }
  for (const id of chosen) {
    if (!itemOf(id)) {
      chosen.delete(id);
    }
  }
  drawBulk();
}

// Lanes: the columns once for each person or milestone, one below the other. An item stands in the lane of the first who is to do it.

function laneOf(item) {
  return lanes === "assignee" ? (item.assignees?.[0] ?? "") : lanes === "milestone" ? (item.milestone ?? "") : "";
}

function titleOf(lane) {
  if (lane === "") {
    return lanes === "assignee" ? "Nobody" : "No milestone";
  }
  return lanes === "assignee" ? nameOf(lane) : (milestones.find(({ id }) => id === lane)?.title ?? "Another milestone");
}

function lanesOf(found) {
  if (lanes === "none") {
    return [{ key: "all", lane: "", title: "", columns: found.columns }];
  }
  const keys = [...new Set(found.columns.filter(({ hidden }) => !hidden).flatMap(({ items }) => items.map(laneOf)))];
  if (keys.length === 0) {
    keys.push("");
  }
  keys.sort((one, other) => (one === "" ? 1 : other === "" ? -1 : titleOf(one).localeCompare(titleOf(other))));
  return keys.map((lane) => ({ key: `lane-${lane}`, lane, title: titleOf(lane), columns: found.columns.map((column) => ({ ...column, label: `${titleOf(lane)}: ${column.title}`, items: column.items.filter((item) => laneOf(item) === lane) })) }));
}

/** The columns that are shown, with their cards in the order in which somebody sees them. */
function lists() {
  const cut = lanesOf(board);
  return shown().map((column) => ({ ...column, items: cut.flatMap((lane) => lane.columns.find(({ id }) => id === column.id).items) }));
}

function createLane(lane) {
  return h("section", { class: "lane", "data-lane": lane.lane }, h("h2", { class: "lane-title" }), h("div", { class: "board" }));
}

function updateLane(section, lane) {
  const title = section.querySelector(".lane-title");
  title.hidden = lanes === "none";
  title.replaceChildren(...(lanes === "assignee" && lane.lane !== "" ? [actor(lane.lane), " "] : []), lane.title, h("span", { class: "note" }, ` ${lane.columns.filter(({ hidden }) => !hidden).reduce((sum, { items }) => sum + items.length, 0)}`));
  mark(section, "aria-label", lanes === "none" ? "Columns" : lane.title);
  section.dataset.lane = lane.lane;
  follow(section.querySelector(".board"), lane.columns, (column) => column.id, createColumn, updateColumn);
}

function createColumn(column) {
  const list = h("ol", { "aria-label": column.title });
  const quick = h("form", { hidden: true, onsubmit: (event) => create(event, column.id, section.closest(".lane").dataset.lane) },
    h("input", { "aria-label": `Title of a new item in ${column.title}`, maxlength: "300", placeholder: "Title, then Enter", autocomplete: "off", onkeydown: (event) => {
      if (event.key === "Escape") {
        quick.hidden = true;
        cardOf(current)?.focus();
      }
    } }));
  const section = h("section", { class: "column", "data-id": column.id },
    h("div", { class: "head" }, h("h2", {}), h("span", { class: "note", "data-part": "count" }),
      h("button", { type: "button", class: "quiet", "aria-label": `New item in ${column.title}`, onclick: () => openQuick(column.id) }, icon("plus"))),
    quick, list, h("button", { type: "button", class: "quiet", "data-part": "more", onclick: () => further(column.id) }));
  windows.set(list, windowed(list, createCard, updateCard, () => dragged !== null));
  list.addEventListener("scroll", () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END && further(column.id), { passive: true });
  section.addEventListener("dragover", (event) => over(event, section));
  section.addEventListener("dragleave", (event) => section.contains(event.relatedTarget) || clearGap());
  section.addEventListener("drop", (event) => drop(event, section));
  return section;
}

function updateColumn(section, column) {
  mark(section, "data-folded", column.hidden ? "" : null);
  mark(section, "aria-label", column.label ?? column.title);
  mark(section.querySelector("ol"), "aria-label", column.label ?? column.title);
  setText(section.querySelector("h2"), column.title);
  const counted = section.querySelector("[data-part=count]");
  const isFull = column.wipLimit != null && column.count >= column.wipLimit;
  setText(counted, column.label ? count(column.items.length) : column.wipLimit == null ? count(column.count) : `${count(column.count)} of ${column.wipLimit}${isFull ? " full" : ""}`);
  mark(counted, "data-full", isFull ? "" : null);
  const read = columnNamed(column.id).items.length;
  windows.get(section.querySelector("ol")).show(column.hidden ? [] : column.items, filter === "" && lanes === "none" ? Math.max(column.count, column.items.length) : column.items.length);
  const more = section.querySelector("[data-part=more]");
  more.hidden = !hasMore(column.id);
  const left = column.count - read;
  setText(more, filter === "" && left > 0 ? `${count(left)} more` : "More");
}

function hasMore(id) {
  const column = columnNamed(id);
  return !isTable() && column !== undefined && !column.hidden && (column.next !== undefined ? column.next !== null : filter === "" ? column.count > column.items.length : column.items.length >= CARDS);
}

let readingMore = null;

/** Reads the next cards of a column, unless some are being read; they stay with every later reading of the board. Gives what went wrong, if anything did. */
function further(id) {
  if (hasMore(id)) {
    readingMore ??= readNext(columnNamed(id)).catch((failure) => failure).finally(() => {
      readingMore = null;
    });
  }
  return readingMore;
}

async function readNext(column) {
  const found = await readPage(column, board.filter, column.next ?? "");
  // The board may have been read again meanwhile: then these cards may be others by now.
  if (board.columns.includes(column)) {
    column.items = column.next === undefined ? found.items : withNew(column.items, found.items);
    column.next = found.next;
    pages.set(column.id, (pages.get(column.id) ?? 0) + 1);
    draw(board);
  }
}

/** Cards that were moved between two readings are in both pages. */
function withNew(items, more) {
  const ids = new Set(items.map(({ id }) => id));
  return [...items, ...more.filter(({ id }) => !ids.has(id))];
}

function readPage(column, words, cursor) {
  return api(`/api/projects/${encodeURIComponent(project)}/items?limit=${PAGE}&sort=position&q=${encodeURIComponent(`${words} column:${column.id}`)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
}

/** Reads cards of a column until a condition holds or all are read. */
async function readUntil(id, holds) {
  let failure = null;
  while (!failure && !holds() && hasMore(id)) {
    failure = await further(id);
  }
  if (failure) {
    toast(failure.message, { bad: true });
  }
}

function createCard(item) {
  const look = h("li", { class: "board-card", draggable: "true", tabindex: "-1" },
    h("div", { class: "line" }, h("span", { "data-part": "kind" }), h("a", { "data-part": "key", tabindex: "-1", href: itemPage(project, item.key) }), h("span", { class: "blocked", "data-part": "blocked" }), h("span", { class: "who" })),
    h("div", { class: "name" }), h("div", { class: "facts" }));
  look.addEventListener("focus", () => setCurrent(item.id));
  look.addEventListener("dblclick", () => open());
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
  for (const item of [...inView].map(itemOf)) {
    if (item?.startedAt && isCostOld(item)) {
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

field.addEventListener("input", later(() => look({ filter: field.value.trim() }), 250));

/** Shows something else, and says so in the address. */
function look(wanted) {
  filter = wanted.filter ?? filter;
  layout = wanted.layout ?? layout;
  lanes = wanted.lanes ?? lanes;
  sort = wanted.sort ?? sort;
  if (wanted.filter !== undefined) {
    pages.clear();
  }
  if (field.value.trim() !== filter) {
    field.value = filter;
  }
  setQuery({ q: filter, layout: isTable() ? layout : "", lanes: lanes === "none" ? "" : lanes, sort: isTable() && sort !== "key" ? sort : "" });
  tools.update();
  refresh();
}

/** What an answer is about: when it is about something else, it is asked for again. */
const question = () => JSON.stringify([filter, layout, sort, ...pages]);

async function read() {
  const asked = question();
  const words = filter;
  const path = `/api/projects/${encodeURIComponent(project)}`;
  const [found, known] = await Promise.all([
    api(`${path}/board?cards=${isTable() ? 0 : CARDS}${words ? `&q=${encodeURIComponent(words)}` : ""}`),
    lanes === "milestone" ? api(`${path}/milestones`) : null,
    isTable() ? table.read() : null,
  ]);
  milestones = known?.items ?? milestones;
  if (!isTable()) {
    await Promise.all(found.columns.filter(({ id }) => pages.has(id)).map((column) => readPages(column, words)));
  }
  return asked === question() ? { ...found, filter: words } : read();
}

async function readPages(column, words) {
  let items = [];
  let cursor = "";
  for (let page = 0; page < (pages.get(column.id) ?? 0) && cursor !== null; page += 1) {
    const found = await readPage(column, words, cursor);
    items = withNew(items, found.items);
    cursor = found.next;
  }
  column.items = items;
  column.next = cursor;
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

// Browsers take few changes of the address a second, and a key that is held makes many.
const noteCurrent = later(() => setQuery({ card: current }), 150);

function setCurrent(id) {
  if (current !== id) {
    const before = current && cardOf(current);
    current = id;
    noteCurrent();
    for (const place of [before, cardOf(id)]) {
      if (place) {
        mark(place, "tabindex", place.dataset.key === id ? "0" : "-1");
        mark(place, "data-current", place.dataset.key === id ? "" : null);
      }
    }
  }
}

function place() {
  const found = isTable() ? [{ id: null, items: all() }] : lists();
  const column = found.findIndex((each) => each.items.some((item) => item.id === current));
  return { lists: found, column, row: column < 0 ? -1 : found[column].items.findIndex((item) => item.id === current) };
}

function go(id) {
  setCurrent(id);
  columns.querySelectorAll("ol").forEach((list) => windows.get(list).reveal(id));
  cardOf(id)?.focus();
}

/** The item so many below the current one, read when it was not. */
async function below(down) {
  const next = () => {
    const { lists: found, column, row } = place();
    return found[column]?.items[row + down];
  };
  if (down > 0 && !isTable() && columnOf(current)) {
    await readUntil(columnOf(current).id, next);
  }
  return next();
}

async function step(down, right) {
  const { lists: found, column, row } = place();
  if (column < 0) {
    const first = found.find((each) => each.items.length > 0);
    if (first) {
      go(first.items[0].id);
    }
    return;
  }
  if (down !== 0) {
    const next = found[column].items[row + down] ?? (await below(down));
    if (next) {
      go(next.id);
    }
    return;
  }
  for (let other = column + right; other >= 0 && other < found.length; other += right) {
    if (found[other].items.length > 0) {
      go(found[other].items[Math.min(row, found[other].items.length - 1)].id);
      return;
    }
  }
}

// Moves.

async function move(ids, column, beside = {}) {
  const target = columnNamed(column);
  for (const id of ids) {
    try {
      await moveOne(itemOf(id), target, beside);
    } catch (failure) {
      toast(failure.message, { bad: true });
      break;
    }
  }
  await refresh();
  // A card that came to the end of a long column is not among its first ones.
  if (filter === "" && !isTable()) {
    await readUntil(column, () => itemOf(ids[0]));
  }
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
  const columnsShown = shown();
  const column = current ? columnsShown.findIndex(({ id }) => id === columnOf(current)?.id) : -1;
  const target = column < 0 ? null : columnsShown[column + by];
  if (target) {
    move(acting(), target.id);
  }
}

async function within(by) {
  const other = current && !isTable() ? await below(by) : null;
  if (other && laneOf(other) === laneOf(itemOf(current))) {
    move([current], other.column, by < 0 ? { before: other.id } : { after: other.id });
  }
}

function openMenu() {
  const ids = acting();
  if (ids.length === 0) {
    return;
  }
  const what = ids.length === 1 ? itemOf(ids[0]).key : plural(ids.length, "item");
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
  const { lane } = section.closest(".lane").dataset;
  dragged = null;
  clearGap();
  toLane(id, lane).then(() => move([id], section.dataset.id, before ? { before } : {}));
}

/** What an item gets that comes into another lane: somebody who does it, or a milestone. */
function fieldsOf(lane) {
  return lanes === "assignee" ? { assignees: lane === "" ? [] : [lane] } : lanes === "milestone" ? { milestone: lane === "" ? null : lane } : {};
}

async function toLane(id, lane) {
  const item = itemOf(id);
  if (lanes !== "none" && laneOf(item) !== lane) {
    try {
      await change(item, fieldsOf(lane), async () => true);
    } catch (failure) {
      toast(failure.message, { bad: true });
    }
  }
}

// New items.

function openQuick(id) {
  const quick = columns.querySelector(`.column[data-id="${id}"] form`);
  quick.hidden = false;
  quick.querySelector("input").focus();
}

function newItem() {
  if (isTable()) {
    look({ layout: "board" });
  }
  const target = (current && columnOf(current)) || shown().find(({ stage }) => stage === "ready") || shown()[0];
  if (target) {
    openQuick(target.id);
  }
}

async function create(event, column, lane) {
  event.preventDefault();
  const input = event.target.querySelector("input");
  const title = input.value.trim();
  if (title === "") {
    return;
  }
  try {
    const made = await api(`/api/projects/${encodeURIComponent(project)}/items`, { title, column, ...(lane === "" ? {} : fieldsOf(lane)) });
    input.value = "";
    setText(find("news"), `${made.key} is made`);
    await refresh();
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

// Several at once.

function toggle(id) {
  if (!chosen.delete(id)) {
    chosen.add(id);
  }
  draw(board);
}

function choose() {
  if (current) {
    toggle(current);
  }
}

/** Moves on and selects what is passed. */
async function extend(down) {
  if (current) {
    chosen.add(current);
    await step(down, 0);
    chosen.add(current);
    draw(board);
  }
}

const actingItems = () => acting().map(itemOf).filter(Boolean);

function onActing(work) {
  const items = actingItems();
  if (items.length > 0) {
    work(items);
  }
}

const assignActing = () => onActing((items) => assign(project, items, all(), refresh));
const labelActing = () => onActing((items) => label(items, board.labels, refresh));
const prioritiseActing = () => onActing((items) => prioritise(project, items, refresh));

function drawBulk() {
  bulk.hidden = chosen.size === 0;
  if (chosen.size > 0) {
    bulk.replaceChildren(h("span", {}, `${count(chosen.size)} selected`), h("button", { type: "button", onclick: openMenu }, "Move to…"), h("button", { type: "button", id: "bulk-assign", onclick: assignActing }, "Assign…"),
      h("button", { type: "button", id: "bulk-label", onclick: labelActing }, "Labels…"), h("button", { type: "button", id: "bulk-priority", onclick: prioritiseActing }, "Priority…"), h("button", { type: "button", class: "quiet", onclick: () => {
      chosen.clear();
      draw(board);
    } }, "Clear"));
  }
}

start();
const open = () => {
  const item = current && itemOf(current);
  if (item) {
    setQuery({ card: current });
    location.assign(itemPage(project, item.key));
  }
};
for (const [name, words, work] of [
  ["c", "New item", newItem], ["j", "The card below", () => step(1, 0)], ["k", "The card above", () => step(-1, 0)], ["l", "The next column", () => step(0, 1)], ["h", "The column before", () => step(0, -1)],
  ["L", "Move to the next column", () => sideways(1)], ["H", "Move to the column before", () => sideways(-1)], ["x", "Select", choose], [".", "Move to…", openMenu], ["Enter", "Open", open], ["e", "Edit", open],
  ["J", "Select downwards", () => extend(1)], ["K", "Select upwards", () => extend(-1)], ["a", "Assign", assignActing], ["t", "Labels", labelActing], ["p", "Priority", prioritiseActing],
  ["v", "Views", () => openViews(project, () => ({ layout, lanes, filter }), look)], ["b", "Board or table", () => look({ layout: isTable() ? "board" : "table" })],
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
action("Board", () => look({ layout: "board" }));
action("Table", () => look({ layout: "table" }), "b");
Object.entries(LANES).forEach(([value, words]) => action(words, () => look({ layout: "board", lanes: value })));
action("Views", () => openViews(project, () => ({ layout, lanes, filter }), look), "v");
action("Milestones", () => location.assign(milestonesPage(project)));
action("All projects", () => location.assign(at("/projects")));
const button = find("new-task");
button.querySelector("span").textContent = "New item";
button.setAttribute("aria-label", "New item");
button.addEventListener("click", (event) => {
  event.stopImmediatePropagation();
  newItem();
}, { capture: true });
addEventListener("resize", later(() => columns.querySelectorAll("ol").forEach((list) => windows.get(list).draw()), 100));
const refresh = watch([`project:${project}`], show);
