// The queue of reviews: what waits, one review with everything that decides about it, and the decision. No key and no button is live for half a
// second after another review has come under the cursor, and what is decided carries the hash of what was shown.

import { find, follow, h, setText } from "./dom.js";
import { ago, duration, plural, took, words } from "./format.js";
import { api, at, watch } from "./live.js";
import { key, start } from "./shell.js";
import { failed } from "./states.js";

const DUE_MILLIS = 30_000;
const DEAD_MILLIS = 500;
const UNDO_MILLIS = 10_000;
const FIGURES_MILLIS = 30_000;
const FOLDED = 300;
const FOLDED_SHOWN = 120;
const MOST = 200;
// Controls, formats, directions, private ones, separators and blanks that look like others.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/u;

let queue = [];
let shown = null;
let shownAt = 0;
let figuresAt = 0;
let mode = null;
let drafts = [];
let isSending = false;
let undoable = null;
let mayDecide = true;

function since() {
  return performance.now() - shownAt;
}

function isLive() {
  return shown !== null && shown.state === "open" && !isSending && since() >= DEAD_MILLIS;
}

// --- what is shown ---

/** A text in which nothing is hidden: characters without a look of their own are boxes with their number. */
function verbatim(text) {
  const box = h("span", { class: "verbatim", dir: "ltr" });
  let plain = "";
  for (const character of text) {
    if (HIDDEN.test(character)) {
      box.append(plain, hidden(character));
      plain = "";
    } else {
      plain += character;
    }
  }
  box.append(plain);
  return box;
}

function hidden(character) {
  const number = `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return h("span", { class: "hidden-character", title: "a character that cannot be seen" }, number);
}

/** A long text is folded, with its length. */
function value(text) {
  if (text.length <= FOLDED) {
    return verbatim(text);
  }
  return h("details", {},
    h("summary", {}, verbatim(text.slice(0, FOLDED_SHOWN)), `… (${text.length} characters)`),
    verbatim(text));
}

function action(found) {
  const parts = [];
  const fields = { ...found };
  if (Array.isArray(fields.argv)) {
    parts.push(h("ol", { class: "argv", start: "0" }, ...fields.argv.map((word, index) =>
      h("li", {}, h("span", { class: "number" }, String(index)), value(String(word))))));
    delete fields.argv;
  }
  const rows = Object.entries(fields).flatMap(([name, content]) => [
    h("dt", {}, verbatim(name)),
    h("dd", {}, value(typeof content === "string" ? content : JSON.stringify(content))),
  ]);
  parts.push(h("dl", { class: "fields" }, ...rows));
  return parts;
}

function line(text, number) {
  const kind = text.startsWith("+") ? "added" : text.startsWith("-") ? "removed" : "same";
  return h("li", { "data-line": kind, onclick: () => onLine(number) }, verbatim(text));
}

function onLine(number) {
  if (mode === "c") {
    find("line-number").value = String(number);
    find("line-text").focus();
  }
}

function due(review) {
  const left = new Date(review.dueAt) - Date.now();
  return left > 0 ? `due in ${took(left)}` : `due ${ago(review.dueAt)}`;
}

function draw() {
  const section = find("review");
  section.hidden = shown === null;
  find("reviews").dataset.view = shown === null ? "list" : "review";
  if (shown === null) {
    return;
  }
  const place = queue.findIndex((each) => each.id === shown.id);
  setText(find("place"), place < 0 ? "" : `${place + 1} of ${queue.length}`);
  find("review-title").replaceChildren(verbatim(shown.title));
  find("review-who").replaceChildren(
    h("span", { class: "risk", "data-risk": shown.risk }, `${shown.risk} risk`),
    ` · ${words(shown.kind)} · ${shown.requester}${shown.user ? ` for ${shown.user}` : ""}`
      + `${shown.item ? ` · ${shown.item}` : ""} · asked ${ago(shown.askedAt)} · ${due(shown)}`,
    ...(shown.task ? [" · task ", h("a", { href: at(`/tasks/${shown.task}`) }, shown.task)] : []));
  find("action").replaceChildren(...action(shown.action));
  setText(find("hash"), `sha256 ${shown.sha256}`);
  find("why").replaceChildren(...reasons().map((text) => h("li", {}, verbatim(text))));
  const preview = shown.preview.split("\n");
  find("preview-card").hidden = shown.preview === "";
  setText(find("preview-card").querySelector("h3"), isPause() ? "What it was denied" : "Preview");
  setText(find("action").closest(".card").querySelector("h3"), isPause() ? "This run is paused" : "Exactly this will happen");
  find("preview").replaceChildren(...preview.map((text, index) => line(text, index + 1)));
  find("comments-card").hidden = shown.comments.length === 0;
  find("comments").replaceChildren(...shown.comments.map((comment) => h("li", {},
    `${comment.actor}${comment.file ? `, ${comment.file}${comment.line ? `:${comment.line}` : ""}` : ""}: `,
    verbatim(comment.text))));
  setText(find("review-state"), shown.state === "open" ? "" : `${shown.outcome?.actor ?? "Architect"} has decided: ${words(shown.state)}`);
  buttons();
}

/** Whether a run is paused because it goes on trying what is denied. */
function isPause() {
  return shown.kind === "question" && shown.action.action === "go-on";
}

function reasons() {
  return [
    shown.remark,
    ...shown.rules.map((rule) => `rule ${rule}`),
    shown.part && shown.part !== shown.title ? `because of: ${shown.part}` : "",
    ...shown.labels.map((label) => `in play: ${words(label)}`),
    ...shown.reach.map((place) => `reaches ${place}`),
    `${shown.similarApproved} like it approved, ${shown.similarDenied} denied`,
  ].filter((text) => text !== "");
}

/** Why a decision is not possible; empty when it is. */
function off(key) {
  if (!mayDecide) {
    return "deciding needs the role approver or admin";
  }
  if (shown === null || shown.state !== "open") {
    return "decided already";
  }
  const isQuestion = shown.kind === "question";
  if (isQuestion && ["s", "p", "e", "c", "b"].includes(key)) {
    return "not for a question";
  }
  if (["s", "p"].includes(key) && shown.labels.includes("untrusted-input")) {
    return "not for untrusted context";
  }
  if (key === "s" && !shown.run) {
    return "it is of no run";
  }
  return key === "b" && alike().length < 2 ? "no other one of this shape" : "";
}

function alike() {
  return queue.filter((each) => shown.shape !== "" && each.shape === shown.shape && each.kind === shown.kind).slice(0, 50);
}

function buttons() {
  document.querySelector(".decide").hidden = !mayDecide;
  const dead = !isLive();
  const first = document.querySelector(".decide [data-key=a]").firstChild;
  const says = shown?.kind !== "question" ? "Approve once " : isPause() ? "Let it go on " : "Answer ";
  if (first.nodeValue !== says) {
    first.nodeValue = says;
  }
  document.querySelectorAll(".decide button").forEach((button) => {
    button.disabled = dead || off(button.dataset.key) !== "";
  });
  const closed = ["s", "p"].map((key) => [key, off(key)]).filter(([, why]) => why !== "" && why !== "decided already");
  setText(find("why-off"), closed.map(([key, why]) => `${key}: ${why}`).join(" · "));
}

// --- the queue ---

/** Who may only look sees no buttons. */
async function rights() {
  const me = await api("/api/me").catch(() => null);
  mayDecide = me === null || me.permissions.includes("reviews:x");
  buttons();
}

async function read() {
  try {
    queue = (await api(`/api/reviews?limit=${MOST}`)).reviews
      .sort((one, other) => one.dueAt.localeCompare(other.dueAt) || Number(one.id) - Number(other.id));
    find("queue-problem").replaceChildren();
    drawQueue();
    if (shown === null && queue.length > 0 && find("reviews").dataset.left !== "yes") {
      await show(queue[0].id);
    } else if (shown !== null && shown.state === "open" && !queue.some((each) => each.id === shown.id)) {
      // Somebody else was faster.
      shown = await api(`/api/reviews/${shown.id}`);
      draw();
    }
    if (Date.now() - figuresAt > FIGURES_MILLIS) {
      await figures();
    }
  } catch (failure) {
    if (shown === null) {
      setText(find("queue-state"), "");
      find("queue-hint").hidden = true;
      find("queue-problem").replaceChildren(failed("the reviews", failure, read));
    } else {
      say(failure.message);
    }
  }
}

function drawQueue() {
  find("queue-hint").hidden = queue.length > 0;
  find("reviews").toggleAttribute("data-empty", queue.length === 0 && shown === null);
  document.title = `${queue.length === 0 ? "" : `(${queue.length}) `}Reviews · Architect`;
  setText(find("queue-state"), queue.length === 0
    ? "Nothing waits for you."
    : `${queue.length} waiting, the first ${due(queue[0])}`);
  follow(find("queue"), queue, (each) => each.id, (each) => h("li", {}, h("button", { type: "button", onclick: () => {
    delete find("reviews").dataset.left;
    show(each.id);
  } },
  h("span", { class: "risk", "data-risk": each.risk }, `${each.risk} · ${words(each.kind)}`),
  h("span", {}, verbatim(each.title)),
  h("span", { class: "note" }, each.requester))), (child, each) => {
    child.setAttribute("aria-current", String(shown !== null && shown.id === each.id));
  });
}

async function figures() {
  figuresAt = Date.now();
  const found = await api("/api/reviews/figures");
  const median = found.medianMillis === null ? "" : `, median ${duration(found.medianMillis)}`;
  const hasty = found.decided === 0 ? "" : `, ${Math.round(found.hastyShare * 100)} % under 2 s`;
  setText(find("figures"), `${found.decided} decided in 24 h${median}${hasty}.`
    + (found.tired.length === 0 ? "" : ` ${found.tired.join(", ")} approved more than ${found.perHour} in an hour: take a break.`));
}

async function show(id) {
  close();
  shown = await api(`/api/reviews/${id}`);
  shownAt = performance.now();
  draw();
  drawQueue();
  setTimeout(buttons, DEAD_MILLIS + 20);
}

function step(by) {
  if (queue.length === 0) {
    return;
  }
  const at = queue.findIndex((each) => shown !== null && each.id === shown.id);
  const next = at < 0 ? 0 : Math.min(queue.length - 1, Math.max(0, at + by));
  if (shown === null || queue[next].id !== shown.id) {
    show(queue[next].id).catch((failure) => say(failure.message));
  }
}

// --- decisions ---

const FORMS = {
  d: ["Deny", "Why? The requester reads this."],
  e: ["Edit, then approve", "The action in JSON. It is judged again by the rules."],
  c: ["Ask for changes", "What is to be changed? Lines of files can be added below."],
  answer: ["Answer", "The answer"],
  b: ["Approve all that are alike", "These are approved once each. A note, if you like."],
};

function press(key) {
  if (!isLive() || off(key) !== "") {
    return;
  }
  if (key === "a" && shown.kind === "question") {
    open("answer");
  } else if (key === "a" || key === "s" || key === "p") {
    decide({ decision: { a: "once", s: "session", p: "rule" }[key] });
  } else {
    open(key);
  }
}

function open(key) {
  mode = key;
  drafts = [];
  const [title, label] = FORMS[key];
  const goesOn = isPause() && key === "answer";
  setText(find("form-title"), goesOn ? "Let it go on" : title);
  setText(find("form-label"), goesOn ? "What should be noted beside it?" : isPause() && key === "d" ? "Why? This ends the run." : label);
  find("form-text").value = key === "e" ? JSON.stringify(editable(shown.action), null, 2) : "";
  find("lines").hidden = key !== "c";
  drawDrafts();
  if (key === "b") {
    find("drafts").replaceChildren(...alike().map((each) => h("li", {}, verbatim(each.title), h("span", { class: "note mono" }, ` ${each.sha256}`))));
    find("lines").hidden = false;
  }
  document.querySelectorAll("#lines input, #lines label, #lines button").forEach((each) => {
    each.hidden = key !== "c";
  });
  find("form").hidden = false;
  find("form-text").focus();
  find("form").scrollIntoView({ block: "nearest" });
}

/** What a person may change: the action without what the server finds out by itself. */
function editable(found) {
  const { folderLeadsTo, folder, environment, paths, contents, ...rest } = found;
  return rest;
}

function close() {
  mode = null;
  find("form").hidden = true;
}

function drawDrafts() {
  find("drafts").replaceChildren(...drafts.map((draft) =>
    h("li", {}, `${draft.file ?? ""}${draft.line ? `:${draft.line}` : ""} `, verbatim(draft.text))));
}

function add() {
  const text = find("line-text").value.trim();
  const file = find("line-file").value.trim();
  const number = Number(find("line-number").value);
  if (text !== "") {
    drafts.push({ text, ...(file === "" ? {} : { file }), ...(file !== "" && number > 0 ? { line: number } : {}) });
    find("line-text").value = "";
    drawDrafts();
  }
}

function send(event) {
  event.preventDefault();
  const text = find("form-text").value;
  if (mode === "d") {
    decide({ decision: "deny", comment: text });
  } else if (mode === "answer") {
    decide({ decision: "answer", comment: text });
  } else if (mode === "b") {
    decideAlike(text);
  } else if (mode === "c") {
    add();
    decide({ decision: "changes", comment: text, ...(drafts.length === 0 ? {} : { remarks: drafts }) });
  } else if (mode === "e") {
    let edited;
    try {
      edited = JSON.parse(text);
    } catch (notJson) {
      say(`This is no JSON: ${notJson.message}`);
      return;
    }
    decide({ decision: "edit", action: edited });
  }
}

async function decide(decision) {
  if (!isLive()) {
    return;
  }
  isSending = true;
  buttons();
  const { id, sha256 } = shown;
  const tookMillis = Math.min(86_400_000, Math.round(since()));
  try {
    const decided = await api(`/api/reviews/${id}/decision`, { ...decision, sha256, tookMillis });
    say(`${decision.decision === "deny" ? "Denied." : decision.decision === "changes" ? "Changes asked for." : "Approved."}`, id);
    await next(decided);
  } catch (failure) {
    say(failure.message);
    await read();
  } finally {
    isSending = false;
    buttons();
  }
}

async function decideAlike(comment) {
  isSending = true;
  try {
    const all = alike().map(({ id, sha256 }) => ({ id, sha256 }));
    const done = await api("/api/reviews/bulk", { decision: "once", reviews: all, ...(comment === "" ? {} : { comment }) });
    say(`${plural(done.decided.length, "review")} approved${done.refused.length === 0 ? "" : `, ${done.refused.length} decided by others`}.`);
    await next(null);
  } catch (failure) {
    say(failure.message);
  } finally {
    isSending = false;
    buttons();
  }
}

/** Shows the review behind the one that was decided. */
async function next(decided) {
  const at = decided === null ? 0 : Math.max(0, queue.findIndex((each) => each.id === decided.id));
  queue = (await api(`/api/reviews?limit=${MOST}`)).reviews
    .sort((one, other) => one.dueAt.localeCompare(other.dueAt) || Number(one.id) - Number(other.id));
  if (queue.length === 0) {
    close();
    shown = null;
    draw();
    drawQueue();
  } else {
    await show(queue[Math.min(at, queue.length - 1)].id);
  }
}

function say(text, id = null) {
  undoable = id;
  setText(find("said-words"), id === null ? text : `${text} It can be taken back for 10 s.`);
  find("undo").hidden = id === null;
  find("said").hidden = false;
  const said = text;
  setTimeout(() => {
    if (find("said-words").textContent.startsWith(said) && undoable === id) {
      find("said").hidden = true;
      undoable = null;
    }
  }, UNDO_MILLIS);
}

async function undo() {
  if (undoable === null) {
    return;
  }
  const id = undoable;
  undoable = null;
  try {
    await api(`/api/reviews/${id}/undo`, {});
    say("Taken back.");
    await read();
    await show(id);
  } catch (failure) {
    say(failure.message);
  }
}

// --- keys ---

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    close();
    return;
  }
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.key === "Enter" && typing && mode !== null && (mode !== "e" || event.ctrlKey || event.metaKey)) {
    if (event.target.id === "line-text") {
      event.preventDefault();
      add();
    } else if (!event.shiftKey) {
      send(event);
    }
  }
});

const KEYS = {
  a: "Approve once, or answer",
  s: "Approve for this run",
  p: "Approve and propose a rule",
  e: "Edit, then approve",
  c: "Ask for changes",
  b: "Approve all that are alike",
  d: "Deny",
};

// Before the keys: the frame has one for new tasks, which asks for changes here.
start();

Object.entries(KEYS).forEach(([name, says]) => key(name, says, (event) => event.repeat || press(name)));
for (const name of ["j", "J"]) {
  key(name, "The next review", () => step(1));
}
for (const name of ["k", "K"]) {
  key(name, "The review before", () => step(-1));
}
key("u", "Take the last decision back", undo);

document.querySelectorAll(".decide button").forEach((button) => {
  button.addEventListener("click", () => press(button.dataset.key));
});
find("form").addEventListener("submit", send);
find("form-close").addEventListener("click", close);
find("line-add").addEventListener("click", add);
find("undo").addEventListener("click", undo);
find("back").addEventListener("click", () => {
  find("reviews").dataset.left = "yes";
  shown = null;
  draw();
});

find("tools").append(h("a", { id: "to-rules", href: at("/rules") }, "Rules"));
// While a decision is on its way the queue is read behind it.
watch(["reviews"], () => (isSending ? null : read()));
setInterval(drawQueue, DUE_MILLIS);
rights();
