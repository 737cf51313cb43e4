package dev.architect.cli.demo;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Watches what the outage of one provider does to the traffic. Thread safe. */
final class OutageWatch implements EventListener {

    private final Map<String, Map<OutagePhase, Long>> answers = new TreeMap<>();
    private final Set<TaskId> affected = new HashSet<>();
    private final Set<TaskId> recovered = new HashSet<>();
    private @Nullable String provider;
    private @Nullable Instant begin;
    private @Nullable Instant end;
    private @Nullable Instant opened;
    private @Nullable Instant back;
    private long failedCalls;

    /**
     * What the outage did.
     *
     * @param provider who was down
     * @param lasted for how long
     * @param failedCalls calls to it that failed meanwhile
     * @param affectedTasks tasks whose call failed
     * @param recoveredTasks those of them that got an answer after all
     * @param openedAfter how long after its begin the breaker opened; null when it did not
     * @param backAfter how long after its end the provider answered again; null when it did not
     * @param answers who answered how often, by phase
     */
    record Impact(
            String provider,
            Duration lasted,
            long failedCalls,
            long affectedTasks,
            long recoveredTasks,
            @Nullable Duration openedAfter,
            @Nullable Duration backAfter,
            Map<String, Map<OutagePhase, Long>> answers) {}

    synchronized void begin(String down, Instant at) {
        provider = down;
        begin = at;
    }

    synchronized void end(Instant at) {
        end = at;
    }

    @Override
    public synchronized void onEvent(Event event) {
        if (event instanceof Event.CallEnded call) {
            onCall(call.entry());
        } else if (event instanceof Event.BreakerChanged change
                && change.provider().equals(provider)
                && change.state() == BreakerState.OPEN
                && opened == null) {
            opened = change.at();
        }
    }

    private void onCall(LedgerEntry entry) {
        String requested = entry.route().requested().provider();
        OutagePhase phase = phaseOf(entry.timing().startedAt());
        if (entry.outcome() == CallOutcome.ANSWERED) {
            answers.computeIfAbsent(requested, name -> new EnumMap<>(OutagePhase.class))
                    .merge(phase, 1L, Long::sum);
            entry.origin().task().filter(affected::contains).ifPresent(recovered::add);
            if (requested.equals(provider) && phase == OutagePhase.AFTER && back == null) {
                back = entry.timing().startedAt().plus(entry.timing().duration());
            }
        } else if (requested.equals(provider) && phase == OutagePhase.DURING) {
            failedCalls++;
            entry.origin().task().ifPresent(affected::add);
        }
    }

    private OutagePhase phaseOf(Instant started) {
        if (begin == null || started.isBefore(begin)) {
            return OutagePhase.BEFORE;
        }
        return end == null || started.isBefore(end) ? OutagePhase.DURING : OutagePhase.AFTER;
    }

    /** Returns the account, null while the outage has not ended. */
    synchronized @Nullable Impact result() {
        if (provider == null || begin == null || end == null) {
            return null;
        }
        return new Impact(
                provider,
                Duration.between(begin, end),
                failedCalls,
                affected.size(),
                recovered.size(),
                opened == null ? null : Duration.between(begin, opened),
                back == null ? null : Duration.between(end, back),
                new TreeMap<>(answers));
    }
}
