// The story of one task in a dialog: what was asked, what came back, every attempt and every call.

import { find, h } from "./dom.js";
import { count, duration, time, usd, words } from "./format.js";
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
  try {
    body.replaceChildren(...story(await api(`/api/tasks/${id}`)));
  } catch (failure) {
    body.replaceChildren(h("p", { class: "note bad" }, failure.message));
  }
}

function story({ task, attempts, result, calls }) {
  const ended = task.endedAt !== null;
  const spent = calls.reduce((sum, call) => sum + (call.costUsd ?? 0), 0);
  return [
    h("dl", { class: "facts" }, ...facts({
      State: badge(task.state),
      Type: task.type,
      Project: task.project,
      Priority: String(task.priority),
      Attempts: `${task.attempt} of ${task.maxAttempts}`,
      Accepted: time(task.createdAt),
      Ended: ended ? time(task.endedAt) : "not yet",
      Cost: calls.some((call) => call.costUsd === null) ? `${usd(spent)} and unpriced calls` : usd(spent),
    })),
    section("Prompt", h("pre", { tabindex: "0" }, task.prompt ?? task.payload ?? "")),
    result?.output != null ? section("Answer", h("pre", { tabindex: "0" }, result.output)) : null,
    result?.error != null ? section("Error", h("pre", { class: "bad", tabindex: "0" }, result.error)) : null,
    attempts.length > 0 ? section("Attempts", attemptTable(attempts)) : null,
    calls.length > 0 ? section("Calls", callTable(calls)) : null,
    ended ? null : h("p", {}, h("button", { type: "button", onclick: () => cancel(task.id) }, "Cancel this task")),
  ].filter((part) => part !== null);
}

async function cancel(id) {
  await api(`/api/tasks/${id}/cancel`, {}).catch(() => null);
  openTask(id);
}

function facts(pairs) {
  return Object.entries(pairs).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

function section(title, content) {
  return h("section", {}, h("h3", {}, title), content);
}

/** Returns a small coloured word. */
export function badge(state) {
  return h("span", { class: "badge", "data-kind": state }, words(state));
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
    ["Model", "Place", "Outcome", "Tokens in", "Tokens out", "Took", "Cost"],
    calls.map((call) => [
      call.answeredModel,
      call.position === 0 ? "first choice" : `choice ${call.position + 1}`,
      call.failure ? `${words(call.outcome)}: ${words(call.failure)}` : words(call.outcome),
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
      {},
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell))))),
    ),
  );
}
