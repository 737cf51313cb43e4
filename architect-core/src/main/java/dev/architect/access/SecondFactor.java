package dev.architect.access;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The authenticator app of a user, which a login asks for a code ({@link Totp}). Further components will only be added at the end.
 *
 * @param user whose it is
 * @param secret what the app and the server share, in hexadecimal
 * @param createdAt when it was begun
 * @param confirmedAt when the user has shown a first code; empty before, when no login asks for it
 * @param lastStep the step of the last code that was used, which no login takes again, nor an earlier one; -1 when none was
 * @param recovery the {@link SecretDigest}s of the codes that take the place of the app, each once
 */
public record SecondFactor(
        String user,
        String secret,
        Instant createdAt,
        Optional<Instant> confirmedAt,
        long lastStep,
        Set<String> recovery) {

    /** The most codes that take the place of the app. */
    public static final int MOST_RECOVERY = 20;

    /** Checks the components and copies the codes. */
    public SecondFactor {
        User.checkName(user);
        Check.notBlank("secret", secret);
        Check.notNull("createdAt", createdAt);
        Check.notNull("confirmedAt", confirmedAt);
        recovery = Set.copyOf(Check.noNulls("recovery", recovery));
        if (recovery.size() > MOST_RECOVERY) {
            throw new IllegalArgumentException(
                    "recovery has " + recovery.size() + " codes, expected at most " + MOST_RECOVERY);
        }
    }

    /** Returns one that was begun at {@code now} and is not confirmed. */
    public static SecondFactor begin(String user, byte[] secret, Instant now) {
        return new SecondFactor(
                user, HexFormat.of().formatHex(Check.notNull("secret", secret)), now, Optional.empty(), -1, Set.of());
    }

    /** Returns a copy that the user has confirmed at {@code now} by the code of {@code step}. */
    public SecondFactor confirmed(Instant now, long step, Set<String> codes) {
        return new SecondFactor(user, secret, createdAt, Optional.of(Check.notNull("now", now)), step, codes);
    }

    /** Whether a login asks for it. */
    public boolean isConfirmed() {
        return confirmedAt.isPresent();
    }

    /** The secret as {@link Totp} takes it. */
    public byte[] secretBytes() {
        return HexFormat.of().parseHex(secret);
    }

    /** Shows nothing of the secret. */
    @Override
    public String toString() {
        return "SecondFactor[" + user + (isConfirmed() ? ", confirmed" : "") + "]";
    }
}
