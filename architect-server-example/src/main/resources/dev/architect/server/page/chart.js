// Charts out of plain elements and SVG: bars, one stacked bar, and a line of the last minutes.

import { follow, h, mark, s, setText } from "./dom.js";

/** Sets how much of a bar is filled, from 0 to 1; a value above zero stays visible. */
export function level(bar, part) {
  const width = part > 0 ? Math.max(0.6, Math.min(100, 100 * part)) : 0;
  bar.style.setProperty("--level", `${width.toFixed(2)}%`);
}

/**
 * Draws one bar of several parts, each `{key, label, value}`; parts without a value take no room. Says the same in words for
 * those who cannot see it.
 */
export function stack(container, parts, subject) {
  const sum = parts.reduce((total, part) => total + part.value, 0);
  follow(
    container,
    parts.filter((part) => part.value > 0),
    (part) => part.key,
    (part) => h("span", { class: "part", "data-kind": part.key }),
    (element, part) => {
      element.style.setProperty("--share", part.value / sum);
      mark(element, "title", `${part.label}: ${part.words ?? part.value}`);
    },
  );
  mark(container, "role", "img");
  const told = parts.filter((part) => part.value > 0).map((part) => `${part.label} ${part.words ?? part.value}`);
  mark(container, "aria-label", `${subject}: ${told.join(", ") || "nothing yet"}`);
}

const WIDTH = 600;
const HEIGHT = 72;
const SPAN_MILLIS = 180_000;

/** A line of values over the last three minutes. */
export class Line {
  constructor(container, subject) {
    this.subject = subject;
    this.points = [];
    this.area = s("path", { class: "area" });
    this.stroke = s("path", { class: "stroke", "vector-effect": "non-scaling-stroke" });
    this.picture = s(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": subject },
      this.area,
      this.stroke,
    );
    this.top = h("span", { class: "top note" });
    container.append(this.top, this.picture);
  }

  add(value, now = Date.now()) {
    this.points.push({ at: now, value });
    this.points = this.points.filter((point) => now - point.at <= SPAN_MILLIS);
    const most = Math.max(1, ...this.points.map((point) => point.value));
    const places = this.points.map((point) => {
      const x = WIDTH - (WIDTH * (now - point.at)) / SPAN_MILLIS;
      const y = HEIGHT - 2 - ((HEIGHT - 6) * point.value) / most;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    });
    const first = places[0].split(",")[0];
    this.stroke.setAttribute("d", `M${places.join("L")}`);
    this.area.setAttribute("d", `M${first},${HEIGHT}L${places.join("L")}L${WIDTH},${HEIGHT}Z`);
    setText(this.top, `highest ${most.toFixed(1)} / s`);
    mark(this.picture, "aria-label", `${this.subject}: now ${value}, highest ${most.toFixed(1)} in three minutes`);
  }
}
