package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Codes that stand in a link in place of the token: each logs in once, within ten minutes. Of unused codes the oldest is dropped
 * when there are more than sixteen. Only their digests are kept. Safe for use by several threads.
 */
public final class LoginCodes {

    /** How long a code is valid. */
    public static final Duration VALIDITY = Duration.ofMinutes(10);

    private static final int MAX_CODES = 16;

    private final TimeSource time;
    private final Map<AccessToken, Long> createdAt = new LinkedHashMap<>();

    /** Creates an empty set of codes. */
    public LoginCodes(TimeSource time) {
        this.time = time;
    }

    /** Returns a new code. */
    public String create() {
        String code = AccessToken.newSecret(time);
        synchronized (createdAt) {
            if (createdAt.size() >= MAX_CODES) {
                createdAt.remove(createdAt.keySet().iterator().next());
            }
            createdAt.put(AccessToken.of(code), time.nanoTime());
        }
        return code;
    }

    /** Whether {@code code} is valid; it is not any longer afterwards. */
    boolean redeem(String code) {
        synchronized (createdAt) {
            long now = time.nanoTime();
            createdAt.values().removeIf(created -> now - created > VALIDITY.toNanos());
            return createdAt.keySet().removeIf(known -> known.matches(code));
        }
    }
}
