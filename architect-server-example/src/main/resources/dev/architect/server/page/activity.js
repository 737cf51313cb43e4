// What has changed?

import { find, follow, h, query, setQuery, setText } from "./dom.js";
import { count, date, exact, time, words } from "./format.js";
import { api, at, watch } from "./live.js";
import { start } from "./shell.js";
import { failed, sentence } from "./states.js";
import { savedViews } from "./views.js";

const PAGE = 50;
const KINDS = [
  "task-dead", "task-cancelled", "task-expired", "task-held", "task-resumed", "task-edited", "task-redriven", "attempt-ended", "call-failed", "failed-over", "answer-rejected",
  "breaker-changed", "budget-reached", "price-missing", "price-aged", "queue-changed", "type-paused", "type-resumed", "session-opened", "session-draining", "session-closed", "node-joined", "node-left", "tasks-recovered",
  "primary-changed", "commits-lost", "activity-given-up",
];

let kind = query().get("kind") ?? "";
let entries = [];
let next = null;

const kinds = h("select", { id: "activity-kind", "data-filter": "", autocomplete: "off" }, h("option", { value: "" }, "all, newest first"), ...KINDS.map((each) => h("option", { value: each, selected: each === kind }, words(each))));
const list = h("ol", { class: "activity", id: "activity" });
const fresh = h("button", { type: "button", id: "fresh", hidden: true, onclick: () => read() });
const more = h("button", { type: "button", id: "older", hidden: true, onclick: () => read(next) }, "Older");
const nothing = h("p", { class: "note", id: "activity-empty", hidden: true });
const box = h("section", { class: "card", "aria-label": "Activity" }, h("div", { class: "title" }, h("label", { class: "choice" }, "Kind ", kinds), h("span", { class: "spring" }), fresh, savedViews("activity")), list, nothing, more);
find("main").append(box);

kinds.addEventListener("change", () => {
  kind = kinds.value;
  setQuery({ kind }, true);
  read();
});

async function read(before = null) {
  const asked = kind;
  box.querySelector(":scope > .failed")?.remove();
  try {
    const answer = await ask(before);
    if (asked === kind) {
      entries = before === null ? answer.activities : [...entries, ...answer.activities];
      next = answer.next;
      fresh.hidden = true;
      draw();
    }
  } catch (failure) {
    box.append(failed("the activity", failure, () => read(before)));
  }
}

function ask(before = null) {
  return api(`/api/activity?limit=${PAGE}${kind ? `&kind=${kind}` : ""}${before === null ? "" : `&before=${before}`}`);
}

function draw() {
  list.hidden = entries.length === 0;
  nothing.hidden = entries.length > 0;
  more.hidden = next === null;
  setText(nothing, kind === "" ? "Nothing unusual has happened yet. Ordinary tasks are not listed here; what fails or changes is." : `Nothing of the kind “${words(kind)}” has happened.`);
  sentence(`${count(entries.length)}${next === null ? "" : " newest"} entries of what was not routine`);
  follow(list, entries, (entry) => entry.sequence, (entry) => h(
    "li",
    { "data-activity": entry.kind, id: `entry-${entry.sequence}` },
    h("time", { datetime: entry.at, title: exact(entry.at) }, `${new Date(entry.at).toDateString() === new Date().toDateString() ? "" : `${date(entry.at)} `}${time(entry.at)}`),
    h("span", { class: "what clamp three", title: entry.text }, h("span", { class: "note" }, `${words(entry.kind)} `), entry.text),
    entry.task ? h("a", { class: "mono", href: at(`/tasks/${entry.task}`) }, entry.task) : null,
  ), () => {});
}

/** New entries wait behind a button, so that nothing moves; the first ones come at once. */
async function look() {
  const answer = await ask().catch(() => null);
  if (answer === null) {
    return;
  }
  const newest = entries[0]?.sequence ?? 0;
  const unseen = answer.activities.filter((entry) => entry.sequence > newest).length;
  if (entries.length === 0 || scrollY === 0 && !list.matches(":hover") && !list.contains(document.activeElement)) {
    if (unseen > 0 && entries.length <= PAGE) {
      entries = answer.activities;
      next = answer.next;
      draw();
      return;
    }
  }
  fresh.hidden = unseen === 0;
  setText(fresh, `${count(unseen)} new`);
}

start();
read();
watch(["activity"], look);
