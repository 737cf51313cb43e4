// Lists of thousands: only what is near the view is in the document. What is above and below it is a gap of its height, so they scroll as short ones do.

import { follow, h, mark } from "./dom.js";

// As in the style sheet: what is between two cards, how high most of them are, and what a page has above and below its columns.
const BETWEEN = 8;
const GUESS = 92;
const AROUND = 300;
const MARGIN = 1_000;
const NEAR = 500;
const ABOVE = "above";
const BELOW = "below";

/**
 * Shows items in `list`, which scrolls. `create` and `update` are as for `follow`, with items that have an `id`; while `held()` is true nothing that
 * is in the document leaves it.
 */
export function windowed(list, create, update, held) {
  const heights = new Map();
  let items = [];
  let size = 0;
  let from = 0;
  let to = 0;

  const heightOf = ({ id }) => heights.get(id) ?? GUESS;

  /** Notes how high the things are that the browser has laid out. */
  function measure() {
    for (const child of list.children) {
      if (child.offsetHeight > 0) {
        heights.set(child.dataset.key, child.offsetHeight);
      }
    }
  }

  function draw(top = list.scrollTop) {
    measure();
    const edges = [0];
    items.forEach((item) => edges.push(edges.at(-1) + heightOf(item) + BETWEEN));
    const passing = (y) => {
      const found = edges.findIndex((edge) => edge > y);
      return found < 0 ? items.length : found;
    };
    const first = Math.max(0, passing(top - MARGIN) - 1);
    const end = passing(top + innerHeight + MARGIN);
    from = held() ? Math.min(from, first) : first;
    to = held() ? Math.max(to, end) : end;
    const gap = (id, height) => ({ id, gap: height - BETWEEN });
    // What scrolls is reached by Tab, too.
    mark(list, "tabindex", edges.at(-1) > innerHeight - AROUND ? "0" : null);
    let place = from;
    follow(
      list,
      [...(from > 0 ? [gap(ABOVE, edges[from])] : []), ...items.slice(from, to), ...(to < items.length ? [gap(BELOW, edges.at(-1) - edges[to])] : [])],
      ({ id }) => id,
      (each) => (each.gap === undefined ? create(each) : h("li", { "aria-hidden": "true" })),
      (child, each) => {
        if (each.gap === undefined) {
          update(child, each);
          place += 1;
          mark(child, "aria-posinset", place);
          mark(child, "aria-setsize", size);
        } else {
          child.style.height = `${each.gap}px`;
        }
      },
    );
  }

  /** Shows other items, of which there are `all` with those that were not read yet. */
  function show(wanted, all) {
    items = wanted;
    size = all;
    draw();
  }

  /** Brings an item into the document and into view, when it is one of the list. */
  function reveal(id) {
    const place = items.findIndex((item) => item.id === id);
    if (place >= 0 && (place < from || place >= to)) {
      measure();
      const top = Math.max(0, items.slice(0, place).reduce((sum, item) => sum + heightOf(item) + BETWEEN, 0) - list.clientHeight / 2);
      draw(top);
      list.scrollTop = top;
    }
  }

  list.addEventListener("scroll", () => {
    const view = list.getBoundingClientRect();
    const edge = (child, name) => (child?.dataset.key === name ? child.getBoundingClientRect() : null);
    if (edge(list.firstElementChild, ABOVE)?.bottom > view.top - NEAR || edge(list.lastElementChild, BELOW)?.top < view.bottom + NEAR) {
      draw();
    }
  }, { passive: true });

  return { show, draw, reveal };
}
