// The overview: draws every snapshot into the page and submits tasks.

import { level, Line, stack } from "./chart.js";
import { find, follow, h, mark, setText } from "./dom.js";
import { ago, count, duration, ending, percent, plural, share, short, time, usd, words } from "./format.js";
import { api, live } from "./live.js";
import { badge, taskLink } from "./task.js";

const STATES = ["ready", "running", "scheduled", "blocked", "limited", "held", "done", "dead", "cancelled", "expired"];

const ACTIVITY_AGAIN_MILLIS = 1_000;

const rate = new Line(find("rate-line"), "Tasks ended per second");
const breakers = new Map();

function show(snapshot) {
  showSpend(snapshot.summary);
  showPace(snapshot);
  showStates(snapshot.tasks);
  showSessions(snapshot.sessions);
  showProviders(snapshot.providers, snapshot.summary);
  showLatest(snapshot.latestTasks);
  followActivity(snapshot.activities);
  announceBreakers(snapshot.providers);
}

function showSpend(summary) {
  const highest = Math.max(summary.costUsd, summary.baselineUsd);
  setText(find("saving"), percent(summary.savingsPercent));
  mark(find("saving"), "data-kind", summary.savingsPercent === null ? null : summary.savingsPercent < 0 ? "bad" : "good");
  setText(
    find("saving-words"),
    summary.savingsPercent === null ? "nothing spent yet today" : `saved: ${usd(summary.savedUsd)} against the baseline`,
  );
  setText(find("baseline"), usd(summary.baselineUsd));
  setText(find("cost"), usd(summary.costUsd));
  level(find("baseline-bar"), highest > 0 ? summary.baselineUsd / highest : 0);
  level(find("cost-bar"), highest > 0 ? summary.costUsd / highest : 0);
  const notes = [plural(summary.calls, "call")];
  if (summary.failovers > 0) {
    notes.push(plural(summary.failovers, "failover"));
  }
  if (summary.estimatedUsd > 0) {
    notes.push(`${usd(summary.estimatedUsd)} of it estimated`);
  }
  if (summary.unpricedCalls > 0) {
    notes.push(`${plural(summary.unpricedCalls, "call")} without a known price, in neither sum`);
  }
  setText(find("spend-note"), `${notes.join(" · ")}. The baseline is the same tokens at the baseline model's price.`);
}

function showPace(snapshot) {
  setText(find("rate"), snapshot.tasksPerSecond);
  rate.add(snapshot.tasksPerSecond);
  const { assign } = snapshot;
  setText(find("assign"), assign.count > 0 ? duration(assign.p99Ms) : "–");
  setText(find("assign-p50"), duration(assign.p50Ms));
  setText(find("assign-p95"), duration(assign.p95Ms));
  setText(find("running"), count(snapshot.runningAttempts));
  setText(find("waiting"), count(snapshot.tasks.ready + snapshot.tasks.scheduled));
}

function showStates(tasks) {
  const parts = STATES.map((state) => ({ key: state, label: state, value: tasks[state], words: count(tasks[state]) }));
  const sum = parts.reduce((total, part) => total + part.value, 0);
  setText(find("states-sum"), sum === 0 ? "none yet" : `${count(sum)} in all`);
  stack(find("states"), parts, "Tasks by state");
  follow(
    find("states-legend"),
    parts,
    (part) => part.key,
    (part) => h("li", { "data-kind": part.key }, h("span", { class: "swatch" }), h("b"), h("span", {}, part.label)),
    (item, part) => {
      setText(item.querySelector("b"), part.words);
      mark(item, "data-none", part.value === 0 ? "" : null);
    },
  );
}

function showSessions(sessions) {
  const slots = sessions.reduce((sum, session) => sum + session.slots, 0);
  const busy = sessions.reduce((sum, session) => sum + session.busy, 0);
  setText(find("sessions-sum"), sessions.length === 0 ? "" : `${count(busy)} of ${count(slots)} slots busy`);
  find("sessions-empty").hidden = sessions.length > 0;
  follow(
    find("sessions"),
    sessions,
    (session) => session.name,
    (session) => h("li", {}, h("span", { class: "name" }, session.name), h("span", { class: "bar" }), h("b")),
    (item, session) => {
      level(item.querySelector(".bar"), session.busy / session.slots);
      setText(item.querySelector("b"), `${session.busy} / ${session.slots}`);
    },
  );
}

function showProviders(providers, summary) {
  find("providers-empty").hidden = providers.length > 0;
  const spend = new Map(summary.byProvider.map((row) => [row.provider, row]));
  follow(find("providers"), providers, (provider) => provider.name, createProvider, (card, provider) => {
    const row = spend.get(provider.name);
    const part = (name) => card.querySelector(`[data-part=${name}]`);
    mark(part("breaker"), "data-kind", `breaker-${provider.breaker}`);
    setText(part("breaker"), { closed: "ok", open: "paused", "half-open": "trying again" }[provider.breaker]);
    mark(part("breaker"), "title", `breaker ${words(provider.breaker)}`);
    setText(part("models"), provider.models.join(", ") || "no model of the policy");
    mark(part("models"), "title", provider.models.join(", "));
    const gone = provider.goneModels ?? [];
    part("gone").hidden = gone.length === 0;
    setText(part("gone"), `Not served: ${gone.map((one) => one.model).join(", ")}`);
    mark(part("gone"), "title", gone.map((one) => `${one.model}: next check ${one.nextCheck}`).join("\n"));
    setText(part("cost"), usd(row?.costUsd));
    setText(part("calls"), short(row?.calls ?? 0));
    setText(part("share"), share(row?.calls ?? 0, summary.calls));
    setText(part("failed"), count(row?.failedCalls));
    mark(part("failed"), "data-kind", row?.failedCalls > 0 ? "bad" : null);
    setText(part("active"), count(provider.inFlight));
    setText(part("p50"), duration(row?.p50Ms));
    setText(part("p95"), duration(row?.p95Ms));
  });
}

function createProvider(provider) {
  const pair = (name, part) => h("div", {}, h("dt", {}, name), h("dd", { "data-part": part }));
  return h(
    "li",
    { class: "card provider", "data-provider": provider.name },
    h(
      "div",
      { class: "title" },
      h("h3", {}, h("span", { class: "swatch" }), provider.name),
      h("span", { class: "badge", "data-part": "breaker" }),
    ),
    h("p", { class: "note models", "data-part": "models" }),
    h("p", { class: "note models", "data-part": "gone", "data-kind": "bad", hidden: "" }),
    h("p", { class: "amount", "data-part": "cost" }),
    h(
      "dl",
      { class: "pairs" },
      pair("Calls", "calls"),
      pair("Share", "share"),
      pair("Failed", "failed"),
      pair("In flight", "active"),
      pair("p50", "p50"),
      pair("p95", "p95"),
    ),
  );
}

function showLatest(tasks) {
  find("latest-empty").hidden = tasks.length > 0;
  find("latest-table").hidden = tasks.length === 0;
  follow(
    find("latest"),
    tasks,
    (task) => task.id,
    (task) =>
      h(
        "tr",
        {},
        h(
          "td",
          { class: "what" },
          taskLink(task.id, h("bdi", {}, task.title ?? task.type)),
          h("span", { class: "note mono" }, task.id),
        ),
        h("td", { "data-label": "State" }, badge(task.state), " ", h("span", { class: "note ending" })),
        h("td", { "data-label": "Type" }, task.type),
        h("td", { "data-label": "Project" }, task.project),
        h("td", { class: "number", "data-label": "Attempts" }),
        h("td", { class: "number", "data-label": "Accepted", "data-since": task.createdAt }),
      ),
    (row, task) => {
      const state = row.querySelector(".badge");
      const word = task.cancelRequested && task.state === "running" ? "cancelling" : task.state;
      mark(state, "data-kind", task.state);
      setText(state, word);
      setText(row.querySelector(".ending"), ending(task.stopReason));
      setText(row.children[4], `${task.attempt} / ${task.maxAttempts}`);
    },
  );
  updateAges();
}

const kinds = find("activity-kind");
let newestSequence = 0;
let activityReadAt = 0;

/** Of all kinds what came with the snapshot; of one kind what the API knows, read again when something happened. */
function followActivity(entries) {
  const newest = entries[0]?.sequence ?? 0;
  if (kinds.value === "") {
    showActivity(entries);
  } else if (newest !== newestSequence && Date.now() - activityReadAt > ACTIVITY_AGAIN_MILLIS) {
    newestSequence = newest;
    readActivity();
  }
}

async function readActivity() {
  activityReadAt = Date.now();
  const kind = kinds.value;
  const query = kind === "" ? "" : `&kind=${kind}`;
  const answer = await api(`/api/activity?limit=25${query}`).catch(() => null);
  if (answer !== null && kind === kinds.value) {
    showActivity(answer.activities);
  }
}

kinds.addEventListener("change", readActivity);

function showActivity(entries) {
  setText(
    find("activity-empty"),
    kinds.value === ""
      ? "Nothing unusual has happened yet. Ordinary tasks are not listed here; what fails or changes is."
      : `Nothing of the kind “${words(kinds.value)}” has happened.`,
  );
  find("activity-empty").hidden = entries.length > 0;
  find("activity").hidden = entries.length === 0;
  follow(
    find("activity"),
    entries,
    (entry) => entry.sequence,
    (entry) =>
      h(
        "li",
        { "data-activity": entry.kind },
        h("time", { datetime: entry.at }, time(entry.at)),
        h("span", { class: "swatch" }),
        h("span", { class: "what" }, entry.text),
        entry.task ? taskLink(entry.task, entry.task, "mono") : null,
      ),
    () => {},
  );
}

/** Only what changes rarely is told aloud; numbers are there to be looked at. */
function announceBreakers(providers) {
  for (const provider of providers) {
    const before = breakers.get(provider.name);
    breakers.set(provider.name, provider.breaker);
    if (before !== undefined && before !== provider.breaker) {
      setText(find("news"), `The breaker of ${provider.name} is ${words(provider.breaker)} now.`);
    }
  }
}

function updateAges() {
  document.querySelectorAll("[data-since]").forEach((cell) => setText(cell, ago(cell.dataset.since)));
}

const form = find("submit");

async function submit() {
  const answer = find("submit-answer");
  const button = form.querySelector("button");
  const values = Object.fromEntries(new FormData(form));
  button.disabled = true;
  answer.className = "note";
  setText(answer, "Sending…");
  try {
    const { id } = await api("/api/tasks", values);
    answer.className = "note good";
    answer.replaceChildren(
      "Accepted as ",
      taskLink(id, id, "mono"),
    );
    form.elements.prompt.value = "";
  } catch (failure) {
    answer.className = "note bad";
    setText(answer, failure.message);
  }
  button.disabled = false;
}

form.querySelector("button").disabled = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
form.elements.prompt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    form.requestSubmit();
  }
});
setInterval(updateAges, 1_000);
live(show);
