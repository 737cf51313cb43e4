// What happened, why there, what did it cost, what now?

import { change } from "./change.js";
import { find, h, mark, setText } from "./dom.js";
import { count, ending, exact, moment, took, usd, words } from "./format.js";
import { api, at, watch } from "./live.js";
import { actOn } from "./retry.js";
import { action, key, start, toast } from "./shell.js";
import { card, chip, failed, sentence } from "./states.js";

const AGAIN_MILLIS = 2_000;
const TABS = ["Timeline", "Input and output", "Why here", "Attempts", "Dependencies"];
const id = location.pathname.split("/").pop();

let ended = false;
let readAt = 0;
let shown = "";
let tab = 0;

const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the task" }, ...TABS.map((name, place) =>
  h("button", { type: "button", role: "tab", id: `tab-${place}`, "aria-controls": "task-body", onclick: () => showTab(place) }, h("span", {}, name), h("b"))));
const body = h("div", { class: "stack-v", id: "task-body", role: "tabpanel", "aria-labelledby": "tab-0" });
const rail = h("div", { class: "stack-v", id: "rail" });
const state = h("span", { id: "state" });
find("main").append(tabs, h("div", { class: "split top-aligned wide" }, body, rail));
find("title").replaceChildren(h("a", { class: "crumb", href: at("/tasks") }, "Tasks"), h("span", { class: "crumb" }, " / "), h("span", { id: "task-title" }, `Task ${id}`));
find("title").after(state);
document.title = `Task ${id} · Architect`;

/** Reads the task and draws it, unless somebody is writing an answer. */
async function read() {
  readAt = Date.now();
  try {
    const [found, why] = await Promise.all([api(`/api/tasks/${id}`), api(`/api/tasks/${id}/explanation`).catch(() => null)]);
    ended = found.task.endedAt !== null;
    const now = JSON.stringify([found, why]);
    if (now !== shown && !document.querySelector("#task-input")?.value) {
      shown = now;
      draw(found, why);
    }
  } catch (failure) {
    ended = failure.status === 404;
    if (shown === "" || ended) {
      body.replaceChildren(h("div", { class: "card" }, failure.status === 404
        ? h("p", { class: "note" }, "Gone, or never there: tasks are removed some time after their end. What they cost stays in the ledger.")
        : failed("the task", failure, read)));
    }
  }
}

function draw(found, why) {
  const { task } = found;
  const title = task.title ?? `${task.type} ${task.id}`;
  setText(find("task-title"), title);
  mark(find("task-title"), "title", title);
  document.title = `${title} · Architect`;
  state.replaceChildren(chip(task.state, task.cancelRequested && task.state === "running" ? "cancelling" : words(task.state)));
  const cut = ending(found.result?.stopReason ?? task.stopReason);
  sentence([cut ? `Answer ${cut}` : null, found.result?.error ? "It failed" : null].filter(Boolean).join(". "));
  find("tools").replaceChildren(...actions(task));
  const parts = [
    [held(found), timelineCard(found), lastRoute(why), answerCard(found)],
    [...work(task), answerCard(found, "answer")],
    whyCards(why),
    [attemptCard(found), callCard(found)],
    linkCards(found),
  ];
  [null, null, why?.attempts.length, found.attempts.length, found.parents.length + found.children.length].forEach((number, place) =>
    setText(tabs.children[place].lastElementChild, number == null ? "" : count(number)));
  const open = body.querySelector("#task-input") === document.activeElement;
  body.replaceChildren(...parts.flatMap((cards, place) => cards.filter(Boolean).map((each) => {
    each.dataset.tab = place;
    return each;
  })));
  showTab(tab, false);
  if (open) {
    body.querySelector("#task-input")?.focus();
  }
  rail.replaceChildren(costCard(found), factCard(found));
}

function showTab(place, keep = true) {
  tab = place;
  [...tabs.children].forEach((each, other) => mark(each, "aria-selected", String(other === place)));
  [...body.children].forEach((each) => {
    each.hidden = each.dataset.tab !== undefined && Number(each.dataset.tab) !== place;
  });
  const none = [...body.children].every((each) => each.hidden);
  body.querySelector(":scope > .nothing")?.remove();
  if (none && shown !== "") {
    body.append(h("div", { class: "card nothing" }, h("p", { class: "note" }, ["Nothing has happened yet.", "There is no text.", "Nothing has been decided yet.", "It was not attempted yet.", "It waits for no other task, and none waits for it."][place])));
  }
  mark(body, "aria-labelledby", `tab-${place}`);
  if (keep) {
    history.replaceState(null, "", `${location.pathname}#${TABS[place].toLowerCase().replaceAll(" ", "-")}`);
  }
}

// The timeline: what took how long, and what it cost.

function spans({ task, attempts, calls }) {
  const began = new Date(task.createdAt).getTime();
  const list = [];
  let until = began;
  const all = [...attempts];
  const open = new Set(calls.map((call) => call.epoch).filter((epoch) => !attempts.some((attempt) => attempt.epoch === epoch)));
  open.forEach((epoch) => all.push({ epoch, startedAt: calls.find((call) => call.epoch === epoch).startedAt, endedAt: null, outcome: null }));
  all.forEach((attempt, place) => {
    const from = new Date(attempt.startedAt).getTime();
    const to = attempt.endedAt ? new Date(attempt.endedAt).getTime() : Date.now();
    list.push({ level: 0, name: place === 0 ? "Waited for a slot" : "Backoff", kind: "other", from: until, to: from, cost: null });
    const own = calls.filter((call) => call.epoch === attempt.epoch);
    list.push({ level: 0, name: `Attempt ${attempt.epoch}`, kind: "other", from, to, cost: sum(own), say: attempt.outcome && attempt.outcome !== "succeeded" ? words(attempt.outcome) : "", bad: attempt.outcome !== null && attempt.outcome !== "succeeded" });
    own.forEach((call) => {
      const start = new Date(call.startedAt).getTime();
      list.push({
        level: 1, name: call.answeredModel.split("/").slice(1).join("/"), provider: call.answeredModel.split("/")[0], from: start, to: start + call.durationMs, cost: call,
        say: call.failure ? `${words(call.failure)}, ${own.indexOf(call) < own.length - 1 ? "next candidate" : "the last"}` : `${count(call.outputTokens)} tokens${ending(call.stopReason) ? `, ${ending(call.stopReason)}` : ""}`,
        bad: call.failure !== null,
      });
    });
    until = to;
  });
  return { began, list, until: task.endedAt ? new Date(task.endedAt).getTime() : Math.max(until, Date.now()) };
}

function sum(calls) {
  return { costUsd: calls.reduce((total, call) => total + (call.costUsd ?? 0), 0), unpriced: calls.filter((call) => call.costUsd === null).length };
}

function money(cost) {
  if (cost === null) {
    return "–";
  }
  if (cost.unpriced > 0) {
    return cost.costUsd > 0 ? `${usd(cost.costUsd)} + unpriced` : "unpriced";
  }
  return cost.costUsd === null ? "unpriced" : usd(cost.costUsd) + (cost.costStatus === "estimated" ? " est." : "");
}

function timelineCard(found) {
  const { began, list, until } = spans(found);
  if (list.length === 0) {
    return null;
  }
  const whole = Math.max(1, until - began);
  return card(
    "Timeline",
    { look: "flush", note: `${took(whole)} in ${count(found.attempts.length)} attempt${found.attempts.length === 1 ? "" : "s"} and ${count(found.calls.length)} call${found.calls.length === 1 ? "" : "s"}; cost as it ran` },
    h("div", { class: "scroll" }, h("table", { class: "cards spans" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "What"), h("th", { scope: "col" }, `0 to ${took(whole)}`), h("th", { scope: "col", class: "number" }, "Took"), h("th", { scope: "col", class: "number" }, "Cost"))),
      h("tbody", {}, ...list.map((span) => h("tr", { "data-level": span.level, "data-provider": span.provider },
        h("th", { scope: "row" }, h("span", { class: "named" }, span.provider ? h("span", { class: "swatch" }) : null, span.name)),
        h("td", { class: "track" }, track(span, began, whole)),
        h("td", { class: "number", "data-label": "Took" }, took(span.to - span.from)),
        h("td", { class: "number", "data-label": "Cost" }, money(span.cost))))),
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "In all"), h("td", { "data-phone": "no" }), h("td", { class: "number", "data-label": "Took" }, took(whole)), h("td", { class: "number", "data-label": "Cost" }, money(sum(found.calls))))))),
  );
}

function track(span, began, whole) {
  const x = (100 * (span.from - began)) / whole;
  const width = Math.max(0.4, (100 * (span.to - span.from)) / whole);
  const bar = h("span", { class: "span-bar", "data-kind": span.bad && span.level > 0 ? "failed" : span.kind, "data-provider": span.bad ? null : span.provider, "data-thin": span.level === 0 ? "" : null });
  bar.style.setProperty("--x", `${Math.min(99.6, x).toFixed(2)}%`);
  bar.style.setProperty("--w", `${Math.min(100 - x, width).toFixed(2)}%`);
  const parts = [bar];
  if (span.say) {
    const before = x + width > 55;
    const say = h("span", { class: "say", "data-kind": span.bad ? "failed" : null, "data-before": before ? "" : null }, span.say);
    say.style.setProperty("--x", `${(before ? x : x + width).toFixed(2)}%`);
    parts.push(say);
  }
  return h("span", {}, ...parts);
}

// Input and output.

function answerCard({ result, calls }, id = null) {
  if (result?.output != null) {
    const last = calls.filter((call) => call.outcome === "answered").at(-1);
    const how = result.stopReason === "complete" ? "ended by itself" : ending(result.stopReason) || "";
    return card("Output", { id, note: [last ? `${count(last.outputTokens)} tokens` : null, how].filter(Boolean).join(", ") }, h("pre", { class: "prose", tabindex: "0" }, result.output));
  }
  return result?.error != null ? card("Error", { id, note: ending(result.stopReason) }, h("pre", { class: "bad", tabindex: "0" }, result.error)) : null;
}

// A chat request as its prompt and everything else that it holds; other tasks, and requests of another version, as a payload.
function work(task) {
  if (!task.request) {
    return [card("Payload", {}, h("pre", { tabindex: "0" }, task.payload ?? ""))];
  }
  const { messages = [], system, ...settings } = task.request;
  const list = facts(settingsOf(settings));
  const turns = messages.length > 1 || messages.some((turn) => typeof turn.content !== "string");
  return [
    card("Prompt", {}, h("pre", { tabindex: "0" }, task.prompt)),
    system ? card("System text", {}, h("pre", { tabindex: "0" }, system)) : null,
    turns ? card("Messages", {}, h("pre", { tabindex: "0" }, messages.map(turnText).join("\n\n"))) : null,
    list.length > 0 ? card("Request", {}, h("dl", { class: "facts" }, ...list)) : null,
    schemas(settings).length > 0 ? card("Schemas", {}, h("pre", { tabindex: "0" }, schemas(settings).join("\n\n"))) : null,
  ];
}

function turnText({ role, content }) {
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
  return `${role}:\n${parts.map(partText).join("\n")}`;
}

// Media as their type and size: their bytes are no text.
function partText(part) {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
    case "document":
      return `[${[part.type, part.name, part.mediaType, part.url ?? size(part.data)].filter(Boolean).join(", ")}]`;
    case "tool-call":
      return `[calls ${part.name} with ${part.arguments}]`;
    case "tool-result":
      return `[${part.name} ${part.isError ? "failed" : "returned"}: ${part.text}]`;
    case "reasoning":
      return `[reasoning: ${part.text || "hidden"}]`;
    default:
      return `[${words(part.type)}]`;
  }
}

function size(base64) {
  return `${count(Math.floor((base64.length * 3) / 4))} bytes`;
}

function settingsOf(settings) {
  return {
    Model: settings.model,
    Quality: settings.quality,
    Needs: settings.needs?.map(words).join(", "),
    "Output tokens": settings.maxOutputTokens && `at most ${count(settings.maxOutputTokens)}`,
    Temperature: settings.temperature === undefined ? null : String(settings.temperature),
    "Stop sequences": settings.stopSequences?.map((text) => JSON.stringify(text)).join(", "),
    Effort: settings.effort && words(settings.effort),
    Tools: settings.tools?.map((tool) => tool.name).join(", "),
    "Tool choice": settings.toolChoice?.name ?? settings.toolChoice,
    "Parallel calls": settings.parallelToolCalls === false ? "no" : null,
    "Output schema": settings.outputSchema?.name,
    "Accepted answers": settings.accepted && accepted(settings.accepted),
    ...settings.options,
  };
}

function accepted({ stopReasons = [], empty }) {
  return [...stopReasons.map(words), ...(empty ? ["empty"] : [])].join(", ");
}

function schemas({ tools = [], outputSchema }) {
  return [
    ...tools.map((tool) => `${tool.name}: ${JSON.stringify(tool.inputSchema, null, 2)}`),
    ...(outputSchema ? [`${outputSchema.name}: ${JSON.stringify(outputSchema.schema, null, 2)}`] : []),
  ];
}


// What its state allows.
function actions(task) {
  const button = (name, text, letter = null) => h("button", { type: "button", "data-action": name, onclick: () => operate(name) }, text, letter ? h("kbd", {}, letter) : null);
  const edit = h("button", { type: "button", "data-action": "change", onclick: () => openChange(task) }, "Change");
  switch (task.state) {
    case "ready":
    case "scheduled":
    case "limited":
      return [button("run-now", "Run now"), edit, button("hold", "Hold this task"), button("cancel", "Cancel this task")];
    case "blocked":
      return [edit, button("hold", "Hold this task"), button("cancel", "Cancel this task")];
    case "running":
      return [task.cancelRequested ? button("force-cancel", "Cancel at once") : button("cancel", "Cancel this task")];
    case "held":
      return [edit, button("cancel", "Cancel this task")];
    case "dead":
    case "cancelled":
    case "expired":
      return [button("redrive", "Run this task again", "r")];
    default:
      return [];
  }
}

/** What the engine lets be changed of a task that waits; a prompt is asked anew as another task. */
function openChange({ payload }) {
  return change("Change this task", `/api/tasks/${id}`, {
    of: ({ task }) => task,
    fields: [
      { name: "priority", label: "Priority, 0 is the most urgent", number: true, type: "number", min: "0", max: "9", required: true },
      { name: "dueAt", label: "Due at", placeholder: "now, or such as 2027-01-31T12:00:00Z" },
      ...(payload === undefined ? [] : [{ name: "payload", label: "Payload", rows: "6" }]),
    ],
    done: () => {
      ended = false;
      read();
    },
  }).catch((failure) => toast(failure.message, { bad: true }));
}

async function operate(name, content = {}) {
  await api(`/api/tasks/${id}/${name}`, content).catch((failure) => toast(failure.message, { bad: true }));
  ended = false;
  read();
}

// Without a question an operator has held the task, and there is nothing to answer.
function held({ task, question }) {
  if (task.state !== "held") {
    return null;
  }
  const text = h("textarea", { id: "task-input", rows: "3", maxlength: "1000000" });
  const send = (event) => {
    event.preventDefault();
    const input = text.value;
    text.value = "";
    operate("resume", question == null ? {} : { input });
  };
  return card(
    question == null ? "Held" : "It asks",
    { id: "question", note: question == null ? "nobody works on it until it is resumed" : "" },
    h("form", { onsubmit: send },
      question == null ? null : h("p", {}, h("label", { for: "task-input" }, question)),
      question == null ? null : text,
      h("p", {}, h("button", { type: "submit", class: "primary" }, question == null ? "Resume this task" : "Answer and resume"))),
  );
}

// Why it ran where it ran.

function whyCards(why) {
  return (why?.attempts ?? []).flatMap((attempt) => {
    const sentences = h("ul", { class: "rows" }, ...attempt.text.filter((line) => !line.startsWith("Request ")).map((line) => h("li", {}, line)));
    return [
      card(`Attempt ${attempt.epoch}`, { note: [attempt.node ? `node ${attempt.node}` : null, attempt.session ? `session ${attempt.session}` : null].filter(Boolean).join(", ") }, sentences),
      ...attempt.routes.filter((route) => route.candidates.length + route.skipped.length > 0).map((route) => routeCard(attempt, route)),
    ];
  });
}

/** The decision that the answer came from. */
function lastRoute(why) {
  const attempt = why?.attempts.filter((each) => each.routes.at(-1)?.candidates.length > 0).at(-1);
  return attempt ? routeCard(attempt, attempt.routes.at(-1), "Why here") : null;
}

function routeCard(attempt, route, title = `Candidates of attempt ${attempt.epoch}`) {
  const calls = new Map(route.calls.map((call) => [call.model, call]));
  const outcome = (each) => {
    const call = calls.get(each.model);
    if (call?.failure) {
      return chip("dead", `tried: ${words(call.failure)}`);
    }
    return route.answeredBy === each.model ? chip("done", "took it") : h("span", { class: "note" }, call ? "tried" : "not needed");
  };
  return card(
    title,
    { look: "flush", id: `${title.startsWith("Why") ? "why" : "route"}-${route.requestId}`, note: `${count(route.candidates.length)} in order, ${count(route.skipped.length)} left out` },
    h("div", { class: "scroll" }, h("table", { class: "cards" },
      h("thead", {}, h("tr", {}, ...["Candidate", "Quality", "Reason", "Outcome"].map((name, place) => h("th", { scope: "col", class: place === 1 ? "number" : null }, name)))),
      h("tbody", {},
        ...route.candidates.map((each) => h("tr", { "data-provider": each.model.split("/")[0] },
          h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), each.model)),
          h("td", { class: "number", "data-label": "Quality" }, String(each.quality)),
          h("td", { class: "faint", "data-label": "Reason" }, words(each.reason)),
          h("td", { "data-label": "Outcome" }, outcome(each)))),
        ...route.skipped.map((each) => h("tr", { "data-provider": each.model.split("/")[0] },
          h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), each.model)),
          h("td", { class: "number", "data-label": "Quality" }, "–"),
          h("td", { class: "faint", "data-label": "Reason" }, words(each.reason)),
          h("td", { "data-label": "Outcome" }, h("span", { class: "note" }, "left out"))))))),
  );
}

// Attempts, calls and relatives.

function attemptCard({ attempts }) {
  return attempts.length === 0 ? null : card("Attempts", { id: "attempts", look: "flush" }, table(
    ["Attempt", "Session", "Took", "Outcome", "Error"],
    attempts.map((attempt) => [
      String(attempt.epoch),
      attempt.session || "–",
      took(new Date(attempt.endedAt) - new Date(attempt.startedAt)),
      words(attempt.outcome),
      h("span", { class: "wrap" }, attempt.error ?? ""),
    ]),
  ));
}

function callCard({ calls }) {
  return calls.length === 0 ? null : card("Calls", { id: "calls", look: "flush" }, table(
    ["Model", "Place", "Outcome", "Stop reason", "Tokens in", "Tokens out", "Took", "Cost"],
    calls.map((call) => [
      call.answeredModel,
      call.position === 0 ? "first choice" : `choice ${call.position + 1}`,
      call.failure ? `${words(call.outcome)}: ${words(call.failure)}` : words(call.outcome),
      call.stopReason ? words(call.stopReason) : "–",
      count(call.inputTokens),
      count(call.outputTokens),
      took(call.durationMs),
      money(call),
    ]),
  ));
}

function linkCards({ parents, children }) {
  const links = (all) => table(
    ["Task", "State", "When the parent fails", "Waits"],
    all.map((link) => [
      link.state === null ? link.id : h("a", { href: at(`/tasks/${link.id}`) }, link.id),
      link.state === null ? "deleted" : chip(link.state),
      words(link.onFailure),
      link.released ? "no more" : "still",
    ]),
  );
  return [
    parents.length > 0 ? card("Waits for", { look: "flush" }, links(parents)) : null,
    children.length > 0 ? card("Tasks that wait for it", { look: "flush" }, links(children)) : null,
  ];
}

function table(heads, rows) {
  return h("div", { class: "scroll" }, h("table", { class: "cards" },
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, place) => h("td", { "data-label": heads[place] }, cell)))))));
}

// The rail.

function costCard({ calls, task }) {
  const cost = sum(calls);
  const baseline = calls.reduce((total, call) => total + (call.baselineUsd ?? 0), 0);
  const status = cost.unpriced > 0 ? "and unpriced calls" : calls.some((call) => call.costStatus === "estimated") ? "est." : "exact";
  return card(
    "Cost",
    {},
    h("p", { class: "figure", title: `$${cost.costUsd}` }, cost.unpriced > 0 && cost.costUsd === 0 ? "unpriced" : usd(cost.costUsd), h("small", {}, calls.length === 0 ? (task.endedAt ? "no call was made" : "so far") : status)),
    h("dl", { class: "facts" }, ...facts({
      "On the baseline": calls.length > 0 ? `${usd(baseline)}, same tokens` : null,
      Tokens: calls.length > 0 ? `${count(calls.reduce((total, call) => total + call.inputTokens, 0))} in, ${count(calls.reduce((total, call) => total + call.outputTokens, 0))} out` : null,
      Calls: calls.length > 0 ? `${count(calls.length)}, ${count(calls.filter((call) => call.outcome === "failed").length)} failed` : null,
    })),
  );
}

function factCard({ task, attempts, calls, result }) {
  const reason = result?.stopReason ?? null;
  return card("Facts", {}, h("dl", { class: "facts" }, ...facts({
    Id: h("span", { class: "mono" }, task.id),
    Type: task.type,
    Project: h("a", { href: at(`/tasks?q=${encodeURIComponent(`project:${task.project}`)}`) }, task.project),
    User: task.user,
    Tags: Object.entries(task.tags).map(([name, value]) => `${name}: ${value}`).join(", "),
    Priority: `${task.priority} of 9`,
    Attempts: `${task.attempt} of ${task.maxAttempts}`,
    Session: attempts.at(-1)?.session,
    Complexity: calls.at(-1)?.complexity,
    "Stop reason": reason ? [words(reason), ending(reason)].filter(Boolean).join(": ") : null,
    Accepted: h("time", { datetime: task.createdAt, title: exact(task.createdAt) }, moment(task.createdAt)),
    Due: task.dueAt ? h("time", { datetime: task.dueAt, title: exact(task.dueAt) }, moment(task.dueAt)) : null,
    Ended: task.endedAt ? h("time", { datetime: task.endedAt, title: exact(task.endedAt) }, moment(task.endedAt)) : "not yet",
  })));
}

// What has no value is left out.
function facts(pairs) {
  const given = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

TABS.forEach((name, place) => key(String(place + 1), name, () => showTab(place)));
key("r", "Run the task again", () => find("tools").querySelector("[data-action=redrive]") && actOn([id], "redrive", read));
key("y", "Copy the address", copy);
action("Copy the address of this task", copy, "y");

async function copy() {
  await navigator.clipboard?.writeText(location.href);
  toast("The address is copied.");
}

tab = Math.max(0, TABS.findIndex((name) => `#${name.toLowerCase().replaceAll(" ", "-")}` === location.hash));
showTab(tab, false);
document.addEventListener("task-changed", () => {
  ended = false;
});
start(() => {
  // Its calls and what they cost are no changes of the task.
  if (!ended && Date.now() - readAt > AGAIN_MILLIS) {
    read();
  }
});
watch([`task:${id}`], read);
