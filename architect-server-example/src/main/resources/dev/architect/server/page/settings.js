// What is set, and where does it stand?

import { accountRows, freshly } from "./account.js";
import { readPasskeys } from "./account-passkeys.js";
import { change, patch } from "./change.js";
import { level } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { moment, plural, span, usd, words } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { policyCard } from "./policy.js";
import { pricesCard } from "./prices.js";
import { may, segments, setTheme, start, store, stored, theme, toast, undoable } from "./shell.js";
import { card, load, sentence } from "./states.js";

const BUDGET_MILLIS = 1_000;
const HEALTH_MILLIS = 5_000;
const PASSING_MILLIS = 60_000;

const rows = h("tbody", { id: "budgets" });
const budgetBox = h("div", {});
const budgetTable = h("div", { class: "scroll" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...[["Name"], ["For"], ["Period"], ["When it is reached"], ["Spent", "number"], ["Reserved", "number"], ["Limit", "number"], ["Used"], ["Begins anew", "number"], [""]].map(([name, look]) =>
  h("th", { scope: "col", class: look }, name || h("span", { class: "visually-hidden" }, "Actions"))))), rows));
const about = h("dl", { class: "facts", id: "about" });
const mine = h("dl", { class: "facts", id: "mine" });
const account = h("ul", { class: "rows", id: "account" });
const passkeys = h("div", {});
const passkeyCard = card("Passkeys", { id: "passkey-card", note: "log in without a password" }, passkeys);
passkeyCard.hidden = true;
const engineRows = h("tbody", { id: "engine" });
const engineBox = h("div", {});
const engineTable = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of settings" }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Setting", "What it decides", "Value", "Where it came from"].map((name) => h("th", { scope: "col" }, name)))), engineRows));
const engineEdit = h("button", { type: "button", hidden: true, onclick: editEngine }, "Change");
const problem = h("p", { class: "note bad", role: "alert", id: "budget-problem" });

const field = (name, label, attributes) => h("div", { class: "field" }, h("label", { for: `budget-${name}` }, label), h("input", { id: `budget-${name}`, name, spellcheck: "false", autocapitalize: "off", ...attributes }));
const choice = (name, label, values) => h("div", { class: "field" }, h("label", { for: `budget-${name}` }, label), h("select", { id: `budget-${name}`, name }, ...values.map(([value, text]) => h("option", { value }, text))));
const form = h("form", { id: "budget", onsubmit: save },
  h("div", { class: "fields" },
    field("name", "Name", { required: true, maxlength: "63", placeholder: "monthly" }),
    field("limitUsd", "Limit, in dollars", { required: true, inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", placeholder: "25" }),
    choice("period", "Period", [["month", "a month"], ["day", "a day"], ["hour", "an hour"], ["total", "in all"]]),
    choice("mode", "When it is reached", [["hard", "refuse calls"], ["soft", "only tell"]]),
    field("scope", "For", { value: "all", required: true, title: "all, or such as project:web, user:reader-7, tag:team=search" })),
  problem,
  h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Save budget"), h("p", { class: "note" }, "A budget of the same name is replaced.")));

const keySwitch = h("input", { type: "checkbox", id: "single-keys", checked: stored("architect.keys") !== "off", onchange: (event) => store("architect.keys", event.target.checked ? "on" : "off") });

find("main").append(h(
  "div",
  { class: "stack-v" },
  card("Budgets", { look: "flush", id: "budgets-card", note: "limits on spending, in UTC" }, budgetBox),
  card("Add or replace a budget", { id: "budget-form" }, form),
  h("div", { class: "stack-v", id: "routing" }),
  h("div", { class: "halves top-aligned" },
    card("This browser", { id: "browser" }, h("ul", { class: "rows" },
      h("li", {}, h("span", { class: "what" }, "Colours"), segments("Colours", [["system", "System"], ["light", "Light"], ["dark", "Dark"]], theme(), setTheme)),
      h("li", {}, h("label", { class: "what", for: "single-keys" }, "Single keys, such as j, x and ?"), keySwitch),
      h("li", {}, h("span", { class: "what" }, "Times are in the zone"), h("span", { class: "note" }, Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC")))),
    card("You", { id: "you" }, mine, account)),
  passkeyCard,
  card("All nodes", { look: "flush", id: "engine-card", note: "what the engine goes by; a change holds without a restart", tools: [engineEdit] }, engineBox),
  card("The server", { id: "server" }, about),
));

function draw({ budgets }) {
  sentence(budgets.length === 0 ? "No budget limits what is spent" : plural(budgets.length, "budget"));
  if (budgets.length === 0) {
    budgetBox.replaceChildren(h("div", { class: "empty" }, h("p", {}, "Nothing limits what is spent. A budget refuses calls, or tells, when an amount is reached.")));
    return;
  }
  if (!budgetTable.isConnected) {
    budgetBox.replaceChildren(budgetTable);
  }
  follow(rows, budgets, (budget) => budget.name, create, (row, budget) => {
    const cells = row.children;
    mark(row, "data-version", budget.version);
    const used = budget.limitUsd > 0 ? (budget.spentUsd + budget.reservedUsd) / budget.limitUsd : 1;
    setText(cells[1], budget.scope);
    setText(cells[2], { month: "a month", day: "a day", hour: "an hour", total: "in all" }[budget.period] ?? budget.period);
    setText(cells[3], budget.mode === "hard" ? "refuses calls" : "only tells");
    setText(cells[4], usd(budget.spentUsd));
    setText(cells[5], usd(budget.reservedUsd));
    setText(cells[6], usd(budget.limitUsd));
    level(cells[7].querySelector(".bar"), used);
    mark(cells[7].querySelector(".bar"), "data-kind", used >= 1 ? "bad" : used > 0.8 ? "warn" : null);
    setText(cells[8], budget.resetsAt ? moment(budget.resetsAt) : "never");
  });
}

/** Removes a budget of the version that was seen: one that has changed since stays. */
const remove = (name, version) => api(`/api/budgets/${encodeURIComponent(name)}`, undefined, "DELETE", { headers: { "If-Match": `"${version}"` }, keepalive: true });

function create(budget) {
  return h("tr", {}, h("th", { scope: "row" }, budget.name), ...["For", "Period", "When it is reached"].map((name) => h("td", { "data-label": name })), ...["Spent", "Reserved", "Limit"].map((name) => h("td", { class: "number", "data-label": name })),
    h("td", { "data-label": "Used" }, h("span", { class: "tally" }, h("span", { class: "bar" }))), h("td", { class: "number", "data-label": "Begins anew" }),
    h("td", { class: "actions" }, h("button", { type: "button", class: "quiet", "aria-label": `Remove the budget ${budget.name}`, onclick: (click) => {
      const { version } = click.target.closest("tr").dataset;
      undoable(`Removing the budget ${budget.name}`, () => remove(budget.name, version).then(refresh), `The budget ${budget.name} is removed.`);
    } }, icon("close"))));
}

async function save(event) {
  event.preventDefault();
  const { name, limitUsd, ...rest } = Object.fromEntries(new FormData(form));
  const before = await api(`/api/budgets/${encodeURIComponent(name)}`).catch(() => null);
  try {
    const saved = await api(`/api/budgets/${encodeURIComponent(name)}`, { ...rest, limitUsd: Number(limitUsd) }, "PUT");
    setText(problem, "");
    form.reset();
    toast(`The budget ${name} is in force.`, { button: h("button", { type: "button", onclick: async (click) => {
      click.target.closest(".toast").remove();
      await (before ? api(`/api/budgets/${encodeURIComponent(name)}`, { limitUsd: before.limitUsd, period: before.period, mode: before.mode, scope: before.scope }, "PUT") : remove(name, saved.version)).catch((failure) => toast(failure.message, { bad: true }));
      refresh();
    } }, "Undo") });
    refresh();
  } catch (failure) {
    setText(problem, failure.message);
  }
}

const SOURCES = { stored: "set here", configured: "configuration of the node", standard: "standard" };
let settings = [];

function drawEngine(found) {
  ({ settings } = found);
  if (!engineTable.isConnected) {
    engineBox.replaceChildren(engineTable);
  }
  follow(engineRows, settings, (each) => each.name, (each) => h("tr", {}, h("th", { scope: "row" }, each.name), h("td", { class: "what" }, each.description), h("td", { "data-label": "Value" }), h("td", { "data-label": "Where it came from" })), (row, each) => {
    setText(row.children[2], each.value);
    setText(row.children[3], each.source === "stored" ? `${SOURCES.stored}, else ${each.configured}` : SOURCES[each.source]);
  });
}

function editEngine() {
  return change("Settings of all nodes", "/api/settings", {
    fields: settings.map((each) => ({ name: each.name, label: each.name, title: each.description, placeholder: each.configured })),
    note: "Times are such as 7d, 12h, 30m or 90s. An empty field is left to the configuration of each node.",
    save: (tag, changes) => {
      const work = () => patch("/api/settings", tag, changes).then(readEngine);
      return work().catch((failure) => {
        if (failure.code !== "fresh-login-needed") {
          throw failure;
        }
        return freshly(me, work);
      });
    },
  }).catch((failure) => toast(failure.message, { bad: true }));
}

function pairs(list, values) {
  follow(list, Object.entries(values), ([name]) => name, ([name]) => h("div", {}, h("dt", {}, name), h("dd")), (row, [, value]) => {
    if (typeof value === "string") {
      setText(row.lastElementChild, value);
    } else {
      row.lastElementChild.replaceChildren(value);
    }
  });
}

start();
const refresh = watch(["costs"], () => load(budgetBox, "the budgets", () => api("/api/budgets"), draw, 2), BUDGET_MILLIS);
watch(["nodes", "providers"], () => load(about, "the state of the server", () => api("/health"), (health) => pairs(about, {
  Version: health.version,
  State: health.reasons.length > 0 ? `${health.status}: ${health.reasons.map((reason) => words(reason.part ?? JSON.stringify(reason))).join(", ")}` : health.status,
  Up: span(health.uptimeSeconds),
  "For programs": h("span", {}, h("a", { href: at("/openapi.json") }, "openapi.json"), ", ", h("a", { href: at("/metrics") }, "metrics")),
}), 3), HEALTH_MILLIS, PASSING_MILLIS);
const readEngine = () => load(engineBox, "the settings", () => api("/api/settings/effective"), drawEngine, 5);
may("settings:r").then((allowed) => allowed ? readEngine() : find("engine-card").remove());
may("settings:w").then((allowed) => {
  engineEdit.hidden = !allowed;
});
let me = {};
const readMe = () => load(mine, "what you may do", () => api("/api/me"), (found) => {
  me = found;
  pairs(mine, { "Known as": me.name ?? words(me.kind), Permissions: me.permissions.join(", ") });
  account.replaceChildren(...accountRows(me, readMe));
  passkeyCard.hidden = !me.name;
  if (me.name) {
    load(passkeys, "your passkeys", () => readPasskeys(me, readMe), (content) => content.isConnected || passkeys.replaceChildren(content), 1);
  }
  if (find("routing").childElementCount === 0) {
    find("routing").append(pricesCard(me.permissions.includes("prices:w")), policyCard(me.permissions.includes("policy:w")));
  }
}, 2);
readMe();
