// The form of a new task, in a dialog that every page opens with `c`.

import { find, h, setText } from "./dom.js";
import { api, at } from "./live.js";
import { dialog } from "./shell.js";

/** Opens the form. */
export function openSubmit() {
  if (document.querySelector("dialog[open]")) {
    return;
  }
  const box = dialog("ask", "New task", form());
  box.querySelector("textarea").focus();
}

function form() {
  const choice = (name, label, values, chosen) =>
    h("div", { class: "field" }, h("label", { for: name }, label),
      h("select", { id: name, name }, ...values.map((value) => h("option", { value, selected: value === chosen }, value))));
  const element = h(
    "form",
    { id: "submit", method: "post" },
    h("div", { class: "field" }, h("label", { for: "prompt" }, "Prompt"),
      h("textarea", { id: "prompt", name: "prompt", rows: "6", required: true, maxlength: "1000000", placeholder: "Write a hello world function" })),
    h("div", { class: "fields" },
      choice("quality", "Least quality", ["auto", "basic", "standard", "high"], "auto"),
      choice("priority", "Priority", ["urgent", "high", "normal", "low"], "normal"),
      h("div", { class: "field" }, h("label", { for: "project" }, "Project"),
        h("input", { id: "project", name: "project", value: "default", pattern: "[a-z0-9][a-z0-9\\-]{0,62}", required: true, spellcheck: "false",
          autocapitalize: "off", title: "1 to 63 lower-case letters, digits and dashes" }))),
    h("div", { class: "row" },
      h("button", { class: "primary", type: "submit" }, "Submit"),
      h("button", { type: "button", onclick: () => element.closest("dialog").close() }, "Close"),
      h("p", { class: "note", id: "submit-answer", role: "status" }, "Ctrl Enter submits")),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(element);
  });
  element.elements.prompt.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      element.requestSubmit();
    }
  });
  return element;
}

async function submit(element) {
  const answer = find("submit-answer");
  const button = element.querySelector("button.primary");
  const values = Object.fromEntries(new FormData(element));
  button.disabled = true;
  answer.className = "note";
  setText(answer, "Sending…");
  try {
    const { id } = await api("/api/tasks", values);
    answer.className = "note good";
    answer.replaceChildren("Accepted as ", h("a", { href: at(`/tasks/${id}`), class: "mono" }, id));
    element.elements.prompt.value = "";
    document.dispatchEvent(new Event("task-changed"));
  } catch (failure) {
    answer.className = "note bad";
    setText(answer, failure.message);
  }
  button.disabled = false;
}
