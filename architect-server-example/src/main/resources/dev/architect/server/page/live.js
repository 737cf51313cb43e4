// The live connection: one snapshot at a time, reconnecting with growing patience, back to the login when it has ended. Whether
// what is shown is fresh is judged by the page's own clock: a server or a network that has died closes nothing.

import { find, mark, setText } from "./dom.js";
import { span, time } from "./format.js";

const LOGIN_ENDED = 4401;
const TOO_MANY_PAGES = 4409;
const SEEN_EVERY_MILLIS = 60_000;
const LONGEST_WAIT_MILLIS = 10_000;
const STALE_MILLIS = 25_000;
const JUDGE_EVERY_MILLIS = 1_000;
const SILENT_MILLIS = 10_000;
const REFRESH_MILLIS = 5_000;
const REFRESHES_BEFORE_RETRY = 12;
const ANSWER_MILLIS = 8_000;

/** Where the server is: scripts are one folder below, whatever path the pages have. */
export const root = new URL("..", import.meta.url);

let show = () => {};
let wait = 500;
let socket = null;
let timer = 0;
let refreshes = 0;
let mode = { state: "waiting", words: "Connecting" };
let heard = moment();
let asOf = null;

/** Connects and hands every snapshot to `shown`. */
export function live(shown) {
  show = shown;
  connect();
  setInterval(judge, JUDGE_EVERY_MILLIS);
  setInterval(seen, SEEN_EVERY_MILLIS);
  document.addEventListener("visibilitychange", () => {
    seen();
    judge();
  });
  foot();
}

function connect() {
  const address = new URL("ws/live", root);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const opening = new WebSocket(address);
  let opened = false;
  socket = opening;
  socket.since = moment();
  opening.addEventListener("open", () => {
    opened = true;
  });
  opening.addEventListener("message", (message) => {
    if (opening === socket) {
      socket.since = null;
      wait = 500;
      receive(JSON.parse(message.data), "live", "Live");
    }
  });
  opening.addEventListener("close", (event) => {
    if (event.code === LOGIN_ENDED) {
      location.replace(loginPage());
    } else if (opening === socket) {
      socket = null;
      lost(!opened || event.code === TOO_MANY_PAGES);
    }
  });
}

/**
 * Without a socket: shows one snapshot over plain HTTP, and goes on like that where sockets are refused, because too many pages are
 * open or a proxy lets none through. A login that has ended leads to the login page.
 */
async function lost(refused) {
  if (!refused) {
    reconnecting();
  }
  try {
    if (!document.hidden) {
      receive(await api("/api/live"), "refreshing", `Refreshes every ${REFRESH_MILLIS / 1000} s`);
    }
    refreshes += 1;
    again(refused ? REFRESH_MILLIS : wait, refused && refreshes % REFRESHES_BEFORE_RETRY !== 0);
  } catch {
    reconnecting();
    again(wait, false);
  }
  wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
}

function reconnecting() {
  mode = { state: "waiting", words: "Reconnecting" };
  judge();
}

function again(millis, refuses) {
  clearTimeout(timer);
  timer = setTimeout(refuses ? () => lost(true) : connect, millis);
}

function receive(snapshot, state, words) {
  heard = moment();
  asOf = heard.wall;
  mode = { state, words };
  judge();
  show(snapshot);
}

/** Says how fresh the figures are; a socket that is silent for too long is given up without waiting for its close. */
function judge() {
  const stale = since(heard) > STALE_MILLIS;
  mark(document.body, "data-stale", stale ? "" : null);
  const from = asOf === null ? "no answer yet" : `as of ${time(asOf)}`;
  if (stale) {
    status("stale", `Stale, ${from}`);
  } else {
    status(mode.state, mode.state === "waiting" && asOf !== null ? `${mode.words}, ${from}` : mode.words);
  }
  const silent = socket !== null && (socket.since === null ? stale : since(socket.since) > SILENT_MILLIS);
  if (silent) {
    const silentSocket = socket;
    socket = null;
    silentSocket.close();
    lost(false);
  }
}

/** Both clocks: one can be set, the other may stand still while the machine sleeps. */
function moment() {
  return { wall: Date.now(), steady: performance.now() };
}

function since(earlier) {
  const now = moment();
  return Math.max(now.wall - earlier.wall, now.steady - earlier.steady);
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

/** The page to log in at, which leads back here. */
export function loginPage() {
  const here = location.href.slice(root.href.length - 1);
  return new URL(here === "/" ? "login" : `login?to=${encodeURIComponent(here)}`, root);
}

/** The address of `path`, such as `/tasks`, whatever path the pages have. */
export function at(path) {
  return new URL(path.slice(1), root).href;
}

/**
 * Asks the API, with a body by POST unless a method is given; throws an Error with the server's own sentence, its `status`,
 * `requestId`, and the whole `problem`.
 */
export async function api(path, body, method = body === undefined ? "GET" : "POST", options = {}) {
  const request = { method, ...options };
  if (body !== undefined) {
    request.headers = { ...options.headers, "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  // A server that has died takes the request and never answers it.
  const answer = await fetch(at(path), { signal: AbortSignal.timeout(ANSWER_MILLIS), ...request }).catch((cause) => {
    throw new Error(cause.name === "TimeoutError" ? "The server does not answer." : "The server cannot be reached.", { cause });
  });
  const content = await answer.json().catch(() => null);
  if (answer.status === 401) {
    location.replace(loginPage());
  }
  if (!answer.ok) {
    const failure = new Error(content?.detail ?? `the server answered with status ${answer.status}`);
    failure.status = answer.status;
    failure.problem = content;
    failure.requestId = content?.instance ?? answer.headers.get("X-Request-Id");
    throw failure;
  }
  return content;
}
