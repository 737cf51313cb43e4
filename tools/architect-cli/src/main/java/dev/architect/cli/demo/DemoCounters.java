package dev.architect.cli.demo;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.route.BreakerState;
import dev.architect.task.TaskState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what happens while the demo runs, for display only: the account at the end comes from the ledger. Thread safe. */
final class DemoCounters implements EventListener {

    private static final int FIRST_CAPACITY = 1_024;

    private final Map<TaskState, Long> ended = new EnumMap<>(TaskState.class);
    private final Map<String, ProviderCounters> providers = new TreeMap<>();
    private long[] waitedNanos = new long[FIRST_CAPACITY];
    private int waited;
    private long submitted;
    private long running;
    private long failovers;
    private MoneyTotal cost = MoneyTotal.ZERO;
    private MoneyTotal baseline = MoneyTotal.ZERO;

    /** What one provider did so far. */
    record ProviderCounters(long answered, long failed, MoneyTotal cost, BreakerState breaker) {
        static final ProviderCounters NOTHING = new ProviderCounters(0, 0, MoneyTotal.ZERO, BreakerState.CLOSED);
    }

    /** All figures at one moment. */
    record Snapshot(
            long submitted,
            long running,
            long done,
            long failed,
            long failovers,
            MoneyTotal cost,
            MoneyTotal baseline,
            Map<String, ProviderCounters> providers) {

        long ended() {
            return done + failed;
        }
    }

    @Override
    public synchronized void onEvent(Event event) {
        if (event instanceof Event.TaskSubmitted) {
            submitted++;
        } else if (event instanceof Event.TaskStarted start) {
            running++;
            recordWait(start.waited().toNanos());
        } else if (event instanceof Event.TaskAttemptEnded) {
            running--;
        } else if (event instanceof Event.TaskEnded end) {
            ended.merge(end.state(), 1L, Long::sum);
        } else if (event instanceof Event.CallEnded call) {
            count(call.entry());
        } else if (event instanceof Event.FailedOver) {
            failovers++;
        } else if (event instanceof Event.BreakerChanged change) {
            ProviderCounters now = providers.getOrDefault(change.provider(), ProviderCounters.NOTHING);
            providers.put(change.provider(), new ProviderCounters(now.answered, now.failed, now.cost, change.state()));
        }
    }

    private void recordWait(long nanos) {
        if (waited == waitedNanos.length) {
            waitedNanos = Arrays.copyOf(waitedNanos, 2 * waited);
        }
        waitedNanos[waited++] = nanos;
    }

    private void count(LedgerEntry entry) {
        String provider = entry.route().requested().provider();
        ProviderCounters before = providers.getOrDefault(provider, ProviderCounters.NOTHING);
        boolean answered = entry.outcome() == CallOutcome.ANSWERED;
        MoneyTotal paid =
                entry.charge().cost().amount().map(MoneyTotal.ZERO::plus).orElse(MoneyTotal.ZERO);
        providers.put(
                provider,
                new ProviderCounters(
                        before.answered + (answered ? 1 : 0),
                        before.failed + (answered ? 0 : 1),
                        before.cost.plus(paid),
                        before.breaker));
        cost = cost.plus(paid);
        baseline = baseline.plus(
                entry.charge().baseline().amount().map(MoneyTotal.ZERO::plus).orElse(MoneyTotal.ZERO));
    }

    synchronized Snapshot snapshot() {
        long done = ended.getOrDefault(TaskState.DONE, 0L);
        long all = ended.values().stream().mapToLong(Long::longValue).sum();
        return new Snapshot(submitted, running, done, all - done, failovers, cost, baseline, new TreeMap<>(providers));
    }

    /** How long tasks that were ready waited for a session. */
    synchronized Latencies waited() {
        return new Latencies(Arrays.copyOf(waitedNanos, waited));
    }
}
