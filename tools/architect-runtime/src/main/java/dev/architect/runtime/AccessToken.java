package dev.architect.runtime;

import dev.architect.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The secret of the server: whoever sends it may do everything. Kept as its SHA-256 only, and compared in constant
 * time, so neither a heap dump nor the time of a comparison reveals it. Immutable; {@code toString} shows nothing of it.
 */
public final class AccessToken {

    private static final int BYTES = 32;
    private static final int MIN_CHARACTERS = 32;
    private static final int MAX_CHARACTERS = 256;

    private final byte[] digest;

    private AccessToken(String secret) {
        this.digest = digest(secret);
    }

    /** Returns the text of a new secret of 256 bits that {@code time} draws at random, as 64 hexadecimal digits. */
    public static String newSecret(TimeSource time) {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) time.random(256);
        }
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Returns the token whose secret is {@code secret}.
     *
     * @throws IllegalArgumentException when it has not 32 to 256 visible ASCII characters
     */
    public static AccessToken of(String secret) {
        if (secret.length() < MIN_CHARACTERS || secret.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "token has " + secret.length() + " characters, expected " + MIN_CHARACTERS + ".." + MAX_CHARACTERS);
        }
        if (!secret.chars().allMatch(character -> character > ' ' && character < 127)) {
            throw new IllegalArgumentException("token has blanks or other special characters, expected visible ASCII");
        }
        return new AccessToken(secret);
    }

    /** Whether {@code offered} is the secret of this token; takes the same time for every answer. */
    public boolean matches(String offered) {
        return MessageDigest.isEqual(digest, digest(offered));
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
