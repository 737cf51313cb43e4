package dev.architect.access;

import dev.architect.check.Check;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * PBKDF2 with HMAC-SHA-256 of the JDK, a salt of 128 bits and a result of 256. Texts look like
 * {@code $pbkdf2-sha256$i=600000$<salt>$<result>}, in base 64 without padding. Immutable.
 */
public final class Pbkdf2PasswordHasher implements PasswordHasher {

    /** What OWASP's password storage cheat sheet recommends for HMAC-SHA-256; read on 2026-11-27. */
    public static final int DEFAULT_ITERATIONS = 600_000;

    private static final int MIN_ITERATIONS = 1_000;
    private static final int MAX_ITERATIONS = 10_000_000;
    private static final int SALT_BYTES = 16;
    private static final int RESULT_BYTES = 32;
    private static final Pattern KEPT =
            Pattern.compile("\\$pbkdf2-sha256\\$i=(\\d{4,8})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{43})");

    private final int iterations;
    private final LongUnaryOperator random;

    /** Creates one with {@link #DEFAULT_ITERATIONS}; as the other constructor. */
    public Pbkdf2PasswordHasher(LongUnaryOperator random) {
        this(DEFAULT_ITERATIONS, random);
    }

    /**
     * Creates one.
     *
     * @param iterations 1,000 to 10,000,000; fewer than the default are for tests
     * @param random returns a number from 0 up to its argument, exclusive, that cannot be predicted: that of {@code TimeSource.system()}
     */
    public Pbkdf2PasswordHasher(int iterations, LongUnaryOperator random) {
        this.random = Check.notNull("random", random);
        this.iterations = Check.range("iterations", iterations, MIN_ITERATIONS, MAX_ITERATIONS);
    }

    @Override
    public String hash(String password) {
        Check.notNull("password", password);
        byte[] salt = new byte[SALT_BYTES];
        for (int i = 0; i < salt.length; i++) {
            salt[i] = (byte) random.applyAsLong(256);
        }
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$pbkdf2-sha256$i=" + iterations + "$" + encoder.encodeToString(salt) + "$"
                + encoder.encodeToString(derive(password, salt, iterations));
    }

    @Override
    public boolean matches(String password, String kept) {
        Check.notNull("password", password);
        Matcher parts = KEPT.matcher(Check.notNull("kept", kept));
        if (!parts.matches()) {
            return false;
        }
        int count = Integer.parseInt(parts.group(1));
        if (count > MAX_ITERATIONS) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(parts.group(2));
        return MessageDigest.isEqual(Base64.getDecoder().decode(parts.group(3)), derive(password, salt, count));
    }

    @Override
    public boolean isOutdated(String kept) {
        Matcher parts = KEPT.matcher(Check.notNull("kept", kept));
        return !parts.matches() || Integer.parseInt(parts.group(1)) != iterations;
    }

    private static byte[] derive(String password, byte[] salt, int count) {
        PBEKeySpec key = new PBEKeySpec(password.toCharArray(), salt, count, RESULT_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(key)
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("PBKDF2WithHmacSHA256 is missing, expected it in every JDK", impossible);
        } finally {
            key.clearPassword();
        }
    }
}
