// Sends the token, a name and a password once and keeps nothing of them.

const form = document.getElementById("setup");
const fields = form.elements;
const problem = document.getElementById("problem");
const button = form.querySelector("button");

async function setUp() {
  problem.textContent = "";
  if (fields.password.value !== fields.again.value) {
    refuse("The passwords differ.", fields.again);
    return;
  }
  button.disabled = true;
  try {
    const answer = await fetch("setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        token: fields.token.value.trim(),
        name: fields.name.value.trim(),
        password: fields.password.value,
      }),
    });
    if (answer.ok) {
      location.replace(".");
      return;
    }
    const body = await answer.json().catch(() => null);
    const pointer = body?.errors?.[0]?.pointer?.slice(1);
    refuse(reason(answer, body), fields[pointer] ?? fields.token);
  } catch {
    refuse("The server does not answer. Is it still running?", fields.token);
  }
  button.disabled = false;
}

function refuse(text, field) {
  problem.textContent = text;
  field.focus();
  field.select();
}

function reason(answer, body) {
  switch (body?.code) {
    case "wrong-token":
      return "That is not the token of this server.";
    case "set-up-done":
      return "Somebody has set this server up already. Log in instead.";
    case "too-many-tries":
      return `Too many wrong tokens. Try again in ${answer.headers.get("Retry-After") ?? "60"} s.`;
    default: {
      const detail = body?.detail ?? `the server answered with status ${answer.status}`;
      return detail.charAt(0).toUpperCase() + detail.slice(1) + ".";
    }
  }
}

async function leaveWhenDone() {
  const answer = await fetch("api/setup").catch(() => null);
  if (answer?.ok && !(await answer.json()).needed) {
    location.replace("login");
  }
}

// Until here the button is off: without this script the browser itself would send the form.
button.disabled = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  setUp();
});
leaveWhenDone();
