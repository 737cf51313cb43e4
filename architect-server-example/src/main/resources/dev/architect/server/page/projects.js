// What is planned?

import { find, follow, h, setText } from "./dom.js";
import { exact, moment, plural } from "./format.js";
import { api, at, watch } from "./live.js";
import { action, dialog, key, start } from "./shell.js";
import { card, chip, empty, load, sentence } from "./states.js";

const STATES = { active: "done", paused: "held", archived: "cancelled", deleted: "cancelled" };

const rows = h("tbody", { id: "projects" });
const table = h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {},
  ...["Project", "Key", "Items are", "State", "Lead", "Changed"].map((name) => h("th", { scope: "col" }, name)))), rows));
const box = h("div", {});
const make = h("button", { type: "button", class: "primary", id: "new-project", onclick: openNew }, "New project");
const bring = h("button", { type: "button", id: "import-project", onclick: openImport }, "Import");

find("main").append(card("Projects", { look: "flush", id: "projects-card", tools: [bring, make] }, box));

function draw({ items }) {
  sentence(items.length === 0 ? "" : plural(items.length, "project"));
  if (items.length === 0) {
    box.replaceChildren(empty("No projects. A project keeps a board of items that tasks work on.", h("button", { type: "button", onclick: openNew }, "New project")));
    return;
  }
  if (!table.isConnected) {
    box.replaceChildren(table);
  }
  follow(rows, items, (each) => each.key, (each) => h("tr", {},
    h("th", { scope: "row" }, h("a", { href: at(`/p/${each.key}/board`) })), h("td", { "data-label": "Key" }, each.key),
    h("td", { "data-label": "Items are" }, `${each.prefix}-1, ${each.prefix}-2, …`), h("td", { "data-label": "State" }),
    h("td", { "data-label": "Lead" }), h("td", { "data-label": "Changed" })), (row, each) => {
    const cells = row.children;
    setText(cells[0].firstElementChild, each.title);
    if (cells[3].textContent !== each.state) {
      cells[3].replaceChildren(chip(STATES[each.state] ?? "ready", each.state));
    }
    setText(cells[4], each.lead ?? "–");
    setText(cells[5], moment(each.updatedAt));
    cells[5].title = exact(each.updatedAt);
  });
}

/** What a project can begin with: built-in templates, and the other projects. */
async function fillTemplates(select, note) {
  const notes = new Map();
  function say() {
    setText(note, notes.get(select.value) ?? "Its columns, labels, fields, shared views and milestones; none of its items.");
  }
  select.addEventListener("change", say);
  try {
    const [templates, projects] = await Promise.all([api("/api/project-templates"), api("/api/projects?limit=200")]);
    templates.items.forEach((each) => notes.set(each.name, each.description));
    select.append(...templates.items.map((each) => h("option", { value: each.name }, `${each.name}: ${each.columns.slice(0, 5).join(", ")}`)));
    if (projects.items.length > 0) {
      select.append(h("optgroup", { label: "As another project" }, ...projects.items.map((each) => h("option", { value: `project:${each.key}` }, each.title))));
    }
    say();
  } catch {
    // Without templates a project begins with the default.
    setText(note, "The templates cannot be read; it gets six columns.");
  }
}

function openNew() {
  const problem = h("p", { class: "note bad", role: "alert" });
  const title = h("input", { id: "project-title", required: true, maxlength: "200", autocomplete: "off" });
  const name = h("input", { id: "project-key", required: true, maxlength: "63", autocomplete: "off", spellcheck: "false" });
  const prefix = h("input", { id: "project-prefix", required: true, minlength: "2", maxlength: "6", autocomplete: "off", spellcheck: "false" });
  const template = h("select", { id: "project-template", "aria-describedby": "project-template-note" });
  const note = h("p", { class: "note", id: "project-template-note" });
  fillTemplates(template, note);
  let own = false;
  title.addEventListener("input", () => {
    if (!own) {
      const words = title.value.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
      name.value = words.slice(0, 63);
      prefix.value = words.replaceAll(/[^a-z]/g, "").slice(0, 4).toUpperCase();
    }
  });
  for (const field of [name, prefix]) {
    field.addEventListener("input", () => {
      own = true;
    });
  }
  const form = h("form", { id: "project-form", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const body = { key: name.value, prefix: prefix.value.toUpperCase(), title: title.value };
      if (template.value !== "") {
        body.template = template.value;
      }
      const made = await api("/api/projects", body);
      location.assign(at(`/p/${made.key}/board`));
    } catch (failure) {
      setText(problem, failure.message);
    }
  } },
  h("label", { for: "project-title" }, "Title"), title,
  h("label", { for: "project-key" }, "Key, as in addresses"), name,
  h("label", { for: "project-prefix" }, "Prefix of its items, 2 to 6 letters"), prefix,
  h("label", { for: "project-template" }, "Begins with"), template, note,
  problem, h("p", { class: "actions" }, h("button", { class: "primary" }, "Create"), h("button", { type: "button", onclick: () => box2.close() }, "Cancel")));
  const box2 = dialog("form", "New project", form);
  title.focus();
}

const FORMATS = { "vibe-kanban": "Vibe Kanban", "task-master": "task-master", github: "GitHub issues", architect: "Archive of Architect" };

/** Returns the bytes of a file in base 64. */
function encoded(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(new Error("The file cannot be read.")));
    reader.readAsDataURL(file);
  });
}

/** Shows what an import would do, or has done. */
function reported({ projects }) {
  return projects.flatMap((each) => [
    h("p", {}, h("strong", {}, each.project), ` (${each.prefix}): ${plural(each.items.added, "item")} added, ${each.items.changed} changed, ${each.items.same} the same, `
      + `${each.items.gone} deleted here; ${plural(each.added.comments, "comment")}, ${plural(each.added.links, "link")}, ${plural(each.added.files, "file")}`),
    ...(each.findings.length === 0 ? [] : [h("details", { open: each.findings.length <= 5 }, h("summary", {}, plural(each.findingsInAll, "finding")),
      h("ul", {}, ...each.findings.slice(0, 100).map((text) => h("li", {}, text))))]),
  ]);
}

function openImport() {
  const problem = h("p", { class: "note bad", role: "alert" });
  const report = h("div", { id: "import-report", "aria-live": "polite" });
  const from = h("select", { id: "import-from" }, ...Object.entries(FORMATS).map(([value, name]) => h("option", { value }, name)));
  const file = h("input", { id: "import-file", type: "file", required: true });
  const into = h("input", { id: "import-into", maxlength: "63", autocomplete: "off", spellcheck: "false" });
  const prefix = h("input", { id: "import-prefix", maxlength: "6", autocomplete: "off", spellcheck: "false" });
  const go = h("button", { type: "button", id: "import-run", disabled: true, onclick: () => send("", true) }, "Import");
  for (const field of [from, file, into, prefix]) {
    // What was seen is what is done: another file or name is looked at first.
    field.addEventListener("input", () => {
      go.disabled = true;
    });
  }
  async function send(path, done) {
    setText(problem, "");
    try {
      const body = { from: from.value, content: await encoded(file.files[0]) };
      for (const [name, field] of [["into", into], ["prefix", prefix]]) {
        if (field.value !== "") {
          body[name] = name === "prefix" ? field.value.toUpperCase() : field.value;
        }
      }
      const answer = await api(`/api/projects/import${path}`, body);
      report.replaceChildren(...reported(answer));
      go.disabled = done;
      if (done) {
        refresh();
      }
    } catch (failure) {
      go.disabled = true;
      report.replaceChildren();
      setText(problem, failure.message);
    }
  }
  const form = h("form", { id: "import-form", onsubmit: (event) => {
    event.preventDefault();
    send("/preview", false);
  } },
  h("label", { for: "import-from" }, "From"), from,
  h("label", { for: "import-file" }, "File"), file,
  h("label", { for: "import-into" }, "Project, by default that of the file"), into,
  h("label", { for: "import-prefix" }, "Prefix of its items, by default that of the file"), prefix,
  report, problem, h("p", { class: "actions" }, h("button", { class: "primary", id: "import-preview" }, "Preview"), go, h("button", { type: "button", onclick: () => shown.close() }, "Close")));
  const shown = dialog("form", "Import projects", form);
  from.focus();
}

start();
key("n", "New project", openNew);
action("New project", openNew, "n");
action("Import projects", openImport);
const refresh = watch(["projects"], () => load(box, "the projects", () => api("/api/projects?limit=200"), draw, 4));
addEventListener("pageshow", (event) => event.persisted && refresh());
