// Are there enough hands, and why so many?

import { change } from "./change.js";
import { level } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { count, exact, moment, percent, plural } from "./format.js";
import { api, watch } from "./live.js";
import { may, start, toast } from "./shell.js";
import { card, load, sentence } from "./states.js";

const pools = h("tbody", { id: "pools" });
const sessions = h("tbody", { id: "sessions" });
const steps = h("ol", { class: "activity", id: "steps" });
const poolBox = h("div", {});
const sessionBox = h("div", {});
const stepBox = h("div", {});
const head = (...names) => h("thead", {}, h("tr", {}, ...names.map(([name, look]) => h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Actions")))));
let mayLimit = false;
const scroll = (table) => h("div", { class: "scroll" }, table);

find("main").append(h(
  "div",
  { class: "stack-v" },
  card("Pools", { look: "flush", id: "pools-card", note: "over all nodes, as each has reported it last" }, poolBox),
  h("div", { class: "split top-aligned" },
    card("Sessions", { look: "flush", id: "sessions-card" }, sessionBox),
    card("Steps", { id: "steps-card", note: "sessions that were opened and closed, each with its cause" }, stepBox)),
));
const poolTable = scroll(h("table", { class: "cards" }, head(["Pool"], ["Nodes", "number"], ["Sessions", "number"], ["Busy of slots", "number"], ["Load"], ["Least, most", "number"], ["Slots of one", "number"], [""]), pools));
const sessionTable = scroll(h("table", { class: "cards" }, head(["Session"], ["Pool"], ["Node"], ["Busy of slots", "number"], ["Load"]), sessions));

function meter(row, busy, slots) {
  level(row.querySelector(".bar"), slots > 0 ? busy / slots : 0);
  mark(row.querySelector(".bar"), "data-kind", slots > 0 && busy === slots ? "warn" : null);
}

const meterCell = () => h("td", { "data-label": "Load" }, h("span", { class: "tally" }, h("span", { class: "bar" })));

function drawPools(found) {
  if (found.pools.length === 0) {
    poolBox.replaceChildren(h("div", { class: "empty" }, h("p", {}, "There is no pool: no living node performs tasks.")));
    return;
  }
  if (!poolTable.isConnected) {
    poolBox.replaceChildren(poolTable);
  }
  follow(pools, found.pools, (pool) => pool.kind, (pool) => h("tr", {}, h("th", { scope: "row" }, pool.kind), h("td", { class: "number", "data-label": "Nodes" }), h("td", { class: "number", "data-label": "Sessions" }), h("td", { class: "number", "data-label": "Busy" }), meterCell(),
    h("td", { class: "number", "data-label": "Least, most" }), h("td", { class: "number", "data-label": "Slots of one" }), h("td", { class: "actions" }, h("button", { type: "button", "aria-label": `Limits of ${pool.kind}`, onclick: () => open(pool.kind) }, "Limits"))), (row, pool) => {
    setText(row.children[1], count(pool.nodes));
    setText(row.children[2], count(pool.sessionCount));
    setText(row.children[3], `${count(pool.busy)} / ${count(pool.slots)}`);
    meter(row, pool.busy, pool.slots);
    setText(row.children[5], `${pool.minSessions ?? "–"}, ${pool.maxSessions ?? "–"}`);
    setText(row.children[6], pool.slotsPerSession ?? "–");
    mark(row, "title", pool.changed.length > 0 ? "Limits were set here, in place of what the nodes were configured with." : null);
    row.children[7].firstElementChild.hidden = !mayLimit;
  });
  const busy = found.pools.reduce((sum, pool) => sum + pool.busy, 0);
  const slots = found.pools.reduce((sum, pool) => sum + pool.slots, 0);
  sentence(`${count(busy)} of ${plural(slots, "slot")} busy${slots > 0 ? ` (${percent((100 * busy) / slots)})` : ""}`);
}

function open(kind) {
  const limit = (name, label, max) => ({ name, label, number: true, type: "number", min: "1", max, placeholder: "as configured" });
  return change(`Limits of ${kind} on every node`, `/api/pools/${encodeURIComponent(kind)}`, {
    fields: [limit("minSessions", "At least, sessions", "100"), limit("maxSessions", "At most, sessions", "100"), limit("slotsPerSession", "Slots of a session", "128")],
    note: "An empty field is left to the configuration of each node. Sessions beyond the most take nothing more, and end when they run nothing any more.",
    done: refresh,
  }).catch((failure) => toast(failure.message, { bad: true }));
}

function drawSessions(found) {
  if (found.sessions.length === 0) {
    sessionBox.replaceChildren(h("div", { class: "empty" }, h("p", {}, "No session is open: nothing waits, or no living node performs tasks.")));
    return;
  }
  if (!sessionTable.isConnected) {
    sessionBox.replaceChildren(sessionTable);
  }
  follow(sessions, found.sessions, (each) => `${each.incarnation}/${each.name}`, (each) => h("tr", {}, h("th", { scope: "row" }, each.name), h("td", { "data-label": "Pool" }, each.kind), h("td", { "data-label": "Node" }, each.node), h("td", { class: "number", "data-label": "Busy" }), meterCell()), (row, each) => {
    setText(row.children[3], `${count(each.busy)} / ${count(each.slots)}`);
    meter(row, each.busy, each.slots);
  });
}

function drawSteps(found) {
  if (found.activities.length === 0) {
    stepBox.replaceChildren(h("p", { class: "note" }, "The pools have not changed."));
    return;
  }
  if (!steps.isConnected) {
    stepBox.replaceChildren(steps);
  }
  follow(steps, found.activities, (entry) => entry.sequence, (entry) => h("li", {}, h("time", { datetime: entry.at, title: exact(entry.at) }, moment(entry.at)), h("span", { class: "what" }, entry.text)), () => {});
}

start();
const refresh = watch(["sessions"], async () => {
  await load(poolBox, "the pools", () => api("/api/pools"), drawPools, 2);
  await load(sessionBox, "the sessions", () => api("/api/sessions"), drawSessions, 3);
});
watch(["activity"], () => load(stepBox, "the steps", () => api("/api/activity?kind=session-opened,session-closed&limit=30"), drawSteps, 3));
may("sessions:w").then((allowed) => {
  mayLimit = allowed;
  refresh();
});
