package dev.architect;

import dev.architect.check.Check;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.fairness.TypePauses;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneRules;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStatus;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.schedule.Scheduler;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The queues of tasks and their tenants: their part of the session time, their limits, and what waits in them. A queue or a tenant needs no
 * settings to be used. What is set holds for all nodes that share the store from then on. Methods block for the store; safe for use by
 * several threads.
 */
public final class Queues {

    private static final int MAX_TRIES = 20;

    private final LaneStore store;
    private final ClusterStore shared;
    private final EventListener events;
    private final TimeSource time;
    private final @Nullable Scheduler schedulerOrNull;

    Queues(
            LaneStore store,
            ClusterStore shared,
            EventListener events,
            TimeSource time,
            @Nullable Scheduler schedulerOrNull) {
        this.store = store;
        this.shared = shared;
        this.events = events;
        this.time = time;
        this.schedulerOrNull = schedulerOrNull;
    }

    /**
     * Saves the settings of a queue or of one of its tenants in place of those that it has. With a lower limit, tasks that run or wait already
     * go on.
     *
     * @throws IllegalArgumentException when {@value LaneStore#MAX_SETTINGS} others have settings
     */
    public void save(LaneSettings settings) {
        store.save(Check.notNull("settings", settings));
        changed(settings.scope(), describe(settings));
    }

    private static String describe(LaneSettings settings) {
        StringBuilder text = new StringBuilder("weight ").append(settings.weight());
        settings.maxRunning()
                .ifPresent(most -> text.append(", at most ").append(most).append(" running"));
        settings.rate().ifPresent(rate -> text.append(", starts ").append(rate));
        settings.maxWaiting()
                .ifPresent(most -> text.append(", at most ").append(most).append(" waiting"));
        return text.append(settings.isPaused() ? ", paused" : "")
                .append(settings.isDraining() ? ", draining" : "")
                .toString();
    }

    private void changed(LaneScope scope, String what) {
        events.onEvent(new Event.QueueChanged(time.wallTime(), scope, what));
        if (schedulerOrNull != null) {
            schedulerOrNull.wakeForReady();
        }
    }

    /**
     * Changes the settings of a queue or of one of its tenants that nobody has changed since they were read.
     *
     * @param expected the settings as they were read, of the same scope
     * @return whether they were still so; if not, nothing has changed
     * @throws IllegalArgumentException when {@value LaneStore#MAX_SETTINGS} others have settings, or the scopes differ
     */
    public boolean change(LaneSettings settings, LaneSettings expected) {
        if (!Check.notNull("settings", settings)
                .scope()
                .equals(Check.notNull("expected", expected).scope())) {
            throw new IllegalArgumentException(
                    "expected is of " + expected.scope() + ", expected settings of " + settings.scope());
        }
        boolean isChanged = store.change(settings, expected);
        if (isChanged) {
            changed(settings.scope(), describe(settings));
        }
        return isChanged;
    }

    /**
     * Removes the settings of a queue or of one of its tenants, which has no limits from then on.
     *
     * @return whether it had any
     */
    public boolean remove(LaneScope scope) {
        boolean isRemoved = store.remove(Check.notNull("scope", scope));
        if (isRemoved) {
            changed(scope, "no settings");
        }
        return isRemoved;
    }

    /** Starts none of its tasks from now on; those that run go on. Its other settings stay. */
    public LaneSettings pause(LaneScope scope) {
        return change(scope, settings -> settings.withPaused(true));
    }

    /**
     * Refuses further tasks from now on, with a {@link dev.architect.lane.LaneFullException}; those that wait and run are worked off. Another node
     * takes note within a second. Its other settings stay: what is paused as well is not worked off.
     */
    public LaneSettings drain(LaneScope scope) {
        return change(scope, settings -> settings.withDraining(true));
    }

    /** Takes {@link #pause} and {@link #drain} back. A tenant of a paused queue stays paused with it, one of a drained queue drained. */
    public LaneSettings resume(LaneScope scope) {
        return change(scope, settings -> settings.withPaused(false).withDraining(false));
    }

    private LaneSettings change(LaneScope scope, UnaryOperator<LaneSettings> change) {
        for (int i = 1; i < MAX_TRIES; i++) {
            LaneSettings before = settings(scope);
            LaneSettings after = change.apply(before);
            if (change(after, before)) {
                return after;
            }
        }
        // Others change it without end: the last one counts.
        LaneSettings after = change.apply(settings(scope));
        save(after);
        return after;
    }

    /**
     * Starts no task of a type from now on, in whatever queue, on all nodes; those that run go on. A node takes note within a quarter of a
     * second; what it has claimed until then it performs.
     *
     * @param type any type, also one that no worker performs now
     * @return whether it was not paused before
     * @throws IllegalArgumentException when it is no type, or {@value TypePauses#MAX_TYPES} others are paused
     */
    public boolean pauseType(String type) {
        return setPaused(type, true);
    }

    /**
     * Takes {@link #pauseType} back.
     *
     * @return whether it was paused before
     * @throws IllegalArgumentException when it is no type
     */
    public boolean resumeType(String type) {
        return setPaused(type, false);
    }

    private boolean setPaused(String type, boolean isPaused) {
        // It checks the name.
        String checked = TaskRequest.of(Check.notNull("type", type), "").type();
        if (!TypePauses.set(shared, checked, isPaused)) {
            return false;
        }
        events.onEvent(new Event.TypePaused(time.wallTime(), checked, isPaused));
        if (schedulerOrNull != null) {
            schedulerOrNull.typesChanged();
        }
        return true;
    }

    /** Returns the types that are paused, in alphabetical order. */
    public SortedSet<String> pausedTypes() {
        return new TreeSet<>(TypePauses.read(shared));
    }

    /** Returns the settings of a queue or of one of its tenants; {@link LaneSettings#of} when it has none. */
    public LaneSettings settings(LaneScope scope) {
        Check.notNull("scope", scope);
        return new LaneRules(store.settings()).of(scope).orElseGet(() -> LaneSettings.of(scope));
    }

    /** Returns all settings, in the order of queues and tenants. */
    public List<LaneSettings> settings() {
        return store.settings();
    }

    /** Returns the lanes that have unfinished tasks, in the order of queues and tenants. */
    public List<LaneStatus> lanes() {
        LaneRules rules = new LaneRules(store.settings());
        Map<Lane, Map<TaskState, Long>> counts = new TreeMap<>();
        for (LaneCount count : store.counts()) {
            counts.computeIfAbsent(count.lane(), lane -> new EnumMap<>(TaskState.class))
                    .merge(count.state(), count.tasks(), Long::sum);
        }
        return counts.entrySet().stream()
                .map(lane -> new LaneStatus(
                        lane.getKey(),
                        lane.getValue(),
                        rules.weight(lane.getKey()),
                        rules.isPaused(lane.getKey()),
                        rules.isDraining(lane.getKey())))
                .toList();
    }
}
