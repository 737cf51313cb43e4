package dev.architect.store.postgres;

import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far tasks have come by what this process has committed last. A task that is less far in the database has lost a commit.
 *
 * <p>How far a task is, is twice its epoch, and one more while no node owns it: its submission, each claim and each end make that larger, and
 * nothing makes it smaller. As many tasks are remembered as there are places, each in the place of its number.
 *
 * <p>Safe for use by several threads.
 */
final class RecentTasks {

    private static final int PLACES = 1 << 13;

    private static final int NUMBER_SHIFT = 18;

    /** What was committed longer ago may have been deleted since. */
    private static final long REMEMBERED = Duration.ofMinutes(1).toNanos();

    private static final String FIND =
            "SELECT id, 2 * epoch + CASE WHEN owner IS NULL THEN 1 ELSE 0 END FROM task WHERE id = ANY (?)";

    private final TimeSource time;
    private final long[] ids = new long[PLACES];
    private final long[] progress = new long[PLACES];
    private final long[] at = new long[PLACES];

    /** Creates a memory that forgets by {@code time}. */
    RecentTasks(TimeSource time) {
        this.time = time;
    }

    /** These were submitted. */
    synchronized void submitted(Collection<TaskId> tasks) {
        tasks.forEach(task -> remember(task.value(), 1));
    }

    /**
     * These were claimed.
     *
     * @return how many of them had been claimed with the same or a later epoch before, which must never happen
     */
    synchronized int claimed(List<ClaimedTask> tasks) {
        int repeated = 0;
        for (ClaimedTask task : tasks) {
            FencingToken token = task.fencingToken();
            int place = place(token.id().value());
            if (ids[place] == token.id().value() && progress[place] >= 2 * token.epoch()) {
                repeated++;
            }
            remember(token.id().value(), 2 * token.epoch());
        }
        return repeated;
    }

    /** The ends of these attempts were recorded. */
    synchronized void ended(Collection<FencingToken> attempts) {
        attempts.forEach(token -> remember(token.id().value(), 2 * token.epoch() + 1));
    }

    private void remember(long id, long reached) {
        int place = place(id);
        ids[place] = id;
        progress[place] = reached;
        at[place] = time.nanoTime();
    }

    // The numbers of tasks, which follow each other, are above what is the same for many.
    private static int place(long id) {
        return (int) (id >>> NUMBER_SHIFT) & (PLACES - 1);
    }

    private synchronized Map<Long, Long> recent() {
        Map<Long, Long> recent = new HashMap<>();
        long now = time.nanoTime();
        for (int place = 0; place < PLACES; place++) {
            if (ids[place] != 0 && now - at[place] < REMEMBERED) {
                recent.put(ids[place], progress[place]);
            }
        }
        return recent;
    }

    /** What the database does not have of it, for people; empty when it has everything. */
    Optional<String> missing(Connection connection) throws SQLException {
        Map<Long, Long> wanted = recent();
        int all = wanted.size();
        int behind = 0;
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setObject(
                    1, wanted.keySet().stream().mapToLong(Long::longValue).toArray());
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    Long reached = wanted.remove(row.getLong(1));
                    if (reached != null && row.getLong(2) < reached) {
                        behind++;
                    }
                }
            }
        }
        return wanted.isEmpty() && behind == 0
                ? Optional.empty()
                : Optional.of("of the last " + all + " tasks that it submitted, claimed or ended, " + wanted.size()
                        + " are gone and " + behind + " are set back");
    }

    /** What was remembered does not hold any more. */
    synchronized void clear() {
        Arrays.fill(ids, 0);
    }
}
