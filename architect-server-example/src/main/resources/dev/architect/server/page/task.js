// The history of one task, in a dialog or on its own page: its request, its result, every attempt and every call.

import { find, h } from "./dom.js";
import { count, duration, ending, time, usd, words } from "./format.js";
import { api } from "./live.js";

/** Opens the dialog of a task. */
export async function openTask(id) {
  const dialog = find("task");
  const body = find("task-body");
  find("task-title").textContent = `Task ${id}`;
  body.replaceChildren(h("p", { class: "note" }, "Reading…"));
  if (!dialog.open) {
    dialog.showModal();
  }
  await showTask(body, id);
}

/** Reads a task and draws it into an element; returns whether the task has ended, or does not exist. */
export async function showTask(body, id) {
  try {
    const found = await api(`/api/tasks/${id}`);
    // What somebody is writing stays until it is sent.
    if (body.querySelector("textarea")?.value) {
      return false;
    }
    body.replaceChildren(...sections(found));
    return found.task.endedAt !== null;
  } catch (failure) {
    body.replaceChildren(h("p", { class: "note bad" }, failure.message));
    return true;
  }
}

/** A link to the page of a task; a plain click opens the dialog where the page has one. */
export function taskLink(id, text, look = "") {
  return h("a", { href: `/tasks/${id}`, class: look, onclick: (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      openTask(id);
    }
  } }, text);
}

function sections({ task, question, attempts, result, parents, children, calls }) {
  const ended = task.endedAt !== null;
  const spent = calls.reduce((sum, call) => sum + (call.costUsd ?? 0), 0);
  return [
    h("dl", { class: "facts" }, ...facts({
      State: badge(task.state),
      Type: task.type,
      Project: task.project,
      User: task.user,
      Tags: Object.entries(task.tags).map(([name, value]) => `${name}: ${value}`).join(", "),
      Priority: String(task.priority),
      Attempts: `${task.attempt} of ${task.maxAttempts}`,
      Accepted: time(task.createdAt),
      Ended: ended ? time(task.endedAt) : "not yet",
      "Stop reason": stopReason(result),
      Cost: calls.some((call) => call.costUsd === null) ? `${usd(spent)} and unpriced calls` : usd(spent),
    })),
    question != null ? section("Question", h("pre", { tabindex: "0" }, question)) : null,
    ...work(task),
    result?.output != null ? section("Answer", h("pre", { tabindex: "0" }, result.output)) : null,
    result?.error != null ? section("Error", h("pre", { class: "bad", tabindex: "0" }, result.error)) : null,
    parents.length > 0 ? section("Waits for", linkTable(parents)) : null,
    children.length > 0 ? section("Tasks that wait for it", linkTable(children)) : null,
    attempts.length > 0 ? section("Attempts", attemptTable(attempts)) : null,
    calls.length > 0 ? section("Calls", callTable(calls)) : null,
    task.state === "held" ? answerForm(task.id, question) : null,
    h("p", { class: "actions" }, ...actions(task)),
  ].filter((part) => part !== null);
}

function stopReason(ended) {
  return ended?.stopReason ? [words(ended.stopReason), ending(ended.stopReason)].filter(Boolean).join(": ") : null;
}

// A chat request as its prompt and everything else that it holds; other tasks, and requests of another version, as a payload.
function work(task) {
  if (!task.request) {
    return [section("Payload", h("pre", { tabindex: "0" }, task.payload ?? ""))];
  }
  const { messages = [], system, ...settings } = task.request;
  const list = facts(settingsOf(settings));
  const turns = messages.length > 1 || messages.some((turn) => typeof turn.content !== "string");
  return [
    section("Prompt", h("pre", { tabindex: "0" }, task.prompt)),
    system ? section("System text", h("pre", { tabindex: "0" }, system)) : null,
    turns ? section("Messages", h("pre", { tabindex: "0" }, messages.map(turnText).join("\n\n"))) : null,
    list.length > 0 ? section("Request", h("dl", { class: "facts" }, ...list)) : null,
    schemas(settings).length > 0 ? section("Schemas", h("pre", { tabindex: "0" }, schemas(settings).join("\n\n"))) : null,
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
  const button = (action, text) => h("button", { type: "button", onclick: () => operate(task.id, action) }, text);
  switch (task.state) {
    case "ready":
    case "scheduled":
    case "blocked":
    case "limited":
      return [button("hold", "Hold this task"), button("cancel", "Cancel this task")];
    case "running":
      return [task.cancelRequested ? button("force-cancel", "Cancel at once") : button("cancel", "Cancel this task")];
    case "held":
      return [button("cancel", "Cancel this task")];
    case "dead":
    case "cancelled":
      return [button("redrive", "Run this task again")];
    default:
      return [];
  }
}

async function operate(id, action, content = {}) {
  await api(`/api/tasks/${id}/${action}`, content).catch(() => null);
  showTask(find("task-body"), id);
  document.dispatchEvent(new Event("task-changed"));
}

// Without a question an operator has held the task, and there is nothing to answer.
function answerForm(id, question) {
  const text = h("textarea", { id: "task-input", rows: "3", maxlength: "1000000" });
  const send = (event) => {
    event.preventDefault();
    const input = text.value;
    text.value = "";
    operate(id, "resume", question == null ? {} : { input });
  };
  return h(
    "form",
    { onsubmit: send },
    question == null ? null : h("p", {}, h("label", { for: "task-input" }, "Answer"), text),
    h("p", {}, h("button", { type: "submit" }, question == null ? "Resume this task" : "Answer and resume")),
  );
}

// What has no value is left out.
function facts(pairs) {
  const given = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

// One level below the title, which is the first on the page of a task and the second in a dialog.
function section(title, content) {
  const level = find("task-title").tagName === "H1" ? 2 : 3;
  return h("section", {}, h("h3", { "aria-level": level }, title), content);
}

/** Returns a small coloured word. */
export function badge(state) {
  return h("span", { class: "badge", "data-kind": state }, words(state));
}

function linkTable(links) {
  return table(
    ["Task", "State", "When the parent fails", "Waits"],
    links.map((link) => [
      taskPage(link),
      link.state === null ? "deleted" : badge(link.state),
      words(link.onFailure),
      link.released ? "no more" : "still",
    ]),
  );
}

// Without the dialog: this may be one itself.
function taskPage(link) {
  return link.state === null ? link.id : h("a", { href: `/tasks/${link.id}` }, link.id);
}

function attemptTable(attempts) {
  return table(
    ["Attempt", "Session", "Took", "Outcome", "Error"],
    attempts.map((attempt) => [
      String(attempt.epoch),
      attempt.session || "–",
      duration(new Date(attempt.endedAt) - new Date(attempt.startedAt)),
      words(attempt.outcome),
      attempt.error ?? "",
    ]),
  );
}

function callTable(calls) {
  return table(
    ["Model", "Place", "Outcome", "Stop reason", "Tokens in", "Tokens out", "Took", "Cost"],
    calls.map((call) => [
      call.answeredModel,
      call.position === 0 ? "first choice" : `choice ${call.position + 1}`,
      call.failure ? `${words(call.outcome)}: ${words(call.failure)}` : words(call.outcome),
      call.stopReason ? words(call.stopReason) : "–",
      count(call.inputTokens),
      count(call.outputTokens),
      duration(call.durationMs),
      call.costUsd === null ? words(call.costStatus) : usd(call.costUsd),
    ]),
  );
}

function table(heads, rows) {
  return h(
    "div",
    { class: "scroll", tabindex: "0" },
    h(
      "table",
      { class: "cards" },
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, place) => h("td", { "data-label": heads[place] }, cell))))),
    ),
  );
}
