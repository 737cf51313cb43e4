// Does it outlive the next failure?

import { level } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { ago, count, exact, moment, plural, took } from "./format.js";
import { icon } from "./icons.js";
import { api, watch } from "./live.js";
import { start, toast } from "./shell.js";
import { card, chip, load, sentence } from "./states.js";

const NODE_STATES = { live: ["done", "active"], draining: ["held", "draining"], dead: ["dead", "silent"], left: ["cancelled", "left"] };
const EVENTS = "node-joined,node-left,tasks-recovered,primary-changed,commits-lost";
const ROLES = { "architect.cron": "Schedules", "architect.retention": "Removal of old tasks", "architect.planner": "Planner", "architect.sweep": "Sweep" };
const SILENT_MILLIS = 4_000;

const verdict = h("div", { class: "card verdict", id: "verdict" }, h("span", { class: "mark", "data-kind": "warn" }, icon("warn")), h("div", { class: "what" }, h("h2", { id: "verdict-words" }, "Reading…"), h("p", { class: "note", id: "verdict-reasons" }, "\u00a0")));
const nodes = h("tbody", { id: "nodes" });
const roles = h("tbody", { id: "roles" });
const events = h("ol", { class: "activity", id: "events" });
const nodeBox = h("div", {});
const roleBox = h("div", {});
const eventBox = h("div", {});
const head = (...names) => h("thead", {}, h("tr", {}, ...names.map(([name, look]) => h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Actions")))));
const nodeTable = h("div", { class: "scroll" }, h("table", { class: "cards" }, head(["Node"], ["State"], ["Version"], ["Up", "number"], ["Last beat", "number"], ["Busy of slots", "number"], ["Load"], [""]), nodes));
const roleTable = h("div", { class: "scroll" }, h("table", { class: "cards" }, head(["Duty"], ["Holder"], ["Term", "number"]), roles));
let names = new Map();
let allNodes = [];

find("main").append(h(
  "div",
  { class: "stack-v" },
  verdict,
  card("Nodes", { look: "flush", id: "nodes-card" }, nodeBox),
  h("div", { class: "halves top-aligned" }, card("Who does what for all", { look: "flush", id: "roles-card" }, roleBox), card("What happened", { id: "events-card", note: "joins, failures, recoveries" }, eventBox)),
));

function drawVerdict(found) {
  const good = found.highlyAvailable && !found.split;
  const picture = verdict.querySelector(".mark");
  const kind = found.split ? "bad" : good ? "good" : "warn";
  if (picture.dataset.kind !== kind || picture.dataset.drawn !== "yes") {
    picture.dataset.kind = kind;
    picture.dataset.drawn = "yes";
    picture.replaceChildren(icon(good ? "check" : "warn"));
  }
  const living = allNodes.filter((node) => node.state === "live").length;
  const reason = found.reasons.map((each) => each.text).join("; ");
  setText(find("verdict-words"), found.split ? "Split: nodes that beat do not see each other" : good ? "Highly available: one machine may fail" : living <= 1 ? "Not highly available: one node; a failure stops work until it is started again" : "Not highly available");
  setText(find("verdict-reasons"), reason ? `Because ${reason}.` : good ? "Nothing speaks against it." : "\u00a0");
  sentence(good ? "Highly available" : "Not highly available");
}

function drawNodes(found) {
  allNodes = found.nodes;
  names = new Map(found.nodes.map((node) => [node.id, node.name]));
  const living = found.nodes.filter((node) => node.state === "live" || node.state === "draining");
  setText(document.querySelector("#nodes-card-title + .note"), `${plural(living.length, "node")}, ${count(living.reduce((sum, node) => sum + node.running, 0))} of ${plural(living.reduce((sum, node) => sum + node.slots, 0), "slot")} busy`);
  if (!nodeTable.isConnected) {
    nodeBox.replaceChildren(nodeTable);
  }
  follow(nodes, found.nodes, (node) => node.id, createNode, (row, node) => {
    const cells = row.children;
    const [kind, word] = node.order === "cordon" && node.state === "live" ? ["held", "cordoned"] : NODE_STATES[node.state] ?? ["ready", node.state];
    if (cells[1].firstElementChild?.textContent !== word) {
      cells[1].replaceChildren(chip(kind, word));
    }
    setText(cells[2], node.version || "–");
    setText(cells[3], took(new Date(node.endedAt ?? Date.now()) - new Date(node.joinedAt)));
    const silent = node.endedAt === null && node.sinceBeatMs > SILENT_MILLIS;
    setText(cells[4], node.endedAt ? ago(node.endedAt) : silent ? `silent for ${took(node.sinceBeatMs)}` : `${took(node.sinceBeatMs)} ago`);
    mark(row, "data-gone", silent || node.endedAt ? "" : null);
    setText(cells[5], `${count(node.running)} / ${count(node.slots)}`);
    level(cells[6].querySelector(".bar"), node.slots > 0 ? node.running / node.slots : 0);
    const works = node.endedAt === null;
    const [drain, cordon, back] = cells[7].querySelectorAll("button");
    drain.hidden = !works || node.order === "drain";
    cordon.hidden = !works || node.order !== "work";
    back.hidden = !works || node.order === "work";
  });
}

function createNode(node) {
  const button = (what, text) => h("button", { type: "button", onclick: () => operate(node, what) }, text);
  return h("tr", {}, h("th", { scope: "row" }, h("span", { class: "named" }, node.name, node.roles.length > 0 ? h("span", { class: "badge", "data-kind": "leader" }, icon("star"), h("span", {}, "leads")) : null), h("span", { class: "note" }, ` incarnation ${node.id}`)),
    h("td", { "data-label": "State" }), h("td", { "data-label": "Version" }), ...["Up", "Last beat", "Busy of slots"].map((name) => h("td", { class: "number", "data-label": name })),
    h("td", { "data-label": "Load" }, h("span", { class: "tally" }, h("span", { class: "bar" }))),
    h("td", { class: "actions" }, h("span", { class: "row" }, button("drain", "Drain"), button("cordon", "Cordon"), button("resume", "Take back"))));
}

async function operate(node, what) {
  try {
    await api(`/api/nodes/${node.id}/${what}`, {});
    const undo = what === "resume" ? null : h("button", { type: "button", onclick: (event) => {
      event.target.closest(".toast").remove();
      operate(node, "resume");
    } }, "Undo");
    toast({ drain: `${node.name} claims nothing more and hands back what is left.`, cordon: `${node.name} claims nothing more.`, resume: `${node.name} claims tasks again.` }[what], { button: undo });
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
  refresh();
}

function drawRoles(found) {
  if (found.roles.length === 0) {
    roleBox.replaceChildren(h("div", { class: "empty" }, h("p", {}, "No duty is held at the moment.")));
    return;
  }
  if (!roleTable.isConnected) {
    roleBox.replaceChildren(roleTable);
  }
  follow(roles, found.roles, (role) => role.name, (role) => h("tr", {}, h("th", { scope: "row", title: role.name }, ROLES[role.name] ?? role.name), h("td", { "data-label": "Holder" }), h("td", { class: "number", "data-label": "Term" })), (row, role) => {
    setText(row.children[1], role.holder === null ? "nobody" : names.get(role.holder) ?? `incarnation ${role.holder}`);
    setText(row.children[2], count(role.epoch));
  });
}

function drawEvents(found) {
  if (found.activities.length === 0) {
    eventBox.replaceChildren(h("p", { class: "note" }, "Nothing has happened to the nodes."));
    return;
  }
  if (!events.isConnected) {
    eventBox.replaceChildren(events);
  }
  follow(events, found.activities, (entry) => entry.sequence, (entry) => h("li", { "data-activity": entry.kind }, h("time", { datetime: entry.at, title: exact(entry.at) }, moment(entry.at)), h("span", { class: "what" }, entry.text)), () => {});
}

start();
const refresh = watch(["nodes"], async () => {
  await load(nodeBox, "the nodes", () => api("/api/nodes"), drawNodes, 2);
  await api("/api/cluster").then(drawVerdict, (failure) => setText(find("verdict-words"), `Could not load the state of the cluster: ${failure.message}`));
  await load(roleBox, "the duties", () => api("/api/roles"), drawRoles, 2);
});
watch(["activity"], () => load(eventBox, "the events", () => api(`/api/activity?kind=${EVENTS}&limit=20`), drawEvents, 3));
