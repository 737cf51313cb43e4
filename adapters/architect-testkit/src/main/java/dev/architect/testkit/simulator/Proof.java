package dev.architect.testkit.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The signature that goes with reasoning and must come back unchanged. It is made from what it signs alone, so that a
 * later request can be checked without a memory of the earlier one.
 */
final class Proof {

    private Proof() {}

    /** The signature of a text. */
    static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.utf8("simulator " + text));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a signature is that of a text. */
    static boolean holds(String signature, String text) {
        return of(text).equals(signature);
    }

    /** A text and its signature as one opaque value, for providers that encrypt their reasoning. */
    static String sealed(String text) {
        return of(text) + "." + Base64.getEncoder().encodeToString(Json.utf8(text));
    }

    /** Whether an opaque value came from {@link #sealed} and was not changed. */
    static boolean isSealed(String value) {
        int dot = value.indexOf('.');
        if (dot < 0) {
            return false;
        }
        try {
            byte[] text = Base64.getDecoder().decode(value.substring(dot + 1));
            return holds(value.substring(0, dot), new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
