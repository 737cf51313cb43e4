package dev.architect.store.jdbi.ledger;

import dev.architect.cost.CallCounts;
import dev.architect.cost.CostTotals;
import dev.architect.cost.LatencyQuantiles;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.ProviderSpend;
import dev.architect.cost.TokenTotals;
import dev.architect.spend.SpendTotals;
import dev.architect.store.jdbi.Columns;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exact sums of some calls, and how long answered ones took. Amounts are added up in two parts, millions and the rest, because the sum of
 * their 64-bit numbers would overflow. Used by one thread at a time.
 */
final class CallSum {

    /** The columns of a sum, in the order of its numbers. */
    static final List<String> COLUMNS = List.of(
            "requests",
            "calls",
            "failed_calls",
            "failovers",
            "unpriced_calls",
            "input_tokens",
            "output_tokens",
            "exact_millions",
            "exact_rest",
            "estimated_millions",
            "estimated_rest",
            "baseline_millions",
            "baseline_rest");

    private static final int REQUESTS = 0;
    private static final int CALLS = 1;
    private static final int FAILED = 2;
    private static final int FAILOVERS = 3;
    private static final int UNPRICED = 4;
    private static final int INPUT = 5;
    private static final int OUTPUT = 6;
    private static final int EXACT = 7;
    private static final int ESTIMATED = 9;
    private static final int BASELINE = 11;

    private static final long MILLION = 1_000_000;

    private final long[] numbers = new long[COLUMNS.size()];
    private final LatencySketch latency = new LatencySketch();

    /** Adds that part of a call. */
    void add(CallFact call, CallPart part) {
        if (part == CallPart.FAILOVER) {
            add(FAILOVERS, 1);
            return;
        }
        if (call.isAccepted()) {
            add(REQUESTS, 1);
            // Unpriced calls are left out of both sides of the comparison.
            if (call.cost != null) {
                addMoney(BASELINE, call.baseline);
            }
        }
        if (part == CallPart.WHOLE) {
            addAll(call);
        }
    }

    private void addAll(CallFact call) {
        add(CALLS, 1);
        add(FAILED, call.isFailed ? 1 : 0);
        add(FAILOVERS, call.isFailover ? 1 : 0);
        add(INPUT, call.promptTokens);
        add(OUTPUT, call.completionTokens);
        switch (call.status) {
            case PRICED, STATED -> addMoney(EXACT, call.cost);
            case ESTIMATED -> addMoney(ESTIMATED, call.cost);
            case UNPRICED -> add(UNPRICED, 1);
            case NOT_BILLED -> {}
        }
        if (call.isAnswered) {
            latency.add(call.duration);
        }
    }

    private void add(int index, long number) {
        // Exact, so that an overflow fails instead of turning a report negative.
        numbers[index] = Math.addExact(numbers[index], number);
    }

    private void addMoney(int index, @Nullable Long pico) {
        if (pico != null) {
            add(index, Math.floorDiv(pico, MILLION));
            add(index + 1, Math.floorMod(pico, MILLION));
        }
    }

    /** Adds the numbers of a row that has {@link #COLUMNS}. */
    void add(ResultSet row) throws SQLException {
        for (int i = 0; i < numbers.length; i++) {
            add(i, row.getLong(COLUMNS.get(i)));
        }
    }

    LatencySketch latency() {
        return latency;
    }

    /** Sets as many parameters as there are columns, from {@code first} on; zeros are NULL in a compact row. */
    void bind(PreparedStatement statement, int first, boolean isCompact) throws SQLException {
        for (int i = 0; i < numbers.length; i++) {
            Columns.setLong(statement, first + i, isCompact && numbers[i] == 0 ? null : numbers[i]);
        }
    }

    ProviderSpend provider(String name) {
        return new ProviderSpend(
                name,
                numbers[REQUESTS],
                calls(),
                tokens(),
                cost(),
                new LatencyQuantiles(latency.percentile(50), latency.percentile(95)));
    }

    SpendTotals totals() {
        return new SpendTotals(numbers[REQUESTS], calls(), tokens(), cost());
    }

    private CallCounts calls() {
        return new CallCounts(numbers[CALLS], numbers[FAILED], numbers[FAILOVERS], numbers[UNPRICED]);
    }

    private TokenTotals tokens() {
        return new TokenTotals(numbers[INPUT], numbers[OUTPUT]);
    }

    private CostTotals cost() {
        return new CostTotals(money(EXACT), money(ESTIMATED), money(BASELINE));
    }

    private MoneyTotal money(int index) {
        return new MoneyTotal(BigInteger.valueOf(numbers[index])
                .multiply(BigInteger.valueOf(MILLION))
                .add(BigInteger.valueOf(numbers[index + 1])));
    }
}
