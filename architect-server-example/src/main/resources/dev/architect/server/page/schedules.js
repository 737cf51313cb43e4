// What runs next?

import { find, follow, h, mark, setText } from "./dom.js";
import { exact, hour, moment, plural } from "./format.js";
import { icon } from "./icons.js";
import { api, at, watch } from "./live.js";
import { action, dialog, start, toast, undoable } from "./shell.js";
import { card, chip, load, sentence } from "./states.js";

const DAY = 86_400_000;
const READ_MILLIS = 1_000;
const PASSING_MILLIS = 60_000;
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const rows = h("tbody", { id: "rows" });
const box = h("div", {});
const strip = h("div", { class: "timeline-strip", role: "img", "aria-label": "Not read yet" });
const quiet = h("p", { class: "note", hidden: true }, "Nothing fires in the next 24 hours.");
const scale = h("div", { class: "scale", "aria-hidden": "true" });
const table = h("div", { class: "scroll" }, h("table", { class: "cards" },
  h("thead", {}, h("tr", {}, ...["Name", "When", "Next", "Last", "Missed", ""].map((name) => h("th", { scope: "col" }, name || h("span", { class: "visually-hidden" }, "Actions"))))), rows));
const known = new Map();

find("main").append(h(
  "div",
  { class: "stack-v" },
  card("The next 24 hours", { id: "next" }, quiet, strip, scale),
  card("Schedules", { look: "flush", id: "list", tools: [h("button", { type: "button", id: "new-schedule", onclick: edit }, icon("plus"), "New schedule")] }, box),
));

/** A cron expression as people say it, for the common ones; itself for the others. */
function cronWords(cron) {
  const [minute, hours, day, month, weekday, more] = cron.trim().split(/\s+/);
  const whole = (text) => /^\d+$/.test(text ?? "");
  const clock = whole(minute) && whole(hours) ? `${hours.padStart(2, "0")}:${minute.padStart(2, "0")}` : null;
  if (more !== undefined || month !== "*") {
    return cron;
  }
  if (clock && day === "*" && weekday === "*") {
    return `every day at ${clock}`;
  }
  if (clock && day === "*" && weekday === "1-5") {
    return `Monday to Friday at ${clock}`;
  }
  if (clock && day === "*" && whole(weekday)) {
    return `every ${DAYS[weekday % 7]} at ${clock}`;
  }
  if (clock && whole(day) && weekday === "*") {
    return `on day ${day} of every month at ${clock}`;
  }
  if (day === "*" && weekday === "*" && hours === "*") {
    return whole(minute) ? `every hour at minute ${minute}` : /^\*\/\d+$/.test(minute) ? `every ${minute.slice(2)} minutes` : minute === "*" ? "every minute" : cron;
  }
  return cron;
}

/** An ISO duration such as PT15M in words. */
function everyWords(text) {
  const found = /^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?$/.exec(text);
  return found ? `every ${[[found[1], "d"], [found[2], "h"], [found[3], "min"], [found[4], "s"]].filter(([value]) => value).map(([value, unit]) => `${value} ${unit}`).join(" ")}` : text;
}

async function read() {
  const { schedules } = await api("/api/schedules?limit=200");
  await Promise.all(schedules.map(async (each) => {
    const name = encodeURIComponent(each.name);
    const [{ next }, { runs }] = await Promise.all([api(`/api/schedules/${name}/next?count=100`), api(`/api/schedules/${name}/runs?limit=5`)]);
    known.set(each.name, { next, runs });
  }));
  return schedules;
}

function draw(schedules) {
  drawStrip(schedules);
  const paused = schedules.filter((each) => each.paused).length;
  const first = schedules.filter((each) => !each.paused && each.next).sort((a, b) => (a.next < b.next ? -1 : 1))[0];
  sentence(first ? `Next: ${first.name} at ${moment(first.next)}${paused > 0 ? `, ${paused} paused` : ""}` : "");
  if (schedules.length === 0) {
    box.replaceChildren(h("div", { class: "empty" }, h("p", {}, "No schedules. A schedule submits a task at set times."), h("button", { type: "button", class: "primary", onclick: edit }, "New schedule")));
    return;
  }
  if (!table.isConnected) {
    box.replaceChildren(table);
  }
  follow(rows, schedules, (each) => each.name, create, (row, each) => {
    const { next, runs } = known.get(each.name);
    const cells = row.children;
    setText(cells[1].querySelector(".when"), each.cron ? cronWords(each.cron) : everyWords(each.every));
    setText(cells[1].querySelector(".note"), each.cron ? ` ${each.zone}` : "");
    mark(cells[1], "title", each.cron ?? each.every);
    cells[2].replaceChildren(each.paused ? chip("held", "paused") : h("span", { title: next.slice(0, 3).map(exact).join("\n") }, next.slice(0, 3).map((time) => moment(time)).join(", ") || "never"));
    const run = runs[0];
    cells[3].replaceChildren(run ? (run.task ? h("a", { href: at(`/tasks/${run.task}`) }, moment(run.firedAt)) : h("span", { class: "bad-text" }, `${moment(run.firedAt)}: ${run.note}`)) : h("span", { class: "note" }, "not yet"));
    setText(cells[4], each.catchUp === "none" ? "left out" : each.catchUp === "all" ? "all made up for" : "the last one made up for");
    setText(row.querySelector("[data-pause]"), each.paused ? "Resume" : "Pause");
    row.querySelector("[data-pause]").onclick = () => operate(each.name, each.paused ? "resume" : "pause");
  });
}

function create(each) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, each.name),
    h("td", { "data-label": "When" }, h("span", {}, h("span", { class: "when" }), h("span", { class: "note" }))),
    h("td", { "data-label": "Next" }), h("td", { "data-label": "Last" }), h("td", { class: "faint", "data-label": "Missed" }),
    h("td", { class: "actions" }, h("span", { class: "row" },
      h("button", { type: "button", onclick: () => operate(each.name, "run") }, "Run now"),
      h("button", { type: "button", "data-pause": "" }),
      h("button", { type: "button", class: "quiet", "aria-label": `Delete ${each.name}`, onclick: () => undoable(`Deleting ${each.name}`, () => api(`/api/schedules/${encodeURIComponent(each.name)}/delete`, {}, "POST", { keepalive: true }).then(refresh), `${each.name} is deleted. Its tasks stay.`) }, icon("close")))),
  );
}

function drawStrip(schedules) {
  const now = Date.now();
  const ticks = schedules.filter((each) => !each.paused).flatMap((each) => known.get(each.name).next.map((time) => ({ name: each.name, time, part: (new Date(time) - now) / DAY })).filter(({ part }) => part >= 0 && part < 1));
  follow(strip, ticks, (tick) => `${tick.name} ${tick.time}`, (tick) => h("span", { title: `${tick.name} at ${moment(tick.time)}` }), (element, tick) => element.style.setProperty("--x", `${(100 * tick.part).toFixed(2)}%`));
  mark(strip, "aria-label", ticks.length === 0 ? "Nothing fires in the next 24 hours" : `${plural(ticks.length, "time")}, the first ${ticks.map((tick) => tick.time).sort()[0]}`);
  quiet.hidden = ticks.length > 0;
  scale.replaceChildren(...[0, 6, 12, 18, 24].map((hours) => h("span", {}, hours === 0 ? "now" : hour(now + hours * 3_600_000))));
}

async function operate(name, what) {
  try {
    const answer = await api(`/api/schedules/${encodeURIComponent(name)}/${what}`, {});
    toast({ run: `Submitted as ${answer.id}.`, pause: `${name} is paused.`, resume: `${name} fires again.` }[what]);
    refresh();
  } catch (failure) {
    toast(failure.message, { bad: true });
  }
}

function edit() {
  const field = (name, label, attributes) => h("div", { class: "field" }, h("label", { for: name }, label), h("input", { id: name, name, spellcheck: "false", autocapitalize: "off", ...attributes }));
  const problem = h("p", { class: "note bad", role: "alert" });
  const form = h("form", { id: "schedule", onsubmit: async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    const when = /\s/.test(values.when.trim()) ? { cron: values.when.trim(), zone: values.zone } : { every: values.when.trim() };
    try {
      const made = await api("/api/schedules", { name: values.name, ...when, catchUp: values.catchUp, task: { prompt: values.prompt, project: values.project } });
      sheet.close();
      toast(`${made.name} fires next ${moment(made.next)}.`);
      refresh();
    } catch (failure) {
      setText(problem, failure.message);
    }
  } },
  h("div", { class: "fields" }, field("name", "Name", { required: true }), field("project", "Project", { value: "default", required: true })),
  h("div", { class: "fields" }, field("when", "When", { required: true, placeholder: "0 3 * * * or 15m" }), field("zone", "Zone", { value: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" }),
    h("div", { class: "field" }, h("label", { for: "catchUp" }, "Missed times"), h("select", { id: "catchUp", name: "catchUp" }, ...["last", "none", "all"].map((value) => h("option", { value }, { last: "make up for the last", none: "leave out", all: "make up for all" }[value]))))),
  h("div", { class: "field" }, h("label", { for: "schedule-prompt" }, "Prompt"), h("textarea", { id: "schedule-prompt", name: "prompt", rows: "4", required: true })),
  problem,
  h("div", { class: "row" }, h("button", { type: "submit", class: "primary" }, "Save"), h("button", { type: "button", onclick: () => sheet.close() }, "Close")));
  const sheet = dialog("ask", "New schedule", form);
  form.elements.name.focus();
}

action("New schedule", edit);
start();
const refresh = watch(["schedules"], () => load(box, "the schedules", read, draw, 3), READ_MILLIS, PASSING_MILLIS);
