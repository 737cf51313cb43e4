package dev.architect.server.access;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the rate of failed logins: after five failures from one address each further one doubles the time until the next
 * attempt is checked, from one second to one minute. A correct token clears the failures, and so does an hour without any.
 * The wait never grows longer, so that others cannot lock the owner out. Safe for use by several threads.
 */
public final class LoginRateLimit {

    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);
    private static final Duration FORGET = Duration.ofHours(1);

    /** Addresses with counted failures; the least recently used one is removed. */
    private static final int MAX_ADDRESSES = 1_000;

    private final TimeSource time;
    private final int freeFailures;
    private final Duration maxWait;
    private final Duration forget;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** Creates a limit without failures. */
    public LoginRateLimit(TimeSource time) {
        this(time, FREE_FAILURES, MAX_WAIT, FORGET);
    }

    /** The same with other numbers: how many failures are free, the longest wait, and after what time without a failure they are forgotten. */
    LoginRateLimit(TimeSource time, int freeFailures, Duration maxWait, Duration forget) {
        this.time = time;
        this.freeFailures = freeFailures;
        this.maxWait = maxWait;
        this.forget = forget;
    }

    /** Returns how long {@code address} has to wait before its next attempt is checked; zero when it need not. */
    public Duration retryAfter(String address) {
        synchronized (byAddress) {
            Failures failures = byAddress.get(address);
            return failures == null ? Duration.ZERO : timeLeft(failures, time.nanoTime());
        }
    }

    /** Counts a wrong token. */
    public void recordFailure(String address) {
        synchronized (byAddress) {
            long now = time.nanoTime();
            Failures earlier = byAddress.get(address);
            int count = earlier == null || now - earlier.lastNanos > forget.toNanos() ? 0 : earlier.count;
            byAddress.put(address, new Failures(count + 1, now));
        }
    }

    /** Clears the failures of {@code address}. */
    public void recordSuccess(String address) {
        synchronized (byAddress) {
            byAddress.remove(address);
        }
    }

    private Duration timeLeft(Failures failures, long now) {
        if (failures.count < freeFailures) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures.count - freeFailures, 12);
        Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
        Duration capped = wait.compareTo(maxWait) > 0 ? maxWait : wait;
        Duration left = capped.minusNanos(now - failures.lastNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How many wrong tokens came in a row, and when the last one did. */
    private record Failures(int count, long lastNanos) {}
}
