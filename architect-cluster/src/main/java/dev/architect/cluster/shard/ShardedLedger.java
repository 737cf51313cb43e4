package dev.architect.cluster.shard;

import dev.architect.cost.CallCounts;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.cost.TokenTotals;
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
import java.util.TreeMap;

/**
 * The ledgers of a group of stores. An entry is booked in the store that has the shard of its project, beside the attempt that it belongs to,
 * and stays there for ever; sums are taken over all stores. Safe for use by several threads.
 */
final class ShardedLedger implements LedgerStore {

    /** So many calls are remembered whose entry may have to be booked again. */
    private static final int MOST_PINNED = 10_000;

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
            // All of them: whoever repeats it finds each where it is.
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
        return new ProviderSpend(
                one.provider(),
                Math.addExact(one.requests(), other.requests()),
                sum(one.calls(), other.calls()),
                sum(one.tokens(), other.tokens()),
                one.cost().plus(other.cost()),
                new LatencyQuantiles(
                        mean(one.latency().p50(), calls, other.latency().p50(), others),
                        mean(one.latency().p95(), calls, other.latency().p95(), others)));
    }

    private static CallCounts sum(CallCounts one, CallCounts other) {
        return new CallCounts(
                Math.addExact(one.all(), other.all()),
                one.failed() + other.failed(),
                one.failovers() + other.failovers(),
                one.unpriced() + other.unpriced());
    }

    private static TokenTotals sum(TokenTotals one, TokenTotals other) {
        return new TokenTotals(Math.addExact(one.input(), other.input()), Math.addExact(one.output(), other.output()));
    }

    @Override
    public List<GroupSpend> spendBy(SpendDimension dimension, ReportPeriod.Between period) {
        Map<String, GroupSpend> sums = new TreeMap<>();
        group.askAll(member -> member.store().ledger().spendBy(dimension, period))
                .forEach(lines -> lines.forEach(line -> sums.merge(line.group(), line, ShardedLedger::sum)));
        return List.copyOf(sums.values());
    }

    private static GroupSpend sum(GroupSpend one, GroupSpend other) {
        return new GroupSpend(
                one.group(),
                Math.addExact(one.requests(), other.requests()),
                sum(one.calls(), other.calls()),
                sum(one.tokens(), other.tokens()),
                one.cost().plus(other.cost()));
    }

    @Override
    public boolean rollUp(Instant before) {
        return group.askAll(member -> member.store().ledger().rollUp(before)).contains(true);
    }

    private static Duration mean(Duration one, long weight, Duration other, long otherWeight) {
        double whole = (double) weight + otherWeight;
        return whole == 0
                ? Duration.ZERO
                : Duration.ofNanos(
                        Math.round(one.toNanos() * (weight / whole) + other.toNanos() * (otherWeight / whole)));
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
