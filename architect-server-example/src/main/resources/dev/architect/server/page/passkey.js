// Passkeys: what the server asks for, as the browser takes it, and what the browser answers, as the server reads it. Bytes are base64url in JSON.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = ({ id, ...rest }) => ({ ...rest, id: bytes(id) });

/** Whether the browser has passkeys here: it has none without TLS, but for localhost, and none under an address in place of a name. */
export const available = () => isSecureContext && "PublicKeyCredential" in window && !/^\[|(^|\.)\d+$/.test(location.hostname);

/** Makes a passkey; returns what the server is told of it. */
export async function make(options) {
  const { response } = await navigator.credentials.create({ publicKey: {
    ...options, challenge: bytes(options.challenge), user: named(options.user), excludeCredentials: options.excludeCredentials.map(named),
  } });
  return { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject), transports: response.getTransports?.() ?? [] };
}

/** Lets a passkey sign; returns what the server is told of it. */
export async function sign(options) {
  const { rawId, response } = await navigator.credentials.get({ publicKey: {
    ...options, challenge: bytes(options.challenge), allowCredentials: options.allowCredentials.map(named),
  } });
  const answer = { id: text(rawId) };
  for (const name of ["clientDataJSON", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]?.byteLength) {
      answer[name] = text(response[name]);
    }
  }
  return answer;
}

/** What a person is told when it came to nothing. */
export function reason(failure) {
  return {
    NotAllowedError: "No passkey was used. It was cancelled, or took too long.",
    InvalidStateError: "This device has a passkey of yours already.",
    SecurityError: "The browser has no passkeys under this address.",
  }[failure.name] ?? failure.message;
}
