// Sends name and password, or the token, once and keeps nothing of them. A link may carry the token, or a code that is valid once, behind
// the #, which browsers never send.

import { available, reason as passkeyReason, sign } from "./passkey.js";

const form = document.getElementById("login");
const field = document.getElementById("token");
const problem = document.getElementById("problem");
const button = form.querySelector("button");
const person = document.getElementById("person");
const nameField = document.getElementById("name");
const passwordField = document.getElementById("password");
const personProblem = document.getElementById("person-problem");
const personButton = person.querySelector("button");
const second = document.getElementById("second");
const codeField = document.getElementById("code");
const secondProblem = document.getElementById("second-problem");
const secondButton = second.querySelector("button");
const secondPasskey = document.getElementById("second-passkey");
const byPasskey = document.getElementById("by-passkey");
const passkeyProblem = document.getElementById("passkey-problem");
const passkeyButton = byPasskey.querySelector("button");

async function loginPerson() {
  personButton.disabled = true;
  personProblem.textContent = "";
  try {
    const answer = await fetch("api/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: nameField.value.trim(), password: passwordField.value }),
    });
    if (answer.ok) {
      location.replace(target());
      return;
    }
    const problem = await answer.json().catch(() => null);
    if (problem?.code === "second-factor-needed") {
      askForCode(problem);
      return;
    }
    personProblem.textContent = personReason(answer, problem);
  } catch {
    personProblem.textContent = "The server does not answer. Is it still running?";
  }
  personButton.disabled = false;
  passwordField.select();
}

let ticket = "";

/** The password was right: the code of the app, or a passkey, is all that is left to ask for. */
function askForCode(given) {
  ticket = given.ticket;
  passwordField.value = "";
  person.hidden = true;
  form.hidden = true;
  byPasskey.hidden = true;
  secondPasskey.hidden = !(given.passkeys && available());
  second.hidden = false;
  codeField.focus();
}

async function finish() {
  secondButton.disabled = true;
  secondProblem.textContent = "";
  try {
    const answer = await fetch("api/login/second", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ticket, code: codeField.value.trim() }),
    });
    if (answer.ok) {
      location.replace(target());
      return;
    }
    const problem = await answer.json().catch(() => null);
    if (problem?.code === "login-ended") {
      askForPassword("That took more than five minutes. Your password again, please.");
    } else if (answer.status === 401) {
      secondProblem.textContent = "The code is wrong, or was used before.";
    } else {
      secondProblem.textContent = personReason(answer, problem);
    }
  } catch {
    secondProblem.textContent = "The server does not answer. Is it still running?";
  }
  secondButton.disabled = false;
  codeField.select();
}

function askForPassword(why) {
  second.hidden = true;
  person.hidden = false;
  form.hidden = false;
  byPasskey.hidden = !available();
  personButton.disabled = false;
  personProblem.textContent = why;
  passwordField.focus();
}

/** Sends `body` to the API; throws an Error with what a person is told, and the `code`. */
async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }).catch((cause) => {
    throw new Error("The server does not answer. Is it still running?", { cause });
  });
  const content = await answer.json().catch(() => null);
  if (!answer.ok) {
    const told = {
      "wrong-passkey": "This passkey is not known here, or it took too long. Try again.",
      "password-needed": "This passkey does not check who holds it. Log in by your name and password, and use it after them.",
    }[content?.code] ?? personReason(answer, content);
    throw Object.assign(new Error(told), { code: content?.code });
  }
  return content;
}

/** Logs in by a passkey: alone, or after the password that `given` is the ticket of. */
async function loginByPasskey(given, used, place) {
  used.disabled = true;
  place.textContent = "";
  try {
    const { ticket: begun, publicKey } = await post("api/login/passkey/options", given ? { ticket: given } : {});
    await post("api/login/passkey", { ticket: begun, ...(await sign(publicKey)) });
    location.replace(target());
    return;
  } catch (failure) {
    if (failure.code === "login-ended") {
      askForPassword("That took more than five minutes. Your password again, please.");
    } else {
      place.textContent = passkeyReason(failure);
    }
  }
  used.disabled = false;
  used.focus();
}

function personReason(answer, problem) {
  if (answer.status === 429) {
    return `Too many failed logins. Try again in ${answer.headers.get("Retry-After") ?? "60"} s.`;
  }
  if (answer.status === 401) {
    return "The name or the password is wrong.";
  }
  return problem?.detail ?? `The server answered with status ${answer.status}.`;
}

/** A server without a user is set up first; a link of its operator logs in all the same. */
async function leadToSetUp() {
  const answer = await fetch("api/setup").catch(() => null);
  if (answer?.ok && (await answer.json()).needed) {
    location.replace("setup");
  }
}

async function login(secret) {
  button.disabled = true;
  problem.textContent = "";
  try {
    const answer = await fetch("login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(secret),
    });
    if (answer.ok) {
      location.replace(target());
      return;
    }
    if (secret.code && (await isLoggedIn())) {
      location.replace(target());
      return;
    }
    problem.textContent = await reason(answer, secret);
  } catch {
    problem.textContent = "The server does not answer. Is it still running?";
  }
  button.disabled = false;
  field.select();
}

/** The page that led here; anything but a page of this server is the overview. */
function target() {
  const root = new URL(".", location.href);
  const to = new URLSearchParams(location.search).get("to") ?? "";
  const page = /^\/[^/\\]/.test(to) ? new URL(to.slice(1), root) : root;
  return page.href.startsWith(root.href) ? page.href : root.href;
}

/** A link that is opened a second time, in the browser that it has logged in. */
async function isLoggedIn() {
  return (await fetch("api/status")).ok;
}

async function reason(answer, secret) {
  if (answer.status === 429) {
    return `Too many wrong tokens. Try again in ${answer.headers.get("Retry-After") ?? "60"} s.`;
  }
  if (answer.status === 401 && secret.code) {
    return "This link was used before, or is older than ten minutes. The token still logs in.";
  }
  if (answer.status === 401) {
    return "That is not the token of this server.";
  }
  const body = await answer.json().catch(() => null);
  return body?.detail ?? `The server answered with status ${answer.status}.`;
}

// Until here the button is off: without this script the browser itself would send the form.
button.disabled = false;
personButton.disabled = false;
person.addEventListener("submit", (event) => {
  event.preventDefault();
  loginPerson();
});
second.addEventListener("submit", (event) => {
  event.preventDefault();
  finish();
});
secondPasskey.addEventListener("click", () => loginByPasskey(ticket, secondPasskey, secondProblem));
byPasskey.hidden = !available();
byPasskey.addEventListener("submit", (event) => {
  event.preventDefault();
  loginByPasskey("", passkeyButton, passkeyProblem);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  login({ token: field.value.trim() });
});

const linked = new URLSearchParams(location.hash.slice(1));
if (!linked.has("code") && !linked.has("token")) {
  leadToSetUp();
}
for (const name of ["code", "token"]) {
  if (linked.has(name)) {
    history.replaceState(null, "", location.pathname + location.search);
    login({ [name]: linked.get(name) });
    break;
  }
}
