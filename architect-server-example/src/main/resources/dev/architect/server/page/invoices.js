// Does a provider's invoice say what the ledger says? Invoices are compared here, and those that were stay with how they agreed.

import { follow, h, mark, query, setQuery, setText } from "./dom.js";
import { count, date, exact, moment, plural, signedUsd, usd } from "./format.js";
import { icon } from "./icons.js";
import { api } from "./live.js";
import { toast } from "./shell.js";
import { card, empty, load, sentence } from "./states.js";

const COMPARE_MILLIS = 60_000;
const PAGE = 20;
const MOST_ITEMS = 100;
/** The columns of each way to compare: its name, what it is called, the usual name of its column, and how others are recognised. */
const COLUMNS = {
  day: [["day", "Day", "date", /date|day|time|start/i], ["model", "Model", "model", /model/i], ["amount", "Amount in dollars", "amount_usd", /amount|cost|usd|total|price/i]],
  request: [["request", "Id of the request", "request_id", /request|generation|\bid\b/i], ["amount", "Amount in dollars", "amount_usd", /amount|cost|usd|total|price/i]],
};
const PARTS = [["matched", "Matched"], ["different", "Different"], ["onlyInvoiced", "Only on the invoice"], ["onlyRecorded", "Only in the ledger"], ["unidentified", "Calls without an id"]];
const PART_HEADS = [[""], ["Items", "number"], ["Calls", "number"], ["Invoice", "number"], ["Ledger", "number"], ["Difference", "number"]];
const ITEM_HEADS = [["Item"], ["Lines", "number"], ["Calls", "number"], ["Invoice", "number"], ["Ledger", "number"], ["Difference", "number"]];

/** The names in the first line of comma-separated values. */
function columnNames(text) {
  const names = [];
  let name = "";
  let isQuoted = false;
  for (const letter of text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0]) {
    if (letter === '"') {
      isQuoted = !isQuoted;
    } else if (letter === "," && !isQuoted) {
      names.push(name.trim());
      name = "";
    } else {
      name += letter;
    }
  }
  return [...names, name.trim()].filter(Boolean);
}

/** The month before this one, of UTC. */
function lastMonth() {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

function ofMonth(month) {
  const [year, number] = month.split("-").map(Number);
  return { from: new Date(Date.UTC(year, number - 1, 1)).toISOString(), until: new Date(Date.UTC(year, number, 1)).toISOString() };
}

/** Whether an invoice agreed, as a chip. */
function outcome(matched) {
  return matched ? h("span", { class: "badge", "data-kind": "done" }, icon("check"), h("span", {}, "matched")) : h("span", { class: "badge", "data-kind": "limited" }, icon("warn"), h("span", {}, "different"));
}

/** Returns the view; `mayCompare` says whether the caller may compare invoices, or only look. */
export function invoicesView(calls, mayCompare) {
  let shown = query().get("invoice");
  let text = "";
  let next = null;
  let kept = [];

  // The invoice.

  const problem = h("p", { class: "note bad", role: "alert", id: "invoice-problem" });
  const field = (id, label, input, note = null) => h("div", { class: "field" }, h("label", { for: id }, label), input, note && h("p", { class: "note" }, note));
  const providers = h("datalist", { id: "invoice-providers" });
  const provider = h("input", { id: "invoice-provider", list: "invoice-providers", required: true, autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "claude" });
  const month = h("input", { id: "invoice-month", type: "month", required: true, value: lastMonth(), pattern: "[0-9]{4}-[0-9]{2}", placeholder: "2026-03" });
  const time = h("select", { id: "invoice-time", onchange: () => choices() }, h("option", { value: "month" }, "A month of UTC"), h("option", { value: "range" }, "The time that is chosen above"));
  const monthField = field("invoice-month", "Month", month);
  const file = h("input", { id: "invoice-file", type: "file", required: true, accept: ".csv,text/csv", "aria-describedby": "invoice-file-note", onchange: async () => {
    text = await file.files[0]?.text() ?? "";
    choices();
  } });
  const fileField = field("invoice-file", "Invoice, as comma-separated values", file);
  fileField.append(h("p", { class: "note", id: "invoice-file-note" }, "UTF-8, with a first line of names, amounts in dollars."));
  const match = h("select", { id: "invoice-match", onchange: () => choices() }, h("option", { value: "day" }, "Day and model"), h("option", { value: "request" }, "The provider's id of each request"));
  const columns = h("div", { class: "fields", id: "invoice-columns" });
  const tolerance = h("input", { id: "invoice-tolerance", inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", value: "0", required: true });
  const note = h("input", { id: "invoice-note", maxlength: "500", autocomplete: "off", placeholder: "invoice 2026-117" });
  const go = h("button", { type: "submit", class: "primary" }, "Compare");
  const form = h("form", { id: "invoice", onsubmit: compare },
    field("invoice-provider", "Provider", provider), providers, field("invoice-time", "Calls of", time), monthField, fileField, field("invoice-match", "Compare by", match), columns,
    field("invoice-tolerance", "An item may differ by, in dollars", tolerance), field("invoice-note", "Note", note),
    problem, h("div", { class: "row" }, go, h("p", { class: "note" }, mayCompare ? "The file is not kept; how it agreed is." : "You may look at these. Comparing needs the right to change prices (prices:w).")));
  form.querySelectorAll("input, select, button").forEach((each) => {
    each.disabled = !mayCompare;
  });

  function choices() {
    monthField.hidden = time.value !== "month";
    month.disabled = time.value !== "month" || !mayCompare;
    const names = columnNames(text);
    columns.hidden = names.length === 0;
    columns.replaceChildren(...(columns.hidden ? [] : COLUMNS[match.value].map(([name, label, usual, look]) => {
      const found = names.includes(usual) ? usual : names.find((each) => look.test(each)) ?? names[0];
      return field(`invoice-column-${name}`, `Column: ${label.toLowerCase()}`, h("select", { id: `invoice-column-${name}`, name }, ...names.map((each) => h("option", { value: each, selected: each === found }, each))));
    })));
  }
  choices();

  async function compare(event) {
    event.preventDefault();
    go.disabled = true;
    setText(problem, "");
    try {
      const when = time.value === "month" ? ofMonth(month.value) : calls.time();
      const asked = new URLSearchParams({ ...when, provider: provider.value.trim(), limit: MOST_ITEMS });
      const made = await api(`/api/reconciliations?${asked}`, {
        csv: text, match: match.value, columns: Object.fromEntries([...columns.querySelectorAll("select")].map((each) => [each.name, each.value])), toleranceUsd: Number(tolerance.value), note: note.value.trim(),
      }, "POST", { signal: AbortSignal.timeout(COMPARE_MILLIS) });
      form.reset();
      text = "";
      choices();
      toast(made.outcome === "matched" ? "The invoice and the ledger agree." : `The invoice and the ledger differ by ${signedUsd(made.differenceUsd)}.`);
      kept = [made, ...kept];
      show(made.id, made);
    } catch (failure) {
      setText(problem, failure.status === 413 ? "The invoice is too large to be compared at once, expected at most about 2 MB: compare it in parts." : failure.message);
    }
    go.disabled = false;
  }

  // How one agreed.

  const box = h("div", {});
  const listBox = h("div", {});
  const list = h("ul", { class: "rows", id: "invoices-kept" });
  const more = h("button", { type: "button", id: "invoices-more", hidden: true, onclick: () => readList(next) }, "More");
  const ofTime = (one) => `${date(one.from)} – ${date(new Date(new Date(one.until) - 1))}`;

  const table = (label, heads, rows) => h("div", { class: "scroll bleed", tabindex: "0", role: "region", "aria-label": label }, h("table", { class: "cards" },
    h("thead", {}, h("tr", {}, ...heads.map(([name, look]) => h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Part"))))), h("tbody", {}, ...rows)));
  const line = (heads, name, sums, ...counts) => h("tr", {}, h("th", { scope: "row" }, name), ...[...counts.map((each) => [count(each)]), ...["invoicedUsd", "recordedUsd"].map((each) => [usd(sums[each]), sums[each]]), [signedUsd(sums.differenceUsd), sums.differenceUsd]].map(([words, whole], place) =>
    h("td", { class: "number", "data-label": heads[place + 1][0], title: whole === undefined ? null : `$${whole}`, "data-kind": place === 4 && whole !== 0 ? "warn" : null }, words)));

  function draw(one) {
    const facts = [
      ["Provider", one.filter.replace(/^provider:/, "")], ["Calls of", `${exact(one.from).slice(0, 16)} to ${exact(one.until).slice(0, 16)}, UTC`], ["Compared by", one.match === "day" ? "day and model" : "the provider's id of each request"],
      ["May differ by", usd(one.toleranceUsd)], ["Calls without a price", count(one.unpricedCalls)], ["By", `${one.by.replace(/^\w+:/, "")}, ${moment(one.at)}`], one.note && ["Note", one.note]].filter(Boolean);
    const parts = PARTS.filter(([name]) => name !== "unidentified" || one.match === "request");
    box.replaceChildren(h("div", { class: "stack-v" },
      h("div", { class: "row" }, h("p", { class: "figure large what", title: `$${one.differenceUsd}` }, one.differenceUsd === 0 ? "$0" : signedUsd(one.differenceUsd), h("small", {}, one.differenceUsd === 0 ? "no difference" : one.differenceUsd > 0 ? "more on the invoice" : "less on the invoice")), outcome(one.outcome === "matched")),
      h("dl", { class: "facts", id: "invoice-facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      table("Sums of the comparison", PART_HEADS, parts.map(([name, label]) => line(PART_HEADS, label, one[name], one[name].items, one[name].calls))),
      one.items.length > 0 ? h("div", { class: "stack-v", id: "invoice-items" }, h("h3", {}, one.items.length < MOST_ITEMS ? "What does not match" : `What differs most: ${MOST_ITEMS} items`),
        table("Items that do not match", ITEM_HEADS, one.items.map((item) => line(ITEM_HEADS, item.item, item, item.lines, item.calls)))) : h("p", { class: "note" }, "Every item is on both sides and differs by no more than that.")));
    sentence(`Invoice of ${facts[0][1]}: ${one.outcome}`);
  }

  async function show(id, known = null) {
    shown = id;
    setQuery({ invoice: id }, true);
    drawList();
    if (known) {
      draw(known);
    } else {
      box.replaceChildren();
      await look();
    }
  }

  function look() {
    if (shown === null) {
      box.replaceChildren(empty(mayCompare ? "Upload what a provider has billed: here stands what agrees, what differs, and what only one side has." : "How an invoice agreed stands here, once it is chosen among those that were compared."));
      return null;
    }
    return load(box, "the comparison", () => api(`/api/reconciliations/${encodeURIComponent(shown)}`), draw);
  }

  function readList(after = null) {
    return load(listBox, "the invoices", () => api(`/api/reconciliations?${new URLSearchParams({ limit: PAGE, ...(after && { cursor: after }) })}`), (page) => {
      kept = after === null ? page.items : [...kept, ...page.items];
      ({ next } = page);
      drawList();
    }, 3);
  }

  function drawList() {
    more.hidden = next === null;
    if (kept.length === 0) {
      listBox.replaceChildren(empty("No invoice was compared yet. The last hundred are kept."));
      return;
    }
    if (!list.isConnected) {
      listBox.replaceChildren(list, more);
    }
    follow(list, kept, (one) => one.id, (one) => h("li", {},
      h("div", { class: "what" }, h("a", { href: `?tab=invoices&invoice=${one.id}`, onclick: (event) => {
        event.preventDefault();
        show(one.id);
      } }, `${one.filter.replace(/^provider:/, "")}, ${ofTime(one)}`), h("p", { class: "note", title: exact(one.at) }, [moment(one.at), one.note, signedUsd(one.differenceUsd)].filter(Boolean).join(" · "))), outcome(one.outcome === "matched")), (row, one) =>
      mark(row.querySelector("a"), "aria-current", one.id === shown ? "true" : null));
  }

  async function readProviders() {
    const { items } = await api("/api/costs/breakdown?by=provider&period=all");
    providers.replaceChildren(...items.map((item) => h("option", { value: item.values.provider })));
  }

  async function read() {
    sentence(kept.length > 0 ? plural(kept.length, "invoice") : "Invoices and the ledger");
    document.title = "Invoices · LLM metrics · Architect";
    await Promise.all([look(), readList(), mayCompare ? readProviders().catch(() => null) : null]);
  }

  const element = h("div", { class: "asking", id: "invoices" },
    card("Compare an invoice", { id: "invoice-card" }, form), card("How it agrees", { id: "comparison", note: "invoice less ledger" }, box), card("Those that were compared", { id: "invoices-card", note: "the last hundred" }, listBox));
  return { element, read };
}
