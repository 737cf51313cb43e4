package dev.architect.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * A number that names what a value holds: equal content has the same one, other content another one as good as always (60 bits of a SHA-256).
 * It stands for a version where none is stored.
 */
public final class ContentVersion {

    /** Numbers have at most 18 digits. */
    private static final long LIMIT = 1_000_000_000_000_000_000L;

    private ContentVersion() {}

    /** Returns the number of these texts in this order, 0 to 10^18 - 1. */
    public static long of(List<String> texts) {
        MessageDigest digest = sha256();
        for (String text : Check.noNulls("texts", texts)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // With their lengths, so that no two lists are one sequence of bytes.
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return Long.remainderUnsigned(ByteBuffer.wrap(digest.digest()).getLong(), LIMIT);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }
}
