// Is it well, what does it cost, what did it save, what needs somebody?

import { Bars, legend, level, Recent, setSpark, spark, stepOf } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { count, duration, exact, hour, moment, percent, plural, short, took, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { actOn } from "./retry.js";
import { openSubmit } from "./submit.js";
import { action, segments, start } from "./shell.js";
import { breakerChip, card, failed, sentence, setChip } from "./states.js";

const RANGES = [["1h", "1 h"], ["24h", "24 h"], ["7d", "7 d"], ["30d", "30 d"]];
const RUNNING = 6;
const RUNNING_MILLIS = 1_000;
const NEEDS_MILLIS = 2_000;
const SERIES_MILLIS = 5_000;
const SPARK_MILLIS = 30_000;
const PASSING_MILLIS = 60_000;
const ROUTINE = new Set(["session-opened", "session-closed", "task-edited", "task-resumed"]);

let range = query().get("range") ?? "24h";
let latest = null;
let causes = { causes: [] };
let budgets = [];
let held = [];
const breakers = new Map();

const SERIES = [
  { key: "answered", kind: "answered", label: "answered" },
  { key: "failed", kind: "failed", label: "failed" },
];

function figure(id, label, href, gauge = null) {
  return h(
    "a",
    { href: at(href), id: `${id}-cell` },
    h("span", { class: "label", id: `${id}-label` }, label),
    h("span", { class: "figure" }, h("span", { id }, "–"), h("small", { id: `${id}-unit` })),
    h("span", { class: "gauge" }, gauge),
    h("p", { class: "note", id: `${id}-note` }, "\u00a0"),
  );
}

const inFlight = new Recent(spark());
const wait = new Recent(spark());
const perSecond = new Recent(spark());
const budgetBar = h("span", { class: "bar" });
const costBar = h("span", { class: "bar spent" });
const chartLegend = h("ul", { class: "legend" });
const chart = h("div", {});
const needs = h("ul", { class: "rows", id: "needs" });
const needsEmpty = h("p", { class: "note", id: "needs-empty" }, "Reading…");
const providerRows = h("tbody", { id: "providers" });
const runningRows = h("tbody", { id: "running-rows" });
const latestRows = h("tbody", { id: "latest" });
const activityRows = h("ol", { class: "activity short", id: "activity" });
const chartCard = card("Calls per hour", { id: "calls", tools: [chartLegend] }, chart);

find("main").append(
  h(
    "div",
    { class: "stack-v" },
    h(
      "section",
      { class: "card strip", "aria-label": "Key figures" },
      figure("in-flight", "In flight", "/tasks?state=running", inFlight.picture),
      figure("wait", "Queue wait p95", "/tasks?state=ready", wait.picture),
      figure("success", "Success", "/tasks?state=dead", perSecond.picture),
      figure("cost", "Spend today", "/llm-metrics?range=today", budgetBar),
      figure("saving", "Saved against the baseline", "/llm-metrics?range=today", costBar),
    ),
    h(
      "div",
      { class: "split", id: "overview-middle" },
      chartCard,
      h("div", { id: "overview-needs", class: "card", role: "region", "aria-labelledby": "needs-title" },
        h("div", { class: "title" }, h("h2", { id: "needs-title" }, "Needs you"), h("span", { class: "spring" }), h("span", { class: "note number", id: "needs-count" })),
        needs, needsEmpty),
    ),
    card(
      "Providers",
      { id: "providers-card", look: "flush", tools: [h("a", { class: "note", href: at("/providers") }, "All")] },
      table(
        [["Provider"], ["Breaker"], ["In flight", "number"], ["p50", "number"], ["p95", "number"], ["Failed", "number"], ["Calls", "number"], ["Spend", "number"], ["Calls, per hour", "number"]],
        providerRows,
        "compact",
      ),
      h("div", { class: "empty", id: "providers-empty", hidden: true },
        h("p", {}, "No provider is configured. Set a key such as ", h("code", {}, "ANTHROPIC_API_KEY"), " or ", h("code", {}, "OPENAI_API_KEY"),
          ", run Ollama, or start with ", h("code", {}, "./gaia serve --simulate"), ", and start the server again.")),
    ),
    h(
      "div",
      { class: "split top-aligned" },
      h("div", { class: "stack-v" },
        card(
          "Running now",
          { id: "running", look: "flush", tools: [h("a", { class: "note", href: at("/tasks?state=running") }, "All tasks")] },
          table([["Task", "what"], ["Project"], ["Model"], ["Running", "number"], ["Cost so far", "number"]], runningRows),
          h("div", { class: "empty", id: "running-empty" }, h("p", {}, "Nothing runs at the moment.")),
        ),
        card(
          "Latest tasks",
          { id: "latest-card", look: "flush", tools: [h("a", { class: "note", href: at("/tasks") }, "All")] },
          table([["Task", "what"], ["State"], ["Project"], ["Attempts", "number"], ["Accepted", "number"]], latestRows),
          h("div", { class: "empty", id: "latest-empty", hidden: true }, h("p", {}, "Nothing has run yet. Submit a task, or point an OpenAI client at this server."),
            h("button", { type: "button", class: "primary", onclick: openSubmit }, "New task")),
        )),
      card(
        "Activity",
        { id: "activity-card", note: "what was not routine", tools: [h("a", { class: "note", href: at("/activity") }, "All")] },
        activityRows,
        h("p", { class: "note", id: "activity-empty", hidden: true }, "Nothing unusual has happened yet."),
      ),
    ),
  ),
);

function table(heads, body, look = "") {
  return h("div", { class: "scroll" }, h("table", { class: `cards ${look}` },
    h("thead", {}, h("tr", {}, ...heads.map(([name, look]) => h("th", { scope: "col", class: look }, name)))), body));
}

const bars = new Bars(chart, {
  subject: "Calls over time",
  height: 236,
  unit: (value) => short(Math.round(value * 10) / 10),
  open: (bucket) => location.assign(at(`/llm-metrics?from=${new Date(bucket.at).toISOString()}&until=${new Date(bucket.at + stepOf(range)[1]).toISOString()}`)),
});

/** What pointer or focus is on is not moved. */
const isBusy = (element) => element.matches(":hover") || element.contains(document.activeElement);

function show(snapshot) {
  latest = snapshot;
  showFigures(snapshot);
  showProviders(snapshot.providers);
  showLatest(snapshot.latestTasks);
  showActivity(snapshot.activities);
  showNeeds();
  announceBreakers(snapshot.providers);
}

function showFigures({ tasks, sessions, runningAttempts, assign, summary, tasksPerSecond }) {
  const slots = sessions.reduce((sum, session) => sum + session.slots, 0);
  setText(find("in-flight"), count(tasks.running));
  setText(find("in-flight-unit"), slots > 0 ? `of ${count(slots)} slots` : "");
  setText(find("in-flight-note"), `${count(tasks.ready + tasks.limited)} waiting, ${count(tasks.scheduled)} scheduled`);
  inFlight.add(runningAttempts);
  setText(find("wait"), assign.count > 0 ? duration(assign.p95Ms).split(" ")[0] : "–");
  setText(find("wait-unit"), assign.count > 0 ? duration(assign.p95Ms).split(" ")[1] : "");
  setText(find("wait-note"), assign.count > 0 ? `p50 ${duration(assign.p50Ms)}, p99 ${duration(assign.p99Ms)}` : "nothing has started yet");
  wait.add(assign.p95Ms);
  const ended = tasks.done + tasks.dead + tasks.expired;
  setText(find("success"), ended > 0 ? percent((100 * tasks.done) / ended).replace(" %", "") : "–");
  setText(find("success-unit"), ended > 0 ? "%" : "");
  setText(find("success-note"), `${count(tasks.done)} done, ${count(tasks.dead + tasks.expired)} dead; ${tasksPerSecond} per second`);
  perSecond.add(tasksPerSecond);
  showSpend(summary);
}

function showSpend(summary) {
  const budget = budgets.find((each) => each.scope === "all" && each.period === "day") ?? budgets.find((each) => each.scope === "all");
  setText(find("cost"), usd(summary.costUsd));
  mark(find("cost"), "title", `$${summary.costUsd}`);
  setText(find("cost-unit"), budget ? `of ${usd(budget.limitUsd)}` : "");
  level(budgetBar, budget ? budget.spentUsd / budget.limitUsd : 0);
  mark(budgetBar, "data-kind", budget && budget.spentUsd / budget.limitUsd > 0.8 ? "warn" : null);
  const notes = [plural(summary.calls, "call")];
  if (summary.failovers > 0) {
    notes.push(plural(summary.failovers, "failover"));
  }
  if (summary.estimatedUsd > 0) {
    notes.push(`${usd(summary.estimatedUsd)} est.`);
  }
  if (summary.unpricedCalls > 0) {
    notes.push(`${count(summary.unpricedCalls)} unpriced`);
  }
  setText(find("cost-note"), notes.join(", "));
  const none = summary.savingsPercent === null;
  setText(find("saving"), none ? "–" : percent(summary.savingsPercent).replace(" %", ""));
  setText(find("saving-unit"), none ? "" : "%");
  mark(find("saving").parentElement, "data-kind", none ? null : summary.savingsPercent < 0 ? "bad" : "good");
  level(costBar, summary.baselineUsd > 0 ? summary.costUsd / summary.baselineUsd : 0);
  setText(find("saving-note"), none ? "nothing spent yet today" : `${usd(summary.costUsd)}, not ${usd(summary.baselineUsd)}: same-token estimate, not measured`);
}

function showProviders(providers) {
  find("providers-empty").hidden = providers.length > 0;
  const spend = new Map(latest.summary.byProvider.map((row) => [row.provider, row]));
  setText(document.querySelector("#providers-card-title + .note"), `calls and spend of today${latest.summary.unpricedCalls > 0 ? `, ${plural(latest.summary.unpricedCalls, "call")} unpriced` : ""}`);
  follow(providerRows, providers, (provider) => provider.name, createProvider, (row, provider) => {
    const spent = spend.get(provider.name);
    const cells = row.children;
    if (cells[1].firstChild.dataset.kind !== `breaker-${provider.breaker}`) {
      cells[1].replaceChildren(breakerChip(provider.breaker));
    }
    const gone = provider.goneModels ?? [];
    mark(row, "data-gone-models", gone.length > 0 ? gone.map((one) => one.model).join(", ") : null);
    setText(cells[0].lastElementChild, gone.length > 0 ? `Not served: ${gone.map((one) => one.model).join(", ")}` : "");
    setText(cells[2], count(provider.inFlight));
    setText(cells[3], duration(spent?.p50Ms));
    setText(cells[4], duration(spent?.p95Ms));
    setText(cells[5], spent?.calls > 0 ? percent((100 * spent.failedCalls) / spent.calls) : "–");
    mark(cells[5], "data-kind", spent?.failedCalls / spent?.calls > 0.02 ? "bad" : null);
    setText(cells[6], count(spent?.calls));
    setText(cells[7], spent?.unpricedCalls > 0 && spent.costUsd === 0 ? "unpriced" : usd(spent?.costUsd) + (spent?.estimatedUsd > 0 ? " est." : ""));
  });
}

function createProvider(provider) {
  return h(
    "tr",
    { "data-provider": provider.name },
    h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), h("a", { class: "plain", href: at(`/providers?name=${encodeURIComponent(provider.name)}`) }, provider.name)), h("span", { class: "note bad-text gone" })),
    h("td", {}, breakerChip(provider.breaker)),
    ...["In flight", "p50", "p95", "Failed", "Calls", "Spend"].map((name) =>
      h("td", { class: "number", "data-label": name, "data-phone": name === "p95" || name === "Spend" ? null : "no" })),
    h("td", { class: "number", "data-phone": "no" }, spark()),
  );
}

function showLatest(tasks) {
  find("latest-empty").hidden = tasks.length > 0;
  latestRows.closest(".scroll").hidden = tasks.length === 0;
  const shown = tasks.slice(0, 8);
  follow(latestRows, shown, (task) => task.id, (task) => h(
    "tr",
    {},
    h("td", { class: "what" }, h("a", { href: at(`/tasks/${task.id}`) }, h("bdi", {}, task.title ?? task.type))),
    h("td", { "data-label": "State" }, h("span", { class: "badge" }, icon(task.state), h("span", {}))),
    h("td", { class: "faint", "data-label": "Project" }, task.project),
    h("td", { class: "number", "data-label": "Attempts" }),
    h("td", { class: "number faint", "data-label": "Accepted", title: exact(task.createdAt) }, moment(task.createdAt)),
  ), (row, task) => {
    setChip(row.querySelector(".badge"), task.state, task.cancelRequested && task.state === "running" ? "cancelling" : words(task.state));
    setText(row.children[3], `${task.attempt} / ${task.maxAttempts}`);
  });
}

function showActivity(entries) {
  const shown = entries.filter((entry) => !ROUTINE.has(entry.kind)).slice(0, 10);
  find("activity-empty").hidden = shown.length > 0;
  follow(activityRows, shown, (entry) => entry.sequence, (entry) => h(
    "li",
    { "data-activity": entry.kind },
    h("time", { datetime: entry.at, title: exact(entry.at) }, hour(entry.at)),
    h("span", { class: "what clamp", title: entry.text }, entry.text, entry.task ? h("a", { class: "note", href: at(`/tasks/${entry.task}`) }, " task") : null),
  ), () => {});
  const since = shown.filter((entry) => Date.now() - new Date(entry.at) < 3_600_000);
  const failovers = since.filter((entry) => entry.kind === "failed-over").length;
  const changes = since.filter((entry) => entry.kind === "breaker-changed").length;
  sentence(since.length === 0 ? "Only routine in the last hour" : `In the last hour: ${[
    failovers > 0 ? plural(failovers, "failover") : null,
    changes > 0 ? plural(changes, "breaker change") : null,
    since.length > failovers + changes ? plural(since.length - failovers - changes, "entry", "entries") + (failovers + changes > 0 ? " more" : since.length - failovers - changes === 1 ? " that is not routine" : " that are not routine") : null,
  ].filter(Boolean).join(", ")}`);
}

/** What a person must look at, the most urgent first: open breakers, dead tasks by cause, tasks that ask, budgets. */
function showNeeds() {
  const list = [];
  for (const provider of latest?.providers ?? []) {
    if (provider.breaker === "open") {
      const trip = provider.breakers?.find((each) => each.trip);
      list.push({ key: `p-${provider.name}`, kind: "bad", icon: "warn", text: `${provider.name} is cut off`, note: trip ? `tripped: ${trip.trip}` : "its circuit breaker is open; routing avoids it", href: `/providers?name=${provider.name}` });
    } else if ((provider.goneModels ?? []).length > 0) {
      list.push({ key: `g-${provider.name}`, kind: "warn", icon: "warn", text: `${provider.name} does not serve ${provider.goneModels[0].model}`, note: "the policy names it", href: `/providers?name=${provider.name}` });
    }
  }
  for (const cause of causes.causes.slice(0, 3)) {
    list.push({ key: `c-${cause.cause}`, kind: "dead", icon: "dead", text: `${plural(cause.count, "task")} dead: ${cause.cause}`, note: `since ${moment(cause.since)}`, href: "/tasks?state=dead", cause });
  }
  for (const task of held.slice(0, 3)) {
    list.push({ key: `h-${task.id}`, kind: "held", icon: "held", text: task.title ?? task.type, note: "is held, and waits for an answer or for its release", href: `/tasks/${task.id}` });
  }
  for (const budget of budgets.filter((each) => each.spentUsd + each.reservedUsd > 0.8 * each.limitUsd)) {
    list.push({ key: `b-${budget.name}`, kind: "warn", icon: "warn", text: `Budget ${budget.name}: ${usd(budget.leftUsd)} left of ${usd(budget.limitUsd)}`, note: budget.resetsAt ? `begins anew ${moment(budget.resetsAt)}` : "never begins anew", href: "/settings" });
  }
  setText(find("needs-count"), list.length > 0 ? String(list.length) : "");
  setText(needsEmpty, "Nothing waits for you.");
  needsEmpty.hidden = list.length > 0;
  if (isBusy(needs)) {
    return;
  }
  follow(needs, list, (each) => each.key, (each) => h(
    "li",
    {},
    h("span", { class: "mark", "data-kind": each.kind }, icon(each.icon)),
    h("div", { class: "what" }, h("p", {}, h("a", { href: at(each.href) }, h("b", {}))), h("p", { class: "note" })),
    each.cause ? h("button", { type: "button" }) : null,
  ), (row, each) => {
    setText(row.querySelector("b"), each.text);
    setText(row.querySelector("p.note"), each.note);
    const button = row.querySelector("button");
    if (button && each.cause) {
      setText(button, `Retry ${count(each.cause.count)}`);
      button.onclick = () => actOn(each.cause.tasks.map((task) => task.id), "redrive", readNeeds);
    }
  });
}

async function readNeeds() {
  const [foundCauses, foundBudgets, foundHeld] = await Promise.all([
    api("/api/tasks/causes").catch(() => causes),
    api("/api/budgets").catch(() => ({ budgets })),
    api("/api/tasks?state=held&limit=3").catch(() => ({ tasks: held })),
  ]);
  causes = foundCauses;
  budgets = foundBudgets.budgets;
  held = foundHeld.tasks;
  if (latest) {
    showNeeds();
    showSpend(latest.summary);
  }
}

async function readRunning() {
  const found = await api(`/api/tasks?state=running&limit=${RUNNING}`).catch(() => null);
  if (found === null || isBusy(runningRows)) {
    return;
  }
  const ids = found.tasks.map((task) => task.id).join(",");
  const outcomes = ids ? await api(`/api/tasks/outcomes?ids=${ids}`).catch(() => ({ outcomes: [] })) : { outcomes: [] };
  const known = new Map(outcomes.outcomes.map((outcome) => [outcome.id, outcome]));
  find("running-empty").hidden = found.tasks.length > 0;
  runningRows.closest(".scroll").hidden = found.tasks.length === 0;
  follow(runningRows, found.tasks, (task) => task.id, (task) => h(
    "tr",
    {},
    h("td", { class: "what" }, h("a", { href: at(`/tasks/${task.id}`) }, h("bdi", {}, task.title ?? task.type))),
    h("td", { class: "faint", "data-label": "Project" }, task.project),
    h("td", { "data-label": "Model" }),
    h("td", { class: "number", "data-label": "Running" }),
    h("td", { class: "number", "data-label": "Cost so far" }),
  ), (row, task) => {
    const outcome = known.get(task.id);
    setText(row.children[2], outcome?.model ?? "–");
    row.dataset.started = outcome?.startedAt ?? "";
    setText(row.children[4], usd(outcome?.costUsd));
  });
  showTimes();
}

/** How long each runs goes on while nothing changes. */
function showTimes() {
  for (const row of runningRows.children) {
    const { started } = row.dataset;
    setText(row.children[3], started ? took(Date.now() - new Date(started)) : "–");
  }
}

async function readSeries() {
  const [interval, step] = stepOf(range);
  setText(find("calls-title"), `Calls per ${interval}`);
  try {
    const { buckets } = await api(`/api/ledger/series?period=${range}&interval=${interval}`);
    chart.querySelector(".failed")?.remove();
    const failedCalls = buckets.reduce((sum, bucket) => sum + bucket.failedCalls, 0);
    const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0);
    bars.set({
      step,
      series: SERIES,
      buckets: buckets.map((bucket) => ({ at: new Date(bucket.begin).getTime(), values: [bucket.calls - bucket.failedCalls, bucket.failedCalls] })),
    });
    legend(chartLegend, [{ ...SERIES[0], words: count(calls - failedCalls) }, { ...SERIES[1], words: count(failedCalls) }]);
  } catch (failure) {
    chart.querySelector(".failed")?.remove();
    chart.prepend(failed("the calls", failure, readSeries));
  }
}

async function readSparks() {
  for (const provider of latest?.providers ?? []) {
    const found = await api(`/api/ledger/series?period=24h&interval=hour&provider=${encodeURIComponent(provider.name)}`).catch(() => null);
    const row = providerRows.querySelector(`tr[data-provider="${CSS.escape(provider.name)}"]`);
    if (found && row) {
      setSpark(row.querySelector(".spark"), found.buckets.map((bucket) => bucket.calls));
    }
  }
}

/** Only what changes rarely is told aloud; numbers are there to be looked at. */
function announceBreakers(providers) {
  for (const provider of providers) {
    const before = breakers.get(provider.name);
    breakers.set(provider.name, provider.breaker);
    if (before !== undefined && before !== provider.breaker) {
      setText(find("news"), `The breaker of ${provider.name} is ${words(provider.breaker)} now.`);
    }
  }
}

find("tools").append(segments("Range", RANGES, range, (value) => {
  range = value;
  setQuery({ range: value === "24h" ? null : value }, true);
  readSeries();
}));
action("Open the dead tasks", () => location.assign(at("/tasks?state=dead")));
document.addEventListener("task-changed", readNeeds);
start((snapshot) => {
  const first = latest === null;
  show(snapshot);
  if (first) {
    watch(["costs"], readSparks, SPARK_MILLIS, PASSING_MILLIS);
  }
});
watch(["tasks"], readSeries, SERIES_MILLIS, PASSING_MILLIS);
watch(["tasks"], readNeeds, NEEDS_MILLIS);
watch(["tasks"], readRunning, RUNNING_MILLIS);
setInterval(showTimes, 1_000);
