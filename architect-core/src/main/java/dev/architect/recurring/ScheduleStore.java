package dev.architect.recurring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Schedules, and when they have fired. Each change compares the version that was read, so that over all nodes one of them makes it.
 *
 * <p>Methods block until the change is durable, throw a {@link dev.architect.error.StoreException} when the store fails, and are safe for use
 * by several threads.
 */
public interface ScheduleStore {

    /** The most schedules or runs that one call returns. */
    int MAX_PAGE = 1_000;

    /** How many of its last runs are kept of a schedule. */
    int KEPT_RUNS = 100;

    /** Returns the time by the store's clock. */
    Instant now();

    /**
     * Keeps a new schedule, made at {@code now}.
     *
     * @param next when it fires first; empty for never
     * @return the schedule, empty when there is one of that name
     */
    Optional<Schedule> create(ScheduleRequest request, Instant now, Optional<Instant> next);

    /**
     * Changes request, pause and next instant of a schedule if it still has the version of {@code changed}; its name stays.
     *
     * @return the schedule as it is now, empty when it was changed or deleted since
     */
    Optional<Schedule> update(Schedule changed);

    /**
     * Deletes a schedule with its history; its tasks stay.
     *
     * @return whether there was one
     */
    boolean delete(long id);

    /** Returns the schedule of that name. */
    Optional<Schedule> find(String name);

    /**
     * Returns schedules by name.
     *
     * @param after only names after this one; empty begins with the first
     * @param limit 1 to {@link #MAX_PAGE}
     */
    List<Schedule> list(Optional<String> after, int limit);

    /**
     * Returns schedules whose next instant has come, the earliest first.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     */
    List<Schedule> due(int limit);

    /** Returns how long until the next instant of any schedule, zero when one has come; empty when there is none. */
    Optional<Duration> untilNext();

    /**
     * Fires a schedule if it still has the version and the next instant that the firing was made from: sets its instants, submits its tasks and
     * adds to its history, all or nothing.
     *
     * @return what was added to the history, empty when the schedule was changed, fired or deleted since
     * @throws dev.architect.error.ArchitectException when a task is refused; nothing is changed then
     */
    Optional<List<ScheduleRun>> fire(ScheduleFiring firing);

    /**
     * Returns the last runs of a schedule, the newest first.
     *
     * @param limit 1 to {@link #MAX_PAGE}
     */
    List<ScheduleRun> runs(long id, int limit);
}
