// What is wanted, what was done, what was spent?

import { find, h, setText } from "./dom.js";
import { exact, moment, usd } from "./format.js";
import { itemFacts } from "./item-facts.js";
import { linkGraph } from "./link-graph.js";
import { api, at, watch } from "./live.js";
import { actor, change, itemPage, nameOf } from "./planning.js";
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
let known = null;
let editing = false;

const box = h("div", {});
find("main").append(box);
const text = h("div", { class: "pre", id: "item-body" });
const facts = h("dl", {});
const tasks = h("ul", { class: "rows", id: "item-tasks" });
const links = h("ul", { class: "rows", id: "item-links" });
const graph = h("div", { id: "item-graph" });
const files = h("ul", { class: "rows", id: "item-files" });
const pick = h("input", { id: "item-file", type: "file", class: "visually-hidden", tabindex: "-1", "aria-label": "A file", onchange: () => attach(pick.files[0]) });
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
    card("Relations", { id: "links-card", tools: [h("button", { type: "button", id: "add-link", onclick: relate }, "Relate")] }, graph, links),
    card("Files", { id: "files-card", tools: [pick, h("button", { type: "button", id: "add-file", onclick: () => pick.click() }, "Add a file")] }, files),
    card("Comments and history", { id: "stream-card" }, stream,
      h("form", { onsubmit: say }, comment, h("p", { class: "actions" }, h("button", { class: "primary" }, "Comment"))))),
  card("Facts", { id: "facts-card" }, facts));

async function read() {
  try {
    const [found, board, plans, cost, ran, related, said, events, attached] = await Promise.all([
      api(path), known === null ? api(`/api/projects/${encodeURIComponent(project)}/board?cards=0`) : null, known === null ? api(`/api/projects/${encodeURIComponent(project)}/milestones`) : null,
      api(`${path}/cost`), api(`${path}/tasks`), api(`${path}/links`), api(`${path}/comments`), api(`${path}/events?limit=50`), api(`${path}/attachments`),
    ]);
    known ??= { columns: board.columns, labels: board.labels, fields: board.fields, milestones: plans.items };
    item = found;
    if (!page.isConnected) {
      box.replaceChildren(page);
    }
    draw(cost, ran.items ?? [], related.items, said.items, events.items ?? [], attached.items);
  } catch (failure) {
    if (!page.isConnected) {
      box.replaceChildren(failed(`the item ${name}`, failure, read));
    }
  }
}

function draw(cost, ran, related, said, events, attached) {
  setText(find("title"), `${item.key} ${item.title}`);
  document.title = `${item.key} ${item.title} · Architect`;
  const column = known.columns.find((each) => each.id === item.column);
  sentence(`${column?.title ?? ""}${item.blocked ? `, blocked: ${item.blocked.reason}` : ""}, ${usd(cost.costUsd)} spent`);
  if (!editing) {
    text.replaceChildren(item.body ? h("div", {}, item.body) : h("p", { class: "note" }, "Nothing more than the title. Press e to write what is wanted."), ...(item.check ? [h("p", {}, h("b", {}, "Done when: "), item.check)] : []));
  }
  drawFacts(cost);
  tasks.replaceChildren(...ran.map((each) => h("li", {}, chip(each.state), h("a", { class: "what", href: at(`/tasks/${each.id}`) }, each.type), h("span", { class: "cost", "data-part": "cost" }, each.calls > 0 ? usd(each.costUsd) : ""), h("span", { class: "note", title: exact(each.createdAt) }, moment(each.createdAt)))));
  if (ran.length === 0) {
    tasks.replaceChildren(h("li", { class: "note" }, "No task has worked on it."));
  }
  links.replaceChildren(...related.map((each) => h("li", {}, h("span", { class: "what" }, phrase(each)), h("a", { href: itemPage(project, keyOf(each)), title: each.title }, keyOf(each)),
    h("button", { type: "button", class: "quiet", "aria-label": `${phrase(each)} ${keyOf(each)} no longer`, onclick: () => unrelate(each) }, "Remove"))));
  graph.replaceChildren(...(related.length === 0 ? [] : [linkGraph(item.key, related.map((each) => ({ other: keyOf(each), words: phrase(each), side: sideOf(each), title: each.title ?? "", href: itemPage(project, keyOf(each)) })))]));
  if (related.length === 0) {
    links.replaceChildren(h("li", { class: "note" }, "Related to nothing."));
  }
  files.replaceChildren(...attached.map((each) => h("li", {}, h("a", { class: "what", href: at(`/api/attachments/${each.id}`), download: each.name }, each.name), h("span", { class: "note" }, `${Math.ceil(each.size / 1024)} kB, ${each.type}`),
    h("button", { type: "button", class: "quiet", "aria-label": `Delete ${each.name}`, onclick: () => detach(each) }, "Delete"))));
  if (attached.length === 0) {
    files.replaceChildren(h("li", { class: "note" }, "No files."));
  }
  const lines = [
    ...said.map((each) => ({ at: each.createdAt, node: h("div", {}, actor(each.createdBy), " ", h("b", {}, nameOf(each.createdBy)), " ", h("span", { class: "note", title: exact(each.createdAt) }, moment(each.createdAt)), each.resolvedAt ? h("span", { class: "note" }, " · settled") : null, h("p", { class: "pre" }, each.body),
      each.parent ? null : h("p", { class: "actions" }, h("button", { type: "button", class: "quiet", "aria-label": `Answer ${nameOf(each.createdBy)}`, onclick: () => answer(each) }, "Answer"),
        h("button", { type: "button", class: "quiet", "aria-label": `${each.resolvedAt ? "Open again" : "Settle"}: ${shorten(each.body)}`, onclick: () => resolve(each) }, each.resolvedAt ? "Open again" : "Settle"))), thread: each.parent ?? each.id, answers: Boolean(each.parent) })),
    ...events.filter(({ field }) => field !== "stage").map((each) => ({ at: each.at, node: h("div", { class: "note", title: exact(each.at) }, `${nameOf(each.by)}: ${each.field}${each.before ? ` ${told(each, each.before)} →` : ""} ${told(each, each.after)} · ${moment(each.at)}`) })),
  ];
  const began = new Map(lines.filter(({ thread, answers }) => thread && !answers).map(({ thread, at }) => [thread, at]));
  // Answers stand below what they answer.
  lines.sort((one, another) => (began.get(one.thread) ?? one.at).localeCompare(began.get(another.thread) ?? another.at) || one.at.localeCompare(another.at));
  stream.replaceChildren(...lines.map(({ node, answers }) => h("li", { class: answers ? "answer" : null }, node)));
}

function told(event, value) {
  return event.field === "column" ? (known.columns.find(({ id }) => id === value)?.title ?? "a deleted column") : shorten(value);
}

function shorten(value) {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}

/** The key of the other item, its id where who looks does not see that item. */
function keyOf(link) {
  return link.key ?? (link.from === item.id ? link.to : link.from);
}

function phrase(link) {
  const isFrom = link.from === item.id || link.from === item.key;
  return { blocks: isFrom ? "blocks" : "is blocked by", duplicates: isFrom ? "is a duplicate of" : "is the original of", parent: isFrom ? "is a part of" : "has the part", relates: "has to do with" }[link.kind] ?? link.kind;
}

function sideOf(link) {
  const isFrom = link.from === item.id || link.from === item.key;
  return { blocks: isFrom ? "after" : "before", duplicates: isFrom ? "after" : "before", parent: isFrom ? "above" : "below" }[link.kind] ?? "beside";
}

const LINKS = { blocks: "blocks", relates: "has to do with", duplicates: "is a duplicate of", parent: "is a part of" };

/** Relates the item to another one, which is named by its key. */
function relate() {
  const problem = h("p", { class: "note bad", role: "alert" });
  const kind = h("select", { id: "link-kind", "aria-label": "How" }, ...Object.entries(LINKS).map(([value, words]) => h("option", { value }, words)));
  const to = h("input", { id: "link-to", required: true, placeholder: `${item.key.split("-")[0]}-2`, "aria-label": "The other item", autocomplete: "off", spellcheck: "false" });
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    try {
      await api(`${path}/links/${kind.value}/${encodeURIComponent(to.value.trim())}`, undefined, "PUT");
      box2.close();
      await read();
    } catch (failure) {
      setText(problem, failure.message);
    }
  } }, h("p", {}, item.key, " "), kind, to, problem, h("p", { class: "actions" }, h("button", { class: "primary", id: "link-save" }, "Relate"), h("button", { type: "button", onclick: () => box2.close() }, "Cancel")));
  const box2 = dialog("form", "Relate", form);
  to.focus();
}

async function attempt(work) {
  try {
    await work();
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
  await read();
}

const unrelate = (link) => attempt(() => (link.from === item.id || link.from === item.key
  ? api(`${path}/links/${link.kind}/${encodeURIComponent(link.to)}`, undefined, "DELETE")
  : api(`/api/items/${encodeURIComponent(link.from)}/links/${link.kind}/${encodeURIComponent(link.to)}`, undefined, "DELETE")));

const detach = (file) => attempt(() => api(`/api/attachments/${file.id}`, undefined, "DELETE"));

const resolve = (said) => attempt(() => api(`/api/comments/${said.id}/resolve`, { resolved: !said.resolvedAt }));

let answered = null;

function answer(said) {
  answered = said;
  comment.setAttribute("aria-label", `An answer to ${nameOf(said.createdBy)}`);
  comment.placeholder = `Answers: ${shorten(said.body)}. Esc for a comment of its own.`;
  comment.focus();
}

function answerNobody() {
  answered = null;
  comment.setAttribute("aria-label", "A comment");
  comment.placeholder = "";
}

comment.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    answerNobody();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    comment.form.requestSubmit();
  }
});

/** Reads a file of somebody's and keeps it beside the item. */
async function attach(file) {
  if (!file) {
    return;
  }
  const reader = new FileReader();
  const content = await new Promise((done, failed2) => {
    reader.addEventListener("load", () => done(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => failed2(new Error("The file cannot be read.")));
    reader.readAsDataURL(file);
  }).catch((failure) => toast(failure.message, { bad: true }) && null);
  pick.value = "";
  if (content !== null) {
    await attempt(() => api(`${path}/attachments`, { name: file.name, type: file.type || "application/octet-stream", content }));
  }
}

function drawFacts(cost) {
  if (!facts.contains(document.activeElement)) {
    facts.replaceChildren(...itemFacts(item, cost, known, save, (column) => moveTo(column, false)));
  }
}

async function moveTo(column, confirm) {
  try {
    await api(`${path}/move`, { column, confirm });
  } catch (failure) {
    if (failure.problem?.code === "wip-limit" && !confirm) {
      const target = known.columns.find((each) => each.id === column);
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

function sure(title, words, yes, no, ...more) {
  return new Promise((done) => {
    let wanted = false;
    const box = dialog("form", title, h("p", {}, words), ...more, h("p", { class: "actions" }, h("button", { type: "button", onclick: () => box.close(), autofocus: true }, no), h("button", { type: "button", id: "confirm", onclick: () => {
      wanted = true;
      box.close();
    } }, yes)));
    box.addEventListener("close", () => done(wanted));
  });
}

/** A value of a field as people read it. */
function worded(name, value) {
  if (value == null || value.length === 0) {
    return "nothing";
  }
  const one = (part) => (name === "labels" ? (known.labels.find(({ id }) => id === part)?.name ?? part) : name === "milestone" ? (known.milestones.find(({ id }) => id === part)?.title ?? part) : part);
  return Array.isArray(value) ? value.map(one).join(", ") : typeof value === "object" ? Object.values(value).map((each) => each ?? "nothing").join(", ") : String(one(value));
}

/** What two people have made of one field, one below the other. */
function bothOf(name, current, fields) {
  // Of own fields only those that were changed here.
  const theirs = name === "fields" ? Object.keys(fields.fields).map((id) => current.fields?.[id] ?? "nothing") : current[name];
  return h("div", { "data-both": name }, h("p", { class: "note" }, `${nameOf(current.updatedBy)}'s:`), h("p", { class: "pre", "data-part": "theirs" }, worded(name, theirs)),
    h("p", { class: "note" }, "Yours:"), h("p", { class: "pre", "data-part": "mine" }, worded(name, fields[name])));
}

async function save(fields) {
  try {
    item = await change(item, fields, (both, current) => sure("Changed meanwhile", `${nameOf(current.updatedBy)} has changed ${both.map((each) => WORDS[each] ?? each).join(" and ")} meanwhile.`, "Keep mine", "Take theirs", ...both.map((each) => bothOf(each, current, fields))));
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
    await api(`${path}/comments`, { body: comment.value, ...(answered === null ? {} : { parent: answered.id }) });
    comment.value = "";
    answerNobody();
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
