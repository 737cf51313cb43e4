package dev.architect.store.memory;

import dev.architect.change.ChangeTopic;
import dev.architect.cost.CallCounts;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallTiming;
import dev.architect.cost.CostStatus;
import dev.architect.cost.CostTotals;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.cost.TokenTotals;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.MeteredCall;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.LedgerStore;
import dev.architect.store.memory.lock.PageLimit;
import dev.architect.store.memory.lock.StoredTime;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls in memory, in the order they were recorded. Guarded by the store's lock. */
final class InMemoryLedger implements LedgerStore {

    private static final int MAX_PAGE = 10_000;
    private static final int MOST_TOP = 1_000;

    /** Groups the calls of direct requests; ids of tasks are not negative. */
    private static final long NO_TASK = -1;

    private static final ReportPeriod.Between ALL_TIME = new ReportPeriod.Between(Instant.MIN, Instant.MAX);
    private static final Set<CostStatus> EXACT = EnumSet.of(CostStatus.PRICED, CostStatus.STATED);

    private final InMemoryStore store;
    private final Map<String, LedgerEntry> entries = new LinkedHashMap<>();
    private final Set<TaskId> tasks = new HashSet<>();

    InMemoryLedger(InMemoryStore store) {
        this.store = store;
    }

    @Override
    public void record(List<LedgerEntry> added) {
        List<LedgerEntry> copy = added.stream().map(InMemoryLedger::toMicros).toList();
        store.locked(() -> {
            // Recording a call again must change nothing, so the first entry stays.
            boolean isAnyNew = false;
            for (LedgerEntry entry : copy) {
                isAnyNew |= entries.putIfAbsent(entry.callId(), entry) == null;
                entry.origin().task().ifPresent(tasks::add);
            }
            if (isAnyNew) {
                store.changed(ChangeTopic.CALL, "new");
            }
            return true;
        });
    }

    boolean hasCallsOf(TaskId task) {
        return tasks.contains(task);
    }

    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        return store.locked(() ->
                groups(entry -> SpendDimension.PROVIDER.of(entry), SpendFilter.ALL, period).entrySet().stream()
                        .map(each -> {
                            SpendTotals sums = totals(each.getValue());
                            return new ProviderSpend(
                                    each.getKey(),
                                    sums.requests(),
                                    sums.calls(),
                                    sums.tokens(),
                                    sums.cost(),
                                    latency(each.getValue()));
                        })
                        .toList());
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {
        return store.locked(() -> groups(dimension::of, filter, period).entrySet().stream()
                .map(each -> totals(each.getValue()).as(each.getKey()))
                .toList());
    }

    @Override
    public List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod.Between period) {
        return store.locked(() -> matching(filter, period)
                .collect(Collectors.groupingBy(
                        entry -> axes.stream().map(axis -> axis.of(entry)).toList(),
                        () -> new TreeMap<>(SpendCell.BY_VALUES),
                        Collectors.toList()))
                .entrySet()
                .stream()
                .map(each -> new SpendCell(each.getKey(), totals(each.getValue())))
                .toList());
    }

    @Override
    public List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod.Between period) {
        return store.locked(() ->
                groups(entry -> interval.begin(entry.timing().startedAt()), filter, period).entrySet().stream()
                        .map(each -> new SpendBucket(each.getKey(), totals(each.getValue())))
                        .toList());
    }

    @Override
    public List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod.Between period, int limit) {
        PageLimit.check(limit, MOST_TOP);
        return store.locked(() ->
                groups(entry -> entry.origin().task().map(TaskId::value).orElse(NO_TASK), filter, period)
                        .entrySet()
                        .stream()
                        .filter(each -> each.getKey() != NO_TASK)
                        .map(each -> totals(each.getValue()).as(new TaskId(each.getKey()).toString()))
                        // Stable, and by id before.
                        .sorted(Comparator.comparing(
                                        (GroupSpend task) -> task.cost().spent())
                                .reversed())
                        .limit(limit)
                        .toList());
    }

    @Override
    public SortedMap<Long, SpendTotals> attempts(TaskId task) {
        return store.locked(() -> {
            SortedMap<Long, SpendTotals> attempts = new TreeMap<>();
            groups(entry -> entry.origin().epoch(), SpendFilter.ALL.withTask(task), ALL_TIME)
                    .forEach((epoch, calls) -> attempts.put(epoch, totals(calls)));
            return attempts;
        });
    }

    @Override
    public List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> matching(filter, period)
                .filter(entry ->
                        position.isEmpty() || LedgerPosition.after(entry).compareTo(position.get()) > 0)
                .sorted(Comparator.comparing(LedgerPosition::after))
                .limit(limit)
                .toList());
    }

    @Override
    public void metered(
            SpendDimension dimension,
            SpendFilter filter,
            ReportPeriod.Between period,
            Consumer<? super MeteredCall> reader) {
        List<LedgerEntry> calls = store.locked(() -> matching(filter, period).toList());
        // Without the lock, since the reader is not ours.
        calls.forEach(entry -> reader.accept(MeteredCall.of(dimension, entry)));
    }

    private Stream<LedgerEntry> matching(SpendFilter filter, ReportPeriod.Between period) {
        return entries.values().stream()
                .filter(entry -> !entry.timing().startedAt().isBefore(period.from())
                        && entry.timing().startedAt().isBefore(period.to()))
                .filter(entry -> isMet(filter, entry));
    }

    private static boolean isMet(SpendFilter filter, LedgerEntry entry) {
        return filter.values().entrySet().stream()
                        .allMatch(each -> each.getValue().equals(each.getKey().of(entry)))
                && (filter.task().isEmpty()
                        || filter.task().equals(entry.origin().task()))
                && (filter.failure().isEmpty() || filter.failure().equals(entry.failure()))
                && entry.origin()
                        .attribution()
                        .tags()
                        .entrySet()
                        .containsAll(filter.tags().entrySet());
    }

    private <K> Map<K, List<LedgerEntry>> groups(
            Function<LedgerEntry, K> key, SpendFilter filter, ReportPeriod.Between period) {
        return matching(filter, period).collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }

    private static LatencyQuantiles latency(List<LedgerEntry> calls) {
        List<Duration> durations = calls.stream()
                .filter(entry -> entry.outcome() == CallOutcome.ANSWERED)
                .map(entry -> entry.timing().duration())
                .sorted()
                .toList();
        return new LatencyQuantiles(percentile(durations, 50), percentile(durations, 95));
    }

    /** The least position of the failed calls of each request, whenever they were made. */
    private Map<String, Integer> firstFailures() {
        return entries.values().stream()
                .filter(entry -> entry.outcome() == CallOutcome.FAILED)
                .collect(Collectors.toMap(
                        entry -> entry.origin().requestId(),
                        entry -> entry.route().position(),
                        Math::min));
    }

    private SpendTotals totals(List<LedgerEntry> calls) {
        Map<String, Integer> firstFailures = firstFailures();
        Predicate<LedgerEntry> isAnswered = entry -> entry.outcome() == CallOutcome.ANSWERED;
        List<LedgerEntry> accepted =
                calls.stream().filter(isAnswered).filter(this::isAccepted).toList();
        return new SpendTotals(
                accepted.size(),
                new CallCounts(
                        calls.size(),
                        count(calls, entry -> entry.outcome() == CallOutcome.FAILED),
                        count(
                                calls,
                                // A call of the same candidate was sent once more, which is no failover.
                                isAnswered.and(entry -> firstFailures.getOrDefault(
                                                entry.origin().requestId(), Integer.MAX_VALUE)
                                        < entry.route().position())),
                        count(calls, entry -> entry.charge().cost().status() == CostStatus.UNPRICED)),
                new TokenTotals(
                        calls.stream()
                                .mapToLong(entry -> entry.metering().usage().promptTokens())
                                // Exact, so that an overflow fails instead of turning a report negative.
                                .reduce(0, Math::addExact),
                        calls.stream()
                                .mapToLong(entry -> entry.metering().usage().completionTokens())
                                .reduce(0, Math::addExact)),
                new CostTotals(
                        sum(calls, entry -> EXACT.contains(entry.charge().cost().status())),
                        sum(calls, entry -> entry.charge().cost().status() == CostStatus.ESTIMATED),
                        baseline(accepted)));
    }

    private boolean isAccepted(LedgerEntry entry) {
        return entry.origin()
                .task()
                // Read for each report rather than kept: the attempt's outcome
                // is known only after the call was recorded.
                .map(task -> store.taskTable().hasSucceeded(task, entry.origin().epoch()))
                .orElse(true);
    }

    /** Unpriced calls are left out of both sides of the comparison. */
    private static MoneyTotal baseline(List<LedgerEntry> accepted) {
        return MoneyTotal.sum(accepted.stream()
                .filter(entry -> entry.charge().cost().amount().isPresent())
                .flatMap(entry -> entry.charge().baseline().amount().stream())
                .toList());
    }

    private static MoneyTotal sum(List<LedgerEntry> calls, Predicate<LedgerEntry> condition) {
        List<Money> amounts = calls.stream()
                .filter(condition)
                .flatMap(entry -> entry.charge().cost().amount().stream())
                .toList();
        return MoneyTotal.sum(amounts);
    }

    private static long count(List<LedgerEntry> calls, Predicate<LedgerEntry> condition) {
        return calls.stream().filter(condition).count();
    }

    /** The nearest rank: the smallest duration that {@code percent} of all did not exceed. */
    private static Duration percentile(List<Duration> sorted, int percent) {
        // Adding 99 before the division rounds the rank up in whole numbers; ranks begin with one, indices with zero.
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    @Override
    public Optional<LedgerEntry> call(String callId) {
        return store.locked(() -> Optional.ofNullable(entries.get(callId)));
    }

    @Override
    public List<LedgerEntry> ofRequest(String requestId) {
        return store.locked(() -> entries.values().stream()
                .filter(entry -> entry.origin().requestId().equals(requestId))
                .sorted(LedgerEntry.IN_REQUEST)
                .toList());
    }

    @Override
    public List<LedgerEntry> ofTask(TaskId task) {
        return store.locked(() -> entries.values().stream()
                .filter(entry -> task.equals(entry.origin().task().orElse(null)))
                .sorted(Comparator.comparing(entry -> entry.timing().startedAt()))
                .toList());
    }

    @Override
    public List<LedgerEntry> newest(int limit) {
        PageLimit.check(limit, MAX_PAGE);
        return store.locked(() -> {
            List<LedgerEntry> newest = new ArrayList<>(entries.values());
            // Reversed before a stable sort, so that among calls of one moment the latest recorded comes first.
            Collections.reverse(newest);
            newest.sort(Comparator.<LedgerEntry, Instant>comparing(
                            entry -> entry.timing().startedAt())
                    .reversed());
            return List.copyOf(newest.subList(0, Math.min(limit, newest.size())));
        });
    }

    private static LedgerEntry toMicros(LedgerEntry entry) {
        CallTiming timing = new CallTiming(
                // Like a database, so that a test cannot pass here on digits that another store would drop.
                StoredTime.micros(entry.timing().startedAt()),
                entry.timing().duration().truncatedTo(ChronoUnit.MICROS));
        return new LedgerEntry(
                entry.callId(),
                entry.origin(),
                entry.route(),
                timing,
                entry.outcome(),
                entry.failure(),
                entry.metering(),
                entry.charge(),
                entry.stopReason());
    }
}
