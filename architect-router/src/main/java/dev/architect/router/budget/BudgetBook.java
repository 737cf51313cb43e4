package dev.architect.router.budget;

import dev.architect.budget.Budget;
import dev.architect.budget.BudgetCatalogue;
import dev.architect.model.Complexity;
import dev.architect.route.OutputHistory;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The budgets of a router. They are read again every {@link #REFRESH} while there are requests, on another thread, so that a request
 * without budgets costs the comparison of two times. Safe for use by several threads.
 */
public final class BudgetBook {

    /** How old the known budgets are at most, while there are requests. */
    public static final Duration REFRESH = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(BudgetBook.class);

    private final @Nullable BudgetCatalogue catalogue;
    private final @Nullable Settlements settlements;
    private final OutputHistory outputs;
    private final TimeSource time;
    private final Consumer<Runnable> runner;
    private final AtomicLong readAt;
    /** Until the first read has succeeded: whether there are budgets is unknown. */
    private volatile boolean isKnown;

    /**
     * Creates the budgets of {@code catalogueOrNull}; none at all without one.
     *
     * @param outputs the lengths of earlier answers, which others add to
     * @param runner runs the calls of the store, on threads that may block
     */
    public BudgetBook(
            @Nullable BudgetCatalogue catalogueOrNull,
            OutputHistory outputs,
            TimeSource time,
            Consumer<Runnable> runner) {
        this.catalogue = catalogueOrNull;
        this.settlements = catalogueOrNull == null ? null : new Settlements(catalogueOrNull.store());
        this.outputs = outputs;
        this.time = time;
        this.runner = runner;
        this.readAt = new AtomicLong(catalogueOrNull == null ? 0 : time.nanoTime());
        if (catalogueOrNull != null) {
            refresh(catalogueOrNull);
        }
    }

    private void refresh(BudgetCatalogue known) {
        try {
            known.refresh();
            isKnown = true;
        } catch (RuntimeException failure) {
            LOG.warn("budgets could not be read, those that were known are kept", failure);
        }
    }

    /** The lengths of earlier answers. */
    public OutputHistory outputs() {
        return outputs;
    }

    /**
     * Returns what stands before the calls of one request; null when there is no budget.
     *
     * @param complexity the class of the prompt
     * @param now the time of the monotonic clock
     */
    public @Nullable BudgetClaim claim(
            String requestId, RoutingContext routing, Complexity complexity, CostBound bound, long now) {
        BudgetCatalogue known = catalogue;
        if (known == null || settlements == null) {
            return null;
        }
        long last = readAt.get();
        if (now - last >= REFRESH.toNanos() && readAt.compareAndSet(last, now)) {
            if (!isKnown || now - last >= 2 * REFRESH.toNanos()) {
                // The last read is so old that another node may have set a budget since.
                refresh(known);
            } else {
                runner.accept(() -> refresh(known));
            }
        }
        List<Budget> budgets = known.budgets();
        return budgets.isEmpty()
                ? null
                : new BudgetClaim(
                        settlements,
                        budgets,
                        requestId,
                        routing,
                        new ProbableCost(outputs, routing.scope().taskType(), complexity, bound),
                        time);
    }
}
