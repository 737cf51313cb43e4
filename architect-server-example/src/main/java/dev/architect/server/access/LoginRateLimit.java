package dev.architect.server.access;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing at the login: after five failures from one address each further one doubles the time until the next
 * try is looked at, from one second to one minute. A right token forgets the failures, and so does an hour without any.
 * There is no lock that an outsider could put on for longer. Safe for use by several threads.
 */
public final class LoginRateLimit {

    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration FORGET = Duration.ofHours(1);

    /** Addresses that are remembered; the longest unseen makes room. */
    private static final int ADDRESSES = 1_000;

    private final TimeSource time;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** Creates a limit without failures. */
    public LoginRateLimit(TimeSource time) {
        this.time = time;
    }

    /** Returns how long {@code address} has to wait before its next try is looked at; zero when it need not. */
    public Duration waitOf(String address) {
        synchronized (byAddress) {
            Failures failures = byAddress.get(address);
            return failures == null ? Duration.ZERO : failures.left(time.nanoTime());
        }
    }

    /** Notes a wrong token. */
    public void failed(String address) {
        synchronized (byAddress) {
            long now = time.nanoTime();
            Failures earlier = byAddress.get(address);
            int count = earlier == null || now - earlier.lastNanos > FORGET.toNanos() ? 0 : earlier.count;
            byAddress.put(address, new Failures(count + 1, now));
        }
    }

    /** Notes a right token. */
    public void succeeded(String address) {
        synchronized (byAddress) {
            byAddress.remove(address);
        }
    }

    /** How many wrong tokens came in a row, and when the last one did. */
    private record Failures(int count, long lastNanos) {

        Duration left(long now) {
            if (count < FREE_FAILURES) {
                return Duration.ZERO;
            }
            int doublings = Math.min(count - FREE_FAILURES, 10);
            Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
            Duration capped = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
            Duration left = capped.minusNanos(now - lastNanos);
            return left.isNegative() ? Duration.ZERO : left;
        }
    }
}
