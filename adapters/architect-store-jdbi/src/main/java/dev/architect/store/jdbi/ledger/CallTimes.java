package dev.architect.store.jdbi.ledger;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.SpendDimension;
import dev.architect.spend.SpendFilter;
import dev.architect.store.jdbi.StoredText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * When calls that meet a filter may have begun, as the sums know it: in a minute, an hour, a day or a block of days in which each value of the filter has a
 * sum. Each of these is one look-up by a key, whatever the number of calls and of values. What the sums lack is never left out: calls after the time
 * that they go to, and those that were recorded late. Used by one thread, within one transaction.
 */
final class CallTimes {

    /** So many statements take some ten milliseconds. After them, the rest of the time in question counts as one in which there may be calls. */
    private static final int MOST_LOOKUPS = 100;

    private final Handle handle;
    private final Map<SpendDimension, List<String>> values = new EnumMap<>(SpendDimension.class);
    private final long until;
    private final long minutesFrom;
    private int lookups;

    /** A time in which calls may have begun, in microseconds; the end is not part of it. */
    record Span(long from, long to) {}

    CallTimes(Handle handle, SpendFilter filter) {
        this.handle = handle;
        filter.values().forEach((dimension, value) -> values.put(dimension, List.of(stored(dimension, value))));
        filter.failure().ifPresent(failure -> values.putIfAbsent(SpendDimension.OUTCOME, withoutAnswer()));
        long[] progress = handle.createQuery(RollupSql.UNTIL)
                .map((row, context) -> new long[] {row.getLong(1), row.getLong(2)})
                .one();
        this.until = progress[0];
        this.minutesFrom = progress[1];
    }

    private static String stored(SpendDimension dimension, String value) {
        return SpendReader.isEncoded(dimension) ? String.valueOf(StoredText.encode(value)) : value;
    }

    private static List<String> withoutAnswer() {
        return Arrays.stream(CallOutcome.values())
                .filter(outcome -> outcome != CallOutcome.ANSWERED)
                .map(Enum::name)
                .toList();
    }

    /** Returns the first time from {@code from} until just before {@code to} in which there may be calls; empty when there is none. */
    Optional<Span> next(long from, long to) {
        // Calls of the time before 1970 are in no sum.
        if (values.isEmpty() || from < 0 || from >= until) {
            return from < to ? Optional.of(new Span(from, to)) : Optional.empty();
        }
        long end = Math.min(to, until);
        lookups = 0;
        Optional<Span> summed = first(Grain.BLOCK, from, end);
        Optional<Span> late = late(from, summed.map(Span::from).orElse(end));
        if (late.isPresent() || summed.isPresent() || end >= to) {
            return late.or(() -> summed);
        }
        return Optional.of(new Span(end, to));
    }

    private Optional<Span> first(Grain grain, long from, long to) {
        long begin = grain.begin(from);
        while (begin < to) {
            if (lookups >= MOST_LOOKUPS) {
                return Optional.of(new Span(Math.max(from, begin), to));
            }
            Optional<Long> row = find(grain, begin, to);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            long end = row.get() + grain.micros();
            Span whole = new Span(Math.max(from, row.get()), Math.min(to, end));
            Optional<Span> found = grain == Grain.MINUTE || (grain == Grain.HOUR && row.get() < minutesFrom)
                    ? Optional.of(whole)
                    : first(grain.shorter(), whole.from(), whole.to());
            if (found.isPresent()) {
                return found;
            }
            begin = end;
        }
        return Optional.empty();
    }

    /** The begin of the first row of sums that has every value, from {@code begin} on. */
    private Optional<Long> find(Grain grain, long begin, long to) {
        lookups++;
        List<Object> parameters = new ArrayList<>();
        addValues(parameters, grain, List.of());
        parameters.addAll(List.of(begin, grain.micros()));
        addValues(parameters, grain, List.of(grain.micros()));
        parameters.addAll(List.of(grain.micros(), to));
        Query select = handle.createQuery(
                RollupSql.firstWith(values.values().stream().map(List::size).toList()));
        for (int i = 0; i < parameters.size(); i++) {
            select.bind(i, parameters.get(i));
        }
        return select.mapTo(Long.class).findFirst();
    }

    /** What {@link RollupSql#firstWith} asks each step for; {@code step} is what its begin is made with. */
    private void addValues(List<Object> parameters, Grain grain, List<Long> step) {
        values.forEach((dimension, any) -> {
            parameters.add(grain.number());
            parameters.add(LedgerRollups.number(dimension));
            parameters.addAll(step);
            parameters.addAll(any);
        });
    }

    /** The first call before {@code to} that was recorded after its time had been added up. */
    private Optional<Span> late(long from, long to) {
        return handle.createQuery(RollupSql.FIRST_LATE)
                .bind(0, from)
                .bind(1, to)
                .mapTo(Long.class)
                .findFirst()
                .map(at -> new Span(at, at + 1));
    }
}
