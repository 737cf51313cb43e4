// A form in a dialog for some fields of a thing that several people change: each change is of the version that was read.

import { h, setText } from "./dom.js";
import { api } from "./live.js";
import { dialog } from "./shell.js";

/** Returns what is at `path`, with its version. */
export async function read(path) {
  let tag = null;
  const thing = await api(path, undefined, "GET", { answered: (answer) => {
    tag = answer.headers.get("ETag");
  } });
  return { thing, tag };
}

/** Changes some fields of what is at `path` and has this version. */
export function patch(path, tag, changes) {
  return api(path, changes, "PATCH", { headers: { "If-Match": tag } });
}

function input({ name, choices, rows, ...attributes }, value) {
  const id = `change-${name}`;
  if (choices) {
    return h("select", { id, name }, ...choices.map(([word, text]) => h("option", { value: word, selected: String(value ?? "") === word }, text)));
  }
  if (rows) {
    return h("textarea", { id, name, rows }, String(value ?? ""));
  }
  return h("input", { id, name, value: value ?? "", spellcheck: "false", autocapitalize: "off", ...attributes });
}

/** What differs from what was read; a field that was emptied is null, and one with `number` is a number. Long texts are sent as they are. */
function differing(fields, form, shown) {
  const changes = {};
  for (const { name, number, rows } of fields) {
    const text = rows ? form.elements[name].value : form.elements[name].value.trim();
    // As the browser gives back the text of a field.
    if (text !== String(shown[name] ?? "").replaceAll("\r\n", "\n")) {
      changes[name] = text === "" && !rows ? null : number ? Number(text) : text;
    }
  }
  return changes;
}

/**
 * Opens the dialog. `fields` have a `name`, a `label`, attributes of the input or `choices`, and `number` for a number; `of` gives their values from
 * the thing, which has them itself where it is left out. `save` sends what has changed with the version, and `done` is called afterwards. Where
 * somebody else was faster, the dialog says so, and what was typed stays.
 */
export async function change(title, path, { fields, note = "", of = (thing) => thing, save = (tag, changes) => patch(path, tag, changes), done = () => {} }) {
  let { thing, tag } = await read(path);
  const shown = of(thing);
  const problem = h("p", { class: "note bad", role: "alert", id: "change-problem" });
  const go = h("button", { type: "submit", class: "primary" }, "Save");
  const form = h("form", { id: "change", onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    setText(problem, "");
    try {
      const changes = differing(fields, form, shown);
      if (Object.keys(changes).length > 0) {
        await save(tag, changes);
        done();
      }
      box.close();
    } catch (failure) {
      if (failure.status === 412) {
        ({ thing, tag } = await read(path));
        setText(problem, "Somebody else has changed it meanwhile. Save again to set what you have changed here.");
      } else {
        setText(problem, failure.message);
      }
    }
    go.disabled = false;
  } },
  h("div", { class: "fields" }, ...fields.map(({ label, number, ...field }) => h("div", { class: "field" }, h("label", { for: `change-${field.name}` }, label), input(field, shown[field.name])))),
  note && h("p", { class: "note" }, note),
  problem,
  h("div", { class: "row" }, go, h("button", { type: "button", onclick: () => box.close() }, "Close")));
  const box = dialog("ask", title, form);
  form.elements[0].focus();
}
