package dev.architect.access;

import dev.architect.check.Check;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Codes that an authenticator app shows (RFC 6238): six digits of HMAC-SHA-1 over a counter that goes up every 30 seconds, which is what all such
 * apps can do. Without state: whether a code was used before is for the {@link AccessStore} to say.
 */
public final class Totp {

    /** How many random bytes a secret has, as RFC 4226, section 4, recommends. */
    public static final int SECRET_BYTES = 20;

    /** For how many seconds an app shows a code. */
    public static final int STEP_SECONDS = 30;

    /** How many digits a code has. */
    public static final int DIGITS = 6;

    /** A clock may be wrong by one step, and a person may need one to type (RFC 6238, section 5.2). */
    private static final int DRIFT = 1;

    private static final int MODULUS = 1_000_000;
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totp() {}

    /**
     * Returns a new secret.
     *
     * @param random returns a number from 0 up to its argument, exclusive, that cannot be predicted: that of {@code TimeSource.system()}
     */
    public static byte[] newSecret(LongUnaryOperator random) {
        return RecoveryCodes.randomBytes(SECRET_BYTES, random);
    }

    /**
     * Returns the code of a step.
     *
     * @param secret what the app and the server share
     * @param step the seconds since 1970, divided by {@value #STEP_SECONDS}
     */
    public static String code(byte[] secret, long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Check.notNull("secret", secret), "RAW"));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
            return String.format(Locale.ROOT, "%0" + DIGITS + "d", number % MODULUS);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HmacSHA1 is missing, expected it in every JDK", impossible);
        }
    }

    /** Returns the step of a moment. */
    public static long step(Instant at) {
        return Math.floorDiv(Check.notNull("at", at).getEpochSecond(), STEP_SECONDS);
    }

    /**
     * Returns the step whose code this is, of those around {@code now}; empty when it is of none. Takes as long for a wrong code as for a right
     * one.
     */
    public static OptionalLong find(byte[] secret, String code, Instant now) {
        byte[] shown = Check.notNull("code", code).getBytes(StandardCharsets.UTF_8);
        long at = step(now);
        OptionalLong found = OptionalLong.empty();
        for (long step = at - DRIFT; step <= at + DRIFT; step++) {
            byte[] right = code(secret, step).getBytes(StandardCharsets.US_ASCII);
            if (MessageDigest.isEqual(right, shown)) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** Returns bytes in Base 32 (RFC 4648) without padding, as apps take a secret that is typed. */
    public static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte each : Check.notNull("bytes", bytes)) {
            buffer = (buffer << Byte.SIZE) | (each & 0xff);
            bits += Byte.SIZE;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE_32.charAt((buffer >> bits) & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE_32.charAt((buffer << (5 - bits)) & 31));
        }
        return text.toString();
    }
}
