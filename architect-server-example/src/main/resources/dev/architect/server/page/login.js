// Sends the token once and keeps nothing of it. A link may carry it, or a code that is valid once, behind the #, which browsers never
// send.

const form = document.getElementById("login");
const field = document.getElementById("token");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

async function login(secret) {
  button.disabled = true;
  problem.textContent = "";
  try {
    const answer = await fetch("/login", {
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
  const to = new URLSearchParams(location.search).get("to") ?? "";
  return /^\/tasks\/[0-9a-z]{1,32}$/.test(to) ? to : "/";
}

/** A link that is opened a second time, in the browser that it has logged in. */
async function isLoggedIn() {
  return (await fetch("/api/status")).ok;
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
form.addEventListener("submit", (event) => {
  event.preventDefault();
  login({ token: field.value.trim() });
});

const linked = new URLSearchParams(location.hash.slice(1));
for (const name of ["code", "token"]) {
  if (linked.has(name)) {
    history.replaceState(null, "", location.pathname + location.search);
    login({ [name]: linked.get(name) });
    break;
  }
}
