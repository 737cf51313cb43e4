// Sends the token once and keeps nothing of it. A link may carry it behind the #, which browsers never send.

const form = document.getElementById("login");
const field = document.getElementById("token");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

async function login(token) {
  button.disabled = true;
  problem.textContent = "";
  try {
    const answer = await fetch("/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) {
      location.replace("/");
      return;
    }
    problem.textContent = await reason(answer);
  } catch {
    problem.textContent = "The server does not answer. Is it still running?";
  }
  button.disabled = false;
  field.select();
}

async function reason(answer) {
  if (answer.status === 429) {
    return `Too many wrong tokens. Try again in ${answer.headers.get("Retry-After") ?? "60"} s.`;
  }
  if (answer.status === 401) {
    return "That is not the token of this server.";
  }
  const body = await answer.json().catch(() => null);
  return body?.error?.message ?? `The server answered with status ${answer.status}.`;
}

// Until here the button is off: without this script the browser itself would send the form.
button.disabled = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  login(field.value.trim());
});

const linked = new URLSearchParams(location.hash.slice(1)).get("token");
if (linked) {
  history.replaceState(null, "", location.pathname);
  login(linked);
}
