package dev.architect.server.passkey;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import dev.architect.access.Passkey;
import dev.architect.access.SecretDigest;
import dev.architect.access.User;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/** What a browser is asked for, in the JSON of the standard (level 3, section 5.1.10): bytes are base64url. */
final class PasskeyOptions {

    private static final String SERVER = "Architect";
    private static final String TYPE = "public-key";

    private PasskeyOptions() {}

    /** For a new passkey of a user, on no authenticator that has one of these already. */
    static ObjectNode toAdd(RelyingParty party, User user, List<Passkey> known, String challenge) {
        ObjectNode options = JsonResponseWriter.object();
        options.putObject("rp").put("id", party.id()).put("name", SERVER);
        options.putObject("user")
                .put("id", Base64Url.encode(handle(user)))
                .put("name", user.name())
                .put("displayName", user.name());
        options.put("challenge", challenge);
        ArrayNode algorithms = options.putArray("pubKeyCredParams");
        for (PublicKeyCredentialParameters each : PasskeyVerifier.ALGORITHMS) {
            algorithms.addObject().put("type", TYPE).put("alg", each.getAlg().getValue());
        }
        options.put("timeout", PasskeyChallenges.VALIDITY.toMillis());
        options.set("excludeCredentials", descriptors(known));
        // One that is no more than a second factor may stay without a place on the authenticator.
        options.putObject("authenticatorSelection")
                .put("residentKey", "preferred")
                .put("userVerification", "preferred");
        return options.put("attestation", "none");
    }

    /** For a signature of one of these passkeys, or of whichever the authenticator has; {@code verification} of the user that holds it. */
    static ObjectNode toLogIn(RelyingParty party, List<Passkey> allowed, String verification, String challenge) {
        ObjectNode options = JsonResponseWriter.object()
                .put("challenge", challenge)
                .put("timeout", PasskeyChallenges.VALIDITY.toMillis())
                .put("rpId", party.id())
                .put("userVerification", verification);
        options.set("allowCredentials", descriptors(allowed));
        return options;
    }

    private static ArrayNode descriptors(List<Passkey> passkeys) {
        ArrayNode all = JsonResponseWriter.array();
        passkeys.forEach(passkey -> {
            ArrayNode transports =
                    all.addObject().put("type", TYPE).put("id", passkey.id()).putArray("transports");
            new TreeSet<>(passkey.transports()).forEach(transports::add);
        });
        return all;
    }

    /** What an authenticator keeps of a user: it says nothing of the name, and is another one for a later user of the same name. */
    static byte[] handle(User user) {
        return HexFormat.of().parseHex(SecretDigest.of("passkeys of " + user.name() + " since " + user.createdAt()));
    }
}
