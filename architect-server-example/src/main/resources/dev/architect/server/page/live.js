// The live channel: the page names what it follows, the server tells it what changes there. A lost connection is made again with growing
// patience, and the server tells then what was missed. Where no WebSocket gets through, events over plain HTTP do, or the page asks now and again.
// Whether what is shown is fresh is judged by the page's own clock: a server or a network that has died closes nothing.

import { find, mark, setText } from "./dom.js";
import { span, time } from "./format.js";

const LOGIN_ENDED = 4401;
const TOO_MANY_PAGES = 4409;
const SEEN_EVERY_MILLIS = 60_000;
const LONGEST_WAIT_MILLIS = 30_000;
const FIRST_WAIT_MILLIS = 500;
const STALE_MILLIS = 25_000;
const JUDGE_EVERY_MILLIS = 1_000;
const SILENT_MILLIS = 10_000;
const REFRESH_MILLIS = 5_000;
const REFRESHES_BEFORE_RETRY = 12;
const ANSWER_MILLIS = 8_000;
const PAUSE_MILLIS = 300;
const STATUS = "status";

/** Where the server is: scripts are one folder below, whatever path the pages have. */
export const root = new URL("..", import.meta.url);

// What is followed, by topic: what the page knows of it, whether it wants the things themselves, and whom to tell.
const followed = new Map();
let wait = FIRST_WAIT_MILLIS;
let socket = null;
let events = null;
let timer = 0;
let refreshes = 0;
let mode = { state: "waiting", words: "Connecting" };
let heard = moment();
let asOf = null;

/** Connects and hands the state of the whole to `shown` whenever it has changed. */
export function live(shown) {
  follow(STATUS, true, shown);
  connect();
  setInterval(judge, JUDGE_EVERY_MILLIS);
  setInterval(seen, SEEN_EVERY_MILLIS);
  document.addEventListener("visibilitychange", () => {
    seen();
    judge();
  });
  foot();
}

/**
 * Calls `work` now, and again soon after something of the topics has changed, at most once in `pause` milliseconds and only while somebody can
 * see the page. What is about a time that ends now, such as the last hour, is another one after a while although nothing has happened: `passing`
 * says after how many milliseconds. Returns a function that does it at once.
 */
export function watch(topics, work, pause = PAUSE_MILLIS, passing = Infinity) {
  let running = null;
  let again = false;
  let dirty = false;
  let ended = -Infinity;
  let next = 0;
  const run = async () => {
    do {
      again = false;
      dirty = false;
      await work();
    } while (again);
  };
  const go = () => {
    clearTimeout(next);
    if (running !== null) {
      again = true;
      return running;
    }
    running = run().finally(() => {
      running = null;
      ended = performance.now();
      if (dirty) {
        soon();
      } else if (passing < Infinity) {
        next = setTimeout(soon, passing);
      }
    });
    return running;
  };
  const soon = () => {
    dirty = true;
    if (running === null && !document.hidden) {
      clearTimeout(next);
      next = setTimeout(go, Math.max(0, ended + pause - performance.now()));
    }
  };
  topics.forEach((topic) => follow(topic, false, soon));
  document.addEventListener("visibilitychange", () => document.hidden || !dirty || soon());
  go();
  return go;
}

function follow(topic, whole, tell) {
  const known = followed.get(topic);
  if (known) {
    known.tells.push(tell);
    return;
  }
  followed.set(topic, { whole, since: null, tells: [tell] });
  if (socket?.readyState === WebSocket.OPEN) {
    subscribe(topic);
  } else if (events !== null) {
    listen();
  }
}

function subscribe(topic) {
  const { whole, since } = followed.get(topic);
  socket.send(JSON.stringify({ type: "subscribe", id: topic, topic, items: whole, ...(since === null ? {} : { since }) }));
}

function tell(topic, item) {
  followed.get(topic)?.tells.forEach((each) => each(item));
}

function connect() {
  stopListening();
  const address = new URL("ws/live", root);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const opening = new WebSocket(address);
  let opened = false;
  socket = opening;
  socket.since = moment();
  opening.addEventListener("open", () => {
    opened = true;
    if (opening === socket) {
      [...followed.keys()].forEach(subscribe);
      seen();
    }
  });
  opening.addEventListener("message", (message) => {
    if (opening === socket) {
      socket.since = null;
      wait = FIRST_WAIT_MILLIS;
      fresh("live", "Live");
      receive(JSON.parse(message.data));
    }
  });
  opening.addEventListener("close", (event) => {
    if (event.code === LOGIN_ENDED) {
      askToLogIn();
    } else if (opening === socket) {
      socket = null;
      lost(opened, event.code === TOO_MANY_PAGES);
    }
  });
}

function receive(message) {
  const { type, id, era, seq } = message;
  if (type === "heartbeat") {
    followed.forEach((each) => {
      // One that has got nothing yet knows nothing.
      each.since = each.since === null ? null : { era, seq };
    });
    return;
  }
  const topic = followed.get(id);
  if (!topic || type === "refused") {
    return;
  }
  // A part of what changed says nothing about the rest.
  topic.since = seq === undefined ? null : { era, seq };
  if (type === "snapshot" || type === "change") {
    const items = message.items ?? message.put;
    if (!topic.whole) {
      tell(id);
    } else if (items.length > 0) {
      tell(id, items[0].item);
    }
  }
}

/** Goes on without a socket: soon with another one, or where none gets through with events; where too many follow it asks now and again. */
function lost(opened, full) {
  reconnecting();
  if (full) {
    refresh();
  } else if (!opened) {
    listen();
  } else {
    again(connect, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
  }
}

/** Events name what has changed; the state of the whole is asked for then. */
function listen() {
  stopListening();
  clearTimeout(timer);
  const address = new URL("api/live", root);
  address.search = new URLSearchParams({ items: "false", topic: [...followed.keys()].join(",") });
  const source = new EventSource(address);
  events = source;
  for (const type of ["snapshot", "change", "gap", "heartbeat"]) {
    source.addEventListener(type, (event) => {
      if (source !== events) {
        return;
      }
      fresh("live", "Live");
      const { id } = JSON.parse(event.data);
      if (id === STATUS) {
        readStatus();
      } else if (id) {
        tell(id);
      }
    });
  }
  source.addEventListener("bye", (event) => {
    if (JSON.parse(event.data).code === LOGIN_ENDED) {
      askToLogIn();
    }
  });
  source.addEventListener("error", () => {
    if (source === events) {
      reconnecting();
      if (source.readyState === EventSource.CLOSED) {
        stopListening();
        refresh();
      }
    }
  });
}

function stopListening() {
  events?.close();
  events = null;
}

let reading = false;

async function readStatus() {
  if (!reading) {
    reading = true;
    const found = await api("/api/live?topic=status").catch(() => null);
    reading = false;
    if (found !== null) {
      tell(STATUS, found.items[0].item);
    }
  }
}

/** Where too many follow already: asks now and again, and from time to time whether there is room. */
async function refresh() {
  try {
    if (!document.hidden) {
      const found = await api("/api/live?topic=status");
      fresh("refreshing", `Refreshes every ${REFRESH_MILLIS / 1000} s`);
      tell(STATUS, found.items[0].item);
      [...followed.keys()].filter((topic) => topic !== STATUS).forEach((topic) => tell(topic));
    }
    refreshes += 1;
    again(refreshes % REFRESHES_BEFORE_RETRY === 0 ? connect : refresh, REFRESH_MILLIS);
  } catch {
    reconnecting();
    again(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLIS);
  }
}

function reconnecting() {
  mode = { state: "waiting", words: "Reconnecting" };
  judge();
}

function again(work, millis) {
  clearTimeout(timer);
  timer = setTimeout(work, millis);
}

function fresh(state, words) {
  heard = moment();
  asOf = heard.wall;
  mode = { state, words };
  judge();
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
    lost(true, false);
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
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify({ type: "seen", hidden: document.hidden }));
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

/** Goes where one logs in, which leads back here; nothing when that is where the page goes because its login was to end. */
export function askToLogIn() {
  const here = location.href.slice(root.href.length - 1);
  if (!isLeaving) {
    location.replace(new URL(here === "/" ? "login" : `login?to=${encodeURIComponent(here)}`, root));
  }
}

/** The address of `path`, such as `/tasks`, whatever path the pages have. */
export function at(path) {
  return new URL(path.slice(1), root).href;
}

let isLeaving = false;

/** Gives up what is being asked, and asks nothing more: the login ends. */
export function leave() {
  isLeaving = true;
  window.stop();
}

/**
 * Asks the API, with a body by POST unless a method is given; `answered` of the options gets the answer itself. Throws an Error with the
 * server's own sentence, its `status`, `code`, `requestId`, and the whole `problem`.
 */
export async function api(path, body, method = body === undefined ? "GET" : "POST", options = {}) {
  const never = new Promise(() => {});
  if (isLeaving) {
    return never;
  }
  const { answered = () => {}, ...more } = options;
  const request = { method, ...more };
  if (body !== undefined) {
    request.headers = { ...options.headers, "Content-Type": "application/json" };
    request.body = JSON.stringify(body);
  }
  // A server that has died takes the request and never answers it.
  const answer = await fetch(at(path), { signal: AbortSignal.timeout(ANSWER_MILLIS), ...request }).catch((cause) => {
    if (isLeaving) {
      return never;
    }
    throw new Error(cause.name === "TimeoutError" ? "The server does not answer." : "The server cannot be reached.", { cause });
  });
  answered(answer);
  const content = await answer.json().catch(() => null);
  if (answer.status === 401) {
    askToLogIn();
  }
  if (!answer.ok) {
    const failure = new Error(content?.detail ?? `the server answered with status ${answer.status}`);
    failure.status = answer.status;
    failure.code = content?.code;
    failure.problem = content;
    failure.requestId = content?.instance ?? answer.headers.get("X-Request-Id");
    throw failure;
  }
  return content;
}
