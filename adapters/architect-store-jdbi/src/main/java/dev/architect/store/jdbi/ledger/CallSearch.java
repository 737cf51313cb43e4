package dev.architect.store.jdbi.ledger;

import dev.architect.cost.LedgerEntry;
import dev.architect.spend.LedgerPage;
import dev.architect.spend.LedgerPosition;
import dev.architect.spend.SpendFilter;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.SqlDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the calls that meet a filter, in their order, for somebody who waits. No index leads to what calls have, since each would slow down every call that is
 * recorded; so the page is found like this:
 *
 * <ol>
 *   <li>Calls are looked at in the order of their time, in growing steps, of which each first finds its end in the index alone.
 *   <li>After a step, times are passed over in which no call can meet the filter, as far as {@link CallTimes} knows them.
 *   <li>The search ends when the page is full, when the period is over, or when so many calls were looked at as take ten to twenty milliseconds: then the
 *       page says where to go on.
 * </ol>
 *
 * <p>Used by one thread, within one transaction.
 */
final class CallSearch {

    private static final int MOST_LOOKED_AT = 4_000;
    private static final int MOST_LEAPS = 60;
    private static final int FIRST_STEP = 500;
    private static final int STEP_FACTOR = 4;

    /** After a leap so many calls are looked at, also beyond the time that it led to: in a small ledger, hours have few. */
    private static final int LEAST_STEP = 250;

    private final Handle handle;
    private final SqlDialect dialect;
    private final CallCondition condition;
    private final CallTimes times;
    private final long to;
    private final int limit;
    private final List<LedgerEntry> found = new ArrayList<>();
    private @Nullable LedgerPosition position;

    /**
     * Some calls that were looked at.
     *
     * @param count how many
     * @param end the time before which they began, and before which there are no others
     */
    private record Step(int count, long end) {}

    CallSearch(Handle handle, SqlDialect dialect, SpendFilter filter, long to, int limit) {
        this.handle = handle;
        this.dialect = dialect;
        this.condition = new CallCondition(filter);
        this.times = new CallTimes(handle, filter);
        this.to = to;
        this.limit = limit;
    }

    /** Returns the page of calls that began from {@code from} on and stand after a position. Called once. */
    LedgerPage page(long from, Optional<LedgerPosition> after) {
        position = after.orElse(null);
        long begin =
                after.map(place -> Math.max(from, Micros.of(place.startedAt()))).orElse(from);
        CallTimes.Span span = new CallTimes.Span(begin, to);
        int lookedAt = 0;
        int leaps = 0;
        int size = FIRST_STEP;
        while (begin < to) {
            Step step = step(begin, span.to(), size);
            read(begin, step.end());
            if (found.size() > limit) {
                return LedgerPage.of(found, limit);
            }
            lookedAt += step.count();
            begin = step.end();
            position = null;
            if (begin < to && (lookedAt >= MOST_LOOKED_AT || leaps >= MOST_LEAPS)) {
                return new LedgerPage(found, Optional.of(lastBefore(begin)));
            }
            if (begin >= span.to() || span.to() >= to) {
                Optional<CallTimes.Span> next = times.next(begin, to);
                if (next.isEmpty()) {
                    break;
                }
                leaps += next.get().from() > begin ? 1 : 0;
                span = next.get();
                begin = span.from();
            }
            size = Math.min(size * STEP_FACTOR, Math.max(LEAST_STEP, MOST_LOOKED_AT - lookedAt));
        }
        return new LedgerPage(found, Optional.empty());
    }

    private Step step(long begin, long end, int size) {
        Step step = look(begin, end, size);
        return end < to && step.count() < LEAST_STEP ? look(begin, to, LEAST_STEP) : step;
    }

    /** Finds the next calls in the index, at most {@code size} and those that began at the same time as the last one. */
    private Step look(long begin, long end, int size) {
        return bound(LedgerSql.looked(dialect, position != null), parameters(begin, end, size))
                .map((row, context) ->
                        new Step(row.getInt("n"), row.getInt("n") < size ? end : row.getLong("last") + 1))
                .one();
    }

    private void read(long begin, long end) {
        found.addAll(bound(
                        LedgerSql.page(dialect, position != null, condition.sql()),
                        condition.parameters(place(begin, end), limit + 1 - found.size()))
                .map((row, context) -> LedgerRow.entry(row))
                .list());
    }

    private Object[] parameters(long begin, long end, int size) {
        List<Object> all = place(begin, end);
        all.add(size);
        return all.toArray();
    }

    private List<Object> place(long begin, long end) {
        List<Object> place = new ArrayList<>(List.of(begin, end));
        LedgerPosition after = position;
        if (after != null) {
            place.add(Micros.of(after.startedAt()));
            place.add(after.callId());
        }
        return place;
    }

    private Query bound(String sql, Object[] parameters) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < parameters.length; i++) {
            query.bind(i, parameters[i]);
        }
        return query;
    }

    /** The place of the last call before a time; where there is none any more, one that no call has. */
    private LedgerPosition lastBefore(long time) {
        return handle.createQuery(LedgerSql.lastBefore(dialect))
                .bind(0, time)
                .map((row, context) ->
                        new LedgerPosition(Micros.instant(row.getLong("started_at")), row.getString("call_id")))
                .findOne()
                .orElseGet(() -> new LedgerPosition(Micros.instant(time - 1), "none"));
    }
}
