package dev.architect;

import dev.architect.check.Check;
import dev.architect.recurring.Schedule;
import dev.architect.recurring.ScheduleFiring;
import dev.architect.recurring.ScheduleNotFoundException;
import dev.architect.recurring.ScheduleRequest;
import dev.architect.recurring.ScheduleRun;
import dev.architect.recurring.ScheduleStore;
import dev.architect.schedule.TaskHandles;
import dev.architect.task.TaskHandle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Tasks that come again and again. Each instant of a schedule is fired once over all nodes that share the store; the clock of the store says
 * when. Any node that performs tasks fires them; while none runs, instants are missed, and the schedule says what becomes of them.
 *
 * <p>Methods block for the store, throw an {@link IllegalStateException} when the store keeps no schedules, and are safe for use by several
 * threads.
 */
public final class Schedules {

    /** So often a change is tried again that came between others; each of them has made its own. */
    private static final int MAX_TRIES = 100;

    private final Optional<ScheduleStore> storeOrNone;
    private final TaskSubmitter submitter;
    private final TaskHandles handles;

    Schedules(Optional<ScheduleStore> store, TaskSubmitter submitter, TaskHandles handles) {
        this.storeOrNone = store;
        this.submitter = submitter;
        this.handles = handles;
    }

    private ScheduleStore store() {
        return storeOrNone.orElseThrow(
                () -> new IllegalStateException("the store keeps no schedules, expected one that does"));
    }

    /**
     * Makes a schedule, or changes the one of that name; one that is paused stays so. Saving what is there already changes nothing that it
     * fires.
     *
     * @return the schedule as it is now
     * @throws IllegalArgumentException when no worker performs such tasks, or the worker rejects it; a {@link
     *     dev.architect.route.UnservableRequestException} when no configured model could ever answer the request of a prompt task
     */
    public Schedule save(ScheduleRequest request) {
        submitter.checkTemplate(Check.notNull("request", request).task());
        ScheduleStore store = store();
        for (int i = 0; i < MAX_TRIES; i++) {
            Instant now = store.now();
            Optional<Schedule> before = store.find(request.name());
            if (before.map(Schedule::request).filter(request::equals).isPresent()) {
                return before.get();
            }
            Optional<Schedule> saved = before.isPresent()
                    ? store.update(before.get().with(request, now))
                    : store.create(request, now, request.recurrence().next(now, now));
            if (saved.isPresent()) {
                return saved.get();
            }
        }
        throw busy(request.name());
    }

    /**
     * Changes the schedule of the request's name if it still has that version; one that is paused stays so.
     *
     * @param version the {@link Schedule#version()} that the change was made from
     * @return the schedule as it is now; empty when it was changed, fired or deleted since
     * @throws ScheduleNotFoundException when there is none of that name
     * @throws IllegalArgumentException as {@link #save}
     */
    public Optional<Schedule> change(ScheduleRequest request, long version) {
        submitter.checkTemplate(Check.notNull("request", request).task());
        Schedule before = get(request.name());
        if (before.version() != version) {
            return Optional.empty();
        }
        return before.request().equals(request)
                ? Optional.of(before)
                : store().update(before.with(request, store().now()));
    }

    private static IllegalStateException busy(String name) {
        return new IllegalStateException("schedule '" + name + "' was changed " + MAX_TRIES
                + " times by others meanwhile, expected it to be left alone for a moment");
    }

    /**
     * Lets a schedule fire no more until {@link #resume}.
     *
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public Schedule pause(String name) {
        return change(name, schedule -> schedule.isPaused() ? schedule : schedule.paused());
    }

    /**
     * Lets a schedule fire again, from its next instant on; those that came while it was paused are over.
     *
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public Schedule resume(String name) {
        return change(name, schedule -> schedule.isPaused() ? schedule.resumed(store().now()) : schedule);
    }

    private Schedule change(String name, UnaryOperator<Schedule> change) {
        Check.notNull("name", name);
        ScheduleStore store = store();
        for (int i = 0; i < MAX_TRIES; i++) {
            Schedule before = get(name);
            Schedule after = change.apply(before);
            if (after.equals(before)) {
                return before;
            }
            Optional<Schedule> changed = store.update(after);
            if (changed.isPresent()) {
                return changed.get();
            }
        }
        throw busy(name);
    }

    /**
     * Submits the task of a schedule now, paused or not. Its next instant stays as it is.
     *
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public TaskHandle runNow(String name) {
        Check.notNull("name", name);
        ScheduleStore store = store();
        Schedule schedule = get(name);
        // One time for all tries, since it names the task.
        Instant now = store.now();
        for (int i = 0; i < MAX_TRIES; i++) {
            Optional<List<ScheduleRun>> runs = store.fire(ScheduleFiring.byHand(schedule, now));
            if (runs.isPresent()) {
                submitter.wake();
                return handles.handle(runs.get().get(0).task().orElseThrow());
            }
            schedule = get(name);
        }
        throw busy(name);
    }

    /**
     * Deletes a schedule with its history; the tasks that it has submitted stay.
     *
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public void delete(String name) {
        Check.notNull("name", name);
        if (!store().delete(get(name).id())) {
            throw new ScheduleNotFoundException(name);
        }
    }

    /**
     * Deletes a schedule as {@link #delete(String)} does, if it still has that version.
     *
     * @param version the {@link Schedule#version()} that was seen
     * @return the schedule as it was; empty when it was changed, fired or deleted since
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public Optional<Schedule> delete(String name, long version) {
        Schedule before = get(name);
        if (before.version() != version) {
            return Optional.empty();
        }
        // Of all changes that were made from one version the store takes one; a deletion alone would not compare it.
        return store().update(before.paused())
                .filter(claimed -> store().delete(claimed.id()))
                .map(claimed -> before);
    }

    /**
     * Returns a schedule.
     *
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public Schedule get(String name) {
        return find(name).orElseThrow(() -> new ScheduleNotFoundException(name));
    }

    /** Returns the schedule of that name, empty when there is none. */
    public Optional<Schedule> find(String name) {
        Check.notNull("name", name);
        return store().find(name);
    }

    /**
     * Returns schedules by name.
     *
     * @param after only names after this one; empty begins with the first
     * @param limit 1 to {@link ScheduleStore#MAX_PAGE}
     */
    public List<Schedule> list(Optional<String> after, int limit) {
        Check.notNull("after", after);
        Check.range("limit", limit, 1, ScheduleStore.MAX_PAGE);
        return store().list(after, limit);
    }

    /**
     * Returns the next instants of a schedule; those that it would have if it is paused.
     *
     * @param count how many at most, 1 to {@link Schedule#MAX_PREVIEW}
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public List<Instant> next(String name, int count) {
        Check.notNull("name", name);
        Check.range("count", count, 1, Schedule.MAX_PREVIEW);
        return get(name).preview(store().now(), count);
    }

    /**
     * Returns the last runs of a schedule, the newest first; {@link ScheduleStore#KEPT_RUNS} are kept.
     *
     * @param limit 1 to {@link ScheduleStore#MAX_PAGE}
     * @throws ScheduleNotFoundException when there is none of that name
     */
    public List<ScheduleRun> runs(String name, int limit) {
        Check.notNull("name", name);
        Check.range("limit", limit, 1, ScheduleStore.MAX_PAGE);
        return store().runs(get(name).id(), limit);
    }
}
