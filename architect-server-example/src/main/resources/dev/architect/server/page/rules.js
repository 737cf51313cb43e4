// What may be done without a person? The rules, an editor that tries them on actions and on what was decided, and rules that approvals suggest.

import { find, follow, h, query, setQuery, setText } from "./dom.js";
import { ago, exact, moment, plural } from "./format.js";
import { api, at, watch } from "./live.js";
import { action, key, may, start, toast, undoable } from "./shell.js";
import { card, chip, empty, load, sentence } from "./states.js";

const SUGGEST_MILLIS = 5_000;
const path = "/api/approval-rules";
const DECISIONS = 200;
const LOOKS = { allow: "done", ask: "held", deny: "dead" };
const TEMPLATE = { id: "", decision: "allow", run: ["git", ["log", "show"]], options: ["--oneline", "--stat", "-n N"], operands: "ref, path-read", because: "", examples: { match: [["git", "log", "--stat"]], differ: [["git", "log", "--output=x"]] } };

let rules = [];
let chosen = null;
let saved = "";
let tried = "";
let mayWrite = false;

// --- the list ---

const rows = h("tbody", { id: "rules" });
const table = h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {},
  ...["Rule", "Decides", "About", "In force", "Used", "Changed"].map((name) => h("th", { scope: "col" }, name)))), rows));
const box = h("div", {});
const fixed = h("details", { id: "installation", hidden: true }, h("summary", {}), h("ul", { class: "rows" }));
const make = h("button", { type: "button", class: "primary", id: "new-rule", onclick: openNew, hidden: true }, "New rule");

// --- the editor ---

const text = h("textarea", { id: "rule-text", class: "mono", rows: "14", spellcheck: "false", autocomplete: "off", "aria-describedby": "rule-problem" });
const problem = h("p", { class: "note bad", id: "rule-problem", role: "alert" });
const state = h("p", { class: "note", id: "rule-state", role: "status" });
const keep = h("button", { type: "button", class: "primary", id: "keep", onclick: keepRule }, "Keep");
const dry = h("button", { type: "button", id: "dry-run", onclick: dryRun }, "Dry run");
const enable = h("button", { type: "button", id: "enable", onclick: toggle }, "Put in force");
const remove = h("button", { type: "button", id: "delete-rule", onclick: forget }, "Delete");
const result = h("div", { id: "dry-result" });
const editor = card("Editor", { id: "editor" }, h("label", { for: "rule-text" }, "The rule in JSON"), text, problem, state,
  h("p", { class: "row" }, dry, keep, enable, remove), result);

// --- the check ---

const kind = h("select", { id: "check-kind" }, ...[["shell", "Command"], ["edit", "Write a file"], ["read", "Read a file"], ["fetch", "Fetch a URL"], ["tool", "Call a tool"]].map(([value, words]) => h("option", { value }, words)));
const what = h("input", { id: "check-text", required: true, maxlength: "20000", autocomplete: "off", spellcheck: "false", placeholder: "git log --oneline" });
const folder = h("input", { id: "check-folder", maxlength: "4000", autocomplete: "off", spellcheck: "false", placeholder: "the workspace" });
const withDraft = h("input", { type: "checkbox", id: "check-draft" });
const answer = h("div", { id: "check-answer", role: "status" });
const check = card("Check an action", { id: "check" }, h("form", { id: "check-form", onsubmit: checkAction },
  h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: "check-kind" }, "What"), kind), h("div", { class: "field" }, h("label", { for: "check-folder" }, "In the folder"), folder)),
  h("div", { class: "field" }, h("label", { for: "check-text" }, "Command, path, address or name"), what),
  h("p", { class: "row" }, h("button", {}, "Check"), h("label", { class: "row" }, withDraft, "with the rule in the editor beside the others"))), answer);

// --- proposals ---

const proposals = h("ul", { class: "rows", id: "proposals" });
const suggested = h("div", {});

find("main").append(h("div", { class: "stack-v" }, card("Rules", { look: "flush", id: "rules-card", tools: [make] }, box, fixed),
  h("div", { class: "split" }, editor, h("div", { class: "stack-v" }, check, card("Proposals", { id: "proposals-card", note: "from what people approved three times" }, suggested)))));

/** What a rule is about, in a line. */
function about(rule) {
  if (rule.run) {
    return rule.run.map((word) => (Array.isArray(word) ? word.join("|") : word)).join(" ") + (rule.hasOption ? ` with ${rule.hasOption.join(", ")}` : "");
  }
  for (const [name, words] of [["read", "read"], ["write", "write"], ["tool", "call"]]) {
    if (rule[name]) {
      return `${words} ${[rule[name]].flat().join(", ")}`;
    }
  }
  return rule.fetch ? `${rule.fetch.method ?? "any"} ${rule.fetch.scheme ?? ""}://${rule.fetch.host ?? "any"}` : "";
}

async function read() {
  const [found, decided] = await Promise.all([api(path), api(`/api/approval-decisions?limit=${DECISIONS}`)]);
  const used = new Map();
  for (const one of decided.decisions) {
    for (const id of one.rules) {
      const known = used.get(id) ?? { times: 0, last: one.at };
      used.set(id, { times: known.times + 1, last: known.last > one.at ? known.last : one.at });
    }
  }
  return { ...found, used };
}

function draw({ rules: found, installation, used }) {
  rules = found;
  const inForce = rules.filter(({ enabled }) => enabled).length;
  sentence(`${inForce} of ${plural(rules.length, "rule")} in force, ${installation.length} of the installation`);
  fixed.hidden = installation.length === 0;
  setText(fixed.firstElementChild, `${plural(installation.length, "rule")} of the installation, which nobody changes here`);
  follow(fixed.lastElementChild, installation, (each) => each.id, (each) => h("li", {}, chip(LOOKS[each.decision], each.decision), h("span", { class: "what" }, h("b", {}, each.id), h("p", { class: "note" }, about(each))), h("span", { class: "note", "data-part": "used" })), (row, each) => {
    setText(row.querySelector("[data-part=used]"), usedWords(used.get(each.id)));
  });
  if (rules.length === 0) {
    box.replaceChildren(empty("Nobody has made a rule here. Without one, whatever the installation does not decide is asked."));
  } else if (!table.isConnected) {
    box.replaceChildren(table);
  }
  follow(rows, rules, (each) => each.id, (each) => h("tr", {},
    h("th", { scope: "row" }, h("button", { type: "button", onclick: () => open(each.id) }, each.id)), h("td", { "data-label": "Decides" }), h("td", { class: "cut", "data-label": "About" }),
    h("td", { "data-label": "In force" }), h("td", { "data-label": "Used" }), h("td", { "data-label": "Changed" })), (row, each) => {
    const cells = row.children;
    row.toggleAttribute("data-selected", chosen === each.id);
    cells[0].firstElementChild.setAttribute("aria-pressed", String(chosen === each.id));
    if (cells[1].textContent !== each.rule.decision) {
      cells[1].replaceChildren(chip(LOOKS[each.rule.decision], each.rule.decision));
    }
    setText(cells[2], about(each.rule));
    cells[2].title = each.rule.because ?? "";
    setText(cells[3], each.enabled ? (each.run ? `in the run ${each.run}` : "yes") : each.tried ? "no, tried" : "no, not tried");
    setText(cells[4], usedWords(used.get(each.id)));
    setText(cells[5], `${moment(each.changedAt)} by ${each.author}`);
    cells[5].title = exact(each.changedAt);
  });
  if (chosen !== null && !rules.some(({ id }) => id === chosen)) {
    say("This rule is gone; what is here can be kept as a new one.");
    chosen = null;
  }
  buttons();
}

function usedWords(found) {
  return found ? `${found.times} of the last ${DECISIONS} decisions, ${ago(found.last)}` : `in none of the last ${DECISIONS} decisions`;
}

const current = () => rules.find(({ id }) => id === chosen) ?? null;

function open(id) {
  chosen = id;
  setQuery({ rule: id });
  const rule = current();
  saved = JSON.stringify(rule.rule, null, 2);
  text.value = saved;
  tried = "";
  setText(problem, "");
  result.replaceChildren();
  say(rule.rule.because ?? "");
  rows.querySelectorAll("tr").forEach((row) => row.toggleAttribute("data-selected", row.dataset.key === id));
  buttons();
  text.focus();
}

function openNew() {
  if (!mayWrite) {
    return;
  }
  chosen = null;
  saved = "";
  setQuery({ rule: "" });
  text.value = JSON.stringify(TEMPLATE, null, 2);
  result.replaceChildren();
  setText(problem, "");
  say("Give it an id, and name all that it allows: what is not named does not match.");
  buttons();
  text.focus();
  text.setSelectionRange(text.value.indexOf('""') + 1, text.value.indexOf('""') + 1);
}

function say(words) {
  setText(state, words);
}

function buttons() {
  const rule = current();
  const changed = text.value !== saved;
  [keep, dry].forEach((each) => {
    each.hidden = !mayWrite;
  });
  keep.disabled = !changed || text.value.trim() === "";
  dry.disabled = text.value.trim() === "";
  setText(keep, rule === null ? "Keep" : "Keep the change");
  enable.hidden = !mayWrite || rule === null;
  remove.hidden = enable.hidden;
  if (rule !== null) {
    setText(enable, rule.enabled ? "Take out of force" : "Put in force");
    enable.disabled = changed || (!rule.enabled && !rule.tried && rule.rule.decision === "allow");
    enable.title = changed ? "The change is not kept yet" : enable.disabled ? "It needs a dry run of this version first" : "";
  }
}

/** The rule in the editor, or null when it is no JSON; where it is wrong is said with line and column. */
function parsed() {
  try {
    const rule = JSON.parse(text.value);
    setText(problem, "");
    return rule;
  } catch (wrong) {
    const [, line, column] = /line (\d+) column (\d+)/.exec(wrong.message) ?? placeOf(/position (\d+)/.exec(wrong.message)?.[1] ?? text.value.length);
    setText(problem, `Line ${line}, column ${column}: this is no JSON. ${wrong.message.split(/ at position| in JSON| \(line/)[0]}.`);
    select(line);
    return null;
  }
}

function placeOf(position) {
  const before = text.value.slice(0, Number(position)).split("\n");
  return [null, before.length, before.at(-1).length + 1];
}

function select(line) {
  const lines = text.value.split("\n");
  const begin = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  text.focus();
  text.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
}

/** Says what the server refuses, with the line of the field that it names. */
function refused(failure) {
  const pointer = failure.problem?.errors?.[0]?.pointer ?? failure.problem?.pointer ?? "";
  const name = pointer.split("/").filter((each) => each !== "" && !/^\d+$/.test(each)).at(-1);
  const line = name === undefined ? -1 : text.value.split("\n").findIndex((each) => each.includes(`"${name}"`));
  setText(problem, `${line >= 0 ? `Line ${line + 1}: ` : ""}${failure.status === 412 ? "Somebody has changed this rule meanwhile. Open it again." : failure.message}`);
  if (line >= 0) {
    select(line + 1);
  }
}

async function keepRule() {
  const rule = parsed();
  if (rule === null || !mayWrite) {
    return;
  }
  const before = current();
  try {
    const made = before === null
      ? await api(path, { rule })
      : await api(`${path}/${encodeURIComponent(before.id)}`, { rule }, "PATCH", { headers: { "If-Match": `"${before.version}"` } });
    await refresh();
    open(made.id);
    say(made.enabled ? `${made.id} is kept and in force.` : `${made.id} is kept. It comes into force after a dry run.`);
  } catch (failure) {
    refused(failure);
  }
}

async function dryRun() {
  const rule = parsed();
  if (rule === null || !mayWrite) {
    return;
  }
  const stored = current();
  const isStored = stored !== null && text.value === saved;
  dry.disabled = true;
  say("Replaying what was decided…");
  try {
    const run = await api(`${path}/dry-run`, isStored ? { id: stored.id } : { rule });
    tried = text.value;
    say("");
    drawRun(run);
    if (isStored) {
      await refresh();
    }
  } catch (failure) {
    say("");
    refused(failure);
  } finally {
    buttons();
  }
}

function drawRun(run) {
  const counts = `Of the last ${plural(run.replayed, "decision")}: newly allowed ${run.newlyAllowed}, asked ${run.newlyAsked}, denied ${run.newlyDenied}.`;
  result.replaceChildren(h("p", { id: "dry-counts" }, run.replayed === 0 ? "Nothing was decided yet, so nothing could be replayed." : counts),
    h("ul", { class: "rows", id: "dry-samples" }, ...run.samples.map((one) => h("li", {}, chip(LOOKS[one.to], `${one.from} → ${one.to}`), h("code", { class: "what" }, title(one.action))))),
    ...run.conflicts.map((one) => h("p", { class: "note" }, one.beaten ? `${one.rule} has no effect: ${one.other} beats it.` : `${one.rule} and ${one.other} are equal.`)));
}

function title(found) {
  const words = found.argv?.join(" ") ?? found.text ?? found.path ?? found.url ?? found.name ?? JSON.stringify(found);
  return words.length > 200 ? `${words.slice(0, 200)}…` : words;
}

async function toggle() {
  const rule = current();
  if (rule === null || enable.disabled) {
    return;
  }
  try {
    await api(`${path}/${encodeURIComponent(rule.id)}`, { enabled: !rule.enabled }, "PATCH", { headers: { "If-Match": `"${rule.version}"` } });
    toast(rule.enabled ? `${rule.id} is out of force.` : `${rule.id} is in force.`);
  } catch (failure) {
    refused(failure);
  }
  await refresh();
}

function forget() {
  const rule = current();
  if (rule === null || !mayWrite) {
    return;
  }
  undoable(`Deleting ${rule.id}`, () => api(`${path}/${encodeURIComponent(rule.id)}`, undefined, "DELETE", { headers: { "If-Match": `"${rule.version}"` }, keepalive: true }).then(refresh), `${rule.id} is deleted.`);
}

async function checkAction(event) {
  event.preventDefault();
  const field = { shell: "text", edit: "path", read: "path", fetch: "url", tool: "name" }[kind.value];
  const draft = withDraft.checked ? parsed() : undefined;
  if (draft === null) {
    return;
  }
  try {
    const found = await api(`${path}/check`, { action: { action: kind.value, [field]: what.value }, ...(folder.value ? { folder: folder.value } : {}), ...(draft ? { rule: draft } : {}) });
    answer.replaceChildren(h("p", {}, chip(LOOKS[found.decision], found.decision), " ", found.rules.length > 0 ? `by ${found.rules.join(", ")}` : "by no rule"),
      h("p", { class: "note" }, found.reason), ...(found.part ? [h("p", { class: "note" }, "Because of: ", h("code", {}, found.part))] : []));
  } catch (failure) {
    answer.replaceChildren(h("p", { class: "note bad" }, failure.message));
  }
}

function drawProposals({ proposals: found }) {
  if (found.length === 0) {
    suggested.replaceChildren(empty("Nothing to suggest. What is approved three times within 30 days and never denied is proposed here."));
    return;
  }
  if (!proposals.isConnected) {
    suggested.replaceChildren(proposals);
  }
  follow(proposals, found, (each) => each.id, (each) => h("li", {}, h("div", { class: "what" }, h("b", {}, about(each.rule)), h("p", { class: "note" }),
    h("details", {}, h("summary", {}, "The whole rule"), h("pre", { tabindex: "0" }, JSON.stringify(each.rule, null, 2)))), h("button", { type: "button", onclick: () => accept(each.id) }, "Accept")), (row, each) => {
    setText(row.querySelector(".note"), `${plural(each.approvals, "approval")}, such as ${each.samples.slice(0, 2).map(title).join("; ")}`);
    row.lastElementChild.hidden = !mayWrite;
  });
}

async function accept(id) {
  try {
    const made = await api(`${path}/proposals/${encodeURIComponent(id)}/accept`, {});
    toast(`${id} is in force.`);
    await Promise.all([refresh(), suggest()]);
    open(made.rule.id);
    drawRun(made);
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

text.addEventListener("input", () => {
  if (text.value !== tried) {
    result.replaceChildren();
  }
  buttons();
});

start();
key("n", "New rule", openNew);
key("/", "Check an action", () => what.focus());
key("b", "Back to the reviews", () => location.assign(at("/reviews")));
action("New rule", openNew, "n");
action("Check an action", () => what.focus(), "/");
const refresh = watch(["rules"], () => load(box, "the rules", read, draw, 4));
const suggest = watch(["rules", "reviews"], () => load(suggested, "the proposals", () => api(`${path}/proposals`), drawProposals, 3), SUGGEST_MILLIS);
may("rules:w").then(async (allowed) => {
  mayWrite = allowed;
  make.hidden = !allowed;
  text.readOnly = !allowed;
  await Promise.all([refresh(), suggest()]);
  const wanted = query().get("rule");
  if (wanted && rules.some(({ id }) => id === wanted)) {
    open(wanted);
  }
});
