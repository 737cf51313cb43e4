// Several items at once: who does them, what they are called, how urgent they are. Each is changed from the version that was seen.

import { h } from "./dom.js";
import { plural } from "./format.js";
import { api } from "./live.js";
import { change, nameOf } from "./planning.js";
import { dialog, toast } from "./shell.js";

/** Asks in a dialog; `fields` are its inputs, and what `read` makes of them is handed to `work`. */
function ask(title, fields, read, work) {
  const form = h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const value = read();
    box.close();
    await work(value);
  } }, ...fields, h("p", { class: "actions" }, h("button", { class: "primary", id: "bulk-do" }, "Change"), h("button", { type: "button", onclick: () => box.close() }, "Cancel")));
  const box = dialog("form", title, form);
  form.querySelector("input, select")?.focus();
}

const what = (items) => (items.length === 1 ? items[0].key : plural(items.length, "item"));

/** Changes fields of all alike in one step; says what was refused, and leaves that as it is. */
async function changeAll(project, items, fields) {
  try {
    const { items: outcomes } = await api("/api/items/bulk", { project, items: items.map(({ id, version }) => ({ id, version })), change: fields });
    const refused = outcomes.filter(({ code }) => code);
    if (refused.length > 0) {
      toast(`${outcomes.length - refused.length} changed, ${refused.length} not: ${refused[0].detail}`, { bad: true });
    } else {
      toast(`${plural(outcomes.length, "item")} changed.`);
    }
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

/** Who is to do them. */
export async function assign(project, items, known, done) {
  const me = await api("/api/me").catch(() => null);
  const people = [...new Set([...(me?.name ? [`person:${me.name}`] : []), ...known.flatMap((each) => each.assignees ?? [])])];
  const field = h("input", { id: "assign-to", list: "assign-known", autocomplete: "off", spellcheck: "false", value: items.length === 1 ? (items[0].assignees ?? []).join(", ") : people[0] ?? "" });
  ask(`Assign ${what(items)} to`, [
    h("label", { for: "assign-to" }, "People and agents, such as person:ada, agent:coder; nothing for nobody"), field,
    h("datalist", { id: "assign-known" }, ...people.map((each) => h("option", { value: each }, nameOf(each)))),
  ], () => field.value.split(",").map((each) => each.trim()).filter(Boolean), async (assignees) => {
    await changeAll(project, items, { assignees });
    await done();
  });
}

/** How urgent they are. */
export function prioritise(project, items, done) {
  const field = h("select", { id: "priority-to", "aria-label": "Priority" }, ...Array.from({ length: 10 }, (unused, level) => h("option", { value: level, selected: level === items[0].priority }, `P${level}`)));
  ask(`Priority of ${what(items)}`, [field], () => Number(field.value), async (priority) => {
    await changeAll(project, items, { priority });
    await done();
  });
}

/** What they are called: a label that all have is checked, one that some have is left as it is unless it is touched. */
export function label(items, labels, done) {
  const touched = new Map();
  const boxes = labels.map((each) => {
    const having = items.filter((item) => (item.labels ?? []).includes(each.id)).length;
    const box = h("input", { type: "checkbox", "data-label": each.name, checked: having === items.length, onchange: () => touched.set(each.id, box.checked) });
    box.indeterminate = having > 0 && having < items.length;
    return h("label", {}, box, ` ${each.name}`);
  });
  ask(`Labels of ${what(items)}`, boxes.length === 0 ? [h("p", { class: "note" }, "The project has no labels.")] : boxes, () => touched, async () => {
    let changed = 0;
    for (const item of touched.size === 0 ? [] : items) {
      const own = new Set(item.labels ?? []);
      touched.forEach((wanted, id) => (wanted ? own.add(id) : own.delete(id)));
      try {
        await change(item, { labels: [...own] }, async () => true);
        changed += 1;
      } catch (failure) {
        toast(`${item.key}: ${failure.message}`, { bad: true });
      }
    }
    if (changed > 0) {
      toast(`${plural(changed, "item")} changed.`);
    }
    await done();
  });
}
