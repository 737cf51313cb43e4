// What was spent: in all, in time, by up to two dimensions, and against the baseline.

import { callLink } from "./call.js";
import { Bars, legend, level, stepOf } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { exportButton } from "./exports.js";
import { count, duration, exact, moment, percent, plural, short, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api, at } from "./live.js";
import { segments } from "./shell.js";
import { axisWords, chooseAxis } from "./spend-query.js";
import { card, failed, sentence } from "./states.js";

const MEASURES = [["spend", "Spend"], ["tokens", "Tokens"], ["calls", "Calls"], ["errors", "Errors"]];
const HEADS = [["group", "Group"], ["calls", "Calls", "number"], ["inputTokens", "Input", "number"], ["outputTokens", "Output", "number"], ["costUsd", "Spend", "number"],
  ["share", "Share"], ["exactUsd", "Exact", "number"], ["estimatedUsd", "Estimated", "number"], ["unpricedCalls", "Unpriced", "number"], ["thousand", "per 1,000", "number"],
  ["p95", "p50 / p95", "number"], ["failedCalls", "Failed", "number"], ["change", "Change", "number"]];
/** What is worked out here, so that the table is not sorted by it. */
const DERIVED = ["share", "thousand", "p95", "change"];
const VALUE = {
  spend: (bucket) => bucket.costUsd,
  tokens: (bucket) => bucket.inputTokens + bucket.outputTokens,
  calls: (bucket) => bucket.calls,
  errors: (bucket) => bucket.failedCalls,
};
const NOTHING = { costUsd: 0, inputTokens: 0, outputTokens: 0, calls: 0, failedCalls: 0 };
const SERIES = 5;
const ROWS = 50;

/** Returns the view; `changed` is called when it has changed what is asked for. */
export function spendView(calls, changed) {
  let by = calls.isAxis(query().get("by")) ? query().get("by") : "provider";
  let then = calls.isAxis(query().get("then")) ? query().get("then") : "";
  let measure = VALUE[query().get("measure")] ? query().get("measure") : "spend";
  let compares = query().get("compare") === "yes";
  let sort = query().get("sort") ?? "-costUsd";
  let found = null;
  let asked = 0;

  const axes = calls.axes(by, then);
  const compareButton = h("button", { type: "button", id: "compare", "aria-pressed": String(compares), onclick: () => {
    compares = !compares;
    mark(compareButton, "aria-pressed", String(compares));
    setQuery({ compare: compares ? "yes" : null });
    changed();
  } }, "Compare with the time before");
  const tools = [
    chooseAxis("Group by", "by", axes, by, (value) => {
      by = value;
      setQuery({ by: value === "provider" ? null : value }, true);
      changed();
    }),
    chooseAxis("then", "then", ["", ...axes], then, (value) => {
      then = value;
      setQuery({ then: value }, true);
      changed();
    }),
    compareButton];
  const cell = (id, label) => h("div", {}, h("span", { class: "label" }, label), h("span", { class: "figure" }, h("span", { id }, "–"), h("small", { id: `${id}-unit` })), h("p", { class: "note", id: `${id}-note` }, "\u00a0"));
  const problem = h("div", { id: "problem" });
  const chartBox = h("div", {});
  const chartLegend = h("ul", { class: "legend" });
  const heads = HEADS.map(([name, label, look]) => h("th", { scope: "col", class: look, "data-name": name }, DERIVED.includes(name) ? label : h("button", { type: "button", onclick: () => sortBy(name) }, label)));
  const rows = h("tbody", { id: "rows" });
  const totals = h("tfoot", { id: "totals" }, createRow(null));
  const callRows = h("tbody", { id: "call-rows" });
  const topRows = h("tbody", { id: "top-rows" });
  const topEmpty = h("div", { class: "empty", hidden: true }, h("p", {}, "None of these calls belongs to a task."));
  const table = h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...heads)), rows, totals));
  const empty = h("div", { class: "empty", id: "empty", hidden: true });
  const baselineBar = h("span", { class: "bar baseline", id: "baseline-bar" });
  const costBar = h("span", { class: "bar spent", id: "cost-bar" });
  const element = h(
    "div",
    { class: "stack-v", id: "spend" },
    problem,
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
      exportButton("export", "Every call as CSV", () => ({ of: "calls", format: "csv", filter: calls.text() }))] },
    table, empty),
    h("div", { class: "halves top-aligned" },
      card("Dearest tasks", { id: "top", look: "flush", note: "of this time and filter" },
        h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Task", "Calls", "Failed", "Spend"].map((name, place) => h("th", { scope: "col", class: place > 0 ? "number" : null }, name)))), topRows)), topEmpty),
      card("Calls", { id: "calls-card", look: "flush", note: "the first 10 of this time and filter" },
        h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Model", "At", "Outcome", "In / out", "Took", "Cost"].map((name, place) =>
          h("th", { scope: "col", class: place > 2 ? "number" : null }, name)))), callRows)))),
  );
  const bars = new Bars(chartBox, { subject: "Spend over time", height: 260, unit, open: (bucket) => {
    calls.setTime({ from: new Date(bucket.at).toISOString(), until: new Date(bucket.at + bars.step).toISOString() });
    changed();
  } });

  function unit(value) {
    if (measure === "spend") {
      return value === 0 ? "$0" : usd(value);
    }
    return short(Math.round(value));
  }

  function sortBy(name) {
    sort = sort === `-${name}` ? name : `-${name}`;
    setQuery({ sort: sort === "-costUsd" ? null : sort });
    drawTable();
  }

  // Reading.

  /** When the series begin: a bucket for each day since the first call, not since the beginning of time. */
  async function beginning() {
    if (calls.range !== "all" || calls.isCustom()) {
      return calls.time();
    }
    const page = await api(`/api/calls?${calls.parameters({ limit: 1 })}`);
    return { from: page.calls[0]?.startedAt ?? new Date(Date.now() - 86_400_000).toISOString(), until: new Date().toISOString() };
  }

  function steps() {
    if (calls.from && calls.until) {
      const length = new Date(calls.until) - new Date(calls.from);
      return length <= 7_200_000 ? ["minute", 60_000] : length <= 8 * 86_400_000 ? ["hour", 3_600_000] : ["day", 86_400_000];
    }
    return stepOf(calls.range);
  }

  const breakdown = async (axis, when) => {
    const { items, omitted, total } = await api(`/api/costs/breakdown?${calls.parameters({ by: axis }, when)}`);
    return { groups: items.map((item) => ({ ...item, group: item.values[axis] })), omitted, total };
  };

  /** The groups of the second axis, by those of the first. */
  async function inside() {
    if (!then || then === by) {
      return new Map();
    }
    const { items } = await api(`/api/costs/breakdown?${calls.parameters({ by: `${by},${then}` })}`);
    const all = new Map();
    for (const item of items) {
      const group = item.values[by];
      all.set(group, [...(all.get(group) ?? []), { ...item, group: item.values[then] }]);
    }
    return all;
  }

  async function read() {
    const number = ++asked;
    try {
      const [step, millis] = steps();
      const before = compares ? calls.earlier() : null;
      const whole = await beginning();
      const plain = calls.filters.length === 0 && !calls.isCustom() && by === "provider";
      const series = (when, ...conditions) => api(`/api/costs/series?${calls.parameters({ step, ...Object.fromEntries(conditions) }, when)}`);
      const [groups, inner, all, top, first, old, oldSeries, summary] = await Promise.all([
        breakdown(by),
        inside(),
        series(whole),
        api(`/api/ledger/top?${calls.parameters({ by: "task", limit: 10 })}`),
        api(`/api/calls?${calls.parameters({ limit: 10 })}`),
        before ? breakdown(by, before) : null,
        before ? series(before) : null,
        plain ? api(`/api/llm-metrics/summary?period=${calls.range}`) : null,
      ]);
      const best = groups.groups.slice(0, SERIES).map((group) => ({ group, condition: group.group === "" ? null : calls.condition(by, group.group) }));
      const parts = await Promise.all(best.map(({ condition }) => condition === null || calls.filters.some(([name]) => name === condition[0]) ? null : series(whole, condition).catch(() => null)));
      if (number !== asked) {
        return;
      }
      problem.replaceChildren();
      found = { groups, inner, series: all, top, calls: first, old, oldSeries, summary, parts, step: millis,
        best: best.map((each, place) => ({ ...each.group, part: parts[place] ?? (groups.groups.length === 1 ? all : null) })) };
      draw();
    } catch (failure) {
      if (number === asked) {
        problem.replaceChildren(h("div", { class: "card" }, failed("the costs", failure, read)));
      }
    }
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

  /** The look of a group in the chart: a provider has one everywhere. */
  const look = (group, place) => (by === "provider" ? { provider: group } : { kind: `c${place}` });

  function drawSeries() {
    if (!found) {
      return;
    }
    const value = VALUE[measure];
    const shown = found.best.filter((group) => group.part !== null);
    const series = shown.map((group, place) => ({ key: group.group, label: name(group.group), ...look(group.group, place), words: unit(value(group)) }));
    const rest = { key: "", label: "other", kind: "other" };
    let others = 0;
    const buckets = found.series.buckets.map((bucket, place) => {
      const values = shown.map(({ part }) => value(part.buckets[place] ?? NOTHING));
      const other = Math.max(0, value(bucket) - values.reduce((sum, each) => sum + each, 0));
      const shownOther = other > 1e-9 ? other : 0;
      others += shownOther;
      return { at: new Date(bucket.begin).getTime(), values: [...values, shownOther] };
    });
    const step = { 60_000: "minute", 3_600_000: "hour", 86_400_000: "day" }[found.step];
    setText(find("series-title"), `${MEASURES.find(([key]) => key === measure)[1]} per ${step}`);
    bars.subject = find("series-title").textContent;
    bars.set({ buckets, step: found.step, series: [...series, rest], line: found.oldSeries ? found.series.buckets.map((_, place) => value(found.oldSeries.buckets[place] ?? NOTHING)) : null });
    legend(chartLegend, others > 0 ? [...series, { ...rest, words: unit(others) }] : series);
  }

  function drawTable() {
    if (!found) {
      return;
    }
    const { groups, omitted, total } = found.groups;
    const field = sort.replace(/^-/, "");
    const sign = sort.startsWith("-") ? -1 : 1;
    const order = (a, b) => sign * (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0);
    const number = groups.length + omitted;
    setText(find("table-card-title"), `By ${axisWords(by)}${then && then !== by ? `, then ${axisWords(then)}` : ""}`);
    setText(document.querySelector("#table-card-title + .note"), `${number > ROWS ? `${ROWS} of ` : ""}${plural(number, "group")}; exact ${usd(total.exactUsd)}, estimated ${usd(total.estimatedUsd)}, unpriced ${plural(total.unpricedCalls, "call")}`);
    const speeds = new Map((found.summary?.byProvider ?? []).map((row) => [row.provider, row]));
    const hides = { p95: speeds.size === 0, change: found.old === null };
    for (const head of heads) {
      const [key, label] = HEADS.find(([each]) => each === head.dataset.name);
      mark(head, "aria-sort", key === field ? (sign < 0 ? "descending" : "ascending") : null);
      setText(head.firstElementChild ?? head, key === field ? `${label} ${sign < 0 ? "↓" : "↑"}` : label);
      head.hidden = hides[key] ?? false;
    }
    const list = [...groups].sort(order).slice(0, ROWS).flatMap((group) => [
      { ...group, depth: 0, key: group.group },
      ...[...(found.inner.get(group.group) ?? [])].sort(order).slice(0, ROWS).map((each) => ({ ...each, depth: 1, outer: group.group, key: `${group.group}\u0000${each.group}` })),
    ]);
    empty.hidden = list.length > 0;
    table.hidden = list.length === 0;
    empty.replaceChildren(h("p", {}, calls.filters.length > 0 ? `No call ${calls.during()} matches this filter.` : `No calls ${calls.during()}.`),
      calls.filters.length > 0 ? h("button", { type: "button", onclick: () => narrow([]) }, "Clear filter") : "");
    const old = new Map((found.old?.groups ?? []).map((group) => [group.group, group]));
    const bring = (element, row, before) => {
      const cells = element.children;
      setText(cells[1], count(row.calls));
      setText(cells[2], short(row.inputTokens));
      setText(cells[3], short(row.outputTokens));
      setText(cells[4], row.unpricedCalls > 0 && row.costUsd === 0 ? "unpriced" : usd(row.costUsd) + (row.estimatedUsd > 0 ? " est." : ""));
      mark(cells[4], "title", `$${row.costUsd}`);
      level(cells[5].querySelector(".bar"), total.costUsd > 0 ? row.costUsd / total.costUsd : 0);
      setText(cells[5].querySelector("b"), total.costUsd > 0 ? percent((100 * row.costUsd) / total.costUsd) : "–");
      setText(cells[6], row.exactUsd > 0 ? usd(row.exactUsd) : "–");
      mark(cells[6], "title", `$${row.exactUsd}`);
      setText(cells[7], row.estimatedUsd > 0 ? usd(row.estimatedUsd) : "–");
      mark(cells[7], "title", `$${row.estimatedUsd}`);
      setText(cells[8], row.unpricedCalls > 0 ? count(row.unpricedCalls) : "–");
      mark(cells[8], "data-kind", row.unpricedCalls > 0 ? "warn" : null);
      setText(cells[9], row.calls > 0 ? usd((1_000 * row.costUsd) / row.calls) : "–");
      const speed = row.depth === 0 && by === "provider" ? speeds.get(row.group) : null;
      setText(cells[10], speed ? `${duration(speed.p50Ms)} / ${duration(speed.p95Ms)}` : "–");
      setText(cells[11], row.calls > 0 ? percent((100 * row.failedCalls) / row.calls) : "–");
      mark(cells[11], "data-kind", row.failedCalls / row.calls > 0.02 ? "bad" : null);
      const change = before?.costUsd > 0 ? (100 * (row.costUsd - before.costUsd)) / before.costUsd : null;
      setText(cells[12], change === null ? "–" : `${change >= 0 ? "+" : "−"}${percent(Math.abs(change))}`);
      cells[10].hidden = hides.p95;
      cells[12].hidden = hides.change;
    };
    follow(rows, list, (row) => `${by} ${then} ${row.key}`, createRow, (element, row) => bring(element, row, row.depth === 0 ? old.get(row.group) : null));
    bring(totals.firstElementChild, { ...total, depth: -1 }, found.old?.total);
  }

  function narrow(wanted) {
    calls.setFilters(wanted);
    changed();
  }

  /** A row of the table; the one of all calls for null. */
  function createRow(row) {
    const cells = [
      ...HEADS.slice(1, 5).map(([, label]) => h("td", { class: "number", "data-label": label })),
      h("td", { "data-label": "Share", "data-phone": row === null ? "no" : null }, h("span", { class: "named" }, h("span", { class: "tally" }, h("span", { class: "bar" })), h("b", { class: "note number" }))),
      ...HEADS.slice(6).map(([key, label]) => h("td", { class: "number", "data-label": label, "data-phone": ["exactUsd", "estimatedUsd", "unpricedCalls", "failedCalls"].includes(key) ? null : "no" })),
    ];
    if (row === null) {
      return h("tr", {}, h("th", { scope: "row" }, "All"), ...cells);
    }
    const axis = row.depth === 0 ? by : then;
    const condition = calls.condition(axis, row.group);
    const provider = axis === "provider" ? row.group : axis === "model" ? row.group.split("/")[0] : null;
    const label = axis === "model" ? row.group.split("/").slice(1).join("/") : name(row.group);
    return h(
      "tr",
      { class: row.depth === 1 ? "indent" : null, "data-provider": provider },
      h("th", { scope: "row" }, h("span", { class: "named" }, provider ? h("span", { class: "swatch" }) : null,
        condition === null ? h("span", {}, label) : h("a", { href: "#table-card-title", title: "Show only these calls", onclick: (event) => {
          event.preventDefault();
          narrow(calls.narrowed(row.outer === undefined ? null : calls.condition(by, row.outer), condition));
        } }, label))),
      ...cells,
    );
  }

  function drawTop() {
    const tasks = found.top.groups.filter((row) => row.group !== "");
    topEmpty.hidden = tasks.length > 0;
    topRows.closest(".scroll").hidden = tasks.length === 0;
    follow(topRows, tasks, (row) => row.group, (row) => h(
      "tr", {},
      h("th", { scope: "row" }, h("a", { class: "mono", href: at(`/tasks/${row.group}`) }, row.group)),
      h("td", { class: "number", "data-label": "Calls" }), h("td", { class: "number", "data-label": "Failed" }), h("td", { class: "number", "data-label": "Spend" }),
    ), (row, task) => {
      setText(row.children[1], count(task.calls));
      setText(row.children[2], count(task.failedCalls));
      setText(row.children[3], usd(task.costUsd));
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
    const link = h("a", { download: `llm-metrics-by-${by.replace(":", "-")}.csv`, href: URL.createObjectURL(new Blob([lines.map((line) => line.join(",")).join("\r\n")], { type: "text/csv" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return { element, tools, read };
}

function name(group) {
  return group === "" ? "without one" : group;
}
