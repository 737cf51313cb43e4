// The passkeys of who looks: which there are, a new one, and one that is not wanted any more.

import { ask, field, freshly, send } from "./account.js";
import { follow, h, setText } from "./dom.js";
import { moment } from "./format.js";
import { available, make, reason } from "./passkey.js";
import { toast } from "./shell.js";

const MOST_CHARACTERS = "64";

const list = h("ul", { class: "rows", id: "passkeys" });
const none = h("p", { class: "note", id: "no-passkeys" }, "None yet. A passkey logs you in by the lock of your device, or by a security key, without a password that somebody could steal.");
const adding = h("button", { type: "button", id: "add-passkey" }, "Add a passkey");
const content = h("div", { class: "stack-v" }, none, list, available()
  ? h("div", { class: "row" }, adding)
  : h("p", { class: "note", id: "passkeys-elsewhere" }, "Browsers add passkeys on pages with TLS and a name, and on http://localhost. Open this server under such an address."));

function add(me, changed) {
  return freshly(me, async () => {
    const begin = () => send("/api/me/passkeys/options", "POST");
    let begun = await begin();
    ask("Add a passkey", "Go on", async ({ name }, box) => {
      const { publicKey } = begun ?? await begin();
      // Each is good for one answer.
      begun = null;
      const made = await make(publicKey).catch((failure) => {
        throw new Error(reason(failure), { cause: failure });
      });
      await send("/api/me/passkeys", "POST", { name, ...made });
      box.close();
      toast(`The passkey ${name} is added.`);
      changed();
    },
    field("name", "What you call it", { maxlength: MOST_CHARACTERS, autocomplete: "off", placeholder: "Laptop" }),
    h("p", { class: "note" }, "Your browser then asks which device or key shall keep it."));
  });
}

function remove(me, passkey, changed) {
  ask("Remove a passkey", "Remove", async (given, box) => {
    box.close();
    await freshly(me, async () => {
      await send(`/api/me/passkeys/${encodeURIComponent(passkey.id)}`, "DELETE");
      toast(`The passkey ${passkey.name} is removed. Your other logins have ended.`);
      changed();
    });
  }, h("p", {}, `${passkey.name} logs you in no more. What is left of it on the device can be deleted there.`));
}

function state({ lastUsedAt, createdAt, backedUp }) {
  return `${lastUsedAt ? `used ${moment(lastUsedAt)}` : `added ${moment(createdAt)}`}${backedUp ? ", on several devices" : ""}`;
}

/** Reads the passkeys of a user again; returns what a card about them holds, which is the same each time. `changed` is called after a change. */
export async function readPasskeys(me, changed) {
  const { passkeys } = await send("/api/me/passkeys", "GET");
  none.hidden = passkeys.length > 0;
  list.hidden = passkeys.length === 0;
  adding.onclick = () => add(me, changed);
  follow(list, passkeys, (passkey) => passkey.id,
    (passkey) => h("li", {}, h("span", { class: "what" }, passkey.name), h("span", { class: "note" }),
      h("button", { type: "button", "aria-label": `Remove the passkey ${passkey.name}`, onclick: () => remove(me, passkey, changed) }, "Remove")),
    (row, passkey) => setText(row.children[1], state(passkey)));
  return content;
}
