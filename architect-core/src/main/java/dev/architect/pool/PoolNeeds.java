package dev.architect.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many sessions were needed at a time within a window that ends now; the highest of each of its parts. Used by one thread. */
final class PoolNeeds {

    private final long window;
    private final long part;
    private final Deque<Need> needs = new ArrayDeque<>();

    private record Need(long at, int sessions) {}

    /** Begins without a need, for a window that is remembered in so many parts. */
    PoolNeeds(Duration window, int parts) {
        this.window = window.toNanos();
        this.part = window.toNanos() / parts;
    }

    /** Notes what is needed now, and forgets what is older than the window. */
    void note(long now, int sessions) {
        if (needs.isEmpty() || now - needs.getLast().at >= part) {
            needs.addLast(new Need(now, sessions));
        } else if (needs.getLast().sessions < sessions) {
            needs.addLast(new Need(needs.removeLast().at, sessions));
        }
        while (now - needs.getFirst().at > window) {
            needs.removeFirst();
        }
    }

    /** Whether it has been told of a whole window. Entries are a part apart, so the oldest one may be that much younger. */
    boolean isWhole(long now) {
        return !needs.isEmpty() && now - needs.getFirst().at >= window - part;
    }

    /** The most sessions that were needed at a time within the window; 0 before the first. */
    int highest() {
        return needs.stream().mapToInt(Need::sessions).max().orElse(0);
    }

    /** The same for the last part of the window, which is not longer than it. */
    int highestSince(long begin) {
        return needs.stream()
                .filter(need -> need.at - begin > 0)
                .mapToInt(Need::sessions)
                .max()
                .orElse(0);
    }
}
