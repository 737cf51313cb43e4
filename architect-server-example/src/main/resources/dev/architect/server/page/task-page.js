// The page of one task: read once, and again while it has not ended.

import { find, setText } from "./dom.js";
import { live } from "./live.js";
import { showTask } from "./task.js";

const AGAIN_MILLIS = 2_000;

const id = location.pathname.split("/").pop();
let ended = false;
let readAt = 0;

setText(find("task-title"), `Task ${id}`);
document.title = `Task ${id} · Architect`;

async function read() {
  readAt = Date.now();
  ended = await showTask(find("task-body"), id);
}

read();
// What had ended may run again.
document.addEventListener("task-changed", () => {
  ended = false;
});
live(() => {
  if (!ended && Date.now() - readAt > AGAIN_MILLIS) {
    read();
  }
});
