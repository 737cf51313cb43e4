package dev.architect.provider.http.reading;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Ids of tool calls. OpenAI refuses those that are longer than 40 characters; a conversation that began elsewhere may have
 * some. Such an id becomes another one, the same each time.
 */
public final class PortableToolCallId {

    private static final Pattern TAKEN = Pattern.compile("[A-Za-z0-9_-]{1,40}");
    private static final int HASH_BYTES = 16;

    private PortableToolCallId() {}

    /** Returns {@code id} where it can stay, and always the same other one where it cannot. */
    public static String shortened(String id) {
        if (TAKEN.matcher(id).matches()) {
            return id;
        }
        try {
            // A hash and no counter: call and result are written apart, and the same id must become the same one.
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return "call_" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException("SHA-256 is missing, expected in every Java", everyJavaHasIt);
        }
    }
}
