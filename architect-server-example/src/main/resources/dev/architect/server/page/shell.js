// What all pages have around them: the sidebar, the bar above, the palette, keys, colours, and the short notes at the bottom.

import { find, h, mark, setText } from "./dom.js";
import { icon } from "./icons.js";
import { api, at, leave, live, root } from "./live.js";
import { openSubmit } from "./submit.js";

const GO_MILLIS = 1_500;
const THEMES = ["system", "light", "dark"];

const keys = new Map();
const actions = [];
let going = 0;

/** Wires the frame and hands every snapshot of the live feed to `show`. */
export function start(show = () => {}) {
  document.querySelectorAll("[data-icon]").forEach((each) => {
    each.prepend(icon(each.dataset.icon));
    if (each.tagName === "A") {
      each.title = each.innerText;
    }
  });
  find("open-palette").addEventListener("click", openPalette);
  find("phone-palette").addEventListener("click", openPalette);
  find("more").addEventListener("click", openPalette);
  find("new-task").addEventListener("click", openSubmit);
  find("logout").addEventListener("click", logout);
  find("theme").addEventListener("click", nextTheme);
  showTheme();
  key("?", "Show the keys", openHelp);
  key("[", "Fold or unfold the sidebar", fold);
  key("c", "New task", openSubmit);
  key("/", "Go to the filter", () => document.querySelector("[data-filter]")?.focus());
  action("New task", openSubmit, "c");
  action("Change the colours", nextTheme);
  action("Fold or unfold the sidebar", fold, "[");
  action("Show the keys", openHelp, "?");
  action("Log out", logout);
  document.addEventListener("keydown", press);
  document.addEventListener("scroll", () => mark(document.body, "data-scrolled", scrollY > 0 ? "" : null), { passive: true });
  who();
  live(show);
}

/** Makes a key of this page do something; it never does while somebody types. */
export function key(name, words, work) {
  keys.set(name, { words, work });
}

/** Adds something to do to the palette. */
export function action(words, work, hint = "") {
  actions.push({ words, work, hint });
}

function press(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing || document.querySelector("dialog[open]")) {
    return;
  }
  if (Date.now() - going < GO_MILLIS) {
    going = 0;
    const link = document.querySelector(`.side a[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "g") {
    going = Date.now();
    return;
  }
  const found = keys.get(event.key);
  if (found && !singleKeysAreOff()) {
    event.preventDefault();
    found.work(event);
  }
}

function singleKeysAreOff() {
  return stored("architect.keys") === "off";
}

/** What this browser keeps under a name, null where it keeps nothing. */
export function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a choice in this browser, where it can be kept. */
export function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice holds until the page is left.
  }
}

function fold() {
  const folded = !("folded" in document.documentElement.dataset);
  document.documentElement.toggleAttribute("data-folded", folded);
  store("architect.folded", folded ? "yes" : "no");
}

/** The colours that were chosen: system, light or dark. */
export function theme() {
  return document.documentElement.dataset.theme ?? "system";
}

/** Chooses colours. */
export function setTheme(name) {
  if (name === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
  store("architect.theme", name);
  showTheme();
}

function nextTheme() {
  setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
}

function showTheme() {
  const words = { system: "as the system", light: "light", dark: "dark" }[theme()];
  mark(find("theme"), "aria-label", `Colours: ${words}`);
  mark(find("theme"), "title", `Colours: ${words}`);
  find("theme").replaceChildren(icon(theme() === "light" ? "sun" : "moon"));
}

let asked = null;

function caller() {
  asked ??= api("/api/me").catch(() => null);
  return asked;
}

/** Whether who looks may do something, such as `projects:w`; what somebody may not do is not shown. */
export async function may(permission) {
  return (await caller())?.permissions.includes(permission) ?? false;
}

async function who() {
  const me = await caller();
  setText(find("who"), me?.name ?? (me ? "Operator" : ""));
}

async function logout() {
  leave();
  await fetch(new URL("logout", root), { method: "POST" }).catch(() => null);
  location.replace(at("/login"));
}

// Dialogs.

/** Opens a dialog that is gone once it is closed; focus returns to where it was. */
export function dialog(look, title, ...content) {
  const before = document.activeElement;
  const name = "dialog-title";
  const element = h("dialog", { class: look, "aria-labelledby": name }, h("h2", { id: name, class: look === "palette" ? "visually-hidden" : "" }, title), ...content);
  element.addEventListener("close", () => {
    element.remove();
    before?.focus?.();
  });
  element.addEventListener("click", (event) => event.target === element && element.close());
  document.body.append(element);
  element.showModal();
  return element;
}

function openHelp() {
  const list = [
    ["Ctrl K", "Search or do"],
    ...[...keys].map(([name, { words }]) => [name === " " ? "Space" : name, words]),
    ...[...document.querySelectorAll(".side a[data-go]")].map((link) => [`g ${link.dataset.go}`, `Go to ${link.innerText || link.title}`]),
  ];
  dialog(
    "help",
    "Keys",
    h("dl", {}, ...list.map(([name, words]) => h("div", {}, h("dt", {}, h("kbd", {}, name)), h("dd", {}, words)))),
    h("form", { method: "dialog" }, h("button", {}, "Close")),
  );
}

function openPalette() {
  if (document.querySelector("dialog[open]")) {
    return;
  }
  const links = [...document.querySelectorAll(".side nav a")].map((link) => ({
    words: link.title,
    hint: `g ${link.dataset.go}`,
    work: () => link.click(),
  }));
  const all = [...actions, ...links];
  let shown = all;
  let current = 0;
  const list = h("ul", { role: "listbox", id: "palette-list", "aria-label": "What can be done" });
  const input = h("input", {
    type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": "Search or do",
    placeholder: "A page, an action, or the id of a task", autocomplete: "off", spellcheck: "false",
  });
  const box = dialog("palette", "Search or do", input, list);
  const draw = () => {
    const words = input.value.trim().toLowerCase();
    shown = all.filter((each) => each.words.toLowerCase().includes(words));
    if (/^[0-9a-z]{13}$/.test(words)) {
      shown.unshift({ words: `Task ${words}`, hint: "", work: () => location.assign(at(`/tasks/${words}`)) });
    }
    current = Math.max(0, Math.min(current, shown.length - 1));
    list.replaceChildren(...shown.map((each, place) =>
      h("li", { role: "option", id: `palette-${place}`, "aria-selected": String(place === current), onclick: () => run(each) },
        h("span", {}, each.words), each.hint ? h("kbd", {}, each.hint) : null)));
    if (shown.length === 0) {
      list.replaceChildren(h("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, `Nothing is called “${input.value}”.`));
    }
    mark(input, "aria-activedescendant", shown.length > 0 ? `palette-${current}` : null);
    list.children[current]?.scrollIntoView({ block: "nearest" });
  };
  const run = (each) => {
    box.close();
    each.work();
  };
  input.addEventListener("input", () => {
    current = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      current = (current + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length);
      draw();
    } else if (event.key === "Enter" && shown[current]) {
      event.preventDefault();
      run(shown[current]);
    }
  });
  draw();
  input.focus();
}

// Notes at the bottom.

const TOAST_MILLIS = 8_000;

/** Shows a note for eight seconds, longer under pointer or focus; one that tells of a failure stays until it is closed. */
export function toast(words, { bad = false, button = null } = {}) {
  const text = h("span", {}, words);
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => element.remove() }, icon("close"));
  const element = h("div", { class: bad ? "toast bad" : "toast", role: bad ? "alert" : "status" }, text, button, close);
  const toasts = find("toasts");
  toasts.append(element);
  while (toasts.childElementCount > 2) {
    toasts.firstElementChild.remove();
  }
  let left = TOAST_MILLIS;
  const timer = setInterval(() => {
    if (!element.matches(":hover, :focus-within")) {
      left -= 500;
    }
    if (!element.isConnected || (left <= 0 && !bad && !element.dataset.busy)) {
      clearInterval(timer);
      element.remove();
    }
  }, 500);
  return { element, say: (changed) => setText(text, changed), again: () => { left = TOAST_MILLIS; } };
}

/**
 * Does something that was asked for, five seconds later unless it is taken back. `words` tells of it meanwhile, `done` of its end. Leaving the
 * page does it at once.
 */
export function undoable(words, work, done) {
  const SECONDS = 5;
  let left = SECONDS;
  let settled = false;
  const undo = h("button", { type: "button", onclick: () => finish(false) }, "Undo");
  const note = toast(`${words}.`, { button: undo });
  note.element.dataset.busy = "";
  const timer = setInterval(() => {
    left -= 1;
    setText(undo, left > 0 ? `Undo ${left} s` : "Undo");
    if (left <= 0) {
      finish(true);
    }
  }, 1_000);
  setText(undo, `Undo ${left} s`);
  const leave = () => finish(true);
  addEventListener("pagehide", leave);
  async function finish(really) {
    if (settled) {
      return;
    }
    settled = true;
    clearInterval(timer);
    removeEventListener("pagehide", leave);
    undo.remove();
    if (!really) {
      note.say("Taken back. Nothing was changed.");
    } else {
      try {
        const end = await work((progress) => note.say(progress));
        note.say(end ?? done);
      } catch (failure) {
        note.element.remove();
        toast(failure.message, { bad: true });
      }
    }
    delete note.element.dataset.busy;
    note.again();
  }
}

/** Returns buttons of which one is chosen, such as those of a range. */
export function segments(label, choices, chosen, change) {
  const group = h("div", { class: "segments", role: "group", "aria-label": label });
  for (const [value, words] of choices) {
    group.append(h("button", { type: "button", value, "aria-pressed": String(value === chosen), onclick: (event) => {
      group.querySelectorAll("button").forEach((each) => mark(each, "aria-pressed", String(each === event.currentTarget)));
      change(value);
    } }, words));
  }
  return group;
}
