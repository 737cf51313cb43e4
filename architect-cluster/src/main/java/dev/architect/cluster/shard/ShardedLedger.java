package dev.architect.cluster.shard;

import dev.architect.cost.GroupSpend;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendAxis;
import dev.architect.spend.SpendBucket;
import dev.architect.spend.SpendCell;
import dev.architect.spend.SpendFilter;
import dev.architect.spend.SpendInterval;
import dev.architect.spend.SpendTotals;
import dev.architect.spi.LedgerStore;
import dev.architect.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The ledgers of a group of stores. An entry is booked in the store that has the shard of its project, beside the attempt that it belongs to,
 * and stays there for ever; sums are taken over all stores. Safe for use by several threads.
 */
final class ShardedLedger implements LedgerStore {

    /** So many calls are remembered whose entry may have to be booked again. */
    private static final int MOST_PINNED = 10_000;

    private static final int MOST_TOP = 1_000;

    private static final Comparator<GroupSpend> DEAREST_FIRST = Comparator.comparing(
                    (GroupSpend task) -> task.cost().spent())
            .reversed()
            .thenComparing(GroupSpend::group);

    private final StoreGroup group;
    // A call is booked once: where it was noted, or where its first booking failed, it is booked again.
    private final Map<String, Integer> pinned = new LinkedHashMap<>();

    ShardedLedger(StoreGroup group) {
        this.group = group;
    }

    private GroupMember memberOf(LedgerEntry entry) {
        synchronized (pinned) {
            Integer before = pinned.get(entry.callId());
            if (before != null) {
                return group.member(before);
            }
        }
        return group.of(entry.origin().attribution().project().shard());
    }

    private void pin(Collection<LedgerEntry> entries, GroupMember member) {
        synchronized (pinned) {
            for (LedgerEntry entry : entries) {
                pinned.put(entry.callId(), member.number());
            }
            while (pinned.size() > MOST_PINNED) {
                pinned.remove(pinned.keySet().iterator().next());
            }
        }
    }

    @Override
    public void begin(LedgerEntry unrecorded) {
        GroupMember member = memberOf(unrecorded);
        if (member.store().ledger().notesCalls()) {
            pin(List.of(unrecorded), member);
            member.store().ledger().begin(unrecorded);
        }
    }

    @Override
    public boolean notesCalls() {
        return group.members().stream()
                .anyMatch(member -> member.store().ledger().notesCalls());
    }

    @Override
    public void record(List<LedgerEntry> entries) {
        Map<GroupMember, List<LedgerEntry>> parts = new LinkedHashMap<>();
        entries.forEach(entry -> parts.computeIfAbsent(memberOf(entry), member -> new ArrayList<>())
                .add(entry));
        RuntimeException failure = null;
        for (Map.Entry<GroupMember, StoreGroup.Answer<Boolean>> answer : group.ask(
                        List.copyOf(parts.keySet()), member -> {
                            member.store().ledger().record(parts.getOrDefault(member, List.of()));
                            return true;
                        })
                .entrySet()) {
            if (!answer.getValue().isGiven()) {
                failure = answer.getValue().failure();
            }
        }
        if (failure != null) {
            // All of them: a repeated call finds each where it is.
            parts.forEach((member, part) -> pin(part, member));
            throw failure;
        }
        synchronized (pinned) {
            entries.forEach(entry -> pinned.remove(entry.callId()));
        }
    }

    /** Exact but for the quantiles: those of several stores are weighed by their numbers of calls. */
    @Override
    public List<ProviderSpend> spend(ReportPeriod.Between period) {
        Map<String, ProviderSpend> sums = new TreeMap<>();
        group.askAll(member -> member.store().ledger().spend(period))
                .forEach(lines -> lines.forEach(line -> sums.merge(line.provider(), line, ShardedLedger::sum)));
        return List.copyOf(sums.values());
    }

    private static ProviderSpend sum(ProviderSpend one, ProviderSpend other) {
        long calls = one.calls().all();
        long others = other.calls().all();
        SpendTotals sum = totals(one).plus(totals(other));
        return new ProviderSpend(
                one.provider(),
                sum.requests(),
                sum.calls(),
                sum.tokens(),
                sum.cost(),
                new LatencyQuantiles(
                        mean(one.latency().p50(), calls, other.latency().p50(), others),
                        mean(one.latency().p95(), calls, other.latency().p95(), others)));
    }

    private static SpendTotals totals(ProviderSpend spend) {
        return new SpendTotals(spend.requests(), spend.calls(), spend.tokens(), spend.cost());
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, SpendFilter filter, ReportPeriod.Between period) {
        return groups(group.askAll(member -> member.store().ledger().spendBy(dimension, filter, period)));
    }

    private static List<GroupSpend> groups(List<List<GroupSpend>> parts) {
        return merged(parts, GroupSpend::group, SpendTotals::of).entrySet().stream()
                .map(each -> each.getValue().as(each.getKey()))
                .toList();
    }

    @Override
    public List<SpendCell> breakdown(List<SpendAxis> axes, SpendFilter filter, ReportPeriod.Between period) {
        List<List<SpendCell>> parts =
                group.askAll(member -> member.store().ledger().breakdown(axes, filter, period));
        return merged(parts, SpendCell::values, SpendCell::totals, SpendCell.BY_VALUES).entrySet().stream()
                .map(each -> new SpendCell(each.getKey(), each.getValue()))
                .toList();
    }

    /** The sums of what has one key in several stores. */
    private static <T, K extends Comparable<K>> SortedMap<K, SpendTotals> merged(
            Collection<? extends Collection<T>> parts, Function<T, K> key, Function<T, SpendTotals> totals) {
        return merged(parts, key, totals, Comparator.naturalOrder());
    }

    private static <T, K> SortedMap<K, SpendTotals> merged(
            Collection<? extends Collection<T>> parts,
            Function<T, K> key,
            Function<T, SpendTotals> totals,
            Comparator<? super K> order) {
        SortedMap<K, SpendTotals> sums = new TreeMap<>(order);
        parts.forEach(part -> part.forEach(each -> sums.merge(key.apply(each), totals.apply(each), SpendTotals::plus)));
        return sums;
    }

    @Override
    public List<SpendBucket> series(SpendInterval interval, SpendFilter filter, ReportPeriod.Between period) {
        return merged(
                        group.askAll(member -> member.store().ledger().series(interval, filter, period)),
                        SpendBucket::begin,
                        SpendBucket::totals)
                .entrySet()
                .stream()
                .map(each -> new SpendBucket(each.getKey(), each.getValue()))
                .toList();
    }

    /**
     * A task that has moved has calls in several stores, and may be the dearest of all and of none of them. So more and more are taken of
     * each store, until all others together cannot cost more than the last one of the result. Amounts below zero are corrections, which
     * do not move a task out of a place that it has by this.
     */
    @Override
    public List<GroupSpend> topTasks(SpendFilter filter, ReportPeriod.Between period, int limit) {
        int taken = limit;
        while (true) {
            int most = taken;
            List<List<GroupSpend>> parts =
                    group.askAll(member -> member.store().ledger().topTasks(filter, period, most));
            SortedSet<String> tasks = new TreeSet<>();
            parts.forEach(part -> part.forEach(task -> tasks.add(task.group())));
            boolean isComplete = parts.stream().allMatch(part -> part.size() < most);
            List<GroupSpend> top = (isComplete ? groups(parts) : whole(tasks, filter, period))
                    .stream().sorted(DEAREST_FIRST).limit(limit).toList();
            MoneyTotal others = parts.stream()
                    .filter(part -> part.size() == most)
                    .map(part -> part.get(most - 1).cost().spent())
                    .reduce(MoneyTotal.ZERO, MoneyTotal::plus);
            if (isComplete
                    || most == MOST_TOP
                    || top.get(top.size() - 1).cost().spent().compareTo(others) > 0) {
                return top;
            }
            taken = Math.min(MOST_TOP, most * 2);
        }
    }

    /** The sums of some tasks over all stores. */
    private List<GroupSpend> whole(Collection<String> tasks, SpendFilter filter, ReportPeriod.Between period) {
        return tasks.stream()
                .map(task -> {
                    SpendFilter ofTask = filter.withTask(TaskId.parse(task));
                    return groups(group.askAll(member -> member.store().ledger().topTasks(ofTask, period, 1)));
                })
                .flatMap(Collection::stream)
                .toList();
    }

    @Override
    public SortedMap<Long, SpendTotals> attempts(TaskId task) {
        return merged(
                group.askAll(member -> member.store().ledger().attempts(task).entrySet()),
                Map.Entry::getKey,
                Map.Entry::getValue);
    }

    @Override
    public List<LedgerEntry> page(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        return group.askAll(member -> member.store().ledger().page(filter, period, position, limit)).stream()
                .flatMap(Collection::stream)
                .sorted(Comparator.comparing(LedgerPosition::after))
                .limit(limit)
                .toList();
    }

    /** A store that has stopped earlier than others bounds the page: what it has behind that place is not known. */
    @Override
    public LedgerPage browse(
            SpendFilter filter, ReportPeriod.Between period, Optional<LedgerPosition> position, int limit) {
        List<LedgerPage> pages =
                group.askAll(member -> member.store().ledger().browse(filter, period, position, limit));
        Optional<LedgerPosition> known =
                pages.stream().flatMap(page -> page.next().stream()).min(Comparator.naturalOrder());
        List<LedgerEntry> calls = pages.stream()
                .flatMap(page -> page.calls().stream())
                .sorted(Comparator.comparing(LedgerPosition::after))
                .toList();
        List<LedgerEntry> sure = calls.stream()
                .filter(call -> known.isEmpty() || LedgerPosition.after(call).compareTo(known.get()) <= 0)
                .toList();
        return sure.size() > limit ? LedgerPage.of(sure, limit) : new LedgerPage(sure, known);
    }

    @Override
    public boolean rollUp(Instant before) {
        return group.askAll(member -> member.store().ledger().rollUp(before)).contains(true);
    }

    @Override
    public int purge(List<LedgerPosition> calls) {
        return group.askAll(member -> member.store().ledger().purge(calls)).stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private static Duration mean(Duration one, long weight, Duration other, long otherWeight) {
        double whole = (double) weight + otherWeight;
        return whole == 0
                ? Duration.ZERO
                : Duration.ofNanos(
                        Math.round(one.toNanos() * (weight / whole) + other.toNanos() * (otherWeight / whole)));
    }

    @Override
    public Optional<LedgerEntry> call(String callId) {
        return group.askAll(member -> member.store().ledger().call(callId)).stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public List<LedgerEntry> ofRequest(String requestId) {
        return group.askAll(member -> member.store().ledger().ofRequest(requestId)).stream()
                .flatMap(Collection::stream)
                .sorted(LedgerEntry.IN_REQUEST)
                .toList();
    }

    /** Of all stores: a task that has moved has calls in each of them. */
    @Override
    public List<LedgerEntry> ofTask(TaskId task) {
        return group.askAll(member -> member.store().ledger().ofTask(task)).stream()
                .flatMap(Collection::stream)
                .sorted(Comparator.comparing(
                        (LedgerEntry entry) -> entry.timing().startedAt()))
                .toList();
    }

    @Override
    public List<LedgerEntry> newest(int limit) {
        return group.askAll(member -> member.store().ledger().newest(limit)).stream()
                .flatMap(Collection::stream)
                .sorted(Comparator.comparing(
                                (LedgerEntry entry) -> entry.timing().startedAt())
                        .reversed())
                .limit(limit)
                .toList();
    }
}
