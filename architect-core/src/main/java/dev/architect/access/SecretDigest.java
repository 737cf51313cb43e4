package dev.architect.access;

import dev.architect.check.Check;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How secrets of 112 or more random bits are kept and looked up: as their SHA-256. Passwords, which can be guessed, need a
 * {@link PasswordHasher}.
 */
public final class SecretDigest {

    private SecretDigest() {}

    /** Returns the SHA-256 of {@code secret} in hexadecimal, 64 characters. */
    public static String of(String secret) {
        return HexFormat.of().formatHex(sha256(Check.notNull("secret", secret).getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }
}
