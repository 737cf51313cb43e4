package dev.architect.creation;

import dev.architect.check.Check;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names a creation, so that repeating it creates nothing more. Keys of different callers, and of different operations, are different keys.
 *
 * @param caller who creates, as the audit has it; not blank
 * @param operation what is done, such as {@code createItem}; not blank
 * @param key what the caller calls it: 1 to {@value #MAX_CHARACTERS} visible ASCII characters
 * @param requestHash a digest of the whole request: with another one the key was used for something else
 */
public record CreationKey(String caller, String operation, String key, String requestHash) {

    /** The longest key. */
    public static final int MAX_CHARACTERS = 255;

    /** Checks every field. */
    public CreationKey {
        Check.notBlank("caller", caller);
        Check.notBlank("operation", operation);
        Check.atMost("key", Check.notBlank("key", key), MAX_CHARACTERS);
        Check.notBlank("requestHash", requestHash);
        for (int i = 0; i < key.length(); i++) {
            char character = key.charAt(i);
            if (character < '!' || character > '~') {
                throw new IllegalArgumentException("key has a character of the number " + (int) character + " at "
                        + (i + 1) + ", expected visible ASCII characters only");
            }
        }
    }

    /** Under what a store keeps it: 64 hexadecimal digits, the same for the same caller, operation and key. */
    public String id() {
        // Each with its length, so that no two keys have the same text.
        String text = caller.length() + ":" + caller + operation.length() + ":" + operation + key;
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java platform", missing);
        }
    }
}
