// Charts out of plain elements and SVG: meters, sparks, and bars over time.

import { follow, h, mark, s, setText } from "./dom.js";
import { date, hour } from "./format.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Sets how much of a bar is filled, from 0 to 1; a value above zero stays visible. */
export function level(bar, part) {
  const width = part > 0 ? Math.max(0.6, Math.min(100, 100 * part)) : 0;
  bar.style.setProperty("--level", `${width.toFixed(2)}%`);
}

/** Returns a small line whose last point is marked. The figure stands beside it, so it is hidden from readers. */
export function spark() {
  return s(
    "svg",
    { class: "spark", viewBox: "0 0 88 22", "aria-hidden": "true", preserveAspectRatio: "none" },
    s("path", { class: "stroke", "vector-effect": "non-scaling-stroke" }),
    s("path", { class: "end", "vector-effect": "non-scaling-stroke" }),
  );
}

/** Draws values into a spark, oldest first, from zero up. */
export function setSpark(picture, values) {
  const line = picture.querySelector("path");
  const dot = picture.querySelector(".end");
  if (values.length < 2) {
    line.setAttribute("d", "M2,20H86");
    dot.setAttribute("d", "M86,20h0.01");
    return;
  }
  const most = Math.max(...values, 0) || 1;
  const places = values.map((value, place) => [2 + (84 * place) / (values.length - 1), 20 - (18 * value) / most]);
  line.setAttribute("d", `M${places.map((place) => place.map((each) => each.toFixed(1)).join(",")).join("L")}`);
  dot.setAttribute("d", `M${places.at(-1).map((each) => each.toFixed(1)).join(",")}h0.01`);
}

/** The last values of something that goes on: keeps up to 60 of them. */
export class Recent {
  constructor(picture) {
    this.picture = picture;
    this.values = [];
  }

  add(value) {
    this.values = [...this.values.slice(-59), value];
    setSpark(this.picture, this.values);
  }
}

/** A scale that ends at a round number: at most five marks from zero. */
export function ticks(most) {
  if (!(most > 0)) {
    return [0, 1];
  }
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const all = [];
  for (let at = 0; at < most + step * 0.999 && all.length < 6; at += step) {
    all.push(at);
  }
  return all;
}

const LEFT = 56;
const TOP = 12;
const BOTTOM = 22;

/**
 * Stacked bars over time. A point is read with the pointer or the arrow keys, `t` shows the table behind it, and a click or Enter opens
 * what it counts.
 */
export class Bars {
  constructor(container, { subject, height = 220, unit = String, open = null }) {
    this.container = container;
    this.subject = subject;
    this.height = height;
    this.unit = unit;
    this.open = open;
    this.place = -1;
    this.picture = s("svg", { role: "img", "aria-label": `${subject}: not read yet`, tabindex: "0", class: "bars", height });
    this.tip = h("div", { class: "tip", hidden: true });
    this.told = h("p", { class: "visually-hidden", role: "status" });
    this.table = h("div", { class: "scroll behind", hidden: true, tabindex: "0", role: "region", "aria-label": `Table: ${subject}` });
    container.classList.add("plot");
    container.append(this.picture, this.tip, this.told, this.table);
    this.picture.addEventListener("pointermove", (event) => this.point(event));
    this.picture.addEventListener("pointerleave", () => this.read(-1));
    this.picture.addEventListener("blur", () => this.read(-1));
    this.picture.addEventListener("keydown", (event) => this.key(event));
    this.picture.addEventListener("click", () => this.follow());
    new ResizeObserver(() => this.draw()).observe(container);
  }

  /** Shows `buckets`, each `{at, values}`, in the order of `series`, each `{key, label, kind or provider}`; `line` is an earlier period. */
  set({ buckets, series, step, line = null, marks = [] }) {
    Object.assign(this, { buckets, series, step, line, marks });
    this.draw();
    if (!this.table.hidden) {
      this.drawTable();
    }
  }

  draw() {
    const width = Math.floor(this.container.clientWidth);
    if (!this.buckets || width < 60) {
      return;
    }
    const sums = this.buckets.map((bucket) => bucket.values.reduce((sum, value) => sum + value, 0));
    // There is no third of a call.
    const heights = [...sums, ...(this.line ?? []), 0];
    const counts = heights.every(Number.isInteger);
    const scale = ticks(Math.max(...heights)).filter((tick) => !counts || Number.isInteger(tick));
    const most = scale.at(-1);
    const high = this.height - TOP - BOTTOM;
    const slot = (width - LEFT) / this.buckets.length;
    const y = (value) => TOP + high - (high * value) / most;
    const parts = [];
    for (const tick of scale) {
      parts.push(s("line", { class: "grid-line", x1: LEFT, x2: width, y1: y(tick), y2: y(tick) }));
      parts.push(s("text", { class: "axis", x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, this.unit(tick)));
    }
    this.buckets.forEach((bucket, place) => {
      let below = 0;
      this.series.forEach((each, index) => {
        const value = bucket.values[index];
        if (value > 0) {
          const top = y(below + value);
          parts.push(s("rect", {
            class: "part",
            "data-kind": each.kind,
            "data-provider": each.provider,
            x: LEFT + slot * place + Math.min(2, slot * 0.1),
            width: Math.max(1, slot - Math.min(4, slot * 0.2)),
            y: top,
            height: Math.max(1, y(below) - top),
          }));
          below += value;
        }
      });
    });
    parts.push(...this.names(width, slot));
    if (this.line) {
      const path = `M${this.line.map((value, place) => `${LEFT + slot * (place + 0.5)},${y(value)}`).join("L")}`;
      parts.push(s("path", { class: "casing", d: path }), s("path", { class: "before", d: path }));
    }
    this.cursor = s("rect", { class: "cursor", y: TOP, height: high, width: slot, x: -slot });
    parts.push(this.cursor);
    this.slot = slot;
    mark(this.picture, "viewBox", `0 0 ${width} ${this.height}`);
    mark(this.picture, "width", width);
    const all = sums.reduce((sum, each) => sum + each, 0);
    mark(this.picture, "aria-label", `${this.subject}: ${this.unit(all)} in all, highest ${this.unit(Math.max(...sums, 0))}. Arrow keys read it, t shows a table.`);
    this.picture.replaceChildren(...parts);
  }

  /** Times below the bars, as many as fit; days where the bars are hours of several ones. */
  names(width, slot) {
    const days = this.buckets.map((bucket, place) => [new Date(bucket.at), place]).filter(([at, place]) => place > 0 && at.getHours() === 0 && at.getMinutes() === 0);
    if (this.step < DAY && days.length > 1) {
      const far = Math.max(1, Math.ceil(74 / ((days[1][1] - days[0][1]) * slot)));
      return days.filter((_, number) => number % far === 0).map(([at, place]) => [date(at), LEFT + slot * place]).filter(([, x]) => x < width - 18)
        .map(([words, x]) => s("text", { class: "axis", x, y: this.height - 5, "text-anchor": "middle" }, words));
    }
    const every = Math.max(1, Math.ceil(74 / slot));
    const found = [];
    for (let place = Math.floor(every / 2); place < this.buckets.length; place += every) {
      const x = LEFT + slot * (place + 0.5);
      if (x < width - 18) {
        found.push(s("text", { class: "axis", x, y: this.height - 5, "text-anchor": "middle" }, this.when(place)));
      }
    }
    return found;
  }

  when(place) {
    const { at } = this.buckets[place];
    return this.step >= DAY ? date(at) : hour(at);
  }

  point(event) {
    const x = event.clientX - this.picture.getBoundingClientRect().left - LEFT;
    this.read(x < 0 ? -1 : Math.min(this.buckets.length - 1, Math.floor(x / this.slot)));
  }

  read(place, aloud = false) {
    this.place = place;
    this.tip.hidden = place < 0;
    mark(this.cursor ?? this.tip, "x", place < 0 ? -1_000 : LEFT + this.slot * place);
    if (place < 0) {
      return;
    }
    const bucket = this.buckets[place];
    const when = `${this.step < DAY ? `${date(bucket.at)} ` : ""}${this.when(place)}`;
    const values = this.series.map((each, index) => [each, bucket.values[index]]).filter(([, value]) => value > 0);
    this.tip.replaceChildren(
      h("b", {}, when),
      ...values.map(([each, value]) =>
        h("span", { "data-kind": each.kind, "data-provider": each.provider }, h("span", { class: "swatch" }), `${each.label} `, h("b", {}, this.unit(value)))),
      values.length === 0 ? h("span", {}, "nothing") : null,
    );
    const x = LEFT + this.slot * (place + 0.5);
    this.tip.style.setProperty("--x", `${Math.min(Math.max(x, 70), this.container.clientWidth - 80)}px`);
    if (aloud) {
      setText(this.told, `${when}: ${values.map(([each, value]) => `${each.label} ${this.unit(value)}`).join(", ") || "nothing"}`);
    }
  }

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 };
    if (event.key in steps) {
      const from = this.place < 0 ? this.buckets.length : this.place;
      this.read(Math.max(0, Math.min(this.buckets.length - 1, from + steps[event.key])), true);
    } else if (event.key === "Enter") {
      this.follow();
    } else if (event.key === "t") {
      this.table.hidden = !this.table.hidden;
      this.drawTable();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  follow() {
    if (this.place >= 0 && this.open) {
      this.open(this.buckets[this.place]);
    }
  }

  drawTable() {
    this.table.replaceChildren(h(
      "table",
      {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Time"), ...this.series.map((each) => h("th", { scope: "col", class: "number" }, each.label)))),
      h("tbody", {}, ...this.buckets.map((bucket, place) =>
        h("tr", {}, h("th", { scope: "row" }, this.when(place)), ...bucket.values.map((value) => h("td", { class: "number" }, this.unit(value)))))),
    ));
  }
}

/** Makes a list the legend of series, each with its value in words. */
export function legend(list, series) {
  follow(
    list,
    series,
    (each) => each.key,
    (each) => h("li", { "data-kind": each.kind, "data-provider": each.provider }, h("span", { class: "swatch" }), h("span", {}, each.label), h("b")),
    (item, each) => setText(item.querySelector("b"), each.words ?? ""),
  );
}

/** The steps of a chart for a range: which interval of the API, and how long it is. */
export function stepOf(range) {
  return { "1h": ["minute", 60_000], "24h": ["hour", HOUR], today: ["hour", HOUR], "7d": ["hour", HOUR], "30d": ["day", DAY], all: ["day", DAY] }[range] ?? ["day", DAY];
}
