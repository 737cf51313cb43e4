// What calls cost, from when on, and how old the prices are.

import { follow, h, later, mark, setText } from "./dom.js";
import { count, date, plural, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api } from "./live.js";
import { toast, undoable } from "./shell.js";
import { card, load } from "./states.js";

const FILTER_MILLIS = 250;
const OLD_DAYS = 30;
const HEADS = [["Model"], ["Tier"], ["Input", "number"], ["Output", "number"], ["Others"], ["From"], ["Until"], ["Checked"], [""]];

/** Returns the card of the prices; whoever may not change them reads them. */
export function pricesCard(mayChange) {
  let provider = "";
  const about = h("p", { class: "note", id: "prices-about" });
  const rows = h("tbody", { id: "prices" });
  const table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of prices" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...HEADS.map(([name, look]) =>
    h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Actions"))))), rows));
  const more = h("button", { type: "button", id: "prices-more", hidden: true, onclick: () => read(cursor) }, "More");
  const filter = h("input", { id: "prices-provider", placeholder: "Provider", "aria-label": "Only prices of this provider", oninput: later((event) => {
    provider = event.target.value.trim();
    read();
  }, FILTER_MILLIS) });
  const box = h("div", {});
  const problem = h("p", { class: "note bad", role: "alert" });
  let cursor = null;
  let shown = [];

  const rate = (price, kind) => {
    const found = price.rates.find((each) => each.kind === kind);
    return found ? usd((found.usd * 1_000_000) / found.units) : "–";
  };

  function draw(page, isMore) {
    shown = isMore ? [...shown, ...page.prices] : page.prices;
    cursor = page.next;
    more.hidden = cursor === null;
    if (!table.isConnected) {
      box.replaceChildren(about, table, more);
    }
    const source = page.source ? (page.source.failed ? " Its source failed when it was asked last." : ` Its source answered ${page.source.answeredAt ? date(page.source.answeredAt) : "not yet"}.`) : "";
    setText(about, `Catalogue ${page.catalogueVersion}; the oldest price that counts was checked ${plural(page.oldestDays, "day")} ago.${source}${page.refused ? ` This node does not follow a change: ${page.refused}` : ""}`);
    mark(about, "data-kind", page.source?.failed || page.refused ? "bad" : null);
    follow(rows, shown, (price) => JSON.stringify([price.provider, price.model, price.match, price.serviceTier, price.region, price.promptsFrom, price.validFrom, price.override]), create, () => {});
  }

  function create(price) {
    const others = price.rates.filter((each) => each.kind !== "input" && each.kind !== "output");
    return h("tr", { "data-provider": price.provider },
      h("th", { scope: "row" }, h("span", { class: "named" }, h("span", { class: "swatch" }), `${price.provider}/${price.model}${price.match === "prefix" ? "…" : ""}`)),
      h("td", { "data-label": "Tier" }, [price.serviceTier, price.region, price.promptsFrom > 0 ? `prompts from ${count(price.promptsFrom)}` : null].filter(Boolean).join(", ")),
      h("td", { class: "number", "data-label": "Input", title: "for a million tokens" }, rate(price, "input")),
      h("td", { class: "number", "data-label": "Output", title: "for a million tokens" }, rate(price, "output")),
      h("td", { class: "faint", "data-label": "Others", "data-phone": "no" }, others.length === 0 ? "–" : others.map((each) => words(each.kind)).join(", ")),
      h("td", { "data-label": "From" }, price.validFrom.startsWith("1970") ? "always" : date(price.validFrom)),
      h("td", { "data-label": "Until" }, price.validTo ? date(price.validTo) : "–"),
      h("td", { "data-label": "Checked", title: price.source, "data-kind": price.ageDays > OLD_DAYS ? "warn" : null }, `${plural(price.ageDays, "day")} ago`),
      h("td", { class: "actions" }, price.override === null ? "" : mayChange ? h("button", { type: "button", class: "quiet", "aria-label": `Take the price of ${price.model} away`, onclick: () =>
        undoable(`Taking the price of ${price.model} away`, () => remove(price.override), `The catalogue counts for ${price.model} again.`) }, icon("close")) : "own"));
  }

  async function remove(id) {
    const { version } = await api(`/api/prices/${id}`);
    await api(`/api/prices/${id}`, undefined, "DELETE", { headers: { "If-Match": `"${version}"` }, keepalive: true });
    read();
  }

  function read(after = null) {
    const asked = new URLSearchParams({ at: new Date().toISOString(), ...(provider && { provider }), ...(after && { cursor: after }) });
    return load(box, "the prices", () => api(`/api/prices?${asked}`), (page) => draw(page, after !== null), 6);
  }

  const field = (name, label, attributes) => h("div", { class: "field" }, h("label", { for: `price-${name}` }, label), h("input", { id: `price-${name}`, name, required: true, spellcheck: "false", autocapitalize: "off", ...attributes }));
  const amount = { inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?" };
  const form = mayChange ? h("form", { id: "price", onsubmit: async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    try {
      await api("/api/prices", { provider: given.provider, model: given.model, validFrom: new Date(given.validFrom).toISOString(), source: given.source,
        usdPerMillionTokens: { input: Number(given.input), output: Number(given.output) } });
      setText(problem, "");
      form.reset();
      toast(`The price of ${given.model} counts on all nodes.`);
      read();
    } catch (failure) {
      setText(problem, failure.message);
    }
  } }, h("div", { class: "fields" },
    field("provider", "Provider", { placeholder: "claude" }), field("model", "Model", { placeholder: "claude-haiku-4-5" }),
    field("input", "Input, $ for a million tokens", amount), field("output", "Output, $ for a million tokens", amount),
    field("validFrom", "From", { type: "datetime-local" }), field("source", "Where it is written", { placeholder: "our contract" })),
  problem, h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Put on top"),
    h("p", { class: "note" }, "It counts from then on in place of the catalogue; what calls before it cost stays as it was."))) : null;
  const refresh = mayChange ? h("button", { type: "button", id: "prices-refresh", onclick: async () => {
    try {
      const { changed } = await api("/api/prices/refresh", undefined, "POST");
      toast(changed ? "There are other prices, which count from now on." : "The prices are the newest.");
      read();
    } catch (failure) {
      toast(failure.message, { bad: true });
    }
  } }, "Refresh") : null;
  read();
  return card("Prices", { id: "prices-card", look: "flush", note: "in dollars for a million tokens", tools: [filter, refresh].filter(Boolean) }, box, form ?? "");
}
