// How a milestone grew and was worked off: its scope as a line, what is done below it, over all days to the date that was promised.

import { Bars, ticks } from "./chart.js";
import { h, mark, s, setText } from "./dom.js";
import { date, plural } from "./format.js";

const DAY = 86_400_000;
const LEFT = 40;
const TOP = 18;
const BOTTOM = 24;

/** The number of a day such as 2026-11-29, counted from 1970. */
export function dayNumber(day) {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
}

const noon = (number) => number * DAY + DAY / 2;

/** The chart. Read by arrows or the pointer; `t` shows the table behind it. */
export class BurnUp extends Bars {
  constructor(container) {
    super(container, { subject: "Burn-up", height: 260 });
    mark(this.picture, "class", "burnup");
  }

  /** Shows `days`, each `{day, scope, done}`, up to today, with the date that was promised and those that were promised before. */
  show({ days, target, slips }) {
    const promised = [...slips.flatMap((slip) => [slip.before, slip.after]), target].filter(Boolean);
    const first = dayNumber(days[0].day);
    const last = Math.max(dayNumber(days.at(-1).day), ...promised.map(dayNumber)) + 1;
    Object.assign(this, {
      days, target, slips, first, last,
      series: [{ key: "scope", label: "scope" }, { key: "done", label: "done" }],
      buckets: days.map((each) => ({ at: noon(dayNumber(each.day)), values: [each.scope, each.done] })),
      step: DAY,
      line: null,
    });
    this.draw();
    if (!this.table.hidden) {
      this.drawTable();
    }
  }

  draw() {
    const width = Math.floor(this.container.clientWidth);
    if (!this.days || width < 60) {
      return;
    }
    const scale = [...new Set(ticks(Math.max(...this.days.map(({ scope }) => scope), 1)).map(Math.ceil))];
    const high = this.height - TOP - BOTTOM;
    this.slot = (width - LEFT - 12) / Math.max(1, this.last - this.first);
    const x = (number) => LEFT + this.slot * (number - this.first);
    const y = (value) => TOP + high - (high * value) / scale.at(-1);
    const parts = scale.flatMap((tick) => [
      s("line", { class: "grid-line", x1: LEFT, x2: width, y1: y(tick), y2: y(tick) }),
      s("text", { class: "axis", x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, String(tick)),
    ]);
    const end = dayNumber(this.days.at(-1).day) + 1;
    const steps = (name) => this.days.map((each, place) => `${place === 0 ? "M" : "L"}${x(this.first + place)},${y(each[name])}H${x(this.first + place + 1)}`).join("");
    parts.push(s("path", { class: "done-area", d: `${steps("done")}V${y(0)}H${x(this.first)}Z` }), s("path", { class: "done-line", d: steps("done") }), s("path", { class: "scope-line", d: steps("scope") }));
    const lines = [[end - 0.5, "today", "today"]];
    this.slips.filter((slip) => slip.before && slip.before !== this.target).forEach((slip) => lines.push([dayNumber(slip.before) + 0.5, "before", "was"]));
    if (this.target) {
      lines.push([dayNumber(this.target) + 0.5, "target", "target"]);
    }
    for (const [number, kind, words] of lines) {
      const place = x(number);
      parts.push(s("line", { class: "moment", "data-kind": kind, x1: place, x2: place, y1: TOP, y2: TOP + high }));
      parts.push(s("text", { class: "axis", x: Math.min(place, width - 2), y: TOP - 6, "text-anchor": place > width - 40 ? "end" : "middle" }, words));
    }
    const every = Math.max(1, Math.ceil(74 / this.slot));
    for (let number = this.first; number < this.last; number += every) {
      const place = x(number + 0.5);
      if (place > LEFT + 12 && place < width - 20) {
        parts.push(s("text", { class: "axis", x: place, y: this.height - 6, "text-anchor": "middle" }, date(noon(number))));
      }
    }
    this.cursor = s("rect", { class: "cursor", y: TOP, height: high, width: Math.max(1, this.slot), x: -1_000 });
    parts.push(this.cursor);
    mark(this.picture, "viewBox", `0 0 ${width} ${this.height}`);
    mark(this.picture, "width", width);
    const now = this.days.at(-1);
    mark(this.picture, "aria-label", `Burn-up: ${now.done} of ${plural(now.scope, "item")} done on ${date(noon(end - 1))}${this.target ? `, target ${date(noon(dayNumber(this.target)))}` : ""}. Arrow keys read it, t shows a table.`);
    this.picture.replaceChildren(...parts);
  }

  point(event) {
    const place = Math.floor((event.clientX - this.picture.getBoundingClientRect().left - LEFT) / this.slot);
    this.read(place < 0 || place >= this.buckets.length ? -1 : place);
  }

  read(place, aloud = false) {
    this.place = place;
    this.tip.hidden = place < 0;
    mark(this.cursor ?? this.tip, "x", place < 0 ? -1_000 : LEFT + this.slot * place);
    if (place < 0) {
      return;
    }
    const { scope, done } = this.days[place];
    this.tip.replaceChildren(h("b", {}, this.when(place)), h("span", {}, `${done} of ${plural(scope, "item")} done`));
    const middle = LEFT + this.slot * (place + 0.5);
    this.tip.style.setProperty("--x", `${Math.min(Math.max(middle, 70), this.container.clientWidth - 80)}px`);
    if (aloud) {
      setText(this.told, `${this.when(place)}: ${done} of ${plural(scope, "item")} done`);
    }
  }

  when(place) {
    return date(this.buckets[place].at);
  }
}
