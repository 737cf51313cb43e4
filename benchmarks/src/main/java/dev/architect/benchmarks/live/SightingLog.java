package dev.architect.benchmarks.live;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When pages have first heard of which task, by its id. Safe for use by several threads. */
final class SightingLog {

    private static final int FIRST_PAGES = 16;

    private final Map<String, Sightings> byId = new ConcurrentHashMap<>();

    /** What the pages have seen of one task. */
    static final class Sightings {

        private final int number;
        private long[] times = new long[FIRST_PAGES];
        private int count;

        private Sightings(int number) {
            this.number = number;
        }

        /** From 0 on, in the order in which any page has first heard of a task. */
        int number() {
            return number;
        }

        /** Notes that one more page has heard of it, at a time of the monotonic clock. */
        synchronized void add(long nanos) {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count] = nanos;
            count++;
        }

        private synchronized int count() {
            return count;
        }

        private synchronized long[] times() {
            return Arrays.copyOf(times, count);
        }
    }

    /** What is seen of a task; the reader's thread alone asks for it. */
    Sightings of(String id) {
        Sightings known = byId.get(id);
        if (known == null) {
            known = new Sightings(byId.size());
            byId.put(id, known);
        }
        return known;
    }

    /** How many pages have heard of a task. */
    int count(String id) {
        Sightings known = byId.get(id);
        return known == null ? 0 : known.count();
    }

    /** Adds how long after {@code submittedAt} each page has heard of a task. */
    void addTo(SightingTimes times, String id, long submittedAt) {
        Sightings known = byId.get(id);
        if (known != null) {
            for (long at : known.times()) {
                times.add(at - submittedAt);
            }
        }
    }
}
