// Which calls a page is about: their time and what they have in common. All of it is in the address.

import { h, mark, query, setQuery, setText } from "./dom.js";
import { moment, words } from "./format.js";
import { icon } from "./icons.js";
import { dialog, key, segments } from "./shell.js";

const RANGES = [["1h", "1 h"], ["today", "Today"], ["24h", "24 h"], ["7d", "7 d"], ["30d", "30 d"], ["all", "All"]];
const MILLIS = { "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000, "30d": 2_592_000_000 };
const CUSTOM = "custom";
const USUAL = "24h";
const TEAM = "team";
const TAG = "tag";
const ANOTHER = "*";

/** The time and the conditions of calls. `dimensions` are those of the server, each with its name and that of its filter. */
export class SpendQuery {
  constructor(dimensions) {
    const asked = query();
    this.dimensions = dimensions.map((each) => each.name);
    this.fields = [...dimensions.map((each) => each.filter), "failure", TAG, "task"];
    this.names = new Map(dimensions.map((each) => [each.name, each.filter]));
    this.range = asked.get("range") ?? USUAL;
    this.from = asked.get("from");
    this.until = asked.get("until");
    this.filters = [...asked].filter(([name]) => this.fields.includes(name));
  }

  /** What calls can be grouped by: the dimensions, the team, and a tag that the address names. */
  axes(...chosen) {
    return [...this.dimensions, TEAM, ...chosen.filter((each) => each.startsWith(`${TAG}:`))];
  }

  isAxis(name) {
    return name === TEAM || this.names.has(name) || name?.startsWith(`${TAG}:`);
  }

  /** The condition that calls meet which have `value` on an axis; null where none is for calls without one. */
  condition(axis, value) {
    const filter = this.names.get(axis);
    return filter ? [filter, value] : value === "" ? null : [TAG, `${axis.replace(`${TAG}:`, "")}=${value}`];
  }

  /** How the API names the time. */
  time() {
    return this.isCustom() ? { ...(this.from && { from: this.from }), ...(this.until && { until: this.until }) } : { period: this.range };
  }

  isCustom() {
    return Boolean(this.from || this.until);
  }

  /** The parameters of a report. */
  parameters(values = {}, when = this.time()) {
    return [...Object.entries({ ...when, ...values }), ...this.filters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  }

  /** The same time before, for what has a beginning and an end. */
  earlier() {
    if (this.from && this.until) {
      const length = new Date(this.until) - new Date(this.from);
      return { from: new Date(new Date(this.from) - length).toISOString(), until: this.from };
    }
    const millis = MILLIS[this.range];
    return millis && !this.from ? { from: new Date(Date.now() - 2 * millis).toISOString(), until: new Date(Date.now() - millis).toISOString() } : null;
  }

  /** Time and conditions as one text. Days are those of UTC, as in the sums. */
  text() {
    const quoted = (value) => (/^[^\s,"]+$/.test(value) && !/^[<>]/.test(value) && !value.includes("..") ? value : `"${value.replaceAll('"', '\\"')}"`);
    const created = this.isCustom() ? `created:${this.from ?? "1970-01-01"}..${this.until ?? new Date().toISOString()}`
      : this.range === "today" ? `created:${new Date().toISOString().slice(0, 10)}` : this.range === "all" ? "" : `created:-${this.range}`;
    return [...this.filters.map(([name, value]) => `${name}:${quoted(value)}`), created].filter(Boolean).join(" ");
  }

  /** The time as people say it. */
  words() {
    if (this.isCustom()) {
      return `${this.from ? moment(this.from) : "the first call"} – ${this.until ? moment(this.until) : "now"}`;
    }
    const label = RANGES.find(([value]) => value === this.range)?.[1] ?? this.range;
    return { today: "today (UTC)", all: "all time" }[this.range] ?? `the last ${label}`;
  }

  /** When calls would have been, after words such as "No calls". */
  during() {
    if (this.isCustom()) {
      return `from ${this.words()}`;
    }
    return { today: "today (UTC)", all: "so far" }[this.range] ?? `in ${this.words()}`;
  }

  setTime({ range = this.range, from = null, until = null }) {
    Object.assign(this, { range, from, until });
    setQuery({ range: range === USUAL ? null : range, from, until }, true);
  }

  setFilters(wanted) {
    for (const [name] of this.filters) {
      setQuery({ [name]: null });
    }
    this.filters = wanted;
    setQuery(Object.fromEntries(wanted), true);
  }

  /** Adds conditions, each in the place of one of the same name. */
  narrowed(...conditions) {
    const added = conditions.filter(Boolean);
    return [...this.filters.filter(([name]) => !added.some(([other]) => other === name)), ...added];
  }
}

/** Returns the field of the conditions, with a chip for each. `changed` is called after a change, `draw` brings it up to date. */
export function filterField(calls, changed) {
  const chips = h("span", { class: "row", id: "chips" });
  const fault = h("p", { class: "note bad", role: "alert" });
  const field = h("input", { id: "filter", "data-filter": "", type: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off",
    "aria-label": "Filter by provider, model, project and more", placeholder: "Filter: provider:claude, project:web, outcome:failed", onkeydown: press });
  const set = (wanted) => {
    calls.setFilters(wanted);
    changed();
  };

  function press(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      const colon = field.value.indexOf(":");
      const typed = field.value.slice(0, colon).trim();
      const name = calls.names.get(typed) ?? typed;
      if (colon < 1 || !calls.fields.includes(name)) {
        setText(fault, `“${field.value}” is no filter. Write one of ${calls.fields.join(", ")}, such as provider:claude.`);
        return;
      }
      setText(fault, "");
      const value = field.value.slice(colon + 1).trim();
      field.value = "";
      set(calls.narrowed([name, value]));
    } else if (event.key === "Backspace" && field.value === "" && calls.filters.length > 0) {
      const [name, value] = calls.filters.at(-1);
      field.value = `${name}:${value}`;
      set(calls.filters.slice(0, -1));
    } else if (event.key === "Escape") {
      field.blur();
    }
  }

  const term = (name, value, label, remove) => h("span", { class: "term" }, h("span", { class: "note" }, name), h("span", {}, value),
    h("button", { type: "button", "aria-label": label, onclick: remove }, icon("close")));

  function draw() {
    chips.replaceChildren(
      ...calls.filters.map((each) => term(each[0], each[1] === "" ? "without one" : each[1], `Remove ${each[0]} ${each[1]}`, () => set(calls.filters.filter((other) => other !== each)))),
      ...(calls.isCustom() ? [term("time", calls.words(), "Remove the time", () => {
        calls.setTime({});
        changed();
      })] : []));
  }

  return { element: h("div", { class: "filter", role: "search" }, icon("search"), chips, field, h("kbd", {}, "/")), fault, draw };
}

/** Returns the buttons of the time, which the digits press as well. */
export function rangeButtons(calls, changed) {
  const all = [...RANGES, [CUSTOM, "Custom"]];
  const buttons = segments("Range", all, calls.range, (range) => {
    if (range === CUSTOM) {
      openCustom(calls, changed);
      draw();
    } else {
      calls.setTime({ range });
      changed();
    }
  });
  const draw = () => buttons.querySelectorAll("button").forEach((each) => mark(each, "aria-pressed", String(each.value === (calls.isCustom() ? CUSTOM : calls.range))));
  all.forEach(([, label], place) => key(String(place + 1), `Range ${label}`, () => buttons.children[place].click()));
  draw();
  return { element: buttons, draw };
}

/** A time as its field has it, in the zone of the browser. */
function local(instant) {
  const at = new Date(instant);
  return new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function openCustom(calls, changed) {
  const from = calls.from ?? new Date(Date.now() - (MILLIS[calls.range] ?? MILLIS[USUAL])).toISOString();
  const field = (id, label, value) => h("div", { class: "field" }, h("label", { for: id }, label), h("input", { id, type: "datetime-local", required: true, value: local(value), "aria-describedby": "range-problem" }));
  const begin = field("range-from", "From", from);
  const end = field("range-until", "Until, which is not part of it", calls.until ?? new Date());
  const problem = h("p", { class: "note bad", role: "alert", id: "range-problem" });
  const box = dialog("ask", "Another time", h("form", { id: "custom-range", onsubmit: (event) => {
    event.preventDefault();
    const [first, last] = [begin, end].map((each) => new Date(each.lastElementChild.value));
    if (!(first < last)) {
      setText(problem, "It ends before it begins.");
      return;
    }
    calls.setTime({ from: first.toISOString(), until: last.toISOString() });
    box.close();
    changed();
  } }, h("div", { class: "fields" }, begin, end), h("p", { class: "note" }, `In the zone ${Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC"}.`), problem,
  h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Show"), h("button", { type: "button", onclick: () => box.close() }, "Close"))));
  begin.lastElementChild.focus();
}

/** Asks for the name of a tag, and hands its axis to `use`. */
function openTag(use) {
  const name = h("input", { id: "tag-name", required: true, maxlength: "63", autocomplete: "off", spellcheck: "false", autocapitalize: "off", placeholder: "customer" });
  const box = dialog("ask", "Group by a tag", h("form", { onsubmit: (event) => {
    event.preventDefault();
    box.close();
    use(`${TAG}:${name.value.trim()}`);
  } }, h("div", { class: "field" }, h("label", { for: "tag-name" }, "Name of the tag"), name),
  h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Group"), h("button", { type: "button", onclick: () => box.close() }, "Close"))));
  name.focus();
}

/** An axis as people read it. */
export function axisWords(axis) {
  return axis.startsWith(`${TAG}:`) ? `tag ${axis.slice(TAG.length + 1)}` : words(axis);
}

/** Returns a list to choose an axis from; the empty one means none. */
export function chooseAxis(label, id, axes, chosen, change) {
  let current = chosen;
  const option = (axis) => h("option", { value: axis, selected: axis === current }, axis === "" ? "none" : axisWords(axis));
  const last = h("option", { value: ANOTHER }, "another tag…");
  const use = (axis) => {
    if (![...select.options].some((each) => each.value === axis)) {
      last.before(option(axis));
    }
    current = axis;
    select.value = axis;
    change(axis);
  };
  const select = h("select", { id, onchange: () => {
    if (select.value === ANOTHER) {
      select.value = current;
      openTag(use);
    } else {
      use(select.value);
    }
  } }, ...axes.map(option), last);
  return h("label", { class: "choice" }, label, select);
}
