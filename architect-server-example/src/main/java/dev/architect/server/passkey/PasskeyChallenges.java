package dev.architect.server.passkey;

import dev.architect.access.AccessStore;
import dev.architect.access.LoginChallenge;
import dev.architect.access.SecretDigest;
import dev.architect.error.CapacityException;
import dev.architect.runtime.AccessToken;
import dev.architect.server.rest.ApiException;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What passkeys are asked to sign: 256 random bits, for one purpose and one answer, on whatever node it comes. Safe for use by several threads.
 */
final class PasskeyChallenges {

    /** How long an answer is waited for. */
    static final Duration VALIDITY = Duration.ofMinutes(5);

    private static final Duration RETRY = Duration.ofSeconds(30);

    private final AccessStore store;
    private final TimeSource time;

    PasskeyChallenges(AccessStore store, TimeSource time) {
        this.store = store;
        this.time = time;
    }

    /** The purpose of a challenge for a new passkey of whoever has this login. */
    static String toAdd(String login) {
        return "add " + login;
    }

    /** The purpose of a challenge for a login that was begun with this ticket. */
    static String toLogIn(String ticket) {
        return "login " + SecretDigest.of(ticket);
    }

    /** The purpose of a challenge by which this login is to count as fresh. */
    static String toRefresh(String login) {
        return "refresh " + login;
    }

    /**
     * Returns a challenge, in place of an earlier one for the same purpose.
     *
     * @throws ApiException 503 when too many wait for an answer
     */
    String issue(String purpose) {
        String challenge = Base64Url.encode(HexFormat.of().parseHex(AccessToken.newSecret(time)));
        Instant now = time.wallTime();
        try {
            store.addChallenge(new LoginChallenge(SecretDigest.of(challenge), purpose, now, now.plus(VALIDITY)));
        } catch (CapacityException full) {
            throw new ApiException(
                    503,
                    "busy",
                    "more than " + AccessStore.MOST_CHALLENGES + " logins by a passkey wait, try again later",
                    null,
                    RETRY);
        }
        return challenge;
    }

    /** Takes a challenge, after which no other answer to it is taken; refuses one that is not for this purpose, or too old. */
    void take(String challenge, String purpose) {
        Instant now = time.wallTime();
        boolean isRight = store.takeChallenge(SecretDigest.of(challenge))
                .filter(known -> known.purpose().equals(purpose) && known.isValid(now))
                .isPresent();
        if (!isRight) {
            throw new PasskeyRefusal("unknown-challenge");
        }
    }
}
