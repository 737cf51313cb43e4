// What is wanted, what was done, what was spent?

import { find, h, setText } from "./dom.js";
import { count, exact, moment, plural, usd } from "./format.js";
import { api, at, watch } from "./live.js";
import { actor, change, itemPage, kindMark, nameOf } from "./planning.js";
import { dialog, key, start, toast } from "./shell.js";
import { card, chip, failed, sentence } from "./states.js";

const parts = location.pathname.split("/");
const name = decodeURIComponent(parts.at(-1));
const project = decodeURIComponent(parts.at(-3));
const path = `/api/items/${encodeURIComponent(name)}`;
const TASKS_MILLIS = 2_000;
const DRAFT = `architect.comment.${name}`;
const WORDS = { title: "the title", body: "the text", priority: "the priority", due: "the date", assignees: "who it is assigned to", kind: "the kind" };

let item = null;
let columns = [];
let editing = false;

const box = h("div", {});
find("main").append(box);
const text = h("div", { class: "pre", id: "item-body" });
const facts = h("dl", {});
const tasks = h("ul", { class: "rows", id: "item-tasks" });
const links = h("ul", { class: "rows", id: "item-links" });
const stream = h("ol", { class: "stream", id: "item-stream" });
const comment = h("textarea", { id: "comment", rows: "3", "aria-label": "A comment", maxlength: "20000" });
const startButton = h("button", { type: "button", id: "start-item", onclick: () => begin(false) }, "Start work");
const editButton = h("button", { type: "button", id: "edit-item", onclick: edit }, "Edit");

comment.value = sessionStorage.getItem(DRAFT) ?? "";
comment.addEventListener("input", () => sessionStorage.setItem(DRAFT, comment.value));

const page = h("div", { class: "item-page" },
  h("div", { class: "stack-v" },
    card("What is wanted", { id: "wanted", tools: [editButton] }, text),
    card("Tasks", { id: "tasks-card", tools: [startButton] }, tasks),
    card("Relations", { id: "links-card" }, links),
    card("Comments and history", { id: "stream-card" }, stream,
      h("form", { onsubmit: say }, comment, h("p", { class: "actions" }, h("button", { class: "primary" }, "Comment"))))),
  card("Facts", { id: "facts-card" }, facts));

async function read() {
  try {
    const [found, board, cost, ran, related, said, events] = await Promise.all([
      api(path), columns.length === 0 ? api(`/api/projects/${encodeURIComponent(project)}/board?cards=0`) : null, api(`${path}/cost`), api(`${path}/tasks`), api(`${path}/links`), api(`${path}/comments`), api(`${path}/events?limit=50`),
    ]);
    columns = board?.columns ?? columns;
    item = found;
    if (!page.isConnected) {
      box.replaceChildren(page);
    }
    draw(cost, ran.items ?? [], related.items, said.items, events.items ?? []);
  } catch (failure) {
    if (!page.isConnected) {
      box.replaceChildren(failed(`the item ${name}`, failure, read));
    }
  }
}

function draw(cost, ran, related, said, events) {
  setText(find("title"), `${item.key} ${item.title}`);
  document.title = `${item.key} ${item.title} · Architect`;
  const column = columns.find((each) => each.id === item.column);
  sentence(`${column?.title ?? ""}${item.blocked ? `, blocked: ${item.blocked.reason}` : ""}, ${usd(cost.costUsd)} spent`);
  if (!editing) {
    text.replaceChildren(item.body ? h("div", {}, item.body) : h("p", { class: "note" }, "Nothing more than the title. Press e to write what is wanted."), ...(item.check ? [h("p", {}, h("b", {}, "Done when: "), item.check)] : []));
  }
  drawFacts(cost);
  tasks.replaceChildren(...ran.map((each) => h("li", {}, chip(each.state), h("a", { class: "what", href: at(`/tasks/${each.id}`) }, each.type), h("span", { class: "note", title: exact(each.createdAt) }, moment(each.createdAt)))));
  if (ran.length === 0) {
    tasks.replaceChildren(h("li", { class: "note" }, "No task has worked on it."));
  }
  links.replaceChildren(...related.map((each) => h("li", {}, h("span", { class: "what" }, phrase(each)), h("a", { href: itemPage(project, other(each)) }, other(each)))));
  if (related.length === 0) {
    links.replaceChildren(h("li", { class: "note" }, "Related to nothing."));
  }
  const lines = [
    ...said.map((each) => ({ at: each.createdAt, node: h("div", {}, actor(each.createdBy), " ", h("b", {}, nameOf(each.createdBy)), " ", h("span", { class: "note", title: exact(each.createdAt) }, moment(each.createdAt)), h("p", { class: "pre" }, each.body)) })),
    ...events.filter(({ field }) => field !== "stage").map((each) => ({ at: each.at, node: h("div", { class: "note", title: exact(each.at) }, `${nameOf(each.by)}: ${each.field}${each.before ? ` ${told(each, each.before)} →` : ""} ${told(each, each.after)} · ${moment(each.at)}`) })),
  ].sort((one, another) => one.at.localeCompare(another.at));
  stream.replaceChildren(...lines.map(({ node }) => h("li", {}, node)));
}

function told(event, value) {
  return event.field === "column" ? (columns.find(({ id }) => id === value)?.title ?? "a deleted column") : shorten(value);
}

function shorten(value) {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}

function other(link) {
  return link.from === item.id || link.from === item.key ? link.to : link.from;
}

function phrase(link) {
  const isFrom = link.from === item.id || link.from === item.key;
  return { blocks: isFrom ? "blocks" : "is blocked by", duplicates: isFrom ? "is a duplicate of" : "is the original of", parent: isFrom ? "is a part of" : "has the part", relates: "has to do with" }[link.kind] ?? link.kind;
}

function drawFacts(cost) {
  if (facts.contains(document.activeElement)) {
    return;
  }
  const choose = h("select", { id: "item-column", "aria-label": "Column", onchange: () => moveTo(choose.value, false) }, ...columns.map((each) => h("option", { value: each.id, selected: each.id === item.column }, each.title)));
  const priority = h("select", { id: "item-priority", "aria-label": "Priority", onchange: () => save({ priority: Number(priority.value) }) }, ...Array.from({ length: 10 }, (unused, level) => h("option", { value: level, selected: level === item.priority }, `P${level}`)));
  const due = h("input", { id: "item-due", type: "date", "aria-label": "Due", value: item.due ?? "", onchange: () => save({ due: due.value || null }) });
  const row = (term, value) => [h("dt", { class: "note" }, term), h("dd", {}, value)];
  facts.replaceChildren(
    ...row("Kind", h("span", {}, kindMark(item.kind), ` ${item.kind}`)), ...row("Column", choose), ...row("Priority", priority), ...row("Due", due),
    ...row("Assigned", h("span", {}, ...((item.assignees ?? []).length === 0 ? ["nobody"] : item.assignees.flatMap((each) => [actor(each), ` ${nameOf(each)} `])))),
    ...row("Cost", `${usd(cost.costUsd)}${cost.unpricedCalls > 0 ? `, ${plural(cost.unpricedCalls, "call")} unpriced` : ""}`),
    ...row("Calls", `${count(cost.calls)} of ${plural(cost.tasks, "task")}`), ...row("Tokens", `${count(cost.inputTokens)} in, ${count(cost.outputTokens)} out`),
    ...row("Made", h("span", { title: exact(item.createdAt) }, `${moment(item.createdAt)} by ${nameOf(item.createdBy)}`)), ...row("Version", String(item.version)));
}

async function moveTo(column, confirm) {
  try {
    await api(`${path}/move`, { column, confirm });
  } catch (failure) {
    if (failure.problem?.code === "wip-limit" && !confirm) {
      const target = columns.find((each) => each.id === column);
      if (await sure(`${target.title} is full`, `Move ${item.key} there all the same?`, "Move it", "Leave it")) {
        await moveTo(column, true);
      }
    } else {
      toast(failure.message, { bad: true });
    }
  }
  document.activeElement?.blur?.();
  await read();
}

function sure(title, words, yes, no) {
  return new Promise((done) => {
    let wanted = false;
    const box = dialog("form", title, h("p", {}, words), h("p", { class: "actions" }, h("button", { type: "button", onclick: () => box.close(), autofocus: true }, no), h("button", { type: "button", id: "confirm", onclick: () => {
      wanted = true;
      box.close();
    } }, yes)));
    box.addEventListener("close", () => done(wanted));
  });
}

async function save(fields) {
  try {
    item = await change(item, fields, (both, current) => sure("Changed meanwhile", `${nameOf(current.updatedBy)} has changed ${both.map((each) => WORDS[each] ?? each).join(" and ")} meanwhile.`, "Keep mine", "Take theirs"));
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
  document.activeElement?.blur?.();
  await read();
}

function edit() {
  if (editing || item === null) {
    return;
  }
  editing = true;
  const seen = { ...item };
  const title = h("input", { id: "edit-title", value: item.title, maxlength: "300", "aria-label": "Title" });
  const body = h("textarea", { id: "edit-body", rows: "10", "aria-label": "What is wanted" });
  body.value = item.body ?? "";
  const close = () => {
    editing = false;
    editButton.focus();
    read();
  };
  const form = h("form", { class: "stack-v", onsubmit: async (event) => {
    event.preventDefault();
    const fields = {};
    if (title.value !== seen.title) {
      fields.title = title.value;
    }
    if (body.value !== (seen.body ?? "")) {
      fields.body = body.value;
    }
    if (Object.keys(fields).length > 0) {
      item = { ...item, version: seen.version };
      await save(fields);
    }
    close();
  } }, title, body, h("p", { class: "actions" }, h("button", { class: "primary" }, "Save"), h("button", { type: "button", onclick: close }, "Cancel")));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit();
    } else if (event.key === "Escape") {
      close();
    }
  });
  text.replaceChildren(form);
  title.focus();
}

async function begin(confirm) {
  try {
    await api(`${path}/start`, { confirm });
    toast(`A task works on ${item.key}.`);
  } catch (failure) {
    if (failure.problem?.code === "wip-limit" && !confirm) {
      if (await sure("The column of work is full", `Start ${item.key} all the same?`, "Start it", "Leave it")) {
        await begin(true);
      }
    } else {
      toast(failure.message, { bad: true });
    }
  }
  await read();
}

async function say(event) {
  event.preventDefault();
  if (comment.value.trim() === "") {
    return;
  }
  try {
    await api(`${path}/comments`, { body: comment.value });
    comment.value = "";
    sessionStorage.removeItem(DRAFT);
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
  await read();
}

start();
key("e", "Edit", edit);
key("b", "Back to the board", () => location.assign(at(`/p/${project}/board`)));
watch([`project:${project}`], read);
// The tasks of the item are among them.
watch(["tasks"], read, TASKS_MILLIS);
