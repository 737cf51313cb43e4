package dev.architect.access;

import dev.architect.check.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;

/**
 * Codes that take the place of an authenticator app that was lost, each once: 120 random bits in six groups of four letters and digits. That is
 * enough to keep them as a plain {@link SecretDigest} (ASVS 5.0, V6.5.2 asks for 112). Without state.
 */
public final class RecoveryCodes {

    /** How many a user is shown. */
    public static final int COUNT = 10;

    private static final int BYTES = 15;
    private static final int GROUP = 4;

    private RecoveryCodes() {}

    /**
     * Returns new codes.
     *
     * @param random returns a number from 0 up to its argument, exclusive, that cannot be predicted: that of {@code TimeSource.system()}
     */
    public static List<String> create(LongUnaryOperator random) {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            String letters = Totp.base32(randomBytes(BYTES, random)).toLowerCase(Locale.ROOT);
            StringBuilder code = new StringBuilder();
            for (int at = 0; at < letters.length(); at += GROUP) {
                code.append(at == 0 ? "" : "-").append(letters, at, at + GROUP);
            }
            codes.add(code.toString());
        }
        return List.copyOf(codes);
    }

    static byte[] randomBytes(int count, LongUnaryOperator random) {
        Check.notNull("random", random);
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) random.applyAsLong(256);
        }
        return bytes;
    }

    /** Returns the digest of a code as somebody typed it: case, blanks and hyphens do not matter. */
    public static String digest(String typed) {
        return SecretDigest.of(
                Check.notNull("typed", typed).replaceAll("[\\s-]", "").toLowerCase(Locale.ROOT));
    }
}
