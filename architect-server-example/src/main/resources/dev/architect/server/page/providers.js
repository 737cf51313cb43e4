// Who is ill, since when, and does routing avoid it?

import { setSpark, spark } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { count, duration, exact, moment, percent, plural, usd, words } from "./format.js";
import { api, at, watch } from "./live.js";
import { dialog, start, toast } from "./shell.js";
import { breakerChip, card, load, sentence } from "./states.js";

const SPARK_MILLIS = 30_000;
const HISTORY_MILLIS = 1_000;
const PASSING_MILLIS = 60_000;

const rows = h("tbody", { id: "rows" });
const models = h("tbody", { id: "models" });
const changes = h("ol", { class: "activity", id: "changes" });
const facts = h("dl", { class: "facts", id: "facts" });
const buttons = h("div", { class: "row" });
let chosen = query().get("name");
let latest = null;

const HEADS = [["Provider"], ["Breaker"], ["In flight", "number"], ["p50", "number"], ["p95", "number"], ["Failed today", "number"], ["Calls today", "number"], ["Spend today", "number"], ["Calls, 24 h", "number"]];
const head = (names) => h("thead", {}, h("tr", {}, ...names.map(([name, look]) => h("th", { scope: "col", class: look }, name))));

find("main").append(h(
  "div",
  { class: "stack-v" },
  card("Providers", { look: "flush", id: "list", note: "choose one to see why" }, h("div", { class: "scroll" }, h("table", { class: "cards" }, head(HEADS), rows)),
    h("div", { class: "empty", id: "empty", hidden: true }, h("p", {}, "No provider is configured. Set a key such as ANTHROPIC_API_KEY or OPENAI_API_KEY, or run Ollama, and start the server again."))),
  h("div", { class: "split top-aligned", id: "detail", hidden: true },
    card("Models", { look: "flush", id: "models-card" }, h("div", { class: "scroll" }, h("table", { class: "cards" },
      head([["Model"], ["Breaker"], ["Since"], ["Reason"], ["Next trial", "number"]]), models))),
    h("div", { class: "stack-v" }, card("Provider", { id: "facts-card" }, facts, buttons), card("Changes of its breakers", { id: "changes-card" }, changes, h("p", { class: "note", id: "no-changes" }, "Its breakers have not changed since the start.")))),
));
buttons.append(
  h("button", { type: "button", id: "trip", onclick: () => ask("trip") }, "Trip"),
  h("button", { type: "button", id: "reset", onclick: () => ask("reset") }, "Reset"),
);

function show(snapshot) {
  latest = snapshot;
  const { providers, summary } = snapshot;
  const ill = providers.filter((provider) => provider.breaker !== "closed");
  sentence(providers.length === 0 ? "" : ill.length === 0 ? "All of them answer" : `${ill.map((provider) => provider.name).join(", ")} ${ill.length === 1 ? "is" : "are"} avoided by routing`);
  find("empty").hidden = providers.length > 0;
  rows.closest(".scroll").hidden = providers.length === 0;
  const spend = new Map(summary.byProvider.map((row) => [row.provider, row]));
  follow(rows, providers, (provider) => provider.name, create, (row, provider) => {
    const spent = spend.get(provider.name);
    const cells = row.children;
    mark(row, "data-current", provider.name === chosen ? "" : null);
    mark(cells[0].querySelector("a"), "aria-current", provider.name === chosen ? "true" : null);
    if (cells[1].firstChild.dataset.kind !== `breaker-${provider.breaker}`) {
      cells[1].replaceChildren(breakerChip(provider.breaker));
    }
    setText(cells[2], count(provider.inFlight));
    setText(cells[3], duration(spent?.p50Ms));
    setText(cells[4], duration(spent?.p95Ms));
    setText(cells[5], spent?.calls > 0 ? percent((100 * spent.failedCalls) / spent.calls) : "–");
    mark(cells[5], "data-kind", spent?.failedCalls / spent?.calls > 0.02 ? "bad" : null);
    setText(cells[6], count(spent?.calls));
    setText(cells[7], spent?.unpricedCalls > 0 && spent.costUsd === 0 ? "unpriced" : usd(spent?.costUsd));
  });
  showDetail();
}

function create(provider) {
  return h(
    "tr",
    { "data-provider": provider.name },
    h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), h("a", { href: at(`/providers?name=${encodeURIComponent(provider.name)}`), onclick: (event) => {
      event.preventDefault();
      choose(provider.name);
    } }, provider.name))),
    h("td", { "data-label": "Breaker" }, breakerChip(provider.breaker)),
    ...HEADS.slice(2, 8).map(([name]) => h("td", { class: "number", "data-label": name })),
    h("td", { class: "number", "data-phone": "no" }, spark()),
  );
}

function choose(name) {
  chosen = name;
  setQuery({ name }, true);
  changes.replaceChildren();
  show(latest);
  readHistory();
}

function showDetail() {
  const provider = latest.providers.find((each) => each.name === chosen);
  find("detail").hidden = !provider;
  if (!provider) {
    return;
  }
  setText(find("facts-card-title"), provider.name);
  const gone = new Map(provider.goneModels.map((each) => [each.model, each]));
  const health = new Map(provider.breakers.map((each) => [each.model, each]));
  follow(models, provider.models, (name) => name, (name) => h("tr", {}, h("th", { scope: "row" }, name),
    h("td", { "data-label": "Breaker" }, breakerChip("closed")), h("td", { class: "faint", "data-label": "Since" }), h("td", { "data-label": "Reason" }), h("td", { class: "number", "data-label": "Next trial" })), (row, name) => {
    const state = health.get(name);
    const cells = row.children;
    const breaker = state?.state ?? provider.breaker;
    if (cells[1].firstChild.dataset.kind !== `breaker-${breaker}`) {
      cells[1].replaceChildren(breakerChip(breaker));
    }
    setText(cells[2], state ? moment(state.since) : "–");
    mark(cells[2], "title", state ? exact(state.since) : null);
    setText(cells[3], gone.has(name) ? "not served by the provider" : state?.trip ? `tripped: ${state.trip}` : state?.reason && breaker !== "closed" ? words(state.reason) : "–");
    const next = gone.get(name)?.nextCheck ?? state?.nextTrial;
    setText(cells[4], next ? `in ${Math.max(0, Math.round((new Date(next) - Date.now()) / 1000))} s` : state?.tripUntil ? `until ${moment(state.tripUntil)}` : "–");
  });
  const row = latest.summary.byProvider.find((each) => each.provider === chosen);
  const pairs = {
    State: words(provider.breaker),
    "In flight": count(provider.inFlight),
    Models: count(provider.models.length),
    "Calls today": count(row?.calls),
    "Failed today": count(row?.failedCalls),
    "Spend today": usd(row?.costUsd),
    Tokens: `${count(row?.inputTokens)} in, ${count(row?.outputTokens)} out`,
  };
  follow(facts, Object.entries(pairs), ([name]) => name, ([name]) => h("div", {}, h("dt", {}, name), h("dd")), (line, [, value]) => setText(line.lastElementChild, value));
}

async function readHistory() {
  if (chosen && latest?.providers.some((each) => each.name === chosen)) {
    await load(changes, "the changes", () => api(`/api/providers/${encodeURIComponent(chosen)}/history`), (found) => {
      find("no-changes").hidden = found.changes.length > 0;
      follow(changes, found.changes.slice(0, 20), (each) => `${each.at} ${each.model} ${each.to}`, (each) => h("li", {}, h("time", { datetime: each.at, title: exact(each.at) }, moment(each.at)),
        h("span", { class: "what" }, `${each.model.split("/").slice(1).join("/")}: ${words(each.from)} to ${words(each.to)}, ${words(each.reason)}${each.note ? ` (${each.note})` : ""}`)), () => {});
    }, 3);
  }
}

/** Both hold for all nodes; why somebody did it is kept. */
function ask(what) {
  const reason = h("input", { id: "reason", required: true, maxlength: "200", value: what === "trip" ? "" : "looked at" });
  const box = dialog("ask", what === "trip" ? `Trip ${chosen}` : `Reset ${chosen}`, h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const name = chosen;
    box.close();
    try {
      await api(`/api/providers/${encodeURIComponent(name)}/${what}`, { reason: reason.value });
      const undo = what === "trip" ? h("button", { type: "button", onclick: async (click) => {
        click.target.closest(".toast").remove();
        await api(`/api/providers/${encodeURIComponent(name)}/reset`, { reason: "taken back" }).catch((failure) => toast(failure.message, { bad: true }));
        readHistory();
      } }, "Undo") : null;
      toast(what === "trip" ? `No call goes to ${name} until it is reset.` : `${name} is asked again.`, { button: undo });
      readHistory();
    } catch (failure) {
      toast(failure.message, { bad: true });
    }
  } },
  h("p", { class: "note" }, what === "trip" ? "No call goes through until a reset; routing uses the others. Calls that run go on." : "Closes its circuit breakers, and ends a trip."),
  h("div", { class: "field" }, h("label", { for: "reason" }, "Reason"), reason),
  h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, what === "trip" ? "Trip" : "Reset"), h("button", { type: "button", onclick: () => box.close() }, "Close"))));
  reason.focus();
}

async function readSparks() {
  for (const provider of latest?.providers ?? []) {
    const found = await api(`/api/ledger/series?period=24h&interval=hour&provider=${encodeURIComponent(provider.name)}`).catch(() => null);
    const row = rows.querySelector(`tr[data-provider="${CSS.escape(provider.name)}"]`);
    if (found && row) {
      setSpark(row.querySelector(".spark"), found.buckets.map((bucket) => bucket.calls));
    }
  }
}

addEventListener("popstate", () => {
  chosen = query().get("name");
  show(latest);
});
start((snapshot) => {
  const first = latest === null;
  chosen ??= snapshot.providers[0]?.name ?? null;
  show(snapshot);
  if (first) {
    watch(["costs"], readSparks, SPARK_MILLIS, PASSING_MILLIS);
    watch(["providers"], readHistory, HISTORY_MILLIS);
    document.title = `${plural(snapshot.providers.length, "provider")} · Architect`;
  }
});
