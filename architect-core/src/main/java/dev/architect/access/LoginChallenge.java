package dev.architect.access;

import dev.architect.check.Check;
import java.time.Instant;

/**
 * What a passkey is asked to sign, once. Further components will only be added at the end.
 *
 * @param digest the {@link SecretDigest} of what is signed
 * @param purpose what the answer is for: a login that was begun, or a passkey that is to be added; at most 200 characters
 * @param createdAt when it was made
 * @param endsAt when no answer is taken any more
 */
public record LoginChallenge(String digest, String purpose, Instant createdAt, Instant endsAt) {

    /** Checks the components. */
    public LoginChallenge {
        Check.notBlank("digest", digest);
        Check.atMost("purpose", Check.notBlank("purpose", purpose), 200);
        Check.notNull("createdAt", createdAt);
        Check.notNull("endsAt", endsAt);
    }

    /** Whether an answer is taken at {@code now}. */
    public boolean isValid(Instant now) {
        return Check.notNull("now", now).isBefore(endsAt);
    }
}
