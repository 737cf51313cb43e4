// Which model would answer, why, at what price, and is the dear one better?

import { find, follow, h, later, mark, setText } from "./dom.js";
import { count, ending, plural, took, usd } from "./format.js";
import { icon } from "./icons.js";
import { api, askToLogIn, at } from "./live.js";
import { action, key, start, toast } from "./shell.js";
import { card, chip, sentence } from "./states.js";

const FEW = 5;
let allShown = false;
let route = null;
let asked = 0;

const prompt = h("textarea", { id: "play-prompt", rows: "7", placeholder: "Ask anything. “auto” shows its route before it costs.", "aria-label": "Prompt", "aria-describedby": "estimate" });
const estimate = h("p", { class: "note", id: "estimate", role: "status" }, "Nothing is sent before you run it.");
const select = (id, label, values) => h("div", { class: "field" }, h("label", { for: id }, label), h("select", { id, onchange: explain }, ...values.map(([value, text]) => h("option", { value }, text))));
const quality = select("play-quality", "Least quality", [["auto", "auto"], ["basic", "basic"], ["standard", "standard"], ["high", "high"]]);
const most = h("input", { id: "play-most", type: "number", min: "1", max: "100000", value: "800", onchange: explain });
const heat = h("input", { id: "play-heat", type: "number", min: "0", max: "2", step: "0.1", placeholder: "the model's", onchange: explain });
const system = h("textarea", { id: "play-system", rows: "2", placeholder: "none", oninput: explain });
const routeRows = h("tbody", { id: "route" });
const routeMore = h("button", { type: "button", class: "quiet", id: "route-all", hidden: true, onclick: () => {
  allShown = !allShown;
  drawRoute();
} });
const verdictWords = h("span", { id: "verdict-words", role: "status" });
const votes = h("span", { class: "row", id: "votes", hidden: true }, h("span", { class: "note" }, "Which answer is better?"),
  ...[["left", "Left"], ["equal", "Equal"], ["right", "Right"]].map(([value, text]) => h("button", { type: "button", onclick: () => vote(value) }, text)));
const run = h("button", { type: "button", class: "primary", id: "run", onclick: runBoth }, icon("play"), h("span", {}, "Run both"), h("kbd", {}, "Ctrl ↵"));

const sides = [pane("left", "auto"), pane("right", "")];

find("main").append(h(
  "div",
  { class: "stack-v" },
  h("div", { class: "split" },
    card("Prompt", { id: "prompt-card", note: "calls cost money and are booked on the project playground", tools: [run] }, prompt, estimate),
    card("Options", { id: "options" }, h("div", { class: "fields" }, quality,
      h("div", { class: "field" }, h("label", { for: "play-most" }, "Output, at most, in tokens"), most),
      h("div", { class: "field" }, h("label", { for: "play-heat" }, "Temperature"), heat)),
    h("div", { class: "field" }, h("label", { for: "play-system" }, "System text"), system))),
  card("Route of “auto”", { look: "flush", id: "route-card", tools: [routeMore] },
    h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...[["Candidate"], ["Quality", "number"], ["Estimate", "number"], ["Reason"]].map(([name, look]) => h("th", { scope: "col", class: look }, name)))), routeRows)),
    h("div", { class: "empty", id: "route-empty" }, h("p", {}, "Write a prompt to see which model would answer it, and why."))),
  h("div", { class: "halves" }, ...sides.map((side) => side.element)),
  h("section", { class: "card", id: "beside", "aria-label": "Beside each other" }, h("div", { class: "row" }, h("h2", {}, "Beside each other"), verdictWords, h("span", { class: "spring" }), votes)),
));
setText(verdictWords, "Run both to compare what they cost and how fast they are.");

function pane(name, model) {
  const figure = (label) => h("div", {}, h("dt", {}, label), h("dd", {}, "–"));
  const choose = h("select", { id: `model-${name}`, "aria-label": `Model on the ${name}` }, h("option", { value: "auto" }, "auto"));
  const state = h("span", {});
  const text = h("pre", { class: "prose answer", tabindex: "0", role: "group", "aria-label": `Answer on the ${name}` });
  const figures = h("dl", { class: "cells" }, ...["Cost", "First token", "Whole", "Speed", "Tokens"].map(figure));
  const foot = h("p", { class: "note" }, "\u00a0");
  const element = h("section", { class: "card stack-v", id: `pane-${name}`, "aria-label": `The ${name} answer` },
    h("div", { class: "title" }, h("span", { class: "swatch" }), choose, h("b", { class: "model" }), state, h("span", { class: "spring" }),
      h("button", { type: "button", class: "quiet", onclick: () => navigator.clipboard?.writeText(text.textContent).then(() => toast("The answer is copied.")) }, "Copy")),
    figures, text, foot);
  const side = { name, element, choose, state, text, figures: [...figures.querySelectorAll("dd")], foot, wanted: model, call: null };
  return side;
}

function options() {
  return {
    prompt: prompt.value,
    quality: find("play-quality").value,
    ...(system.value.trim() ? { system: system.value } : {}),
    ...(most.value ? { maxOutputTokens: Number(most.value) } : {}),
    ...(heat.value === "" ? {} : { temperature: Number(heat.value) }),
  };
}

const explainSoon = later(async () => {
  const number = ++asked;
  if (prompt.value.trim() === "") {
    route = null;
    drawRoute();
    return;
  }
  try {
    const found = await api("/api/routes/explain", options());
    if (number === asked) {
      route = found;
      drawRoute();
    }
  } catch (failure) {
    if (number === asked) {
      route = null;
      drawRoute();
      setText(estimate, failure.message);
    }
  }
}, 400);

function explain() {
  explainSoon();
}

function drawRoute() {
  find("route-empty").hidden = route !== null;
  routeRows.closest(".scroll").hidden = route === null;
  routeMore.hidden = route === null;
  const first = route?.candidates[0];
  if (!route) {
    setText(estimate, "Nothing is sent before you run it.");
    setText(document.querySelector("#route-card-title + .note"), "");
    return;
  }
  setText(estimate, first
    ? `About ${plural(first.promptTokens, "token")} · complexity ${route.complexity} · estimate ${first.costUsd === null ? "unpriced" : usd(first.costUsd)} for ${count(first.answerTokens)} tokens of answer`
    : "No model would answer this.");
  const whole = [...route.candidates.map((each, place) => ({ ...each, chosen: place === 0 })), ...route.exclusions.map((each) => ({ ...each, excluded: true }))];
  const shown = allShown ? whole : whole.slice(0, FEW);
  setText(document.querySelector("#route-card-title + .note"), `${count(whole.length)} models known, ${count(shown.length)} shown${route.rule ? `; rule ${route.rule}` : ""}; ${route.explanation}`);
  setText(routeMore, allShown ? "Fewer" : `All ${count(whole.length)} with reasons`);
  follow(routeRows, shown, (each) => each.model, (each) => h("tr", { "data-provider": each.model.split("/")[0] }, h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), each.model)),
    h("td", { class: "number", "data-label": "Quality" }), h("td", { class: "number", "data-label": "Estimate" }), h("td", { class: "faint", "data-label": "Reason" })), (row, each) => {
    setText(row.children[1], each.quality ?? "–");
    setText(row.children[2], each.excluded ? "–" : each.costUsd === null ? "unpriced" : usd(each.costUsd));
    const reason = each.reason ?? "";
    if (row.children[3].dataset.now !== `${each.chosen}${reason}`) {
      row.children[3].dataset.now = `${each.chosen}${reason}`;
      row.children[3].replaceChildren(h("span", { class: "wrap" }, each.chosen ? chip("done", "chosen") : null, each.chosen ? " " : null, each.excluded ? `left out: ${reason.replaceAll("-", " ")}` : reason));
    }
  });
  const right = sides[1].choose;
  if (right.dataset.own !== "yes" && right.options.length > 1) {
    const best = [...route.candidates].sort((a, b) => b.quality - a.quality)[0];
    if (best && [...right.options].some((option) => option.value === best.model)) {
      right.value = best.model;
    }
  }
}

// Running.

async function runBoth() {
  if (prompt.value.trim() === "") {
    prompt.focus();
    return;
  }
  if (sides.some((side) => side.call)) {
    stop();
    return;
  }
  votes.hidden = true;
  setText(run.querySelector("span"), "Stop");
  await Promise.all(sides.map(ask));
  setText(run.querySelector("span"), "Run both");
  compare();
}

function stop() {
  sides.forEach((side) => side.call?.abort());
}

/** Asks one model through the gateway, as any client would, and shows what streams in. Text only ever enters as text. */
async function ask(side) {
  const call = new AbortController();
  const began = performance.now();
  side.call = call;
  side.answer = { text: "", firstAt: null, requestId: null };
  side.text.textContent = "";
  side.figures.forEach((each) => setText(each, "–"));
  side.state.replaceChildren(chip("running", "answers"));
  setText(side.foot, "streaming; Esc stops it, what came is booked");
  const wanted = options();
  const ticking = setInterval(() => setText(side.figures[2], took(performance.now() - began)), 100);
  try {
    const answer = await fetch(at("/v1/chat/completions"), {
      method: "POST",
      signal: call.signal,
      headers: { "Content-Type": "application/json", "architect-details": "true", "architect-project": "playground", "architect-quality": wanted.quality },
      body: JSON.stringify({
        model: side.choose.value,
        messages: [...(wanted.system ? [{ role: "system", content: wanted.system }] : []), { role: "user", content: wanted.prompt }],
        ...(wanted.maxOutputTokens ? { max_tokens: wanted.maxOutputTokens } : {}),
        ...(wanted.temperature === undefined ? {} : { temperature: wanted.temperature }),
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    if (answer.status === 401) {
      askToLogIn();
    }
    if (!answer.ok) {
      throw new Error((await answer.json().catch(() => null))?.error?.message ?? `the server answered with status ${answer.status}`);
    }
    side.answer.model = `${answer.headers.get("architect-provider")}/${answer.headers.get("architect-model")?.replace(`${answer.headers.get("architect-provider")}/`, "")}`;
    side.answer.requestId = answer.headers.get("x-request-id");
    mark(side.element, "data-provider", answer.headers.get("architect-provider"));
    setText(side.element.querySelector(".model"), side.choose.value === "auto" ? `→ ${side.answer.model.split("/").slice(1).join("/")}` : "");
    await stream(answer, side, began);
    finish(side, began);
  } catch (failure) {
    const stopped = failure.name === "AbortError";
    side.state.replaceChildren(stopped ? chip("cancelled", "stopped") : chip("dead", "failed"));
    setText(side.foot, stopped ? "Stopped. What came until then is booked." : failure.message);
    side.answer.failed = true;
  }
  clearInterval(ticking);
  setText(side.figures[2], took(performance.now() - began));
  side.call = null;
}

async function stream(answer, side, began) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    rest += value;
    const lines = rest.split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith(": architect ")) {
        side.answer.details = JSON.parse(line.slice(12));
      } else if (line.startsWith("data: {")) {
        take(JSON.parse(line.slice(6)), side, began);
      }
    }
  }
}

function take(event, side, began) {
  if (event.error) {
    throw new Error(event.error.message);
  }
  const choice = event.choices?.[0];
  if (choice?.delta?.content) {
    if (side.answer.firstAt === null) {
      side.answer.firstAt = performance.now() - began;
      setText(side.figures[1], took(side.answer.firstAt));
    }
    side.answer.text += choice.delta.content;
    side.text.append(choice.delta.content);
  }
  side.answer.reason = choice?.finish_reason ?? side.answer.reason;
  side.answer.usage = event.usage ?? side.answer.usage;
}

function finish(side, began) {
  const { answer } = side;
  const whole = performance.now() - began;
  const cut = answer.reason === "length";
  side.state.replaceChildren(chip("done", "done"));
  const cost = answer.details?.costUsd;
  answer.cost = cost == null ? null : Number(cost);
  answer.took = whole;
  setText(side.figures[0], answer.cost === null ? "unpriced" : usd(answer.cost));
  const generating = whole - (answer.firstAt ?? 0);
  setText(side.figures[3], answer.usage && generating > 50 ? `${Math.round((1000 * answer.usage.completion_tokens) / generating)} tokens/s` : "–");
  setText(side.figures[4], answer.usage ? `${count(answer.usage.prompt_tokens)} in, ${count(answer.usage.completion_tokens)} out` : "–");
  setText(side.foot, `${cut ? ending("length") : answer.reason === "content_filter" ? ending("refused") : "ended by itself"} · ${plural(answer.details?.attempts ?? 1, "call")} · request ${answer.requestId ?? "unknown"}`);
  setText(find("news"), `The ${side.name} answer is complete.`);
}

function compare() {
  const [left, right] = sides.map((side) => side.answer);
  if (left?.failed || right?.failed || !left || !right) {
    setText(verdictWords, "There is nothing to compare: not both have answered.");
    return;
  }
  const words = [];
  if (left.cost > 0 && right.cost > 0) {
    const ratio = Math.max(left.cost, right.cost) / Math.min(left.cost, right.cost);
    words.push(ratio < 1.01 ? `Both cost ${usd(left.cost)}` : `The ${left.cost < right.cost ? "left" : "right"} one is ${ratio.toFixed(1)} × cheaper: ${usd(Math.min(left.cost, right.cost))} against ${usd(Math.max(left.cost, right.cost))}`);
  } else if (left.cost !== null && right.cost !== null) {
    words.push(`${usd(left.cost)} against ${usd(right.cost)}`);
  }
  if (left.firstAt !== null && right.firstAt !== null) {
    words.push(`the ${left.firstAt < right.firstAt ? "left" : "right"} one began ${took(Math.abs(left.firstAt - right.firstAt))} sooner`);
  }
  setText(verdictWords, `${words.join(", ")}.`);
  votes.hidden = false;
}

async function vote(value) {
  const good = { left: [true, false], equal: [true, true], right: [false, true] }[value];
  try {
    await Promise.all(sides.map((side, place) => api(`/api/routes/${encodeURIComponent(side.answer.requestId)}/feedback`, { accepted: good[place] }, "PUT")));
    votes.hidden = true;
    toast("Thank you. The vote is kept with both requests.");
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

async function readModels() {
  const models = (await api("/api/models")).models.filter((model) => model.enabled);
  for (const side of sides) {
    side.choose.append(...models.map((each) => h("option", { value: each.id, disabled: each.gone || null }, each.id)));
  }
  sides[1].choose.value = models.at(-1)?.id ?? "auto";
}

prompt.addEventListener("input", explain);
sides.forEach((side) => side.choose.addEventListener("change", () => {
  side.choose.dataset.own = "yes";
}));
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    runBoth();
  } else if (event.key === "Escape" && sides.some((side) => side.call)) {
    stop();
  }
});
key("e", "Edit the prompt", () => prompt.focus());
action("Run both models", runBoth, "Ctrl ↵");
sentence("auto beside a model of your choice");
start();
readModels().catch((failure) => toast(`Could not load the models: ${failure.message}`, { bad: true }));
