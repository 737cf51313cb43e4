// Where does the money go, and is the saving real?

import { callLink, openNamedCall } from "./call.js";
import { Bars, legend, level, stepOf } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { exportButton } from "./exports.js";
import { count, duration, exact, moment, percent, plural, short, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { key, segments, start } from "./shell.js";
import { card, failed, sentence } from "./states.js";
import { savedViews } from "./views.js";

const RANGES = [["1h", "1 h"], ["today", "Today"], ["24h", "24 h"], ["7d", "7 d"], ["30d", "30 d"], ["all", "All"]];
const MEASURES = [["spend", "Spend"], ["tokens", "Tokens"], ["calls", "Calls"], ["errors", "Errors"]];
const DIMENSIONS = ["provider", "model", "project", "user", "complexity", "outcome", "cost-status", "service-tier", "region", "task-type", "key"];
const FILTERS = ["provider", "model", "project", "user", "complexity", "outcome", "failure", "costStatus", "serviceTier", "region", "taskType", "key", "tag", "task"];
const MILLIS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000, "30d": 2_592_000_000 };
const SERIES = 5;
const ROWS = 50;
const READ_MILLIS = 2_000;
const PASSING_MILLIS = 60_000;

let range = query().get("range") ?? "24h";
let from = query().get("from");
let until = query().get("until");
let by = DIMENSIONS.includes(query().get("by")) ? query().get("by") : "provider";
let then = DIMENSIONS.includes(query().get("then")) ? query().get("then") : "";
let measure = query().get("measure") ?? "spend";
let compares = query().get("compare") === "yes";
let filters = [...query()].filter(([name]) => FILTERS.includes(name));
let sort = query().get("sort") ?? "-costUsd";
let found = null;
let asked = 0;

/** How the API names the filter of a dimension. */
function filterOf(dimension) {
  return dimension.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function time() {
  return from || until ? { ...(from ? { from } : {}), ...(until ? { until } : {}) } : { period: range };
}

function ask(values = {}, when = time()) {
  return [...Object.entries({ ...when, ...values }), ...filters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

/** The time and the filter of the page as one text. Days are those of UTC, as in the sums. */
function asFilter() {
  const quoted = (text) => (/^[^\s,"]+$/.test(text) && !/^[<>]/.test(text) && !text.includes("..") ? text : `"${text.replaceAll('"', '\\"')}"`);
  const created = from || until ? `created:${from ?? "1970-01-01"}..${until ?? new Date().toISOString()}`
    : range === "today" ? `created:${new Date().toISOString().slice(0, 10)}` : range === "all" ? "" : `created:-${range}`;
  return [...filters.map(([name, value]) => `${name}:${quoted(value)}`), created].filter(Boolean).join(" ");
}

/** When the series begin: a bucket for each day since the first call, not since the beginning of time. */
async function beginning() {
  if (range !== "all" || from || until) {
    return time();
  }
  const { calls } = await api(`/api/calls?${ask({ limit: 1 })}`);
  return { from: calls[0]?.startedAt ?? new Date(Date.now() - 86_400_000).toISOString(), until: new Date().toISOString() };
}

/** The same time before, for what has a beginning and an end. */
function earlier() {
  if (from && until) {
    const length = new Date(until) - new Date(from);
    return { from: new Date(new Date(from) - length).toISOString(), until: from };
  }
  return MILLIS[range] && !from ? { from: new Date(Date.now() - 2 * MILLIS[range]).toISOString(), until: new Date(Date.now() - MILLIS[range]).toISOString() } : null;
}

// The page.

const chips = h("span", { class: "row", id: "chips" });
const fault = h("p", { class: "note bad", role: "alert" });
const filter = h("input", { id: "filter", "data-filter": "", type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
  "aria-label": "Filter by provider, model, project and more", placeholder: "Filter: provider:claude, project:web, outcome:failed" });
const choose = (label, values, chosen, change) => h("label", { class: "choice" }, label,
  h("select", { onchange: (event) => change(event.target.value) }, ...values.map((value) => h("option", { value, selected: value === chosen }, value === "" ? "none" : words(value)))));
const cell = (id, label) => h("div", {}, h("span", { class: "label" }, label), h("span", { class: "figure" }, h("span", { id }, "–"), h("small", { id: `${id}-unit` })), h("p", { class: "note", id: `${id}-note` }, "\u00a0"));
const chartBox = h("div", {});
const chartLegend = h("ul", { class: "legend" });
const rows = h("tbody", { id: "rows" });
const callRows = h("tbody", { id: "call-rows" });
const topRows = h("tbody", { id: "top-rows" });
const baselineBar = h("span", { class: "bar baseline", id: "baseline-bar" });
const costBar = h("span", { class: "bar spent", id: "cost-bar" });
const compareButton = h("button", { type: "button", id: "compare", "aria-pressed": String(compares), onclick: () => {
  compares = !compares;
  mark(compareButton, "aria-pressed", String(compares));
  setQuery({ compare: compares ? "yes" : null });
  read();
} }, "Compare with the time before");

const HEADS = [["group", "Group"], ["calls", "Calls", "number"], ["inputTokens", "Input", "number"], ["outputTokens", "Output", "number"], ["costUsd", "Spend", "number"],
  ["share", "Share"], ["thousand", "per 1,000", "number"], ["p95", "p50 / p95", "number"], ["failedCalls", "Failed", "number"], ["change", "Change", "number"]];

find("main").append(h(
  "div",
  { class: "stack-v" },
  h("div", {}, h("div", { class: "toolbar" },
    h("div", { class: "filter", role: "search" }, icon("search"), chips, filter, h("kbd", {}, "/")),
    choose("Group by", DIMENSIONS, by, (value) => {
      by = value;
      setQuery({ by: value === "provider" ? null : value }, true);
      read();
    }),
    choose("then", ["", ...DIMENSIONS], then, (value) => {
      then = value;
      setQuery({ then: value }, true);
      read();
    }),
    compareButton, savedViews("llm-metrics")), fault),
  h("div", { id: "problem" }),
  h("section", { class: "card strip", "aria-label": "In all" }, cell("cost", "Spend"), cell("tokens", "Tokens"), cell("calls", "Calls"), cell("thousand", "Per 1,000 calls"), cell("failovers", "Failovers"), cell("unpriced", "Unpriced")),
  h("div", { class: "split" },
    card("Spend over time", { id: "series", tools: [segments("Measure", MEASURES, measure, (value) => {
      measure = value;
      setQuery({ measure: value === "spend" ? null : value });
      drawSeries();
    })] }, chartBox, chartLegend),
    card("Against the baseline", { id: "baseline-card" },
      h("p", { class: "figure large" }, h("span", { id: "saving" }, "–"), h("small", { id: "saving-unit" })),
      h("p", { class: "note" }, "The same tokens at the price of the baseline model: an estimate, not measured by shadow calls."),
      h("div", { class: "versus" },
        h("div", { class: "bar-row" }, h("span", {}, "Baseline"), baselineBar, h("b", { id: "baseline" }, "–")),
        h("div", { class: "bar-row" }, h("span", {}, "Spent"), costBar, h("b", { id: "spent" }, "–"))),
      h("dl", { class: "facts", id: "baseline-facts" }))),
  card("By provider", { id: "table-card", look: "flush", tools: [
    h("button", { type: "button", id: "csv", onclick: download }, icon("download"), "Table as CSV"),
    exportButton("export", "Every call as CSV", () => ({ of: "calls", format: "csv", filter: asFilter() }))] },
    h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...HEADS.map(([name, label, look]) =>
      h("th", { scope: "col", class: look, "data-name": name }, h("button", { type: "button", onclick: () => sortBy(name) }, label))))), rows)),
    h("div", { class: "empty", id: "empty", hidden: true })),
  h("div", { class: "halves top-aligned" },
    card("Dearest tasks", { id: "top", look: "flush", note: "of this time and filter" },
      h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Task", "Calls", "Failed", "Spend"].map((name, place) => h("th", { scope: "col", class: place > 0 ? "number" : null }, name)))), topRows))),
    card("Calls", { id: "calls-card", look: "flush", note: "the first 10 of this time and filter" },
      h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Model", "At", "Outcome", "In / out", "Took", "Cost"].map((name, place) =>
        h("th", { scope: "col", class: place > 2 ? "number" : null }, name)))), callRows)))),
));

const bars = new Bars(chartBox, { subject: "Spend over time", height: 260, unit: unit, open: (bucket) => {
  from = new Date(bucket.at).toISOString();
  until = new Date(bucket.at + bars.step).toISOString();
  setQuery({ from, until }, true);
  read();
} });

function unit(value) {
  if (measure === "spend") {
    return value === 0 ? "$0" : usd(value);
  }
  return short(Math.round(value));
}

function sortBy(name) {
  if (["share", "thousand", "change", "p95"].includes(name)) {
    return;
  }
  sort = sort === `-${name}` ? name : `-${name}`;
  setQuery({ sort: sort === "-costUsd" ? null : sort });
  drawTable();
}

// Reading.

async function read() {
  const number = ++asked;
  drawChips();
  drawRange();
  try {
    const [interval, step] = steps();
    const before = compares ? earlier() : null;
    const whole = await beginning();
    const plain = filters.length === 0 && !from && !until && by === "provider";
    const [groups, series, top, calls, old, oldSeries, summary] = await Promise.all([
      api(`/api/ledger/groups?${ask({ by })}`),
      api(`/api/ledger/series?${ask({ interval }, whole)}`),
      api(`/api/ledger/top?${ask({ by: "task", limit: 10 })}`),
      api(`/api/calls?${ask({ limit: 10 })}`),
      before ? api(`/api/ledger/groups?${ask({ by }, before)}`) : null,
      before ? api(`/api/ledger/series?${ask({ interval }, before)}`) : null,
      plain ? api(`/api/llm-metrics/summary?period=${range}`) : null,
    ]);
    const best = [...groups.groups].sort((a, b) => b.costUsd - a.costUsd || b.calls - a.calls);
    const parts = await Promise.all(best.slice(0, SERIES).map((group) => group.group === "" ? null
      : api(`/api/ledger/series?${ask({ interval, [filterOf(by)]: group.group }, whole)}`).catch(() => null)));
    const inner = then && then !== by ? await Promise.all(best.slice(0, ROWS).map((group) =>
      api(`/api/ledger/groups?${ask({ by: then, [filterOf(by)]: group.group })}`).catch(() => null))) : [];
    if (number !== asked) {
      return;
    }
    find("problem").replaceChildren();
    found = {
      groups, series, top, calls, old, oldSeries, summary, best, parts, step,
      inner: new Map(best.slice(0, ROWS).map((group, place) => [group.group, inner[place]?.groups ?? []])),
    };
    draw();
  } catch (failure) {
    if (number === asked) {
      find("problem").replaceChildren(h("div", { class: "card" }, failed("the costs", failure, read)));
    }
  }
}

function steps() {
  if (from && until) {
    const length = new Date(until) - new Date(from);
    return length <= 7_200_000 ? ["minute", 60_000] : length <= 8 * 86_400_000 ? ["hour", 3_600_000] : ["day", 86_400_000];
  }
  return stepOf(range);
}

function draw() {
  drawTotals();
  drawSeries();
  drawTable();
  drawTop();
}

function drawTotals() {
  const { total } = found.groups;
  const before = found.old?.total;
  const change = before && before.costUsd > 0 ? (100 * (total.costUsd - before.costUsd)) / before.costUsd : null;
  setText(find("cost"), usd(total.costUsd));
  mark(find("cost"), "title", `$${total.costUsd}`);
  setText(find("cost-note"), change === null ? `exact ${usd(total.exactUsd)}, est. ${usd(total.estimatedUsd)}` : `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))} on the time before`);
  setText(find("tokens"), short(total.inputTokens + total.outputTokens));
  setText(find("tokens-note"), `${short(total.inputTokens)} in, ${short(total.outputTokens)} out`);
  setText(find("calls"), count(total.calls));
  setText(find("calls-note"), `${count(total.failedCalls)} failed${total.requests > 0 ? `, ${(total.calls / total.requests).toFixed(2)} per request` : ""}`);
  setText(find("thousand"), total.calls > 0 ? usd((1_000 * total.costUsd) / total.calls) : "–");
  setText(find("thousand-note"), "on average");
  setText(find("failovers"), count(total.failovers));
  setText(find("failovers-note"), "stood in for failed calls");
  setText(find("unpriced"), count(total.unpricedCalls));
  setText(find("unpriced-unit"), total.unpricedCalls === 1 ? "call" : "calls");
  setText(find("unpriced-note"), total.unpricedCalls > 0 ? "have no price and are in no sum" : "every call has a price");
  const saved = total.baselineUsd > 0 ? (100 * (total.baselineUsd - total.costUsd)) / total.baselineUsd : null;
  setText(find("saving"), saved === null ? "–" : `about ${percent(saved)}`);
  mark(find("saving").parentElement, "data-kind", saved === null ? null : saved < 0 ? "bad" : "good");
  setText(find("saving-unit"), saved === null ? "nothing to compare" : "saved");
  const highest = Math.max(total.costUsd, total.baselineUsd);
  level(baselineBar, highest > 0 ? total.baselineUsd / highest : 0);
  level(costBar, highest > 0 ? total.costUsd / highest : 0);
  setText(find("baseline"), usd(total.baselineUsd));
  setText(find("spent"), usd(total.costUsd));
  const pairs = { Saved: usd(total.baselineUsd - total.costUsd), Exact: usd(total.exactUsd), Estimated: usd(total.estimatedUsd), Unpriced: `${plural(total.unpricedCalls, "call")}, in neither sum`, "Failed calls": `${count(total.failedCalls)} of ${count(total.calls)}` };
  follow(find("baseline-facts"), Object.entries(pairs), ([name]) => name, ([name]) => h("div", {}, h("dt", {}, name), h("dd")), (row, [, value]) => setText(row.lastElementChild, value));
  sentence(`${usd(total.costUsd)} for ${plural(total.calls, "call")}${total.unpricedCalls > 0 ? `, ${count(total.unpricedCalls)} unpriced` : ""}`);
  document.title = `${usd(total.costUsd)} · LLM metrics · Architect`;
}

const VALUE = {
  spend: (bucket) => bucket.costUsd,
  tokens: (bucket) => bucket.inputTokens + bucket.outputTokens,
  calls: (bucket) => bucket.calls,
  errors: (bucket) => bucket.failedCalls,
};

/** The look of a group in the chart: a provider has one everywhere. */
function look(group, place) {
  if (by === "provider") {
    return { provider: group };
  }
  return { kind: `c${place}` };
}

function name(group) {
  return group === "" ? "without one" : group;
}

function drawSeries() {
  if (!found) {
    return;
  }
  const value = VALUE[measure];
  const shown = found.best.slice(0, SERIES).map((group, place) => ({ group, part: found.parts[place], place })).filter((each) => each.part !== null);
  const series = shown.map(({ group, place }) => ({ key: group.group, label: name(group.group), ...look(group.group, place), words: unit(value(group)) }));
  const rest = { key: "", label: "other", kind: "other" };
  let others = 0;
  const buckets = found.series.buckets.map((bucket, at) => {
    const values = shown.map(({ part }) => value(part.buckets[at] ?? { costUsd: 0, inputTokens: 0, outputTokens: 0, calls: 0, failedCalls: 0 }));
    const other = Math.max(0, value(bucket) - values.reduce((sum, each) => sum + each, 0));
    const shownOther = other > 1e-9 ? other : 0;
    others += shownOther;
    return { at: new Date(bucket.begin).getTime(), values: [...values, shownOther] };
  });
  const step = { 60_000: "minute", 3_600_000: "hour", 86_400_000: "day" }[found.step];
  setText(find("series-title"), `${MEASURES.find(([key]) => key === measure)[1]} per ${step}`);
  bars.subject = find("series-title").textContent;
  bars.set({ buckets, step: found.step, series: [...series, rest], line: found.oldSeries ? found.series.buckets.map((_, at) => value(found.oldSeries.buckets[at] ?? { costUsd: 0, inputTokens: 0, outputTokens: 0, calls: 0, failedCalls: 0 })) : null });
  legend(chartLegend, others > 0 ? [...series, { ...rest, words: unit(others) }] : series);
}

function drawTable() {
  if (!found) {
    return;
  }
  const { total } = found.groups;
  const field = sort.replace(/^-/, "");
  const sign = sort.startsWith("-") ? -1 : 1;
  const order = (a, b) => sign * (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0);
  setText(find("table-card-title"), `By ${words(by)}${then && then !== by ? `, then ${words(then)}` : ""}`);
  setText(document.querySelector("#table-card-title + .note"), `${count(found.groups.groups.length)} groups; exact ${usd(total.exactUsd)}, estimated ${usd(total.estimatedUsd)}, unpriced ${plural(total.unpricedCalls, "call")}`);
  for (const head of document.querySelectorAll("thead th[data-name]")) {
    mark(head, "aria-sort", head.dataset.name === field ? (sign < 0 ? "descending" : "ascending") : null);
    const label = HEADS.find(([key]) => key === head.dataset.name)[1];
    setText(head.firstElementChild, head.dataset.name === field ? `${label} ${sign < 0 ? "↓" : "↑"}` : label);
  }
  const list = [...found.groups.groups].sort(order).slice(0, ROWS).flatMap((group) => [
    { ...group, depth: 0, key: group.group },
    ...[...(found.inner.get(group.group) ?? [])].sort(order).map((each) => ({ ...each, depth: 1, outer: group.group, key: `${group.group}\u0000${each.group}` })),
  ]);
  const empty = find("empty");
  empty.hidden = list.length > 0;
  rows.closest(".scroll").hidden = list.length === 0;
  empty.replaceChildren(h("p", {}, filters.length > 0 ? "No call matches this filter in this time." : "No calls in this time."),
    filters.length > 0 ? h("button", { type: "button", onclick: () => setFilters([]) }, "Clear filter") : "");
  const old = new Map((found.old?.groups ?? []).map((group) => [group.group, group]));
  const speeds = new Map((found.summary?.byProvider ?? []).map((row) => [row.provider, row]));
  follow(rows, list, (row) => row.key, createRow, (element, row) => {
    const cells = element.children;
    setText(cells[1], count(row.calls));
    setText(cells[2], short(row.inputTokens));
    setText(cells[3], short(row.outputTokens));
    setText(cells[4], row.unpricedCalls > 0 && row.costUsd === 0 ? "unpriced" : usd(row.costUsd) + (row.estimatedUsd > 0 ? " est." : ""));
    mark(cells[4], "title", `$${row.costUsd}`);
    level(cells[5].querySelector(".bar"), total.costUsd > 0 ? row.costUsd / total.costUsd : 0);
    setText(cells[5].querySelector("b"), total.costUsd > 0 ? percent((100 * row.costUsd) / total.costUsd) : "–");
    setText(cells[6], row.calls > 0 ? usd((1_000 * row.costUsd) / row.calls) : "–");
    const speed = row.depth === 0 && by === "provider" ? speeds.get(row.group) : null;
    setText(cells[7], speed ? `${duration(speed.p50Ms)} / ${duration(speed.p95Ms)}` : "–");
    setText(cells[8], row.calls > 0 ? percent((100 * row.failedCalls) / row.calls) : "–");
    mark(cells[8], "data-kind", row.failedCalls / row.calls > 0.02 ? "bad" : null);
    const earlierRow = row.depth === 0 ? old.get(row.group) : null;
    const change = earlierRow?.costUsd > 0 ? (100 * (row.costUsd - earlierRow.costUsd)) / earlierRow.costUsd : null;
    setText(cells[9], change === null ? "–" : `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}`);
  });
}

function createRow(row) {
  const dimension = row.depth === 0 ? by : then;
  const drill = () => setFilters([...filters.filter(([key]) => key !== filterOf(dimension) && key !== filterOf(by)), ...(row.outer === undefined ? [] : [[filterOf(by), row.outer]]), [filterOf(dimension), row.group]]);
  const provider = dimension === "provider" ? row.group : dimension === "model" ? row.group.split("/")[0] : null;
  return h(
    "tr",
    { class: row.depth === 1 ? "indent" : null, "data-provider": provider },
    h("th", { scope: "row" }, h("span", { class: "named" }, provider ? h("span", { class: "swatch" }) : null,
      h("a", { href: "#table-card-title", title: "Show only these calls", onclick: (event) => {
        event.preventDefault();
        drill();
      } }, dimension === "model" ? row.group.split("/").slice(1).join("/") : name(row.group)))),
    ...HEADS.slice(1, 5).map(([, label]) => h("td", { class: "number", "data-label": label })),
    h("td", { "data-label": "Share" }, h("span", { class: "named" }, h("span", { class: "tally" }, h("span", { class: "bar" })), h("b", { class: "note number" }))),
    ...HEADS.slice(6).map(([, label]) => h("td", { class: "number", "data-label": label, "data-phone": label === "Failed" ? null : "no" })),
  );
}

function drawTop() {
  follow(topRows, found.top.groups.filter((row) => row.group !== ""), (row) => row.group, (row) => h(
    "tr", {},
    h("th", { scope: "row" }, h("a", { class: "mono", href: at(`/tasks/${row.group}`) }, row.group)),
    h("td", { class: "number", "data-label": "Calls" }), h("td", { class: "number", "data-label": "Failed" }), h("td", { class: "number", "data-label": "Spend" }),
  ), (element, row) => {
    setText(element.children[1], count(row.calls));
    setText(element.children[2], count(row.failedCalls));
    setText(element.children[3], usd(row.costUsd));
  });
  follow(callRows, found.calls.calls, (call) => call.callId, (call) => h(
    "tr",
    { "data-provider": call.answeredModel.split("/")[0] },
    h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), callLink(call.callId, call.answeredModel.split("/").slice(1).join("/")))),
    h("td", { class: "faint", "data-label": "At", "data-phone": "no", title: exact(call.startedAt) }, moment(call.startedAt)),
    h("td", { "data-label": "Outcome" }, call.failure ? words(call.failure) : words(call.outcome)),
    h("td", { class: "number", "data-label": "In / out", "data-phone": "no" }, `${count(call.inputTokens)} / ${count(call.outputTokens)}`),
    h("td", { class: "number", "data-label": "Took" }, duration(call.durationMs)),
    h("td", { class: "number", "data-label": "Cost" }, call.costUsd === null ? words(call.costStatus) : usd(call.costUsd)),
  ), () => {});
}

/** The table as it stands, for a spreadsheet. A text that a spreadsheet would take for a formula is quoted. */
function download() {
  const safe = (text) => `"${(/^[=+\-@\t]/.test(text) && !/^[+−-]?[\d.,$ %–]+$/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = [HEADS.map(([, label]) => safe(label)), ...[...rows.children].map((row) => [...row.children].map((each) => safe(each.textContent.trim())))];
  const link = h("a", { download: `llm-metrics-by-${by}.csv`, href: URL.createObjectURL(new Blob([lines.map((line) => line.join(",")).join("\r\n")], { type: "text/csv" })) });
  link.click();
  URL.revokeObjectURL(link.href);
}

// The filter and the range.

function setFilters(wanted) {
  for (const [key] of filters) {
    setQuery({ [key]: null });
  }
  filters = wanted;
  setQuery(Object.fromEntries(filters), true);
  read();
}

function drawChips() {
  const all = [...filters];
  chips.replaceChildren(...all.map(([key, value]) => h("span", { class: "term" }, h("span", { class: "note" }, key), h("span", {}, name(value)),
    h("button", { type: "button", "aria-label": `Remove ${key} ${value}`, onclick: () => setFilters(filters.filter(([other, its]) => other !== key || its !== value)) }, icon("close")))),
  ...(from || until ? [h("span", { class: "term" }, h("span", { class: "note" }, "time"), h("span", {}, `${from ? moment(from) : ""} – ${until ? moment(until) : ""}`),
    h("button", { type: "button", "aria-label": "Remove the time", onclick: () => {
      from = until = null;
      setQuery({ from: null, until: null }, true);
      read();
    } }, icon("close")))] : []));
}

filter.addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    event.preventDefault();
    const colon = filter.value.indexOf(":");
    const field = filterOf(filter.value.slice(0, colon).trim());
    if (colon < 1 || !FILTERS.includes(field)) {
      setText(fault, `“${filter.value}” is no filter. Write one of ${FILTERS.join(", ")}, such as provider:claude.`);
      return;
    }
    setText(fault, "");
    const value = filter.value.slice(colon + 1).trim();
    filter.value = "";
    setFilters([...filters.filter(([key]) => key !== field), [field, value]]);
  } else if (event.key === "Backspace" && filter.value === "" && filters.length > 0) {
    const [key, value] = filters.at(-1);
    filter.value = `${key}:${value}`;
    setFilters(filters.slice(0, -1));
  } else if (event.key === "Escape") {
    filter.blur();
  }
});

const ranges = segments("Range", RANGES, range, (value) => {
  range = value;
  from = until = null;
  setQuery({ range: value === "24h" ? null : value, from: null, until: null }, true);
  read();
});
find("tools").append(ranges);

function drawRange() {
  ranges.querySelectorAll("button").forEach((each) => mark(each, "aria-pressed", String(each.value === range && !from && !until)));
}

RANGES.forEach(([value, label], place) => key(String(place + 1), `Range ${label}`, () => ranges.children[place].click()));
addEventListener("popstate", () => location.reload());
start();
openNamedCall();
watch(["costs"], read, READ_MILLIS, PASSING_MILLIS);
