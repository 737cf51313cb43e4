// What an item has to do with others, as a small picture: what it waits for at the left, what waits for it at the right, its parts below.

import { h, s } from "./dom.js";

const WIDTH = 150;
const HEIGHT = 30;
const ROW = 44;
const COLUMN = 230;
const MOST = 8;

/**
 * Returns the picture of some links, each `{other, words, side, title, href}`, of which `side` is `before`, `after`, `above`, `below` or `beside`.
 * Readers hear the list that stands below it, so the picture is not told to them; its boxes are links for the pointer.
 */
export function linkGraph(own, links) {
  const of = (side) => links.filter((each) => each.side === side).slice(0, MOST);
  const left = [...of("above"), ...of("before")];
  const right = [...of("after"), ...of("below"), ...of("beside")];
  const rows = Math.max(1, left.length, right.length);
  const height = rows * ROW;
  const middle = { x: COLUMN, y: height / 2 };
  const at = (list, place, x) => ({ x, y: ((place + 0.5) * height) / list.length });
  const picture = s("svg", { class: "link-graph", viewBox: `0 0 ${2 * COLUMN + WIDTH} ${height}`, "aria-hidden": "true" },
    s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" }, s("path", { d: "M0 0 8 4 0 8z" }))));
  const edge = (from, to, { words, side }) => {
    const start = from.x + WIDTH;
    picture.append(
      s("path", { class: "edge", "data-side": side, d: `M${start} ${from.y} C${start + 40} ${from.y} ${to.x - 40} ${to.y} ${to.x} ${to.y}`, "marker-end": side === "beside" ? null : "url(#arrow)" }),
      s("text", { class: "note", x: (start + to.x) / 2, y: (from.y + to.y) / 2 - 5, "text-anchor": "middle" }, words),
    );
  };
  const node = ({ x, y }, key, title, href) => {
    const look = s("g", { class: href ? "other" : "own" }, s("rect", { x, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 6 }), s("text", { x: x + WIDTH / 2, y: y + 4, "text-anchor": "middle" }, key), s("title", {}, `${key} ${title}`));
    return href ? s("a", { href, tabindex: "-1" }, look) : look;
  };
  left.forEach((each, place) => edge(at(left, place, 0), middle, each));
  right.forEach((each, place) => edge(middle, at(right, place, 2 * COLUMN), each));
  left.forEach((each, place) => picture.append(node(at(left, place, 0), each.other, each.title, each.href)));
  right.forEach((each, place) => picture.append(node(at(right, place, 2 * COLUMN), each.other, each.title, each.href)));
  picture.append(node(middle, own, ""));
  const hidden = links.length - left.length - right.length;
  return h("div", { class: "scroll" }, picture, hidden > 0 && h("p", { class: "note" }, `${hidden} more are in the list.`));
}
