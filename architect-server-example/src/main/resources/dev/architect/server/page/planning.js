// What boards and items have in common: who somebody is, and changes that lose nothing of others.

import { h } from "./dom.js";
import { date } from "./format.js";
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

/** Where the milestones of a project are shown. */
export function milestonesPage(project) {
  return at(`/p/${project}/milestones`);
}

/** Where one milestone is shown. */
export function milestonePage(project, id) {
  return at(`/p/${project}/milestones/${id}`);
}

/** The pages of a project, of which one is current. */
export function projectTabs(project, current) {
  const tab = (name, words, href) => h("a", { href, "aria-current": name === current ? "page" : null }, words);
  return h("nav", { class: "tabs", "aria-label": "Pages of the project" }, tab("board", "Board", at(`/p/${project}/board`)), tab("milestones", "Milestones", milestonesPage(project)));
}

/** A day such as 2026-11-29 as people say it, with the year when it is another one. */
export function day(text, now = new Date()) {
  const said = date(`${text}T12:00:00`);
  return Number(text.slice(0, 4)) === now.getFullYear() ? said : `${said} ${text.slice(0, 4)}`;
}

const OPEN_STAGES = "backlog,ready,active,review";
const MOST_OPEN = 200;

/**
 * How far a milestone is: its days, slips, and numbers of items, with the open ones, the most important first. Of more than 200 open ones the rest is
 * counted with those that were given up.
 */
export async function progress(project, id) {
  // First whether the milestone is there: a filter of items that names another one is merely wrong.
  const burnup = await api(`/api/milestones/${encodeURIComponent(id)}/burnup`);
  const filter = encodeURIComponent(`milestone:${id} stage:${OPEN_STAGES}`);
  const left = await api(`/api/projects/${encodeURIComponent(project)}/items?limit=${MOST_OPEN}&sort=-priority&q=${filter}`);
  const { scope, done } = burnup.days.at(-1) ?? { scope: 0, done: 0 };
  return { ...burnup, left, scope, done, open: left.next ? scope - done : left.items.length };
}

const DAY = 86_400_000;
const PACE_DAYS = 14;
const LITTLE = 8;

/**
 * Whether a milestone is going to be met, as far as its own days tell: what has to end each day until its date, and what did in the last two weeks.
 * A kind (`good`, `warn`, `bad`, empty for unknown), two or three words, and a sentence with its figures.
 */
export function health(milestone, { scope, done, open }, days, now = Date.now()) {
  const today = Math.floor(now / DAY);
  const left = milestone.target ? Math.round(Date.parse(`${milestone.target}T00:00:00Z`) / DAY) - today : null;
  const away = left === null ? "" : left === 0 ? "today" : left > 0 ? `in ${left === 1 ? "1 day" : `${left} days`}` : left === -1 ? "1 day ago" : `${-left} days ago`;
  const recent = days.slice(-PACE_DAYS - 1);
  const spent = recent.length - 1;
  const ended = recent.length > 1 ? Math.max(0, recent.at(-1).done - recent[0].done) : 0;
  const rate = (value) => (value > 0 && value < 0.1 ? "under 0.1" : value >= 10 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1));
  const pace = spent > 0 ? `${rate(ended / spent)} a day ended in the last ${spent === 1 ? "day" : `${spent} days`}` : "no pace yet";
  const say = (kind, words, why) => ({ kind, words, why, away, pace });
  if (milestone.state === "reached") {
    return say("good", "reached", `Reached with ${done} of ${scope} items done.`);
  }
  if (milestone.state === "dropped" || milestone.state === "missed") {
    return say(milestone.state === "missed" ? "bad" : "", milestone.state, milestone.state === "missed" ? `Missed: its date has passed with ${open} open.` : "It was given up.");
  }
  if (scope === 0) {
    return say("", "nothing in it", "No item is in it, so nothing can be said.");
  }
  if (open === 0) {
    return say("good", "all done", "Nothing of it is open: it can be reached.");
  }
  if (left === null) {
    return say("", "no date", `${open} open and no date is promised, so nothing can be late.`);
  }
  if (left < 0) {
    return say("bad", "late", `${open} open, and its date was ${away}.`);
  }
  const needed = open / (left + 1);
  const needs = `${open} open and the date is ${away}: ${rate(needed)} a day must end`;
  if (spent < 1 || done < LITTLE) {
    return say("", "little history", `${needs}. Fewer than ${LITTLE} items have ended: too little history to say more.`);
  }
  return ended / spent >= needed ? say("good", "on track", `${needs}, and ${pace}.`) : say("warn", "at risk", `${needs}, but ${pace}.`);
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
