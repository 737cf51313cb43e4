// What would these calls have cost by other prices, or on other models? A job works it out beside the ledger, which stays as it is.

import { level } from "./chart.js";
import { find, follow, h, mark, query, setQuery, setText } from "./dom.js";
import { count, exact, moment, percent, plural, signedUsd, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api } from "./live.js";
import { toast } from "./shell.js";
import { card, chip, empty, load, sentence, setChip } from "./states.js";

const LOOK_MILLIS = 600;
const MOST_PRICES = 500;
const LOOKS = { waiting: "scheduled", running: "running", stopping: "running", done: "done", stopped: "cancelled", failed: "dead" };
const HEADS = [["Group"], ["Calls", "number"], ["Actual", "number"], ["Would have cost", "number"], ["Difference", "number"], ["Changed", "number"], ["No price", "number"]];

/** Returns the view. `mayRate` and `mayStop` say what the caller may do; the rest is shown with the reason why it cannot be done. */
export function otherPricesView(calls, mayRate, mayStop) {
  let shown = query().get("rating");
  let timer = 0;
  let jobs = [];
  let running = null;
  let rows = 0;

  // The question.

  const about = h("p", { class: "note", id: "rate-about" });
  const problem = h("p", { class: "note bad", role: "alert", id: "rate-problem" });
  const models = h("datalist", { id: "rate-models" });
  const answered = h("datalist", { id: "rate-answered" });
  const field = (id, label, input, note = null) => h("div", { class: "field" }, h("label", { for: id }, label), input, note && h("p", { class: "note" }, note));
  const model = (id, label, attributes) => h("input", { id, list: "rate-models", placeholder: "provider/model", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": label, ...attributes });
  const reason = h("input", { id: "rate-reason", required: true, maxlength: "500", autocomplete: "off", placeholder: "the offer of 30 November" });
  const which = h("select", { id: "rate-which", onchange: () => choices() },
    h("option", { value: "own" }, "The model that answered"), h("option", { value: "as" }, "One model for all: another baseline"), h("option", { value: "replace" }, "Others in place of some"));
  const every = model("rate-as", "The model for all calls", { "aria-label": null });
  const everyField = field("rate-as", "Model", every, "The same tokens at its price: an estimate, since it would have answered at another length.");
  const pairs = h("div", { class: "stack-v", id: "rate-pairs" });
  const pairsField = h("div", { class: "field", role: "group", "aria-labelledby": "rate-pairs-label" }, h("span", { class: "label", id: "rate-pairs-label" }, "Models"), pairs,
    h("div", { class: "row" }, h("button", { type: "button", id: "rate-add", onclick: () => pair().querySelector("input").focus() }, icon("plus"), "Another model")));
  const source = h("select", { id: "rate-source", onchange: () => choices() }, h("option", { value: "now" }, "The prices of now"), h("option", { value: "file" }, "A price file"));
  const file = h("textarea", { id: "rate-file", class: "mono", rows: "8", spellcheck: "false", placeholder: "version: offer\nprices:\n- {provider: claude, model: claude-haiku-4-5,\n   source: offer, checked: 2026-11-30,\n   usdPerMillionTokens: {input: 0.8, output: 4}}" });
  const picked = h("input", { id: "rate-picked", type: "file", accept: ".yaml,.yml,text/yaml", "aria-label": "Read the prices from a file", onchange: async () => {
    file.value = await picked.files[0]?.text() ?? file.value;
  } });
  const fileField = field("rate-file", "Prices, on top of the standard ones", file);
  fileField.append(picked);
  const by = h("select", { id: "rate-by" }, ...calls.dimensions.map((name) => h("option", { value: name, selected: name === "model" }, words(name))));
  const go = h("button", { type: "submit", class: "primary" }, "Work it out");
  const form = h("form", { id: "rate", onsubmit: submit },
    about, field("rate-which", "Rate each call as one of", which), everyField, pairsField, field("rate-source", "By which prices", source), fileField, field("rate-by", "In groups by", by), field("rate-reason", "Why it is asked", reason),
    models, answered, problem, h("div", { class: "row" }, go, h("p", { class: "note" }, mayRate ? "The ledger keeps what was booked." : "You may look at these. Asking needs the right to change prices (prices:w).")));
  form.querySelectorAll("input, select, textarea, button").forEach((each) => {
    each.disabled = !mayRate;
  });

  function pair() {
    rows += 1;
    const number = rows;
    const row = h("div", { class: "pair" },
      model(`rate-old-${number}`, `Model ${number} that answered`, { list: "rate-answered", required: true }),
      model(`rate-new-${number}`, `Model in place of model ${number}`, { required: true }),
      h("button", { type: "button", class: "quiet", "aria-label": `Leave model ${number} as it is`, onclick: () => {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        (next?.querySelector("input") ?? find("rate-add")).focus();
      } }, icon("close")));
    pairs.append(row);
    return row;
  }

  function choices() {
    everyField.hidden = which.value !== "as";
    every.required = which.value === "as";
    pairsField.hidden = which.value !== "replace";
    if (pairsField.hidden) {
      pairs.replaceChildren();
    } else if (pairs.childElementCount === 0) {
      pair();
    }
    fileField.hidden = source.value !== "file";
    file.required = source.value === "file";
  }
  choices();

  /** The models that have a price, and those that have answered. */
  async function readModels() {
    const { items } = await api(`/api/costs/breakdown?${calls.parameters({ by: "model" })}`);
    answered.replaceChildren(...items.map((item) => h("option", { value: item.values.model })));
    if (models.childElementCount === 0) {
      const { prices } = await api(`/api/prices?at=${new Date().toISOString()}&limit=${MOST_PRICES}`);
      models.replaceChildren(...[...new Set(prices.map((price) => `${price.provider}/${price.model}`))].sort().map((name) => h("option", { value: name })));
    }
  }

  function wanted() {
    const replaced = [...pairs.children].map((row) => [...row.querySelectorAll("input")].map((each) => each.value.trim()));
    return {
      reason: reason.value.trim(),
      ...(which.value === "as" && { as: every.value.trim() }),
      ...(which.value === "replace" && { replace: Object.fromEntries(replaced) }),
      ...(source.value === "file" && { prices: file.value }),
    };
  }

  async function submit(event) {
    event.preventDefault();
    go.disabled = true;
    setText(problem, "");
    try {
      const job = await api(`/api/prices/rerate?${calls.parameters({ by: by.value })}`, wanted());
      reason.value = "";
      await show(job.id);
    } catch (failure) {
      setText(problem, failure.message);
    }
    go.disabled = false;
  }

  // The answer.

  const box = h("div", {});
  const answer = card("The answer", { id: "rating", note: "beside what was booked" }, box);
  const list = h("ul", { class: "rows", id: "ratings" });
  const listBox = h("div", {});
  let drawn = null;

  /** What is shown of one rating; made once for each, and then brought up to date. */
  function parts() {
    const state = chip("running");
    const bar = h("span", { class: "bar", role: "progressbar", "aria-label": "Calls that are rated", "aria-valuemin": "0", "aria-valuemax": "100" });
    const progress = h("span", { class: "note" });
    const stop = h("button", { type: "button", id: "rating-stop", disabled: !mayStop, title: mayStop ? null : "Stopping needs the right to act on jobs (jobs:x)", onclick: async () => {
      stop.disabled = true;
      await api(`/api/jobs/${shown}/stop`, undefined, "POST").catch((failure) => toast(failure.message, { bad: true }));
    } }, "Stop");
    const working = h("div", { class: "row", id: "rating-progress" }, h("div", { class: "what" }, bar, progress), stop);
    const actualBar = h("span", { class: "bar baseline" });
    const otherBar = h("span", { class: "bar" });
    const figure = h("span", { id: "rating-difference" });
    const figureUnit = h("small", {});
    const actual = h("b", { id: "rating-actual" });
    const other = h("b", { id: "rating-other" });
    const facts = h("dl", { class: "facts", id: "rating-facts" });
    const groups = h("tbody", { id: "rating-rows" });
    const cells = () => HEADS.slice(1).map(([label, look]) => h("td", { class: look, "data-label": label }));
    const total = h("tr", {}, h("th", { scope: "row" }, "All"), ...cells());
    const result = h("div", { hidden: true },
      h("p", { class: "figure large" }, figure, figureUnit),
      h("div", { class: "versus wide" },
        h("div", { class: "bar-row" }, h("span", {}, "Actual"), actualBar, actual),
        h("div", { class: "bar-row" }, h("span", {}, "Other prices"), otherBar, other)),
      facts,
      h("div", { class: "scroll bleed", tabindex: "0", role: "region", "aria-label": "Groups of the answer" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...HEADS.map(([label, look]) => h("th", { scope: "col", class: look }, label)))), groups, h("tfoot", {}, total))));
    const whole = h("div", { class: "stack-v" }, h("div", { class: "row" }, h("h3", { class: "what", id: "rating-reason" }), state), working, result);
    return { whole, state, bar, progress, stop, actualBar, otherBar, figure, figureUnit, actual, other, facts, groups, total, result, cells };
  }

  function draw(found) {
    if (drawn?.id !== found.id) {
      drawn = { id: found.id, ...parts() };
      box.replaceChildren(drawn.whole);
    }
    const { report } = found;
    const ended = found.endedAt !== null;
    setText(find("rating-reason"), found.reason);
    setChip(drawn.state, LOOKS[found.state] ?? found.state, words(found.state));
    // It keeps its room, so that nothing moves at the end.
    mark(drawn.stop, "data-over", ended ? "" : null);
    drawn.stop.disabled = ended || !mayStop;
    const part = found.total > 0 ? found.done / found.total : ended ? 1 : 0;
    level(drawn.bar, part);
    mark(drawn.bar, "aria-valuenow", Math.floor(100 * part));
    setText(drawn.progress, said(found));
    mark(drawn.progress, "class", found.failure ? "note bad" : "note");
    drawn.result.hidden = !report || report.total.calls === 0;
    if (!drawn.result.hidden) {
      drawReport(found, report);
    }
    sentence(ended && report ? `${found.reason}: ${signedUsd(report.total.differenceUsd)}` : found.reason);
  }

  /** How far it is, or how it ended. */
  function said(found) {
    if (found.failure) {
      return `It could not be worked out: ${found.failure}`;
    }
    if (found.endedAt === null) {
      return found.state === "waiting" ? "Waits for its turn" : `${count(found.done)} of ${plural(found.total, "call")}`;
    }
    return found.state === "stopped" ? `Stopped after ${count(found.done)} of ${plural(found.total, "call")}: this is about those alone`
      : found.done === 0 ? "No call of that time matches: there is nothing to compare" : `${plural(found.done, "call")} rated`;
  }

  function drawReport(found, report) {
    const { total } = report;
    const compared = total.recordedUsd - total.lostUsd;
    const { differenceUsd } = total;
    setText(drawn.figure, usd(Math.abs(differenceUsd)));
    setText(drawn.figureUnit, differenceUsd === 0 ? "no difference" : `${differenceUsd < 0 ? "less" : "more"}${compared > 0 ? `, ${percent((100 * Math.abs(differenceUsd)) / compared)}` : ""}`);
    mark(drawn.figure.parentElement, "data-kind", differenceUsd < 0 ? "good" : differenceUsd > 0 ? "bad" : null);
    mark(drawn.figure, "title", `$${differenceUsd}`);
    const highest = Math.max(total.recordedUsd, total.ratedUsd);
    level(drawn.actualBar, highest > 0 ? total.recordedUsd / highest : 0);
    level(drawn.otherBar, highest > 0 ? total.ratedUsd / highest : 0);
    setText(drawn.actual, usd(total.recordedUsd));
    mark(drawn.actual, "title", `$${total.recordedUsd}`);
    setText(drawn.other, usd(total.ratedUsd));
    mark(drawn.other, "title", `$${total.ratedUsd}`);
    const unpriced = Object.entries(report.unpricedModels);
    const facts = [
      ["Calls", `${count(total.calls)} from ${moment(found.from)} to ${moment(found.until)}, ${count(total.changedCalls)} at another amount`],
      ["Prices", `catalogue ${report.catalogueVersion}`],
      ["Asked by", `${found.by.replace(/^\w+:/, "")}, ${moment(found.createdAt)}`],
      ["Estimated", total.estimatedUsd > 0 ? `${usd(total.estimatedUsd)} of what they would have cost` : "nothing of what they would have cost"],
      total.newlyPricedCalls > 0 && ["Newly priced", `${plural(total.newlyPricedCalls, "call")} at ${usd(total.gainedUsd)}, not in the difference`],
      total.newlyUnpricedCalls > 0 && ["Lost a price", `${plural(total.newlyUnpricedCalls, "call")} booked at ${usd(total.lostUsd)}, not in the difference`],
      unpriced.length > 0 && ["No price", `${unpriced.map(([name, number]) => `${plural(number, "call")} of ${name}`).join(", ")}: in no sum`],
    ].filter(Boolean);
    follow(drawn.facts, facts, ([name]) => name, ([name]) => h("div", {}, h("dt", {}, name), h("dd")), (row, [, value]) => setText(row.lastElementChild, value));
    const groups = [...report.groups].sort((a, b) => b.recordedUsd - a.recordedUsd || b.ratedUsd - a.ratedUsd);
    follow(drawn.groups, groups, (group) => group.group, (group) => h("tr", {}, h("th", { scope: "row" }, group.group === "" ? "without one" : group.group), ...drawn.cells()), bring);
    bring(drawn.total, total);
  }

  function bring(row, group) {
    const cells = row.children;
    setText(cells[1], count(group.calls));
    setText(cells[2], usd(group.recordedUsd));
    setText(cells[3], usd(group.ratedUsd) + (group.estimatedUsd > 0 ? " est." : ""));
    setText(cells[4], signedUsd(group.differenceUsd));
    mark(cells[4], "data-kind", group.differenceUsd > 0 ? "bad" : group.differenceUsd < 0 ? "good" : null);
    setText(cells[5], count(group.changedCalls));
    setText(cells[6], group.unpricedCalls > 0 ? count(group.unpricedCalls) : "–");
    for (const [place, name] of [[2, "recordedUsd"], [3, "ratedUsd"], [4, "differenceUsd"]]) {
      mark(cells[place], "title", `$${group[name]}`);
    }
  }

  async function show(id) {
    if (id !== shown) {
      drawn = null;
      box.replaceChildren();
    }
    shown = id;
    setQuery({ rating: id }, true);
    await look();
    await readList();
  }

  /** Reads what is shown, and again until it has ended. */
  async function look() {
    clearTimeout(timer);
    const id = shown;
    if (id === null) {
      box.replaceChildren(empty(mayRate ? "Ask at the left: what the calls of this time and filter would have cost comes here, beside what they did cost." : "What others have asked stands here, once it is chosen among the earlier ones."));
      return;
    }
    await load(box, "the answer", () => api(`/api/prices/rerate/${encodeURIComponent(id)}`), (found) => {
      if (id !== shown) {
        return;
      }
      draw(found);
      if (found.endedAt === null) {
        running = id;
        timer = setTimeout(look, LOOK_MILLIS);
      } else if (running === id) {
        running = null;
        setText(find("news"), `${found.reason}: ${said(found)}`);
        readList();
      }
    });
  }

  function readList() {
    return load(listBox, "earlier ones", () => api("/api/jobs"), (found) => {
      jobs = found.jobs.filter((job) => job.kind === "rerate");
      drawList();
    }, 3);
  }

  function drawList() {
    if (jobs.length === 0) {
      listBox.replaceChildren(empty("Nothing was asked yet. The last ten are kept."));
      return;
    }
    if (!list.isConnected) {
      listBox.replaceChildren(list);
    }
    follow(list, jobs, (job) => job.id, (job) => h("li", {},
      h("div", { class: "what" }, h("a", { href: `?tab=other-prices&rating=${job.id}`, onclick: (event) => {
        event.preventDefault();
        show(job.id);
      } }, job.purpose), h("p", { class: "note", title: exact(job.createdAt) })), chip(LOOKS[job.state] ?? job.state, words(job.state))), (row, job) => {
      mark(row.querySelector("a"), "aria-current", job.id === shown ? "true" : null);
      setText(row.querySelector("p"), `${moment(job.createdAt)}, ${plural(job.total, "call")}`);
      setChip(row.lastElementChild, LOOKS[job.state] ?? job.state, words(job.state));
    });
  }

  async function read() {
    setText(about, `The calls of ${calls.words()}${calls.filters.length > 0 ? ` with ${calls.filters.map(([name, value]) => `${name}:${value === "" ? "none" : value}`).join(", ")}` : ""}. Time and filter above say which.`);
    sentence("What calls would have cost");
    document.title = "Other prices · LLM metrics · Architect";
    await Promise.all([look(), readList(), mayRate ? readModels().catch(() => null) : null]);
  }

  const element = h("div", { class: "asking", id: "other-prices" }, card("What would it have cost?", { id: "rate-card" }, form), answer, card("Earlier ones", { id: "ratings-card", note: "the last ten" }, listBox));
  return { element, read };
}
