package dev.architect.access;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.Optional;

/**
 * A login of a browser. Further components will only be added at the end.
 *
 * @param id the SHA-256, in hexadecimal, of the secret that only the browser holds
 * @param user who has logged in; empty for the holder of the local operator's token
 * @param createdAt when
 * @param authenticatedAt when the user has last shown the password, or the token
 * @param lastSeen when there was activity of the user, to the minute
 * @param endsAt when it ends at the latest
 * @param address where the browser was, as the server knows it; at most 64 characters
 * @param agent what the browser calls itself; at most 200 characters
 */
public record Login(
        String id,
        Optional<String> user,
        Instant createdAt,
        Instant authenticatedAt,
        Instant lastSeen,
        Instant endsAt,
        String address,
        String agent) {

    /** Checks the components. */
    public Login {
        Check.notBlank("id", id);
        Check.notNull("user", user);
        Check.notNull("createdAt", createdAt);
        Check.notNull("authenticatedAt", authenticatedAt);
        Check.notNull("lastSeen", lastSeen);
        Check.notNull("endsAt", endsAt);
        Check.atMost("address", address, 64);
        Check.atMost("agent", agent, 200);
    }

    /** Returns a copy with activity at {@code now}. */
    public Login seen(Instant now) {
        return new Login(id, user, createdAt, authenticatedAt, now, endsAt, address, agent);
    }

    /** Returns a copy whose user has shown the password at {@code now}. */
    public Login authenticated(Instant now) {
        return new Login(id, user, createdAt, now, now, endsAt, address, agent);
    }
}
