// What is known of an item beside its text, each to be changed where it stands.

import { h } from "./dom.js";
import { count, exact, moment, plural, usd } from "./format.js";
import { actor, kindMark, nameOf } from "./planning.js";

const KINDS = ["feature", "bug", "chore"];
const SEVERITIES = ["critical", "major", "minor", "trivial"];
const SIZES = ["xs", "s", "m", "l", "xl"];
const TYPES = { number: "number", date: "date" };

function choice(id, name, values, current, save) {
  const field = h("select", { id, "aria-label": name, onchange: () => save(field.value === "" ? null : field.value) }, ...values.map(([value, words]) => h("option", { value, selected: value === (current ?? "") }, words)));
  return field;
}

function typed(id, name, current, save, type = "text", list = null) {
  const field = h("input", { id, type, "aria-label": name, value: current ?? "", autocomplete: "off", list, onchange: () => save(field.value.trim() === "" ? null : field.value.trim()) });
  return field;
}

/** Names and choices of a list, of which the first one means none. */
const orNone = (values, words = "–") => [["", words], ...values];

const listOf = (text) => (text ?? "").split(",").map((each) => each.trim()).filter(Boolean);

/**
 * Returns the terms and values. `known` has the columns, labels, custom fields and milestones of the project; `save` changes fields of the item,
 * `move` its column.
 */
export function itemFacts(item, cost, known, save, move) {
  const row = (term, value) => [h("dt", { class: "note" }, term), h("dd", {}, value)];
  const labels = (item.labels ?? []).map((id) => known.labels.find((each) => each.id === id)?.name ?? id);
  const column = choice("item-column", "Column", known.columns.map(({ id, title }) => [id, title]), item.column, move);
  const own = known.fields.map((field) => {
    const value = item.fields?.[field.id];
    const change = (wanted) => save({ fields: { [field.id]: wanted } });
    const id = `item-field-${field.id}`;
    const choices = field.kind === "flag" ? ["true", "false"] : field.choices ?? [];
    return row(field.name, field.kind === "choice" || field.kind === "flag" ? choice(id, field.name, orNone(choices.map((each) => [each, each])), value, change) : typed(id, field.name, value, change, TYPES[field.kind]));
  });
  return [
    ...row("Kind", h("span", { class: "line" }, kindMark(item.kind), choice("item-kind", "Kind", KINDS.map((each) => [each, each]), item.kind, (kind) => save(kind === "bug" ? { kind } : { kind, severity: null })))),
    ...row("Column", column),
    ...row("Priority", choice("item-priority", "Priority", Array.from({ length: 10 }, (unused, level) => [String(level), `P${level}`]), String(item.priority), (level) => save({ priority: Number(level) }))),
    ...(item.kind === "bug" ? row("Severity", choice("item-severity", "Severity", orNone(SEVERITIES.map((each) => [each, each])), item.severity, (severity) => save({ severity }))) : []),
    ...row("Size", choice("item-size", "Size", orNone(SIZES.map((each) => [each, each.toUpperCase()])), item.size, (size) => save({ size }))),
    ...row("Due", typed("item-due", "Due", item.due, (due) => save({ due }), "date")),
    ...row("Milestone", choice("item-milestone", "Milestone", orNone(known.milestones.map(({ id, title }) => [id, title])), item.milestone, (milestone) => save({ milestone }))),
    ...row("Assigned", h("span", {}, ...(item.assignees ?? []).map(actor), typed("item-assignees", "Assigned, such as person:ada, agent:coder", (item.assignees ?? []).join(", "), (text) => save({ assignees: listOf(text) })))),
    ...row("Labels", h("span", {}, typed("item-labels", "Labels, with commas between", labels.join(", "), (text) => save({ labels: listOf(text) }), "text", "known-labels"), h("datalist", { id: "known-labels" }, ...known.labels.map(({ name }) => h("option", { value: name }))))),
    ...own.flat(),
    ...row("Worker", typed("item-worker", "Worker: the type of the tasks that work on it", item.worker, (worker) => save({ worker }))),
    ...row("Done when", typed("item-check", "Done when", item.check, (check) => save({ check }))),
    ...row("Cost", `${usd(cost.costUsd)}${cost.unpricedCalls > 0 ? `, ${plural(cost.unpricedCalls, "call")} unpriced` : ""}`),
    ...row("Calls", `${count(cost.calls)} of ${plural(cost.tasks, "task")}`), ...row("Tokens", `${count(cost.inputTokens)} in, ${count(cost.outputTokens)} out`),
    ...row("Made", h("span", { title: exact(item.createdAt) }, `${moment(item.createdAt)} by ${nameOf(item.createdBy)}`)), ...row("Version", String(item.version)),
  ];
}
