// The routing policy: what is in force, a draft that is checked, and earlier versions.

import { follow, h, setText } from "./dom.js";
import { moment, plural } from "./format.js";
import { api } from "./live.js";
import { toast } from "./shell.js";
import { card, load } from "./states.js";

const SOURCES = { stored: "put into force for all nodes", file: "the file of each node", standard: "the one that comes with Architect", program: "made by a program" };

/** Returns the card of the policy; whoever may not change it reads it. */
export function policyCard(mayChange) {
  let version = 0;
  const about = h("p", { class: "note", id: "policy-about" });
  const text = h("textarea", { id: "policy-text", rows: "14", spellcheck: "false", class: "mono", "aria-label": "The routing policy, as YAML", readonly: !mayChange });
  const remark = h("input", { id: "policy-remark", maxlength: "200", placeholder: "why" });
  const problems = h("ul", { class: "rows", id: "policy-problems" });
  const history = h("tbody", { id: "policy-versions" });
  const historyBox = h("div", { class: "scroll", hidden: true }, h("table", { class: "cards" }, h("thead", {}, h("tr", {}, ...["Version", "At", "By", "Why", ""].map((name) =>
    h("th", { scope: "col" }, name || h("span", { class: "visually-hidden" }, "Actions"))))), history));
  const box = h("div", { class: "stack-v" });

  function show(policy) {
    version = policy.version;
    text.value = policy.text ?? "";
    setText(about, `${SOURCES[policy.source]}${policy.by ? `, by ${policy.by} ${moment(policy.at)}` : ""}; decisions name it ${policy.policy}.${policy.refused ? ` This node does not follow it: ${policy.refused}` : ""}`);
    problems.replaceChildren();
  }

  function tell(list) {
    problems.replaceChildren(...list.map(({ line, detail }) => h("li", { class: "bad" }, h("a", { href: "#policy-text", onclick: (event) => {
      event.preventDefault();
      select(line);
    } }, line > 0 ? `line ${line}` : "the text"), h("span", { class: "what" }, detail))));
  }

  function select(line) {
    const lines = text.value.split("\n");
    const begin = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0);
    text.focus();
    text.setSelectionRange(begin, begin + (lines[line - 1] ?? "").length);
  }

  async function change(work, done) {
    try {
      show(await work());
      toast(done);
      readVersions();
    } catch (failure) {
      const places = failure.problem?.errors?.filter((error) => error.line);
      if (places?.length > 0) {
        tell(places);
      } else {
        toast(failure.message, { bad: true });
      }
    }
  }

  const buttons = h("div", { class: "row" },
    h("button", { type: "button", id: "policy-check", onclick: async () => {
      try {
        const verdict = await api("/api/policy/check", { text: text.value });
        tell(verdict.problems.map((each) => ({ ...each, detail: `${each.field} ${each.detail}` })));
        if (verdict.valid) {
          toast("Nothing is wrong with it.");
        }
      } catch (failure) {
        toast(failure.message, { bad: true });
      }
    } }, "Check"),
    ...(mayChange ? [
      h("button", { type: "button", class: "primary", id: "policy-save", onclick: () =>
        change(() => api("/api/policy", { text: text.value, remark: remark.value }, "PUT", { headers: { "If-Match": `"${version}"` } }), "The policy is in force on all nodes.") }, "Put into force"),
      remark,
      h("button", { type: "button", id: "policy-reload", onclick: () => change(() => api("/api/policy/reload", undefined, "POST"), "The policy of this node is in force on all nodes.") }, "Take that of this node"),
    ] : []));

  async function readVersions() {
    const { versions } = await api("/api/policy/versions").catch(() => ({ versions: [] }));
    historyBox.hidden = versions.length === 0;
    follow(history, versions, (each) => `${each.version} ${each.current}`, (each) => h("tr", {}, h("th", { scope: "row" }, String(each.version)), h("td", { "data-label": "At" }, moment(each.at)),
      h("td", { "data-label": "By" }, each.by), h("td", { "data-label": "Why" }, each.remark || "–"),
      h("td", { class: "actions" }, each.current || !mayChange ? (each.current ? "in force" : "") : h("button", { type: "button", class: "quiet", onclick: () =>
        change(() => api(`/api/policy/versions/${each.version}/restore`, undefined, "POST"), `Version ${each.version} is in force again.`) }, "Restore"))), () => {});
  }

  load(box, "the policy", () => api("/api/policy"), (policy) => {
    box.replaceChildren(about, text, h("div", { role: "alert" }, problems), buttons, historyBox);
    show(policy);
    readVersions();
  }, 6);
  return card("Routing policy", { id: "policy-card", note: `which models may answer; the last ${plural(50, "version")} are kept` }, box);
}
