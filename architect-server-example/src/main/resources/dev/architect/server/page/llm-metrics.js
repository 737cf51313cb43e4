// Where does the money go, and is the saving real? What would it have been by other prices, and does the provider's invoice say the same?

import { openNamedCall } from "./call.js";
import { find, h, mark, query, setQuery } from "./dom.js";
import { invoicesView } from "./invoices.js";
import { api, watch } from "./live.js";
import { otherPricesView } from "./other-prices.js";
import { may, start } from "./shell.js";
import { SpendQuery, filterField, rangeButtons } from "./spend-query.js";
import { spendView } from "./spend.js";
import { failed } from "./states.js";
import { savedViews } from "./views.js";

const READ_MILLIS = 2_000;
const PASSING_MILLIS = 60_000;

function open(dimensions, mayRate, mayStop) {
  const calls = new SpendQuery(dimensions);
  const filter = filterField(calls, changed);
  const range = rangeButtons(calls, changed);
  const views = [
    { name: "spend", words: "Spend", filtered: true, ...spendView(calls, changed) },
    { name: "other-prices", words: "Other prices", filtered: true, ...otherPricesView(calls, mayRate, mayStop) },
    { name: "invoices", words: "Invoices", filtered: false, ...invoicesView(calls, mayRate) },
  ];
  let shown = views.find((each) => each.name === query().get("tab")) ?? views[0];
  const links = views.map((each) => h("a", { href: `?tab=${each.name}`, id: `tab-${each.name}`, onclick: (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(each);
    }
  } }, each.words));
  const toolbar = h("div", {}, h("div", { class: "toolbar" }, filter.element, ...views[0].tools, savedViews("llm-metrics")), filter.fault);
  find("tools").append(range.element);
  find("main").append(h("nav", { class: "tabs", "aria-label": "Parts of the LLM metrics" }, ...links), h("div", { class: "stack-v" }, toolbar, ...views.map((each) => each.element)));

  function show(view) {
    shown = view;
    setQuery({ tab: view === views[0] ? null : view.name }, true);
    draw();
    view.read();
  }

  function draw() {
    views.forEach((each, place) => {
      each.element.hidden = each !== shown;
      mark(links[place], "aria-current", each === shown ? "page" : null);
    });
    toolbar.hidden = !shown.filtered;
    views[0].tools.forEach((each) => {
      each.hidden = shown !== views[0];
    });
    filter.draw();
    range.draw();
  }

  function changed() {
    draw();
    return shown.read();
  }

  draw();
  watch(["costs"], () => (shown === views[0] ? shown.read() : null), READ_MILLIS, PASSING_MILLIS);
  if (shown !== views[0]) {
    shown.read();
  }
}

addEventListener("popstate", () => location.reload());
start();
openNamedCall();
const asked = await Promise.all([api("/api/costs/dimensions"), may("prices:w"), may("jobs:x")]).catch((failure) => {
  find("main").append(h("div", { class: "card" }, failed("the costs", failure, () => location.reload())));
});
if (asked) {
  const [{ dimensions }, mayRate, mayStop] = asked;
  open(dimensions, mayRate, mayStop);
}
