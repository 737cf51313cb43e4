package dev.architect.access;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A passkey of a user (Web Authentication, level 3): the public half of a pair of keys whose private half only an authenticator has. Further
 * components will only be added at the end.
 *
 * @param id the id of the credential, in base64url without padding, unique over all users
 * @param user whose it is
 * @param name how its user calls it
 * @param publicKey the COSE key (RFC 9052) that its signatures are checked with, in base64url without padding
 * @param transports how a browser reaches the authenticator, such as {@code internal} or {@code usb}; empty when that is not known
 * @param isBackupEligible whether the authenticator may copy the private half to other devices; it never changes
 * @param createdAt when it was added
 * @param use what its last signature has told
 */
public record Passkey(
        String id,
        String user,
        String name,
        String publicKey,
        Set<String> transports,
        boolean isBackupEligible,
        Instant createdAt,
        Use use) {

    /** The most characters of a name. */
    public static final int MAX_NAME = 64;

    /** The most characters of an id: 1,023 bytes, as the standard allows. */
    public static final int MAX_ID = 1_364;

    /** The most transports. */
    public static final int MOST_TRANSPORTS = 10;

    /** The most characters of a transport. */
    public static final int MAX_TRANSPORT = 32;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_ID + "}");

    /**
     * What changes with each signature.
     *
     * @param signCount how often the authenticator says that it has signed; 0 of one that does not count
     * @param isBackedUp whether the private half stands on other devices as well
     * @param lastUsed when it was last used; empty when it never was
     */
    public record Use(long signCount, boolean isBackedUp, Optional<Instant> lastUsed) {

        /** Checks the components. */
        public Use {
            Check.notNegative("signCount", signCount);
            Check.notNull("lastUsed", lastUsed);
        }
    }

    /** Checks the components and copies the transports. */
    public Passkey {
        User.checkName(user);
        checkName(name);
        Check.notBlank("publicKey", publicKey);
        Check.notNull("createdAt", createdAt);
        Check.notNull("use", use);
        transports = Set.copyOf(Check.noNulls("transports", transports));
        if (!ID.matcher(Check.notNull("id", id)).matches()) {
            throw new IllegalArgumentException(
                    "id has " + id.length() + " characters, expected 1 to " + MAX_ID + " of base64url");
        }
        if (transports.size() > MOST_TRANSPORTS) {
            throw new IllegalArgumentException(
                    "transports are " + transports.size() + ", expected at most " + MOST_TRANSPORTS);
        }
        transports.forEach(transport -> Check.atMost("transport", transport, MAX_TRANSPORT));
    }

    /**
     * Returns {@code name} when a passkey may be called so.
     *
     * @throws IllegalArgumentException when it is blank or has more than {@value #MAX_NAME} characters
     */
    public static String checkName(String name) {
        return Check.atMost("name", Check.notBlank("name", name), MAX_NAME);
    }

    /** Returns a copy that was used. */
    public Passkey used(Use last) {
        return new Passkey(id, user, name, publicKey, transports, isBackupEligible, createdAt, last);
    }

    /**
     * Whether a signature that counts {@code signCount} may come next. One that does not, of an authenticator that counts, is a sign that the
     * private half was copied.
     */
    public boolean accepts(long signCount) {
        return signCount > use.signCount() || (signCount == 0 && use.signCount() == 0);
    }

    /** Shows nothing of the key. */
    @Override
    public String toString() {
        return "Passkey[" + name + " of " + user + "]";
    }
}
