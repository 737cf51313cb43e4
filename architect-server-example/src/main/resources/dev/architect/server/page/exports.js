// A list as a file: written in the background, downloaded when it is whole.

import { h, setText } from "./dom.js";
import { count, plural } from "./format.js";
import { api, at } from "./live.js";
import { toast } from "./shell.js";

const LOOK_MILLIS = 700;

/** A button that writes a list to a file; `wanted` returns what of, the form and the filter. */
export function exportButton(id, text, wanted) {
  const button = h("button", { type: "button", id, onclick: async () => {
    button.disabled = true;
    try {
      await write(await api("/api/exports", wanted()));
    } catch (failure) {
      toast(failure.message, { bad: true });
    }
    button.disabled = false;
  } }, text);
  return button;
}

async function write(accepted) {
  let job = accepted;
  let isStopped = false;
  const stop = h("button", { type: "button", onclick: () => {
    isStopped = true;
    api(`/api/exports/${job.id}`, undefined, "DELETE").catch((failure) => toast(failure.message, { bad: true }));
  } }, "Stop");
  const note = toast("Writing the file…", { button: stop });
  note.element.dataset.busy = "";
  const text = note.element.firstElementChild;
  while (job.endedAt === null && !isStopped) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    if (!isStopped) {
      job = await api(`/api/exports/${job.id}`);
      setText(text, job.total > 0 ? `Writing the file: ${count(job.rows)} of ${count(job.total)} rows…` : `Writing the file: ${count(job.rows)} rows…`);
    }
  }
  note.element.remove();
  if (isStopped) {
    return;
  }
  if (job.state !== "done") {
    toast(`The file could not be written: ${job.reason ?? "it was deleted"}`, { bad: true });
    return;
  }
  const link = h("a", { href: at(job.content), download: "" }, "Download");
  toast(`${plural(job.rows, "row")} are in the file, which is kept for a day.`, { button: link });
  link.click();
}
