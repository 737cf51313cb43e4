// Where is it piling up?

import { change, patch, read } from "./change.js";
import { level } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { count, plural } from "./format.js";
import { api, watch } from "./live.js";
import { may, start, toast } from "./shell.js";
import { card, chip, load, sentence } from "./states.js";

const laneRows = h("tbody", { id: "lanes" });
const queueRows = h("tbody", { id: "queues" });
const laneBox = h("div", {});
const queueBox = h("div", {});
const typeBox = h("div", {});
const limitBox = h("div", {});
const head = (...names) => h("thead", {}, h("tr", {}, ...names.map(([name, look]) => h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Actions")))));
const laneTable = h("div", { class: "scroll" }, h("table", { class: "cards" }, head(["Queue"], ["Tenant"], ["Sessions"], ["Weight", "number"], ["Running", "number"], ["Waiting", "number"], ["Share of what runs"], ["State"]), laneRows));
const queueTable = h("div", { class: "scroll" }, h("table", { class: "cards" }, head(["Queue"], ["Tenant"], ["Weight"], ["At most running", "number"], ["Rate", "number"], ["At most waiting", "number"], ["State"], [""]), queueRows));
const types = h("ul", { class: "rows" });
const limits = h("ul", { class: "rows" });

find("main").append(h(
  "div",
  { class: "stack-v" },
  card("Lanes", { look: "flush", id: "lanes-card", note: "queues and tenants with unfinished tasks" }, laneBox),
  card("Queues", { look: "flush", id: "queues-card", note: "what is set for them, and the default one" }, queueBox),
  h("div", { class: "halves" }, card("Paused types", { id: "types-card" }, typeBox), card("Limit keys", { id: "limits-card" }, limitBox)),
));

let mayAct = false;
let mayEdit = false;
const SAID = { pause: "starts no task. What runs goes on.", drain: "takes no task. What it has is worked off.", resume: "takes and starts tasks again." };

const path = ({ queue, tenant }) => `/api/queues/${encodeURIComponent(queue)}${tenant == null ? "" : `/tenants/${encodeURIComponent(tenant)}`}`;
const key = ({ queue, tenant }) => `${queue}\u0000${tenant ?? ""}`;

function draw(found) {
  const waiting = found.lanes.reduce((sum, lane) => sum + lane.waiting, 0);
  const running = found.lanes.reduce((sum, lane) => sum + lane.running, 0);
  sentence(`${plural(waiting, "task")} waiting, ${count(running)} running`);
  drawLanes(found.lanes, running);
  const settings = [...found.settings];
  for (const lane of [{ queue: "default", tenant: null }, ...found.lanes.map((each) => ({ queue: each.queue, tenant: null }))]) {
    if (!settings.some((each) => key(each) === key(lane))) {
      settings.push({ ...lane, weight: 1, maxRunning: null, rate: null, maxWaiting: null, paused: false, draining: false });
    }
  }
  settings.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (!queueTable.isConnected) {
    queueBox.replaceChildren(queueTable);
  }
  follow(queueRows, settings, key, createQueue, (row, each) => {
    const cells = row.children;
    setText(cells[2].querySelector("b"), each.weight);
    const [less, more] = cells[2].querySelectorAll("button");
    less.disabled = each.weight <= 1;
    less.onclick = () => save(each, { weight: each.weight - 1 });
    more.onclick = () => save(each, { weight: each.weight + 1 });
    setText(cells[3], each.maxRunning ?? "–");
    setText(cells[4], each.rate ?? "–");
    setText(cells[5], each.maxWaiting ?? "–");
    drawState(cells[6], each);
    const [pause, drain, edit] = cells[7].querySelectorAll("button");
    const held = each.paused || each.draining;
    setText(pause, held ? "Resume" : "Pause");
    pause.onclick = () => operate(each, held ? "resume" : "pause");
    pause.hidden = !mayAct;
    drain.hidden = !mayAct || each.draining;
    drain.onclick = () => operate(each, "drain");
    edit.onclick = () => open(each);
    edit.hidden = !mayEdit;
  });
}

function drawState(cell, { paused, draining }) {
  const state = [paused && "paused", draining && "draining"].filter(Boolean).join(", ") || "open";
  if (cell.dataset.state !== state) {
    cell.dataset.state = state;
    cell.replaceChildren(chip(state === "open" ? "done" : "held", state));
  }
}

function open(each) {
  return change(`Queue ${each.queue}${each.tenant ? `, ${each.tenant}` : ""}`, path(each), {
    fields: [
      { name: "weight", label: "Weight", number: true, type: "number", min: "1", max: "1000", required: true },
      { name: "maxRunning", label: "At most running", number: true, type: "number", min: "1", placeholder: "no limit" },
      { name: "rate", label: "Rate of starts", placeholder: "no limit, or such as 90/m" },
      { name: "maxWaiting", label: "At most waiting", number: true, type: "number", min: "1", placeholder: "no limit" },
    ],
    note: "An empty field is no limit. What runs and waits already stays.",
    done: refresh,
  }).catch((failure) => toast(failure.message, { bad: true }));
}

function drawLanes(lanes, running) {
  if (lanes.length === 0) {
    laneBox.replaceChildren(h("div", { class: "empty" }, h("p", {}, "Nothing waits, and nothing runs.")));
    return;
  }
  if (!laneTable.isConnected) {
    laneBox.replaceChildren(laneTable);
  }
  follow(laneRows, lanes, (lane) => `${key(lane)}\u0000${lane.sessionKind}`, (lane) => h("tr", {}, h("th", { scope: "row" }, lane.queue), h("td", { "data-label": "Tenant" }, lane.tenant || "–"), h("td", { class: "faint", "data-label": "Sessions" }, lane.sessionKind),
    ...["Weight", "Running", "Waiting"].map((name) => h("td", { class: "number", "data-label": name })), h("td", { "data-label": "Share" }, h("span", { class: "tally" }, h("span", { class: "bar" }))), h("td", { "data-label": "State" })), (row, lane) => {
    const cells = row.children;
    setText(cells[3], lane.weight);
    setText(cells[4], count(lane.running));
    setText(cells[5], count(lane.waiting));
    level(cells[6].querySelector(".bar"), running > 0 ? lane.running / running : 0);
    mark(cells[5], "title", Object.entries(lane.tasks ?? {}).filter(([, value]) => value > 0).map(([state, value]) => `${count(value)} ${state}`).join(", "));
    drawState(cells[7], lane);
  });
}

function createQueue(each) {
  const name = `${each.queue}${each.tenant ? `, ${each.tenant}` : ""}`;
  return h("tr", {}, h("th", { scope: "row" }, each.queue), h("td", { "data-label": "Tenant" }, each.tenant ?? "all"),
    h("td", { "data-label": "Weight" }, h("span", { class: "stepper" }, h("button", { type: "button", "aria-label": `Less weight for ${name}` }, "−"), h("b"), h("button", { type: "button", "aria-label": `More weight for ${name}` }, "+"))),
    ...["At most running", "Rate", "At most waiting"].map((label) => h("td", { class: "number", "data-label": label })), h("td", { "data-label": "State" }), h("td", { class: "actions" }, h("div", { class: "row" }, h("button", { type: "button" }), h("button", { type: "button", "aria-label": `Drain ${name}` }, "Drain"), h("button", { type: "button", "aria-label": `Edit ${name}` }, "Edit"))));
}

async function save(each, changes) {
  await read(path(each)).then(({ tag }) => patch(path(each), tag, changes)).catch((failure) => toast(failure.message, { bad: true }));
  refresh();
}

async function operate(each, what) {
  await api(`${path(each)}/${what}`, {}).then(() => toast(`${each.queue} ${SAID[what]}`), (failure) => toast(failure.message, { bad: true }));
  refresh();
}

function drawTypes({ paused }) {
  if (paused.length === 0) {
    typeBox.replaceChildren(h("p", { class: "note" }, "No type of task is paused."));
    return;
  }
  if (!types.isConnected) {
    typeBox.replaceChildren(types);
  }
  follow(types, paused.map((each) => each.type ?? each), (type) => type, (type) => h("li", {}, h("span", { class: "what" }, type), h("button", { type: "button", onclick: () => api(`/api/types/${encodeURIComponent(type)}/resume`, {}).then(refresh) }, "Resume")), () => {});
}

function drawLimits(found) {
  if (found.limits.length === 0) {
    limitBox.replaceChildren(h("p", { class: "note" }, "Every limit key lets one task run at once."));
    return;
  }
  if (!limits.isConnected) {
    limitBox.replaceChildren(limits);
  }
  follow(limits, found.limits, (limit) => `${limit.project} ${limit.key}`, (limit) => h("li", {}, h("span", { class: "what" }, h("b", {}, limit.key), h("span", { class: "note" }, ` ${limit.project}`)), h("span", { class: "number" })), (row, limit) => setText(row.lastElementChild, `${count(limit.maxRunning)} at once`));
}

start();
const refresh = watch(["queues"], async () => {
  await load(queueBox, "the queues", () => api("/api/queues"), draw, 3);
  await load(typeBox, "the types", () => api("/api/types"), drawTypes, 1);
  await load(limitBox, "the limits", () => api("/api/limits"), drawLimits, 1);
});
Promise.all([may("queues:x"), may("queues:w")]).then((allowed) => {
  [mayAct, mayEdit] = allowed;
  refresh();
});
