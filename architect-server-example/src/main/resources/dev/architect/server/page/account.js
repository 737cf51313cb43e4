// The password of who looks, and the authenticator app that logins ask as well. What needs a fresh login asks for the password, or a passkey.

import { h, setText } from "./dom.js";
import { plural } from "./format.js";
import { at } from "./live.js";
import { available, reason, sign } from "./passkey.js";
import { dialog, toast } from "./shell.js";

const LEAST_CHARACTERS = 15;

/** As api() does, but for what answers 401 to a wrong secret: whoever looks stays logged in. */
export async function send(path, method, body) {
  const answer = await fetch(at(path), {
    method, signal: AbortSignal.timeout(20_000), ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch((cause) => {
    throw new Error("The server cannot be reached.", { cause });
  });
  const content = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw Object.assign(new Error(content?.detail ?? `the server answered with status ${answer.status}`), { status: answer.status, code: content?.code });
  }
  return content;
}

export const field = (id, label, attributes) => h("div", { class: "field" }, h("label", { for: id }, label), h("input", { id, name: id, required: true, spellcheck: "false", autocapitalize: "off", "aria-describedby": "account-problem", ...attributes }));
const secret = (id, label, autocomplete, more = {}) => field(id, label, { type: "password", autocomplete, ...more });
const digits = () => field("code", "Code of the authenticator app", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: "64" });

/** A form in a dialog, which stays open and says why when `work` fails. */
export function ask(title, button, work, ...content) {
  const problem = h("p", { class: "note bad", role: "alert", id: "account-problem" });
  const go = h("button", { type: "submit", class: "primary" }, button);
  const box = dialog("ask", title, h("form", { onsubmit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    setText(problem, "");
    try {
      await work(Object.fromEntries(new FormData(event.target)), box);
    } catch (failure) {
      setText(problem, failure.message);
    }
    go.disabled = false;
  } }, ...content, problem, h("div", { class: "row" }, go, h("button", { type: "button", onclick: () => box.close() }, "Close"))));
  box.querySelector("input")?.focus();
  return box;
}

const TOLD = {
  "wrong-passkey": "This passkey is not known here, or it took too long. Try again.",
  "password-needed": "This passkey does not check who holds it. Type the password.",
};

/** A row whose button shows a passkey in place of the password; `done` gets the dialog once the login counts as fresh. */
function passkeyRow(done) {
  const button = h("button", { type: "button", id: "fresh-passkey", onclick: async () => {
    const box = button.closest("dialog");
    const problem = box.querySelector("#account-problem");
    button.disabled = true;
    setText(problem, "");
    try {
      const { publicKey } = await send("/api/reauthenticate/passkey/options", "POST");
      await send("/api/reauthenticate/passkey", "POST", await sign(publicKey));
      await done(box);
    } catch (failure) {
      setText(problem, TOLD[failure.code] ?? reason(failure));
      button.disabled = false;
      button.focus();
    }
  } }, "Use a passkey");
  return h("div", { class: "row" }, button, h("span", { class: "note" }, "or the password"));
}

/** Does `work`; where that needs a login of the last ten minutes, asks for a passkey or the password first. */
export async function freshly(me, work) {
  try {
    await work();
  } catch (failure) {
    if (failure.code !== "fresh-login-needed") {
      toast(failure.message, { bad: true });
      return;
    }
    const goOn = async (box) => {
      box.close();
      await work().catch((again) => toast(again.message, { bad: true }));
    };
    const byPasskey = me.passkeys > 0 && available();
    const box = ask(byPasskey ? "Show once more that it is you" : me.name ? "Your password again" : "The token again", "Go on", async (given, open) => {
      await send("/api/reauthenticate", "POST", given);
      await goOn(open);
    }, byPasskey ? passkeyRow(goOn) : null, me.name ? secret("password", "Password", "current-password") : secret("token", "Token of the operator", "off"), me.secondFactor ? digits() : null);
    box.querySelector("#fresh-passkey")?.focus();
  }
}

function changePassword() {
  ask("Change the password", "Change", async (given, box) => {
    await send("/api/me/password", "PUT", given);
    box.close();
    toast("The password is changed. Your other logins have ended.");
  },
  secret("current", "Password of now", "current-password"),
  secret("password", "New password", "new-password", { minlength: LEAST_CHARACTERS }),
  h("p", { class: "note" }, `${LEAST_CHARACTERS} characters or more, of whatever kind.`));
}

function setUp(me, changed) {
  return freshly(me, async () => {
    const { secret: text, svg } = await send("/api/me/totp", "POST");
    const picture = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    for (const [name, value] of Object.entries({ role: "img", "aria-label": "QR code for the authenticator app", width: "196", height: "196" })) {
      picture.setAttribute(name, value);
    }
    ask("Set up an authenticator app", "Confirm", async (given, box) => {
      const { recoveryCodes } = await send("/api/me/totp/confirm", "POST", given);
      box.close();
      showCodes(recoveryCodes);
      changed();
    },
    h("p", {}, "Let the app read this picture, or type the key. Then type the code that it shows."), picture,
    h("p", {}, h("code", { id: "totp-secret" }, text.replaceAll(/(.{4})(?=.)/g, "$1 "))), digits());
  });
}

function showCodes(codes) {
  const box = dialog("ask", "Recovery codes", h("div", { class: "stack-v" },
    h("p", {}, "Each logs you in once when the app is not at hand. They are shown now and never again: print them, or keep them where the password is not."),
    h("ul", { class: "rows mono", id: "recovery-codes" }, ...codes.map((code) => h("li", {}, code))),
    h("div", { class: "row" }, h("button", { type: "button", class: "primary", autofocus: true, onclick: () => box.close() }, "I have kept them"))));
}

function remove(me, changed) {
  ask("Remove the authenticator app", "Remove", async (given, box) => {
    box.close();
    await freshly(me, async () => {
      await send("/api/me/totp", "DELETE");
      toast("Logins ask for the password alone.");
      changed();
    });
  }, h("p", {}, "Whoever knows the password can log in as you then. The recovery codes are gone as well."));
}

/** The rows about the account of a user, for a list; none for who has no password. `changed` is called after a change of the app. */
export function accountRows(me, changed) {
  if (!me.name) {
    return [];
  }
  const state = me.secondFactor ? `on, ${plural(me.recoveryCodes, "code")} left` : "off";
  return [
    h("li", {}, h("span", { class: "what" }, "Password"), h("button", { type: "button", id: "change-password", onclick: changePassword }, "Change")),
    h("li", {}, h("span", { class: "what" }, "Authenticator app"), h("span", { class: "note", id: "totp-state" }, state),
      me.secondFactor
        ? h("button", { type: "button", id: "remove-totp", onclick: () => remove(me, changed) }, "Remove")
        : h("button", { type: "button", id: "set-up-totp", onclick: () => setUp(me, changed) }, "Set up")),
  ];
}
