package dev.architect.recurring;

import dev.architect.check.Check;
import dev.architect.submission.IdempotencyKey;
import dev.architect.submission.TaskSubmission;
import dev.architect.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the firing of a schedule changes, if the schedule is still as it was read: its instants, and the tasks that are submitted.
 *
 * @param schedule as it was read
 * @param next when it fires next
 * @param last the last instant that is over
 * @param items what is fired, in order; none when all that was due is passed over
 */
public record ScheduleFiring(Schedule schedule, Optional<Instant> next, Optional<Instant> last, List<Item> items) {

    /** The note of the first one after instants that were passed over. */
    public static final String AFTER_MISSED = "earlier instants were missed and passed over";

    private static final String PREFIX = "recurring:";

    /** The most items: what was missed, and what fits into the grace. */
    public static final int MAX_ITEMS = CatchUp.MAX_LIMIT + 100;

    /**
     * What is fired at an instant.
     *
     * @param instant the instant
     * @param submission the task to submit; empty when there is none, or when it was submitted before
     * @param accepted the task that was submitted before
     * @param note as in {@link ScheduleRun}
     */
    public record Item(Instant instant, Optional<TaskSubmission> submission, Optional<TaskId> accepted, String note) {

        /** Checks every field. */
        public Item {
            Check.notNull("instant", instant);
            Check.notNull("submission", submission);
            Check.notNull("accepted", accepted);
            Check.notNull("note", note);
        }
    }

    /** Copies the items and checks every field. */
    public ScheduleFiring {
        Check.notNull("schedule", schedule);
        Check.notNull("next", next);
        Check.notNull("last", last);
        items = List.copyOf(Check.noNulls("items", items));
        Check.range("items size", items.size(), 0, MAX_ITEMS);
    }

    /**
     * Returns what is to be done about a schedule whose next instant has come at {@code now}.
     *
     * @throws IllegalArgumentException when it has not
     */
    public static ScheduleFiring due(Schedule schedule, Instant now) {
        Check.notNull("schedule", schedule);
        Check.notNull("now", now);
        if (schedule.next().filter(next -> !next.isAfter(now)).isEmpty()) {
            throw new IllegalArgumentException(
                    "next is " + schedule.next() + ", expected an instant that is not after " + now);
        }
        Schedule.Due due = schedule.due(now);
        List<Item> items = new ArrayList<>();
        for (Instant instant : due.instants()) {
            items.add(new Item(
                    instant,
                    Optional.of(TaskSubmission.of(schedule.request().task(), key(schedule.id(), instant))),
                    Optional.empty(),
                    items.isEmpty() && due.hasPassedOver() ? AFTER_MISSED : ""));
        }
        // All up to now are over.
        return new ScheduleFiring(schedule, schedule.nextAfter(now), Optional.of(now), items);
    }

    /**
     * Returns what fires a schedule by hand, beside its instants, which stay as they are.
     *
     * @param now the time of that; another firing by hand has another one
     */
    public static ScheduleFiring byHand(Schedule schedule, Instant now) {
        Check.notNull("schedule", schedule);
        return new ScheduleFiring(
                schedule,
                schedule.next(),
                schedule.last(),
                List.of(new Item(
                        Check.notNull("now", now),
                        Optional.of(TaskSubmission.of(
                                schedule.request().task(),
                                new IdempotencyKey(PREFIX + schedule.id() + ":by-hand:" + now))),
                        Optional.empty(),
                        ScheduleRun.BY_HAND)));
    }

    /**
     * Returns a copy that fires the first item alone; the schedule is due again for the second one at once.
     *
     * @throws IllegalArgumentException when there are not several
     */
    public ScheduleFiring first() {
        Check.range("items size", items.size(), 2, MAX_ITEMS);
        Item first = items.get(0);
        return new ScheduleFiring(
                schedule, Optional.of(items.get(1).instant()), Optional.of(first.instant()), List.of(first));
    }

    /** Returns a copy that submits nothing, for the reason that stands in its notes. */
    public ScheduleFiring refused(String reason) {
        Check.notNull("reason", reason);
        return withItems(items.stream()
                .map(item -> new Item(item.instant(), Optional.empty(), Optional.empty(), reason))
                .toList());
    }

    /** Returns a copy whose tasks were submitted before: {@code ids} has one for each of the {@link #submissions}. */
    public ScheduleFiring accepted(List<TaskId> ids) {
        List<TaskId> copy = List.copyOf(Check.noNulls("ids", ids));
        Check.range("ids size", copy.size(), submissions().size(), submissions().size());
        List<Item> changed = new ArrayList<>();
        int accepted = 0;
        for (Item item : items) {
            changed.add(
                    item.submission().isEmpty()
                            ? item
                            : new Item(
                                    item.instant(), Optional.empty(), Optional.of(copy.get(accepted++)), item.note()));
        }
        return withItems(changed);
    }

    private ScheduleFiring withItems(List<Item> changed) {
        return new ScheduleFiring(schedule, next, last, changed);
    }

    /** The tasks to submit, in order. */
    public List<TaskSubmission> submissions() {
        return items.stream().flatMap(item -> item.submission().stream()).toList();
    }

    /** Returns what stands in the history afterwards: {@code ids} has one task for each of the {@link #submissions}. */
    public List<ScheduleRun> runs(Instant now, List<TaskId> ids) {
        Check.notNull("now", now);
        return accepted(ids).items().stream()
                .map(item -> new ScheduleRun(item.instant(), now, item.accepted(), item.note()))
                .toList();
    }

    /** The key of the task of an instant: whoever submits it again gets the same task. */
    static IdempotencyKey key(long schedule, Instant instant) {
        return new IdempotencyKey(PREFIX + schedule + ":" + instant);
    }
}
