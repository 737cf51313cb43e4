// One call: what its request cost, and why it went where it went.

import { h, query, setQuery } from "./dom.js";
import { count, duration, exact, moment, usd, words } from "./format.js";
import { api, at } from "./live.js";
import { dialog } from "./shell.js";
import { load } from "./states.js";

/** What calls up the detail of a call, as a link that can be kept. */
export function callLink(id, text) {
  const address = new URLSearchParams(location.search);
  address.set("call", id);
  return h("a", { href: `?${address}`, onclick: (event) => {
    event.preventDefault();
    openCall(id);
  } }, text);
}

/** Opens the call that the address names, if it names one. */
export function openNamedCall() {
  const id = query().get("call");
  if (id) {
    openCall(id);
  }
}

function openCall(id) {
  setQuery({ call: id });
  const content = h("div", { class: "stack-v", id: "call" });
  const box = dialog("ask", "A call", content, h("form", { method: "dialog" }, h("button", { type: "submit" }, "Close")));
  box.addEventListener("close", () => setQuery({ call: null }));
  load(content, "the call", () => api(`/api/calls/${encodeURIComponent(id)}`), (found) => content.replaceChildren(...draw(found)), 4);
}

function draw({ call, project, task, user, tags, request, decision }) {
  const facts = {
    Model: call.answeredModel === call.askedModel ? call.answeredModel : `${call.answeredModel}, asked as ${call.askedModel}`,
    At: h("time", { datetime: call.startedAt, title: exact(call.startedAt) }, moment(call.startedAt)),
    Outcome: call.failure ? words(call.failure) : words(call.outcome),
    Took: duration(call.durationMs),
    Tokens: `${count(call.inputTokens)} in, ${count(call.outputTokens)} out`,
    Cost: call.costUsd === null ? words(call.costStatus) : `${usd(call.costUsd)}, ${words(call.costStatus)}`,
    "Whole request": `${usd(request.costUsd)}${request.unpricedCalls > 0 ? `, ${count(request.unpricedCalls)} unpriced` : ""}`,
    Prices: call.catalogueVersion,
    Project: project,
    ...(user && { User: user }),
    ...(call.key && { Key: call.key }),
    ...(task && { Task: h("a", { class: "mono", href: at(`/tasks/${task}`) }, task) }),
    ...(call.taskType && { "Task type": call.taskType }),
    ...(Object.keys(tags).length > 0 && { Tags: Object.entries(tags).map(([name, value]) => `${name}=${value}`).join(", ") }),
    Request: h("span", { class: "mono" }, request.id),
  };
  return [
    h("dl", { class: "facts" }, ...Object.entries(facts).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    request.calls.length > 1 ? h("div", {}, h("h3", {}, "Calls of the request"), h("ol", { class: "rows", id: "request-calls" }, ...request.calls.map((each) =>
      h("li", { "aria-current": each.callId === call.callId ? "true" : null }, h("span", { class: "what" }, each.askedModel), h("span", { class: "note" },
        `${each.failure ? words(each.failure) : words(each.outcome)}, ${each.costUsd === null ? words(each.costStatus) : usd(each.costUsd)}`))))) : "",
    h("div", {}, h("h3", {}, "Route"), ...route(decision)),
  ];
}

function route(decision) {
  if (!decision) {
    return [h("p", { class: "note" }, "The decision about this request is not kept; the policy says which ones are.")];
  }
  return [
    h("p", { class: "note" }, `A ${words(decision.complexity)} prompt under policy ${decision.policy}; answered at place ${decision.position + 1}.`),
    h("ol", { class: "rows", id: "route" }, ...decision.candidates.map((each) => h("li", {}, h("span", { class: "what" }, each.model),
      h("span", { class: "note" }, `quality ${each.quality}, ${each.estimateUsd === null ? "no price" : `about ${usd(each.estimateUsd)}`}`)))),
    decision.exclusions.length > 0 ? h("p", { class: "note" }, `Not asked: ${decision.exclusions.map((each) => `${each.model} (${words(each.code)})`).join(", ")}`) : "",
  ];
}
