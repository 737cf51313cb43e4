// What is promised, and will it be kept? The milestones of a project.

import { find, follow, h, setText } from "./dom.js";
import { exact, moment } from "./format.js";
import { api, at, watch } from "./live.js";
import { day, health, milestonePage, progress, projectTabs } from "./planning.js";
import { action, dialog, key, may, start } from "./shell.js";
import { card, chip, empty, load, sentence } from "./states.js";

const project = decodeURIComponent(location.pathname.split("/").at(-2));
const path = `/api/projects/${encodeURIComponent(project)}`;
const COUNTED = 20;
const ORDER = ["active", "missed", "planned", "reached", "dropped"];
const CHIPS = { planned: "scheduled", active: "running", reached: "done", missed: "dead", dropped: "cancelled" };

const rows = h("tbody", { id: "milestones" });
const table = h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {},
  ...["Milestone", "State", "Target", "Done", "Health", "Changed"].map((name) => h("th", { scope: "col" }, name)))), rows));
const box = h("div", {});
const make = h("button", { type: "button", class: "primary", id: "new-milestone", onclick: openNew, hidden: true }, "New milestone");

find("main").append(projectTabs(project, "milestones"), card("Milestones", { look: "flush", id: "milestones-card", tools: [make] }, box));

async function read() {
  const [owner, { items }] = await Promise.all([api(path), api(`${path}/milestones`)]);
  const inOrder = items.sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || (one.target ?? "9999").localeCompare(other.target ?? "9999"));
  const counted = await Promise.all(inOrder.slice(0, COUNTED).map((each) => progress(project, each.id)));
  return { owner, found: inOrder.map((each, place) => ({ ...each, counts: counted[place] ?? null })) };
}

function draw({ owner, found }) {
  document.title = `Milestones of ${owner.title} · Architect`;
  const open = found.filter(({ state }) => state === "active").length;
  sentence(found.length === 0 ? "" : `${open} active of ${found.length}`);
  if (found.length === 0) {
    box.replaceChildren(empty("No milestones. A milestone is a date with the items that are promised for it.", h("button", { type: "button", onclick: openNew, hidden: make.hidden }, "New milestone")));
    return;
  }
  if (!table.isConnected) {
    box.replaceChildren(table);
  }
  follow(rows, found, (each) => each.id, (each) => h("tr", {},
    h("th", { scope: "row" }, h("a", { href: milestonePage(project, each.id) })), h("td", { "data-label": "State" }), h("td", { "data-label": "Target" }),
    h("td", { "data-label": "Done" }), h("td", { "data-label": "Health" }), h("td", { "data-label": "Changed" })), (row, each) => {
    const cells = row.children;
    setText(cells[0].firstElementChild, each.title);
    if (cells[1].textContent !== each.state) {
      cells[1].replaceChildren(chip(CHIPS[each.state], each.state));
    }
    setText(cells[2], each.target ? day(each.target) : "none");
    setText(cells[3], each.counts ? `${each.counts.done} of ${each.counts.scope}` : "–");
    const judged = each.counts ? health(each, each.counts, each.counts.days) : { words: "not counted here", why: "Only the first milestones of the list are counted.", kind: "" };
    setText(cells[4], judged.words);
    cells[4].className = judged.kind === "bad" ? "bad-text" : "";
    cells[4].title = judged.why;
    setText(cells[5], moment(each.updatedAt));
    cells[5].title = exact(each.updatedAt);
  });
}

function openNew() {
  if (make.hidden) {
    return;
  }
  const problem = h("p", { class: "note bad", role: "alert" });
  const title = h("input", { id: "milestone-title", required: true, maxlength: "200", autocomplete: "off" });
  const target = h("input", { id: "milestone-target", type: "date" });
  const description = h("textarea", { id: "milestone-description", rows: "3" });
  const form = h("form", { id: "milestone-form", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const made = await api(`${path}/milestones`, { title: title.value, description: description.value, ...(target.value ? { target: target.value } : {}) });
      location.assign(milestonePage(project, made.id));
    } catch (failure) {
      setText(problem, failure.message);
    }
  } },
  h("label", { for: "milestone-title" }, "Title"), title,
  h("label", { for: "milestone-target" }, "Target date, if there is one"), target,
  h("label", { for: "milestone-description" }, "What it is"), description,
  problem, h("p", { class: "actions" }, h("button", { class: "primary" }, "Create"), h("button", { type: "button", onclick: () => sheet.close() }, "Cancel")));
  const sheet = dialog("form", "New milestone", form);
  title.focus();
}

start();
key("n", "New milestone", openNew);
key("b", "The board", () => location.assign(at(`/p/${project}/board`)));
action("New milestone", openNew, "n");
const refresh = watch([`project:${project}`], () => load(box, "the milestones", read, draw, 4));
may("projects:w").then((allowed) => {
  make.hidden = !allowed;
  if (allowed) {
    refresh();
  }
});
