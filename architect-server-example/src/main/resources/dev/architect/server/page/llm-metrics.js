// Cost by provider. Today comes with every snapshot; other periods are read again every few seconds.

import { level, stack } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { count, duration, percent, plural, share, short, usd, words } from "./format.js";
import { api, live } from "./live.js";

const AGAIN_MILLIS = 5_000;
const FIGURES = ["Cost", "Baseline", "Calls", "Failed", "Failovers", "Tokens in", "Tokens out", "p50", "p95"];

let period = "today";
let readAt = 0;

function show(summary) {
  const rows = summary.byProvider;
  showTotals(summary);
  showCosts(rows);
  showShares(rows, summary.calls);
  showLatencies(rows);
  showTable(rows);
  find("empty").hidden = summary.calls > 0;
}

function showTotals(summary) {
  setText(find("saving"), percent(summary.savingsPercent));
  mark(find("saving"), "data-kind", summary.savingsPercent === null ? null : summary.savingsPercent < 0 ? "bad" : "good");
  setText(find("saved"), summary.savingsPercent === null ? "nothing to compare" : usd(summary.savedUsd));
  setText(find("cost"), usd(summary.costUsd));
  setText(find("cost-note"), summary.estimatedUsd > 0 ? `${usd(summary.estimatedUsd)} estimated` : "exact");
  setText(find("baseline"), usd(summary.baselineUsd));
  setText(find("calls"), count(summary.calls));
  const notes = [`${count(summary.failedCalls)} failed`];
  if (summary.unpricedCalls > 0) {
    notes.push(`${count(summary.unpricedCalls)} unpriced`);
  }
  setText(find("calls-note"), notes.join(" · "));
  setText(find("tokens"), short(summary.inputTokens + summary.outputTokens));
  setText(find("tokens-note"), `${short(summary.inputTokens)} in · ${short(summary.outputTokens)} out`);
  setText(find("failovers"), count(summary.failovers));
}

function showCosts(rows) {
  const highest = Math.max(0, ...rows.map((row) => Math.max(row.costUsd, row.baselineUsd)));
  follow(
    find("costs"),
    [...rows].sort((a, b) => b.costUsd - a.costUsd || b.baselineUsd - a.baselineUsd),
    (row) => row.provider,
    (row) =>
      h(
        "li",
        { "data-provider": row.provider },
        h("span", { class: "name" }, row.provider),
        h("span", { class: "twin" }, h("span", { class: "bar own" }), h("span", { class: "bar baseline" })),
        h("span", { class: "values" }, h("b"), h("span", { class: "note" })),
      ),
    (item, row) => {
      level(item.querySelector(".own"), highest > 0 ? row.costUsd / highest : 0);
      level(item.querySelector(".baseline"), highest > 0 ? row.baselineUsd / highest : 0);
      setText(item.querySelector("b"), row.unpricedCalls > 0 && row.costUsd === 0 ? "unpriced" : usd(row.costUsd));
      setText(item.querySelector(".note"), usd(row.baselineUsd));
    },
  );
}

function showShares(rows, calls) {
  const parts = rows.map((row) => ({ key: row.provider, label: row.provider, value: row.calls, words: share(row.calls, calls) }));
  stack(find("shares"), parts, "Share of calls");
  for (const part of find("shares").children) {
    mark(part, "data-provider", part.dataset.key);
  }
  follow(
    find("shares-legend"),
    parts,
    (part) => part.key,
    (part) => h("li", { "data-provider": part.key }, h("span", { class: "swatch" }), h("b"), h("span", {}, part.label)),
    (item, part) => {
      setText(item.querySelector("b"), part.words);
      mark(item, "data-none", part.value === 0 ? "" : null);
    },
  );
}

function showLatencies(rows) {
  const longest = Math.max(1, ...rows.map((row) => row.p95Ms));
  follow(
    find("latencies"),
    rows,
    (row) => row.provider,
    (row) =>
      h(
        "li",
        { "data-provider": row.provider },
        h("span", { class: "name" }, row.provider),
        h("span", { class: "range" }, h("span", { class: "bar p95" }), h("span", { class: "bar p50" })),
        h("b"),
      ),
    (item, row) => {
      level(item.querySelector(".p50"), row.p50Ms / longest);
      level(item.querySelector(".p95"), row.p95Ms / longest);
      setText(item.querySelector("b"), row.p50Ms > 0 ? `${duration(row.p50Ms)} · ${duration(row.p95Ms)}` : "–");
    },
  );
}

function showTable(rows) {
  follow(
    find("rows"),
    rows,
    (row) => row.provider,
    (row) =>
      h(
        "tr",
        { "data-provider": row.provider },
        h("th", { scope: "row" }, h("span", { class: "swatch" }), row.provider),
        h("td", { "data-label": "Breaker" }, h("span", { class: "badge" })),
        ...FIGURES.map((name) => h("td", { class: "number", "data-label": name })),
      ),
    (line, row) => {
      const badge = line.querySelector(".badge");
      setText(badge, row.breaker === null ? "not configured" : words(row.breaker));
      mark(badge, "data-kind", row.breaker === null ? null : `breaker-${row.breaker}`);
      [
        row.unpricedCalls > 0 && row.costUsd === 0 ? "unpriced" : usd(row.costUsd),
        usd(row.baselineUsd),
        count(row.calls),
        count(row.failedCalls),
        count(row.failovers),
        count(row.inputTokens),
        count(row.outputTokens),
        duration(row.p50Ms),
        duration(row.p95Ms),
      ].forEach((cell, place) => setText(line.children[place + 2], cell));
    },
  );
}

async function read() {
  readAt = Date.now();
  const requested = period;
  const summary = await api(`/api/llm-metrics/summary?period=${requested}`).catch(() => null);
  if (summary !== null && requested === period) {
    show(summary);
  }
}

document.querySelectorAll("input[name=period]").forEach((choice) =>
  choice.addEventListener("change", () => {
    period = choice.value;
    read();
  }),
);

live((snapshot) => {
  if (period === "today") {
    show(snapshot.summary);
  } else if (Date.now() - readAt > AGAIN_MILLIS) {
    read();
  }
});
