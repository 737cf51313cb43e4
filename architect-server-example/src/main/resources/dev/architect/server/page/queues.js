// Where is it piling up?

import { level } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { count, plural } from "./format.js";
import { api, watch } from "./live.js";
import { start, toast } from "./shell.js";
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
      settings.push({ ...lane, weight: 1, maxRunning: null, rate: null, maxWaiting: null, paused: false });
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
    const word = each.paused ? "held" : "done";
    if (cells[6].firstElementChild?.dataset.kind !== word) {
      cells[6].replaceChildren(chip(word, each.paused ? "paused" : "open"));
    }
    const button = cells[7].querySelector("button");
    setText(button, each.paused ? "Resume" : "Pause");
    button.onclick = () => operate(each, each.paused ? "resume" : "pause");
  });
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
    const word = lane.paused ? "held" : "done";
    if (cells[7].firstElementChild?.dataset.kind !== word) {
      cells[7].replaceChildren(chip(word, lane.paused ? "paused" : "open"));
    }
  });
}

function createQueue(each) {
  const name = `${each.queue}${each.tenant ? `, ${each.tenant}` : ""}`;
  return h("tr", {}, h("th", { scope: "row" }, each.queue), h("td", { "data-label": "Tenant" }, each.tenant ?? "all"),
    h("td", { "data-label": "Weight" }, h("span", { class: "stepper" }, h("button", { type: "button", "aria-label": `Less weight for ${name}` }, "−"), h("b"), h("button", { type: "button", "aria-label": `More weight for ${name}` }, "+"))),
    ...["At most running", "Rate", "At most waiting"].map((label) => h("td", { class: "number", "data-label": label })), h("td", { "data-label": "State" }), h("td", { class: "actions" }, h("button", { type: "button" })));
}

async function save(each, change) {
  const { weight, maxRunning, rate, maxWaiting, paused } = { ...each, ...change };
  const given = Object.fromEntries(Object.entries({ weight, maxRunning, rate, maxWaiting, paused }).filter(([, value]) => value !== null && value !== undefined));
  await api(path(each), given, "PUT").catch((failure) => toast(failure.message, { bad: true }));
  refresh();
}

async function operate(each, what) {
  await api(`${path(each)}/${what}`, {}).then(() => toast(what === "pause" ? `${each.queue} starts no task. What runs goes on.` : `${each.queue} starts tasks again.`), (failure) => toast(failure.message, { bad: true }));
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
