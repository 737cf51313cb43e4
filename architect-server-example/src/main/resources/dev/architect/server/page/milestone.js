// Will it be met? One milestone: its promise, how it grew and was worked off, how its date was moved and why, and what is still open.

import { BurnUp } from "./burnup.js";
import { find, follow, h, setText } from "./dom.js";
import { exact, moment, plural } from "./format.js";
import { api, at, watch } from "./live.js";
import { actor, day, health, itemPage, kindMark, milestonesPage, progress, projectTabs } from "./planning.js";
import { action, dialog, key, may, start, toast } from "./shell.js";
import { card, chip, failed, sentence } from "./states.js";

const parts = location.pathname.split("/");
const id = decodeURIComponent(parts.at(-1));
const project = decodeURIComponent(parts.at(-3));
const path = `/api/milestones/${encodeURIComponent(id)}`;
const LOOKS = { planned: "scheduled", active: "running", reached: "done", missed: "dead", dropped: "cancelled" };

let milestone = null;
let mayChange = false;

const tabs = projectTabs(project, "milestones");
const box = h("div", {});
find("main").append(tabs, box);

const state = h("span", {});
const verdict = h("p", { id: "verdict" });
const about = h("p", { class: "pre", id: "about" });
const figures = h("div", { class: "card strip", id: "milestone-figures" });
const operations = h("p", { class: "row", id: "operations" });
const plot = h("div", {});
const none = h("p", { class: "note", id: "no-days" });
const slips = h("ol", { class: "rows", id: "slips" });
const open = h("ul", { class: "rows", id: "open-items" });
const more = h("p", { class: "note" });
const itemKey = h("input", { id: "add-item", "aria-label": "Key of an item that is to be in it", placeholder: "WEB-12", maxlength: "40", autocomplete: "off", spellcheck: "false" });
const add = h("form", { class: "row", id: "add-form", onsubmit: addItem }, itemKey, h("button", {}, "Put in"));
const chart = new BurnUp(plot);

const page = h("div", { class: "stack-v" },
  h("section", { class: "card", "aria-labelledby": "verdict-title" },
    h("div", { class: "title" }, h("h2", { id: "verdict-title" }, "Will it be met?"), state), verdict, about, operations),
  figures,
  card("Burn-up", { id: "burnup-card", note: "scope dashed, done filled, by day in UTC" }, plot, none),
  h("div", { class: "split" },
    card("Open items", { id: "open-card" }, open, more, add),
    card("Moved dates", { id: "slips-card" }, slips)));

async function read() {
  try {
    const [board, found] = await Promise.all([api(`/api/projects/${encodeURIComponent(project)}/board?cards=0`), progress(project, id)]);
    milestone = found.milestone;
    if (!page.isConnected) {
      box.replaceChildren(page);
    }
    draw(found, board);
  } catch (failure) {
    if (!page.isConnected) {
      box.replaceChildren(failed(`the milestone ${id}`, failure, read));
    }
  }
}

function draw(counts, { columns, project: owner }) {
  const { days, slips: moved, left } = counts;
  const found = health(milestone, counts, days);
  setText(find("title"), milestone.title);
  document.title = `${milestone.title} · ${owner.title} · Architect`;
  sentence(`${counts.done} of ${plural(counts.scope, "item")} done, ${found.words}`);
  if (state.textContent !== milestone.state) {
    state.replaceChildren(chip(LOOKS[milestone.state], milestone.state));
  }
  setText(verdict, found.why);
  setText(about, milestone.description);
  drawFigures(counts, found);
  drawOperations(counts);
  plot.hidden = days.length === 0;
  setText(none, days.length === 0 ? "No item was ever in it, so there is nothing to draw." : "");
  if (days.length > 0) {
    chart.show({ days, target: milestone.target, slips: moved });
  }
  slips.replaceChildren(...(moved.length === 0 ? [h("li", { class: "note" }, "Its date was never moved after it began.")] : moved.map((slip) =>
    h("li", {}, actor(slip.by), h("div", { class: "what" }, h("b", {}, `${slip.before ? day(slip.before) : "no date"} → ${slip.after ? day(slip.after) : "no date"}`), h("p", {}, slip.cause)),
      h("span", { class: "note", title: exact(slip.at) }, moment(slip.at))))));
  follow(open, left.items, (each) => each.id, () => h("li", {}, h("span", { "data-part": "kind" }), h("a", { class: "what" }), h("span", { class: "note" })), (row, each) => {
    row.firstElementChild.replaceChildren(kindMark(each.kind));
    row.children[1].href = itemPage(project, each.key);
    setText(row.children[1], `${each.key} ${each.title}`);
    const column = columns.find((one) => one.id === each.column);
    setText(row.children[2], `P${each.priority}, ${column?.title ?? ""}${each.blocked ? `, blocked: ${each.blocked.reason}` : ""}`);
  });
  setText(more, left.next ? `Only the first ${left.items.length} are shown.` : left.items.length === 0 ? (counts.scope === 0 ? "No item is in it yet." : "None is open.") : "");
  add.hidden = !mayChange || isOver();
}

function isOver() {
  return ["reached", "dropped"].includes(milestone.state);
}

function drawFigures(counts, found) {
  const began = milestone.baseline ? Object.keys(milestone.baseline.minutes).length : null;
  const grown = began === null ? "not begun, no baseline" : counts.scope === began ? "as at its start" : `${began} at its start, ${counts.scope > began ? "+" : "−"}${Math.abs(counts.scope - began)}`;
  const figure = (label, value, note) => h("div", {}, h("span", { class: "label" }, label), h("b", { class: "figure" }, value), h("p", { class: "note" }, note));
  figures.replaceChildren(
    figure("Target", milestone.target ? day(milestone.target) : "none", milestone.target ? found.away : "no date was promised"),
    figure("Scope", String(counts.scope), grown),
    figure("Done", String(counts.done), counts.scope === 0 ? "nothing to do" : `${Math.floor((100 * counts.done) / counts.scope)} %`),
    figure("Open", String(counts.open), found.pace));
}

function drawOperations(counts) {
  if (operations.contains(document.activeElement)) {
    return;
  }
  const button = (words, name, work, look = "") => h("button", { type: "button", id: name, class: look, onclick: work }, words);
  const state = milestone.state;
  operations.replaceChildren(...(!mayChange ? [] : [
    state === "planned" && button("Begin", "begin", () => operate({ state: "active" }, `${milestone.title} has begun. What is in it now is its baseline.`), "primary"),
    ["planned", "active", "missed"].includes(state) && button("Reached", "reach", reach, state === "active" && counts.open === 0 ? "primary" : ""),
    !isOver() && button("Edit", "edit-milestone", edit),
    state === "active" && button("Missed", "miss", () => operate({ state: "missed" }, `${milestone.title} is missed.`)),
    !isOver() && button("Drop", "drop", () => operate({ state: "dropped" }, `${milestone.title} is dropped.`)),
  ].filter(Boolean)));
}

async function send(work) {
  document.activeElement?.blur?.();
  try {
    await work();
  } catch (failure) {
    toast(failure.status === 412 ? "Somebody has changed it meanwhile. It is shown as it is now." : failure.message, { bad: true });
  }
  await read();
}

const ifMatch = () => ({ headers: { "If-Match": `"${milestone.version}"` } });

function operate(fields, words) {
  return send(async () => {
    await api(path, fields, "PATCH", ifMatch());
    toast(words);
  });
}

function reach() {
  return send(async () => {
    await api(`${path}/reach`, {}, "POST", ifMatch());
    toast(`${milestone.title} is reached.`);
  });
}

function edit() {
  if (milestone === null || !mayChange || isOver()) {
    return;
  }
  const seen = milestone;
  const problem = h("p", { class: "note bad", role: "alert" });
  const title = h("input", { id: "edit-title", required: true, maxlength: "200", value: seen.title });
  const target = h("input", { id: "edit-target", type: "date", value: seen.target ?? "" });
  const description = h("textarea", { id: "edit-description", rows: "4" });
  const cause = h("input", { id: "edit-cause", maxlength: "500" });
  const why = h("div", { class: "field", hidden: true }, h("label", { for: "edit-cause" }, "Why is the date moved?"), cause);
  description.value = seen.description;
  target.addEventListener("input", () => {
    why.hidden = seen.state === "planned" || target.value === (seen.target ?? "");
  });
  const sheet = dialog("form", `Edit ${seen.title}`, h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const fields = { title: title.value, description: description.value, target: target.value || null, ...(why.hidden ? {} : { cause: cause.value }) };
    try {
      await api(path, fields, "PATCH", { headers: { "If-Match": `"${seen.version}"` } });
      sheet.close();
      await read();
    } catch (failure) {
      setText(problem, failure.status === 412 ? "Somebody has changed it meanwhile. Close this, look, and edit again." : failure.message);
    }
  } },
  h("label", { for: "edit-title" }, "Title"), title, h("label", { for: "edit-target" }, "Target date"), target, why,
  h("label", { for: "edit-description" }, "What it is"), description, problem,
  h("p", { class: "actions" }, h("button", { class: "primary" }, "Save"), h("button", { type: "button", onclick: () => sheet.close() }, "Cancel"))));
  title.focus();
}

async function addItem(event) {
  event.preventDefault();
  const wanted = itemKey.value.trim().toUpperCase();
  if (wanted === "") {
    return;
  }
  try {
    const item = await api(`/api/items/${encodeURIComponent(wanted)}`);
    await api(`/api/items/${item.id}`, { milestone: id }, "PATCH", { headers: { "If-Match": `"${item.version}"` } });
    itemKey.value = "";
    setText(find("news"), `${item.key} is in ${milestone.title}`);
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
  await read();
}

start();
key("e", "Edit", edit);
key("b", "Back to the milestones", () => location.assign(milestonesPage(project)));
action("All milestones", () => location.assign(milestonesPage(project)));
action("The board", () => location.assign(at(`/p/${project}/board`)));
watch([`project:${project}`], read);
may("projects:w").then((allowed) => {
  mayChange = allowed;
  return read();
});
