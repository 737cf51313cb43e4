// What is stuck, why, and how does it go on?

import { Bars, legend } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { count, exact, moment, plural, short, took, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { actOn, actOnAll } from "./retry.js";
import { action, key, start, toast } from "./shell.js";
import { openSubmit } from "./submit.js";
import { card, chip, failed, load, sentence, setChip } from "./states.js";
import { savedViews } from "./views.js";

const STATES = ["ready", "running", "scheduled", "blocked", "limited", "held", "done", "dead", "cancelled", "expired"];
const FIELDS = { state: "a state", type: "a type of task", project: "a project", created: "a time such as -7d or 2026-11-01..2026-11-08", cause: "a cause" };
const PAGE = 50;
const FURTHER = 20;
const REFRESH_MILLIS = 1_000;
const CAUSES_MILLIS = 5_000;
const ACTIONS = {
  redrive: { words: "Retry", key: "r", states: ["dead", "cancelled", "expired"] },
  cancel: { words: "Cancel", key: null, states: ["ready", "scheduled", "blocked", "limited", "held", "running"] },
  hold: { words: "Hold", key: null, states: ["ready", "scheduled", "blocked", "limited"] },
  resume: { words: "Resume", key: null, states: ["held"] },
};
const HEADS = [
  ["state", "State"], ["title", "Task", "what"], ["project", "Project"], ["model", "Last model"], ["cause", "Cause"],
  ["attempt", "Attempts", "number"], ["ran", "Took", "number"], ["cost", "Cost", "number"], ["created", "Accepted", "number"],
];

let terms = parse(query().get("q") ?? (query().get("state") ? `state:${query().get("state")}` : ""));
let before = query().get("before");
let sort = query().get("sort") ?? "";
let earlier = [];
let tasks = [];
let next = null;
let counts = null;
let causes = null;
let outcomes = new Map();
let selected = new Set();
let current = -1;
let extendFrom = -1;
let newest = null;

// The filter: terms with blanks between them.

/** Returns the terms of a filter; a field that is not known is kept as a fault. */
function parse(text) {
  return (text.match(/-?[^\s"]*(?:"[^"]*")?[^\s"]*/g) ?? []).filter(Boolean).map((term) => {
    const colon = term.indexOf(":");
    return colon > 0
      ? { field: term.slice(0, colon).toLowerCase(), value: term.slice(colon + 1).replaceAll('"', "") }
      : { field: "", value: term.replaceAll('"', "") };
  });
}

function text(all) {
  return all.map((term) => (term.field ? `${term.field}:${/\s/.test(term.value) ? `"${term.value}"` : term.value}` : term.value)).join(" ");
}

/** What is wrong with a term, and what was probably meant; null for a right one. */
function fault({ field, value }) {
  if (field === "") {
    return `“${value}” has no field. Write one of ${Object.keys(FIELDS).join(", ")}, such as state:dead.`;
  }
  if (!(field in FIELDS)) {
    return `There is no field “${field}”. Did you mean “${nearest(field, Object.keys(FIELDS))}”?`;
  }
  if (value === "") {
    return `“${field}:” needs ${FIELDS[field]}.`;
  }
  const wrong = field === "state" ? value.split(",").find((each) => !STATES.includes(each)) : undefined;
  if (wrong !== undefined) {
    return `There is no state “${wrong}”. Did you mean “${nearest(wrong, STATES)}”?`;
  }
  return field === "created" && times(value) === null ? `created is “${value}”, expected ${FIELDS.created}.` : null;
}

function nearest(word, all) {
  const distance = (a, b) => {
    const row = Array.from({ length: b.length + 1 }, (_, place) => place);
    for (let i = 1; i <= a.length; i += 1) {
      let corner = row[0];
      row[0] = i;
      for (let j = 1; j <= b.length; j += 1) {
        const old = row[j];
        row[j] = Math.min(row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] === b[j - 1] ? 0 : 1));
        corner = old;
      }
    }
    return row[b.length];
  };
  return [...all].sort((a, b) => distance(word, a) - distance(word, b))[0];
}

/** From and until of a time or a range; null for what is neither. */
function times(value) {
  const ago = /^-(\d{1,4})([hd])$/.exec(value);
  if (ago) {
    return { createdFrom: new Date(Date.now() - ago[1] * (ago[2] === "h" ? 3_600_000 : 86_400_000)).toISOString() };
  }
  const [from, until, more] = value.split("..");
  const instant = (part) => (part === "" || part === undefined ? undefined : new Date(part));
  const found = { createdFrom: instant(from), createdBefore: instant(until) };
  if (more !== undefined || Object.values(found).some((each) => each && Number.isNaN(each.getTime()))) {
    return null;
  }
  return Object.fromEntries(Object.entries(found).filter(([, each]) => each).map(([name, each]) => [name, each.toISOString()]));
}

function term(field) {
  return terms.find((each) => each.field === field)?.value ?? null;
}

function states() {
  return term("state")?.split(",") ?? [];
}

const chips = h("span", { class: "row", id: "chips" });
const input = h("input", {
  id: "filter", "data-filter": "", type: "text", list: "filter-words", autocomplete: "off", spellcheck: "false", autocapitalize: "off",
  "aria-label": "Filter by state, type, project, created or cause", placeholder: "Filter: state, type, project, created, cause",
});
const suggestions = h("datalist", { id: "filter-words" });
const wrong = h("p", { class: "note bad", id: "filter-fault", role: "alert" });

function drawFilter() {
  chips.replaceChildren(...terms.map((each, place) => h(
    "span",
    { class: "term" },
    h("span", { class: "note" }, each.field), h("span", {}, each.field === "state" ? each.value.split(",").map(words).join(", ") : each.value),
    h("button", { type: "button", "aria-label": `Remove ${each.field} ${each.value}`, onclick: () => change(terms.filter((_, other) => other !== place)) }, icon("close")),
  )));
  const project = new Set(tasks.map((task) => task.project));
  const type = new Set(tasks.map((task) => task.type));
  suggestions.replaceChildren(
    ...STATES.map((state) => h("option", { value: `state:${state}` }, counts ? `${count(counts[state])} tasks` : "")),
    ...[...project].map((each) => h("option", { value: `project:${each}` })),
    ...[...type].map((each) => h("option", { value: `type:${each}` })),
    ...["-1h", "-24h", "-7d"].map((each) => h("option", { value: `created:${each}` })),
  );
}

/** Follows other terms; nothing is sent while one of them is wrong. */
function change(wanted, keep = true) {
  const problem = wanted.map(fault).find((each) => each !== null);
  setText(wrong, problem ?? "");
  if (problem) {
    return false;
  }
  terms = wanted;
  before = null;
  earlier = [];
  selected.clear();
  current = -1;
  setQuery({ q: text(terms), state: null, before: null }, keep);
  drawFilter();
  drawTabs();
  read(true);
  readCauses();
  return true;
}

input.addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    const added = parse(input.value);
    const names = new Set(added.map((each) => each.field));
    if (added.length > 0 && change([...terms.filter((each) => !names.has(each.field)), ...added])) {
      input.value = "";
    }
  } else if (event.key === "Backspace" && input.value === "" && terms.length > 0) {
    event.preventDefault();
    input.value = text(terms.slice(-1));
    change(terms.slice(0, -1));
  } else if (event.key === "Escape") {
    input.value = "";
    setText(wrong, "");
    input.blur();
  }
});

// The page.

const tabs = h("div", { class: "tabs", role: "group", "aria-label": "States" });
const causeRows = h("ul", { class: "rows", id: "causes" });
const causeChart = h("div", {});
const causeLegend = h("ul", { class: "legend" });
const causeCard = h("div", { class: "halves", id: "cause-card", hidden: true },
  card("Causes", { id: "causes-card" }, causeRows), card("Dead over time", { id: "dead-card", tools: [causeLegend] }, causeChart));
const bars = new Bars(causeChart, { subject: "Dead tasks over time", height: 150, unit: (value) => short(Math.round(value)) });
const all = h("input", { type: "checkbox", id: "select-all", "aria-label": "Select all on this page" });
const rows = h("tbody", { id: "rows" });
const fresh = h("button", { type: "button", id: "fresh", hidden: true, onclick: () => read(true) });
const tableBox = h("div", { class: "scroll", id: "table" }, h("table", { class: "cards tasks" },
  h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "tick" }, all),
    ...HEADS.map(([name, label, look]) => h("th", { scope: "col", class: look, "data-name": name },
      h("button", { type: "button", title: "Sorts this page", onclick: () => sortBy(name) }, label))))),
  rows));
const nothing = h("div", { class: "empty", id: "empty", hidden: true });
const place = h("span", { class: "note", id: "place" });
const previous = h("button", { type: "button", onclick: () => turn(false) }, icon("left"), "Previous");
const following = h("button", { type: "button", onclick: () => turn(true) }, "Next", icon("right"));
const listCard = h("section", { class: "card flush", "aria-label": "Tasks" }, tableBox, nothing,
  h("div", { class: "foot-row" }, h("div", {}, place, fresh), h("div", {}, previous, following)));
const bulk = h("div", { class: "bulk", id: "bulk", role: "region", "aria-label": "Selected tasks", hidden: true });

find("main").append(
  tabs,
  h("div", { class: "stack-v" }, h("div", {}, h("div", { class: "toolbar" }, h("div", { class: "filter", role: "search" }, icon("search"), chips, input, suggestions, h("kbd", {}, "/")), savedViews("tasks")), wrong), causeCard, listCard),
  bulk,
);

function drawTabs() {
  const chosen = states();
  const list = [{ key: "", label: "All", value: counts ? STATES.reduce((sum, state) => sum + counts[state], 0) : null },
    ...STATES.map((state) => ({ key: state, label: words(state), value: counts?.[state] ?? null }))];
  follow(tabs, list, (each) => each.key, (each) => h(
    "button",
    { type: "button", "data-state": each.key, onclick: () => change([...(each.key ? [{ field: "state", value: each.key }] : []), ...terms.filter((other) => other.field !== "state" && other.field !== "cause")]) },
    each.key ? icon(each.key) : null, h("span", {}, each.label.charAt(0).toUpperCase() + each.label.slice(1)), h("b"),
  ), (tab, each) => {
    setText(tab.querySelector("b"), each.value === null ? "" : count(each.value));
    mark(tab, "aria-current", (each.key === "" ? chosen.length === 0 : chosen.length === 1 && chosen[0] === each.key) ? "true" : null);
  });
}

function parameters(place = before) {
  const found = { limit: PAGE, state: term("state"), type: term("type"), project: term("project"), before: place, ...(term("created") ? times(term("created")) : {}) };
  return Object.entries(found).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The tasks of a cause are known by their ids. */
async function page() {
  if (term("cause") === null) {
    let found = await api(`/api/tasks?${parameters()}`);
    // Where few of many tasks pass, a page may end before it has found one.
    for (let further = 0; further < FURTHER && found.tasks.length === 0 && found.next !== null; further++) {
      found = await api(`/api/tasks?${parameters(found.next)}`);
    }
    return found;
  }
  const known = causes ?? await api("/api/tasks/causes");
  causes = known;
  const ids = new Set(known.causes.find((each) => each.cause === term("cause"))?.tasks.map((task) => task.id) ?? []);
  const found = await api(`/api/tasks?${parameters().replace(/limit=\d+/, "limit=500")}`);
  return { tasks: found.tasks.filter((task) => ids.has(task.id)).slice(0, PAGE), next: null };
}

let asked = 0;

async function read(begin = false) {
  const number = ++asked;
  if (begin) {
    newest = null;
    fresh.hidden = true;
  }
  try {
    const found = await page();
    if (number !== asked) {
      return;
    }
    listCard.querySelector(":scope > .failed")?.remove();
    tasks = found.tasks;
    next = found.next;
    newest = begin || newest === null ? tasks[0]?.id ?? "" : newest;
    for (const id of [...selected].filter((each) => begin && !tasks.some((task) => task.id === each))) {
      selected.delete(id);
    }
    draw();
    readOutcomes();
  } catch (failure) {
    if (number === asked) {
      listCard.querySelector(":scope > .failed")?.remove();
      nothing.hidden = true;
      listCard.prepend(failed("the tasks", failure, () => read(true)));
    }
  }
}

async function readOutcomes() {
  if (tasks.length > 0) {
    const found = await api(`/api/tasks/outcomes?ids=${tasks.map((task) => task.id).join(",")}`).catch(() => ({ outcomes: [] }));
    found.outcomes.forEach((outcome) => outcomes.set(outcome.id, outcome));
    draw();
  }
}

/** Brings what is listed up to date where it stands: no row moves, new ones wait to be asked for. */
async function refresh() {
  if (before === null && term("cause") === null) {
    const found = await page().catch(() => null);
    if (found === null || newest === null) {
      return;
    }
    const known = new Map(found.tasks.map((task) => [task.id, task]));
    const unseen = found.tasks.filter((task) => task.id > newest).length;
    fresh.hidden = unseen === 0;
    setText(fresh, unseen === PAGE ? `${PAGE} or more new` : `${count(unseen)} new`);
    if (tasks.length === 0 && unseen > 0) {
      read(true);
      return;
    }
    const oldest = found.tasks.at(-1)?.id ?? "";
    tasks = tasks.map((task) => known.get(task.id) ?? (task.id > oldest || found.next === null ? { ...task, gone: true } : task));
    draw();
    readOutcomes();
  }
}

const VALUES = {
  state: (task) => STATES.indexOf(task.state),
  title: (task) => task.title ?? task.type,
  project: (task) => task.project,
  model: (task) => outcomes.get(task.id)?.model ?? "",
  cause: (task) => outcomes.get(task.id)?.cause ?? "",
  attempt: (task) => task.attempt,
  ran: (task) => ran(task) ?? 0,
  cost: (task) => outcomes.get(task.id)?.costUsd ?? 0,
  created: (task) => task.createdAt,
};

function ran(task) {
  return task.endedAt ? new Date(task.endedAt) - new Date(task.createdAt) : null;
}

function sorted() {
  const value = VALUES[sort.replace(/^-/, "")];
  const sign = sort.startsWith("-") ? -1 : 1;
  return value ? [...tasks].sort((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0)) : tasks;
}

function sortBy(name) {
  sort = sort === `-${name}` ? name : sort === name ? "" : `-${name}`;
  setQuery({ sort });
  draw();
}

function draw() {
  const shown = sorted();
  for (const head of document.querySelectorAll("#table thead th[data-name]")) {
    const direction = sort === head.dataset.name ? "ascending" : sort === `-${head.dataset.name}` ? "descending" : null;
    mark(head, "aria-sort", direction);
    const label = HEADS.find(([name]) => name === head.dataset.name)[1];
    setText(head.firstElementChild, `${label}${direction === "ascending" ? " ↑" : direction === "descending" ? " ↓" : ""}`);
  }
  tableBox.hidden = shown.length === 0;
  // Nothing is said about tasks that are not read yet.
  nothing.hidden = shown.length > 0 || newest === null;
  if (shown.length === 0) {
    drawNothing();
  }
  follow(rows, shown, (task) => task.id, createRow, updateRow);
  setText(place, shown.length === 0 ? "" : `${plural(shown.length, "task")}${before || next ? " of this page" : ""}${sort ? ", sorted on this page" : ", newest first"}`);
  previous.disabled = before === null;
  following.disabled = next === null;
  drawBulk();
}

function drawNothing() {
  const filter = text(terms);
  const never = counts !== null && STATES.every((state) => counts[state] === 0);
  const words = never ? "No tasks yet. Submit one, or point an OpenAI client at this server." : filter === "state:dead" ? "No dead tasks." : `No task matches ${filter}.`;
  if (nothing.dataset.words !== words) {
    nothing.dataset.words = words;
    nothing.replaceChildren(
      h("p", {}, words),
      never ? h("button", { type: "button", class: "primary", onclick: openSubmit }, "New task")
        : filter ? h("button", { type: "button", onclick: () => change([]) }, "Clear filter") : null,
    );
  }
}

function createRow(task) {
  return h(
    "tr",
    {},
    h("td", { class: "tick" }, h("input", { type: "checkbox", "aria-label": `Select ${task.title ?? task.type}`, onchange: (event) => select(task.id, event.target.checked) })),
    h("td", {}, h("span", { class: "badge" }, icon(task.state), h("span", {}))),
    h("td", { class: "what" }, h("a", { href: at(`/tasks/${task.id}`) }, h("bdi", {}, task.title ?? task.type))),
    h("td", { class: "faint", "data-label": "Project" }, task.project),
    h("td", { "data-label": "Model" }, h("span", { class: "named" }, h("span", { class: "swatch" }), h("span", {}))),
    h("td", { class: "faint cut", "data-label": "Cause" }),
    h("td", { class: "number", "data-label": "Attempts" }),
    h("td", { class: "number", "data-label": "Took", title: "from accepted to ended" }),
    h("td", { class: "number", "data-label": "Cost" }),
    h("td", { class: "number faint", "data-label": "Accepted", title: exact(task.createdAt) }, moment(task.createdAt)),
  );
}

function updateRow(row, task) {
  const outcome = outcomes.get(task.id);
  const cells = row.children;
  const box = cells[0].firstElementChild;
  box.checked = selected.has(task.id);
  mark(row, "data-selected", box.checked ? "" : null);
  mark(row, "data-current", sorted()[current]?.id === task.id ? "" : null);
  mark(row, "data-gone", task.gone ? "" : null);
  mark(row, "title", task.gone ? "no longer matches the filter" : null);
  setChip(cells[1].firstElementChild, task.state, task.cancelRequested && task.state === "running" ? "cancelling" : words(task.state));
  const model = outcome?.model ?? null;
  mark(cells[4].firstElementChild, "data-provider", model ? model.split("/")[0] : null);
  cells[4].firstElementChild.firstElementChild.hidden = model === null;
  setText(cells[4].firstElementChild.lastElementChild, model ? model.split("/").slice(1).join("/") : "–");
  const cut = task.stopReason === "length" ? "answer cut at its token limit" : null;
  setText(cells[5], outcome?.cause ?? cut ?? "–");
  mark(cells[5], "title", outcome?.cause ?? null);
  setText(cells[6], `${task.attempt} / ${task.maxAttempts}`);
  setText(cells[7], ran(task) === null ? "–" : took(ran(task)));
  setText(cells[8], !outcome ? "–" : outcome.unpricedCalls > 0 && outcome.costUsd === 0 ? "unpriced" : usd(outcome.costUsd) + (outcome.isEstimated ? " est." : ""));
}

function turn(forward) {
  if (forward) {
    earlier.push(before);
    before = next;
  } else {
    before = earlier.pop() ?? null;
  }
  selected.clear();
  current = -1;
  setQuery({ before }, true);
  read(true);
  scrollTo(0, 0);
}

// Selecting and acting.

function select(id, on) {
  selected[on ? "add" : "delete"](id);
  draw();
}

all.addEventListener("change", () => {
  tasks.forEach((task) => selected[all.checked ? "add" : "delete"](task.id));
  draw();
});

function allowed() {
  const chosen = tasks.filter((task) => selected.has(task.id)).map((task) => task.state);
  const known = chosen.length > 0 ? chosen : states();
  return Object.entries(ACTIONS).filter(([, { states: right }]) => known.some((state) => right.includes(state)));
}

function drawBulk() {
  bulk.hidden = selected.size === 0;
  all.checked = tasks.length > 0 && tasks.every((task) => selected.has(task.id));
  all.indeterminate = !all.checked && tasks.some((task) => selected.has(task.id));
  const matching = states().length === 1 && counts && !term("created") && !term("cause") && !term("type") && !term("project") ? counts[states()[0]] : null;
  const now = `${selected.size} ${allowed().map(([name]) => name)} ${matching}`;
  if (bulk.hidden || bulk.dataset.now === now) {
    return;
  }
  bulk.dataset.now = now;
  bulk.replaceChildren(
    h("b", { role: "status" }, `${count(selected.size)} selected`),
    matching > selected.size ? h("button", { type: "button", class: "quiet", onclick: () => selectAllMatching(matching) }, `All ${count(matching)} that match`) : null,
    ...allowed().map(([name, { words: label, key: letter }]) => h("button", { type: "button", "data-action": name, onclick: () => act(name) }, label, letter ? h("kbd", {}, letter) : null)),
    h("button", { type: "button", class: "quiet", onclick: clear }, "Clear ", h("kbd", {}, "Esc")),
  );
}

function selectAllMatching(matching) {
  const state = states()[0];
  bulk.dataset.now = "all";
  bulk.replaceChildren(
    h("b", { role: "status" }, `All ${count(matching)} ${words(state)} tasks`),
    ...Object.entries(ACTIONS).filter(([, { states: right }]) => right.includes(state)).map(([name, { words: label }]) =>
      h("button", { type: "button", "data-action": name, onclick: async () => {
        const { tasks: expected } = await api("/api/tasks/actions", { action: name, states: [state], dryRun: true });
        clear();
        actOnAll({ states: [state] }, name, expected, () => read(true));
      } }, label)),
    h("button", { type: "button", class: "quiet", onclick: clear }, "Clear"),
  );
}

function act(name) {
  const ids = [...selected];
  clear();
  actOn(ids, name, () => read(false));
}

function clear() {
  selected.clear();
  bulk.dataset.now = "";
  draw();
}

function move(by, extend = false) {
  const shown = sorted();
  if (shown.length === 0) {
    return;
  }
  const from = current < 0 ? (by > 0 ? -1 : shown.length) : current;
  extendFrom = extend && current >= 0 ? current : -1;
  current = Math.max(0, Math.min(shown.length - 1, from + by));
  if (extend) {
    [extendFrom, current].filter((each) => each >= 0).forEach((each) => selected.add(shown[each].id));
  }
  draw();
  rows.children[current].scrollIntoView({ block: "nearest" });
  rows.children[current].querySelector("a").focus({ preventScroll: true });
  if (peeked !== null) {
    peek(shown[current].id);
  }
}

key("j", "Next row", () => move(1));
key("k", "Row before", () => move(-1));
key("J", "Select to the next row", () => move(1, true));
key("K", "Select to the row before", () => move(-1, true));
key("x", "Select the row", () => {
  const task = sorted()[current];
  if (task) {
    select(task.id, !selected.has(task.id));
  }
});
key("r", "Retry what is selected, or the row", () => {
  const task = sorted()[current];
  if (selected.size === 0 && task) {
    selected.add(task.id);
  }
  const able = tasks.filter((each) => selected.has(each.id) && ACTIONS.redrive.states.includes(each.state)).length;
  if (able > 0) {
    act("redrive");
  } else {
    toast("Only dead, cancelled and expired tasks are retried.");
  }
});
key("Escape", "Close the drawer, or clear the selection", () => (peeked === null ? clear() : peek(null)));
action("Select all tasks of this page", () => {
  tasks.forEach((task) => selected.add(task.id));
  draw();
});

// The drawer: what a row is about, without leaving the list.

const drawer = h("aside", { class: "drawer", id: "peek", "aria-labelledby": "peek-title", tabindex: "-1", hidden: true });
find("main").append(drawer);
let peeked = query().get("peek");

async function peek(id) {
  peeked = id;
  setQuery({ peek: id });
  drawer.hidden = id === null;
  if (id === null) {
    return;
  }
  try {
    const found = await api(`/api/tasks/${encodeURIComponent(id)}`);
    if (peeked === id) {
      drawPeek(found);
    }
  } catch (failure) {
    drawer.replaceChildren(failed("the task", failure, () => peek(id)));
  }
}

function drawPeek({ task, result, calls, attempts }) {
  const cost = calls.reduce((sum, call) => sum + (call.costUsd ?? 0), 0);
  const pair = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const text = result?.error ?? result?.output ?? null;
  drawer.replaceChildren(
    h("div", { class: "title" }, h("h2", { id: "peek-title" }, task.title ?? task.type), h("span", { class: "spring" }),
      h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => peek(null) }, icon("close"))),
    h("dl", { class: "facts" },
      pair("State", chip(task.state)), pair("Project", task.project), pair("Attempts", `${task.attempt} of ${task.maxAttempts}`),
      pair("Accepted", h("time", { title: exact(task.createdAt) }, moment(task.createdAt))),
      pair("Cost", calls.some((call) => call.costUsd === null) ? `${usd(cost)} and unpriced calls` : usd(cost)),
      pair("Last model", calls.at(-1)?.answeredModel ?? "none was called"), pair("Session", attempts.at(-1)?.session || "–")),
    task.prompt ? h("h3", {}, "Prompt") : null, task.prompt ? h("pre", { tabindex: "0" }, task.prompt) : null,
    text === null ? null : h("h3", {}, result.error ? "Error" : "Output"), text === null ? null : h("pre", { tabindex: "0", class: result.error ? "bad" : null }, text),
    h("p", {}, h("a", { href: at(`/tasks/${task.id}`) }, "Open the task")),
  );
}

key(" ", "Look into the row, and close it again", () => {
  const task = sorted()[current];
  peek(task && peeked !== task.id ? task.id : null);
});

// Causes.

const KINDS = ["dead", "again", "done", "c3", "c4"];

async function readCauses() {
  const show = states().includes("dead") || (states().length === 0 && terms.length === 0 && counts?.dead > 0);
  causeCard.hidden = !states().includes("dead");
  if (!show) {
    return;
  }
  const project = term("project") ? `?project=${encodeURIComponent(term("project"))}` : "";
  await load(causeRows, "the causes", () => api(`/api/tasks/causes${project}`), drawCauses, 3);
}

function drawCauses(found) {
  causes = found;
  setText(find("causes-card-title"), found.causes.length === 0 ? "No dead tasks" : plural(found.causes.length, "cause"));
  setText(document.querySelector("#causes-card-title + .note"), found.complete ? "" : `of the newest ${count(found.examined)}`);
  const top = found.causes.slice(0, 5).map((cause, index) => ({ ...cause, kind: KINDS[index] }));
  follow(causeRows, top, (cause) => cause.cause, (cause) => h(
    "li",
    { "data-kind": cause.kind },
    h("span", { class: "swatch" }),
    h("b", { class: "number" }),
    h("div", { class: "what" }, h("p", {}, h("a", { href: at(`/tasks?q=${encodeURIComponent(`state:dead cause:"${cause.cause}"`)}`) }, cause.cause)), h("p", { class: "note" })),
    h("button", { type: "button", class: "quiet", "data-select": "" }),
    h("button", { type: "button", "data-retry": "" }),
  ), (row, cause) => {
    mark(row, "data-kind", cause.kind);
    setText(row.querySelector("b"), count(cause.count));
    setText(row.querySelector("p.note"), cause.since === cause.until ? moment(cause.since) : `${moment(cause.since)} – ${moment(cause.until)}`);
    const [choose, retry] = row.querySelectorAll("button");
    setText(choose, `Select ${count(cause.count)}`);
    setText(retry, `Retry ${count(cause.count)}`);
    choose.onclick = () => {
      cause.tasks.forEach((task) => selected.add(task.id));
      draw();
    };
    retry.onclick = () => actOn(cause.tasks.map((task) => task.id), "redrive", () => read(false));
  });
  drawDead(top);
}

function drawDead(top) {
  const ends = top.flatMap((cause, index) => cause.tasks.map((task) => [index, new Date(task.endedAt).getTime()]));
  const first = Math.min(...ends.map(([, end]) => end), Date.now() - 3_600_000);
  const span = Date.now() - first;
  const step = [300_000, 1_800_000, 3_600_000, 6 * 3_600_000, 86_400_000].find((each) => span / each <= 48) ?? 7 * 86_400_000;
  const begin = Math.floor(first / step) * step;
  const buckets = Array.from({ length: Math.floor((Date.now() - begin) / step) + 1 }, (_, each) => ({ at: begin + each * step, values: top.map(() => 0) }));
  ends.forEach(([index, end]) => {
    buckets[Math.min(buckets.length - 1, Math.floor((end - begin) / step))].values[index] += 1;
  });
  setText(find("dead-card-title"), `Dead per ${took(step).replace(" 00 s", "").replace(" 0 min", "")}`);
  const series = top.map((cause) => ({ key: cause.cause, kind: cause.kind, label: cause.cause }));
  bars.set({ buckets, step, series: series.length > 0 ? series : [{ key: "none", kind: "dead", label: "dead" }] });
  legend(causeLegend, []);
}

addEventListener("popstate", () => {
  terms = parse(query().get("q") ?? "");
  before = query().get("before");
  drawFilter();
  drawTabs();
  read(true);
  readCauses();
});
document.addEventListener("task-changed", () => {
  read(false);
  readCauses();
});

if (peeked !== null) {
  peek(peeked);
}
const faulty = terms.map(fault).find((each) => each !== null);
drawFilter();
drawTabs();
if (faulty) {
  setText(wrong, faulty);
} else {
  read(true);
  readCauses();
}
start((snapshot) => {
  const first = counts === null;
  counts = snapshot.tasks;
  drawTabs();
  if (first) {
    drawFilter();
    draw();
  }
  const waiting = counts.ready + counts.limited + counts.blocked;
  sentence(`${count(counts.running)} running, ${count(waiting)} waiting, ${count(counts.dead)} dead`);
});
watch(["tasks"], refresh, REFRESH_MILLIS);
watch(["tasks"], readCauses, CAUSES_MILLIS);
