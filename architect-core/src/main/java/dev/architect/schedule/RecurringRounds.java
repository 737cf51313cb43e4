package dev.architect.schedule;

import dev.architect.error.StoreException;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleWork;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.shard.ShardNotServedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires schedules whose next instant has come. A role, so that one node at a time looks; that each instant is fired once is the work of the
 * store, which compares what was read with what is there. {@link #run} belongs to one loop.
 */
public final class RecurringRounds implements RoleWork {

    /** The name of the role. */
    static final String ROLE = "architect.cron";

    private static final Logger LOG = LoggerFactory.getLogger(RecurringRounds.class);

    /** The most schedules of one round. */
    private static final int BATCH = 200;

    /** A schedule that was made or changed elsewhere is seen after so long. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    /** A call of a role may take five seconds. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(2);

    private final ScheduleStore store;
    private final BiConsumer<Schedule, ScheduleRun> onRun;

    /**
     * Creates it.
     *
     * @param onRun is called for each run that was added to the history
     */
    public RecurringRounds(ScheduleStore store, BiConsumer<Schedule, ScheduleRun> onRun) {
        this.store = store;
        this.onRun = onRun;
    }

    @Override
    public Duration run(NodeRole role) {
        Optional<Duration> wait = store.untilNext();
        if (wait.isEmpty() || !wait.get().isZero()) {
            return shorter(wait.orElse(LONGEST_WAIT));
        }
        Instant begin = store.now();
        List<Schedule> due = store.due(BATCH);
        RuntimeException failure = null;
        boolean isAnyFired = false;
        for (Schedule schedule : due) {
            Instant now = store.now();
            if (Duration.between(begin, now).compareTo(LONGEST_ROUND) > 0) {
                return Duration.ZERO;
            }
            try {
                isAnyFired |= fire(schedule, now);
            } catch (StoreException | ShardNotServedException failed) {
                // The others are not kept waiting by one whose store cannot be reached.
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
        // What is due and cannot be read here waits for another node, or another version.
        return isAnyFired ? shorter(store.untilNext().orElse(LONGEST_WAIT)) : LONGEST_WAIT;
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private boolean fire(Schedule schedule, Instant now) {
        @Nullable ScheduleFiring firing = firing(schedule, now);
        return firing != null && fire(schedule, firing);
    }

    private boolean fire(Schedule schedule, ScheduleFiring firing) {
        Optional<List<ScheduleRun>> runs;
        try {
            runs = store.fire(firing);
        } catch (StoreException | ShardNotServedException failed) {
            throw failed;
        } catch (RuntimeException refused) {
            if (firing.items().size() > 1) {
                // Together they are all or none, and one may stand in the way of another: by a unique key, or where
                // there is room for some.
                return fire(schedule, firing.first());
            }
            LOG.warn("schedule {} has fired without a task: {}", schedule.name(), refused.getMessage());
            runs = store.fire(firing.refused(String.valueOf(refused.getMessage())));
        }
        runs.ifPresent(added -> added.forEach(run -> onRun.accept(schedule, run)));
        return runs.isPresent();
    }

    /** Null when the clock was set back since the schedule was read. */
    private static @Nullable ScheduleFiring firing(Schedule schedule, Instant now) {
        return schedule.next().filter(next -> !next.isAfter(now)).isPresent()
                ? ScheduleFiring.due(schedule, now)
                : null;
    }
}
