package dev.architect.review;

import dev.architect.check.Check;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Exactly what is approved: the action with everything that decides what it does, as one canonical text, and the hash of that text. An
 * approval is for this hash, and what is done must have the same one. Two values are equal only when they are made of the same text.
 *
 * @param json a JSON object, at most {@value #MAX_CHARACTERS} characters
 * @param sha256 the SHA-256 of the text in UTF-8, 64 hexadecimal digits in lower case
 */
public record ReviewedAction(String json, String sha256) {

    /** The most characters of an action. */
    public static final int MAX_CHARACTERS = 100_000;

    /** Checks that the hash is that of the text, and that the text is an object. */
    public ReviewedAction {
        Check.atMost("json", json, MAX_CHARACTERS);
        Check.notNull("sha256", sha256);
        if (!sha256.equals(hash(json))) {
            throw InvalidFieldException.value("sha256", "sha256 is another one, expected the hash of the action");
        }
        JsonText.readObject(json);
    }

    /**
     * Returns the action of a text.
     *
     * @throws dev.architect.json.JsonException when it is no JSON object
     */
    public static ReviewedAction of(String json) {
        return new ReviewedAction(json, hash(Check.notNull("json", json)));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JVM", missing);
        }
    }
}
