// What can be done with tasks, one or many: later by five seconds, so that it can be taken back.

import { count, plural } from "./format.js";
import { api } from "./live.js";
import { undoable } from "./shell.js";

const AT_ONCE = 6;

const WORDS = {
  redrive: ["Retrying", "retried"],
  cancel: ["Cancelling", "cancelled"],
  "force-cancel": ["Cancelling at once", "cancelled"],
  hold: ["Holding", "held"],
  resume: ["Resuming", "resumed"],
  "run-now": ["Running", "put first"],
};

/** Does `action` to the tasks of these ids. Those that have changed meanwhile are skipped and counted. */
export function actOn(ids, action, after = () => {}) {
  const [doing, done] = WORDS[action];
  undoable(`${doing} ${plural(ids.length, "task")}`, async (tell) => {
    const left = [...ids];
    let skipped = 0;
    let ended = 0;
    const work = async () => {
      while (left.length > 0) {
        await api(`/api/tasks/${left.shift()}/${action}`, {}, "POST", { keepalive: true }).catch((failure) => {
          if (failure.status !== 409 && failure.status !== 404) {
            throw failure;
          }
          skipped += 1;
        });
        ended += 1;
        tell(`${doing}: ${count(ended)} of ${count(ids.length)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    after();
    document.dispatchEvent(new Event("task-changed"));
    return `${plural(ids.length - skipped, "task")} ${done}${skipped > 0 ? `, ${count(skipped)} had changed meanwhile` : ""}.`;
  });
}

/** Does `action` to all tasks that pass `filter`, in one request. */
export function actOnAll(filter, action, expected, after = () => {}) {
  const [doing, done] = WORDS[action];
  undoable(`${doing} all ${plural(expected, "task")} that match`, async () => {
    const { tasks, skipped } = await api("/api/tasks/actions", { action, ...filter }, "POST", { keepalive: true });
    after();
    document.dispatchEvent(new Event("task-changed"));
    return `${plural(tasks, "task")} ${done}${skipped > 0 ? `, ${count(skipped)} had changed meanwhile` : ""}.`;
  });
}
