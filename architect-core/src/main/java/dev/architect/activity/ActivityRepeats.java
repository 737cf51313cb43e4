package dev.architect.activity;

import dev.architect.event.ActivityEntry;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Combines entries that repeat. Of one sort (kind and text, numbers aside) the first three are written as they are; those of the rest of
 * a minute become one entry that counts them. While the sort goes on, the periods double up to a quarter of an hour and hold nothing but
 * their count: an hour in which every call fails takes about ten entries and not one for each call. A sort that pauses for a period is
 * new again. Safe for use by several threads.
 */
final class ActivityRepeats {

    private static final int WRITTEN_EACH = 3;
    private static final Duration FIRST_PERIOD = Duration.ofMinutes(1);
    private static final Duration LONGEST_PERIOD = Duration.ofMinutes(15);

    /** Sorts that are told apart within one kind; more of them count as one. */
    private static final int MAX_SORTS = 20;

    private final TimeSource time;
    private final Map<String, Map<String, Sort>> byKind = new LinkedHashMap<>();

    ActivityRepeats(TimeSource time) {
        this.time = time;
    }

    /** Whether {@code entry} is to be written as it is; it is counted otherwise. */
    synchronized boolean isWritten(ActivityEntry entry) {
        Map<String, Sort> sorts = byKind.computeIfAbsent(entry.kind(), kind -> new LinkedHashMap<>());
        String name = entry.text().replaceAll("[0-9]+", "0");
        if (!sorts.containsKey(name) && sorts.size() >= MAX_SORTS) {
            name = "";
        }
        return sorts.computeIfAbsent(name, text -> new Sort(time.nanoTime())).isWritten(entry);
    }

    /** Returns an entry for each sort whose period is over and had more than what was written. */
    synchronized List<ActivityEntry> due() {
        return combined(time.nanoTime());
    }

    /** Returns an entry for each sort that had more than what was written. */
    synchronized List<ActivityEntry> rest() {
        return combined(Long.MAX_VALUE);
    }

    /** {@code now} is {@link Long#MAX_VALUE} when every period is over. */
    private List<ActivityEntry> combined(long now) {
        List<ActivityEntry> found = new ArrayList<>();
        for (Map<String, Sort> sorts : byKind.values()) {
            Iterator<Sort> each = sorts.values().iterator();
            while (each.hasNext()) {
                Sort sort = each.next();
                if (now == Long.MAX_VALUE || now - sort.began >= sort.period.toNanos()) {
                    sort.combined().ifPresent(found::add);
                    if (!sort.startNextPeriod(now)) {
                        each.remove();
                    }
                }
            }
        }
        return found;
    }

    /** What repeats. Guarded by the lock of the whole. */
    private static final class Sort {

        private long began;
        private Duration period = FIRST_PERIOD;
        private int written;
        private long counted;
        private Optional<ActivityEntry> last = Optional.empty();

        Sort(long began) {
            this.began = began;
        }

        boolean isWritten(ActivityEntry entry) {
            if (written < WRITTEN_EACH) {
                written++;
                return true;
            }
            counted++;
            last = Optional.of(entry);
            return false;
        }

        Optional<ActivityEntry> combined() {
            return last.map(entry -> counted == 1
                    ? entry
                    : new ActivityEntry(
                            0,
                            entry.at(),
                            entry.kind(),
                            Optional.empty(),
                            counted + " more within " + period.toMinutes() + " min, the last: " + entry.text()));
        }

        /** Returns false when nothing was counted, which ends the repetition. */
        boolean startNextPeriod(long now) {
            boolean goesOn = counted > 0;
            began = now;
            Duration doubled = period.multipliedBy(2);
            period = doubled.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : doubled;
            counted = 0;
            last = Optional.empty();
            return goesOn;
        }
    }
}
