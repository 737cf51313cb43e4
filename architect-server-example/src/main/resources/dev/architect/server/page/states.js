// What stands in a place while it has nothing to show, and the chips of states.

import { find, h, mark, setText } from "./dom.js";
import { words } from "./format.js";
import { icon } from "./icons.js";

const BREAKERS = { closed: ["check", "closed"], open: ["warn", "open"], "half-open": ["retry", "half-open"] };

/** Returns a state as a word with its picture. */
export function chip(state, word = words(state)) {
  return h("span", { class: "badge", "data-kind": state }, icon(state), h("span", {}, word));
}

/** Brings a chip up to date, and leaves it alone when nothing has changed. */
export function setChip(element, state, word = words(state)) {
  if (element.dataset.kind !== state) {
    element.dataset.kind = state;
    element.querySelector("svg").replaceWith(icon(state));
  }
  setText(element.lastElementChild, word);
}

/** Returns the state of a circuit breaker. */
export function breakerChip(state) {
  const [picture, word] = BREAKERS[state] ?? ["warn", state];
  return h("span", { class: "badge", "data-kind": `breaker-${state}` }, icon(picture), h("span", {}, word));
}

/** A sentence in the place of what is not there, with one thing to do about it. */
export function empty(sentence, action = null) {
  return h("div", { class: "empty" }, h("p", {}, sentence), action);
}

/** Grey bars of the size of what comes. */
export function skeleton(rows = 5) {
  return h("div", { class: "skeleton", "aria-hidden": "true" }, ...Array.from({ length: rows }, () => h("span")));
}

/** Says what failed, with the number of the request, and tries again when asked. */
export function failed(what, failure, again) {
  const details = [failure.status, failure.requestId && `req ${failure.requestId}`].filter(Boolean).join(", ");
  return h(
    "div",
    { class: "failed", role: "alert" },
    icon("warn"),
    h("p", {}, `Could not load ${what}${details ? ` (${details})` : ""}. `, h("span", { class: "note" }, failure.message)),
    h("button", { type: "button", onclick: again }, "Retry"),
  );
}

/**
 * Fills an element with what `read` gives, drawn by `draw`: a skeleton meanwhile where nothing is shown yet, or why it failed. What is
 * shown already stays when a later reading fails.
 */
export async function load(element, what, read, draw, rows = 5) {
  const first = element.childElementCount === 0;
  const waiting = first ? setTimeout(() => element.replaceChildren(skeleton(rows)), 150) : 0;
  try {
    const found = await read();
    clearTimeout(waiting);
    if (element.querySelector(":scope > .skeleton, :scope > .failed")) {
      element.replaceChildren();
    }
    draw(found);
    return true;
  } catch (failure) {
    clearTimeout(waiting);
    if (first || element.querySelector(":scope > .skeleton, :scope > .failed")) {
      element.replaceChildren(failed(what, failure, () => load(element, what, read, draw, rows)));
    }
    return false;
  }
}

/** Returns a card with a title, a note beside it and, at its right, tools. */
export function card(title, { note = "", id = null, look = "", tools = [] } = {}, ...content) {
  const name = `${id ?? title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-title`;
  return h(
    "section",
    { class: `card ${look}`, id, "aria-labelledby": name },
    h(
      "div",
      { class: "title" },
      h("h2", { id: name }, title),
      h("span", { class: "note", "data-part": "note" }, note),
      h("span", { class: "spring" }),
      ...tools,
    ),
    ...content,
  );
}

/** Names what has no value less loudly than what has one. */
export function dash(element, text) {
  setText(element, text);
  mark(element, "data-none", text === "–" ? "" : null);
}

/** Sets the sentence beside the title. */
export function sentence(text) {
  setText(find("sentence"), text);
}
