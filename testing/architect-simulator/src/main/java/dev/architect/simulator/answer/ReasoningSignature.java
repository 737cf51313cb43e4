package dev.architect.simulator.answer;

import dev.architect.simulator.json.SimulatorJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What goes with reasoning and must come back unchanged: the reasoning itself with a digest, as one opaque value. It is
 * made from what it seals alone, so that a later request can be checked without a memory of the earlier one.
 */
public final class ReasoningSignature {

    private ReasoningSignature() {}

    /** The opaque value of a text. */
    public static String of(String text) {
        return digest(text) + "." + Base64.getEncoder().encodeToString(SimulatorJson.utf8(text));
    }

    /** Whether an opaque value came from {@link #of} and was not changed. */
    public static boolean isValid(String value) {
        int dot = value.indexOf('.');
        if (dot < 0) {
            return false;
        }
        try {
            byte[] text = Base64.getDecoder().decode(value.substring(dot + 1));
            return of(new String(text, StandardCharsets.UTF_8)).equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The digest of a text alone, for signatures of what comes back beside them. */
    public static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(SimulatorJson.utf8("simulator " + text));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
