// The live connection: one snapshot at a time, reconnecting with growing patience, back to the login when it has ended.

import { find, mark, setText } from "./dom.js";
import { span } from "./format.js";

const LOGIN_ENDED = 4401;
const SEEN_EVERY_MILLIS = 60_000;
const LONGEST_WAIT_MILLIS = 10_000;
const SILENCE_MILLIS = 15_000;

let wait = 500;
let socket = null;
let lastHeard = 0;

/** Connects and hands every snapshot to `show`. Also wires what all pages have in their head and foot. */
export function live(show) {
  connect(show);
  setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN && Date.now() - lastHeard > SILENCE_MILLIS) {
      socket.close();
    }
  }, 5_000);
  setInterval(seen, SEEN_EVERY_MILLIS);
  document.addEventListener("visibilitychange", seen);
  find("logout").addEventListener("click", logout);
  foot();
}

function connect(show) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/ws/live`);
  socket.addEventListener("open", () => {
    lastHeard = Date.now();
  });
  socket.addEventListener("message", (message) => {
    lastHeard = Date.now();
    wait = 500;
    status("live", "Live");
    show(JSON.parse(message.data));
  });
  socket.addEventListener("close", (event) => {
    if (event.code === LOGIN_ENDED) {
      location.replace("/login");
      return;
    }
    status("waiting", "Reconnecting");
    setTimeout(() => reconnect(show), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
  });
}

/** A rejected WebSocket gives no reason, so the API is called: a login that has ended leads to the login page. */
async function reconnect(show) {
  try {
    await api("/api/status");
  } catch {
    status("waiting", "Server not reachable");
  }
  connect(show);
}

function seen() {
  if (!document.hidden && socket?.readyState === WebSocket.OPEN) {
    socket.send("seen");
  }
}

function status(state, words) {
  mark(find("connection"), "data-state", state);
  setText(find("connection-words"), words);
}

async function logout() {
  await fetch("/logout", { method: "POST" }).catch(() => null);
  location.replace("/login");
}

async function foot() {
  const health = await api("/health").catch(() => null);
  if (health) {
    const readAt = Date.now();
    const showUptime = () => {
      const seconds = health.uptimeSeconds + Math.round((Date.now() - readAt) / 1000);
      setText(find("foot"), `Architect ${health.version} · up ${span(seconds)}`);
    };
    showUptime();
    setInterval(showUptime, 1_000);
  }
}

/** Asks the API; throws an Error with the server's own sentence. */
export async function api(path, body) {
  const request = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, request);
  const content = await answer.json().catch(() => null);
  if (answer.status === 401) {
    location.replace("/login");
  }
  if (!answer.ok) {
    throw new Error(content?.error?.message ?? `the server answered with status ${answer.status}`);
  }
  return content;
}
