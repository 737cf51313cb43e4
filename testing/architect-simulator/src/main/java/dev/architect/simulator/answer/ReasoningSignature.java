package dev.architect.simulator.answer;

import dev.architect.simulator.json.SimulatorJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The signature that clients must return unchanged with reasoning: the reasoning itself with a digest, as one opaque value. It is
 * computed from the signed text alone, so that a later request can be verified without state.
 */
public final class ReasoningSignature {

    private ReasoningSignature() {}

    /** The signature of a text. */
    public static String of(String text) {
        return digest(text) + "." + Base64.getEncoder().encodeToString(SimulatorJson.utf8(text));
    }

    /** Whether a signature was made by {@link #of} and is unchanged. */
    public static boolean isValid(String value) {
        int dot = value.indexOf('.');
        if (dot < 0) {
            return false;
        }
        try {
            byte[] text = Base64.getDecoder().decode(value.substring(dot + 1));
            // The whole value is compared: base64 that decodes to the same text in another form was changed on the way.
            return of(new String(text, StandardCharsets.UTF_8)).equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The digest of a text alone, for signatures that come back beside their text. */
    public static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(SimulatorJson.utf8("simulator " + text));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
