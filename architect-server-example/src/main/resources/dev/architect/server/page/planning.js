// What boards and items have in common: who somebody is, and changes that lose nothing of others.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { api, at } from "./live.js";

const KINDS = { feature: ["star", "feature"], bug: ["bug", "bug"], chore: ["gear", "chore"] };

/** Returns people as a round and agents as a square mark; the kind is a word as well, for readers. */
export function actor(text) {
  const colon = text.indexOf(":");
  const kind = colon < 0 ? "person" : text.slice(0, colon);
  const name = text.slice(colon + 1);
  const look = h("span", { class: "actor", "data-kind": kind, title: `${kind === "agent" ? "Agent " : ""}${name}`, role: "img", "aria-label": `${kind} ${name}` });
  look.append(kind === "person" ? name.slice(0, 2).toUpperCase() : icon("robot"));
  return look;
}

/** The name without what it is. */
export function nameOf(text) {
  return text.slice(text.indexOf(":") + 1);
}

/** Returns the kind of an item as a picture with its word. */
export function kindMark(kind) {
  const [picture, word] = KINDS[kind] ?? KINDS.feature;
  const mark = h("span", { class: "kind", role: "img", "aria-label": word, title: word });
  mark.append(icon(picture));
  return mark;
}

/** Where an item is shown. */
export function itemPage(project, key) {
  return at(`/p/${project}/i/${key}`);
}

/**
 * Changes some fields of an item from the version that was seen. What others have changed meanwhile stays: when they changed other fields, the
 * change is made again; when they changed the same, `ask` says whether ours is to stand.
 */
export async function change(item, fields, ask) {
  let version = item.version;
  for (;;) {
    try {
      return await api(`/api/items/${item.id}`, fields, "PATCH", { headers: { "If-Match": `"${version}"` } });
    } catch (failure) {
      if (failure.status !== 412) {
        throw failure;
      }
      const { current, changed } = failure.problem;
      const both = Object.keys(fields).filter((name) => changed.includes(name));
      if (both.length > 0 && !(await ask(both, current))) {
        return current;
      }
      version = current.version;
    }
  }
}
