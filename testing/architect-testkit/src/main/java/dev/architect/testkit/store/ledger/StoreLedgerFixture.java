package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.cost.ReportPeriod;
import dev.architect.spend.LedgerPosition;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store with a ledger, and short ways to record calls and to run their tasks. */
abstract class StoreLedgerFixture {

    static final ReportPeriod.Between ALL =
            new ReportPeriod.Between(Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"));

    static final Instant START = ManualTime.START.truncatedTo(ChronoUnit.DAYS);

    /** After the clock of every store, which may add up calls by itself. */
    static final Instant LATER = START.plus(Duration.ofDays(20_000));

    private final StoreHandles handles;
    final ManualTime time = new ManualTime();
    private @Nullable Store open;
    long node;

    /** Creates the cases for one store. */
    StoreLedgerFixture(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
        node = store().nodes().join("node-1");
    }

    @AfterEach
    void closeStore() {
        if (open != null) {
            open.close();
        }
    }

    Store store() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open;
    }

    LedgerStore ledger() {
        return store().ledger();
    }

    void record(CallFixture... calls) {
        ledger().record(List.of(calls).stream().map(CallFixture::entry).toList());
    }

    static CallFixture call(String id) {
        return new CallFixture(id);
    }

    /** Submits a task and claims it. */
    FencingToken running() {
        store().tasks().submit(List.of(TaskRequest.prompt("p")));
        return store().tasks()
                .claim(ClaimRequest.of(node, 1, Set.of(TaskRequest.PROMPT)))
                .get(0)
                .fencingToken();
    }

    void finish(FencingToken token, TaskState next) {
        boolean isDone = next == TaskState.DONE;
        assertThat(store().tasks()
                        .finish(List.of(new AttemptEnd(
                                token,
                                "llm-1",
                                time.wallTime(),
                                time.wallTime(),
                                isDone ? AttemptOutcome.SUCCEEDED : AttemptOutcome.FAILED,
                                next,
                                Duration.ZERO,
                                isDone ? AttemptResult.output("done") : AttemptResult.error("failed")))))
                .contains(token);
    }

    /** Whether the store keeps sums, so that calls can be deleted. */
    boolean hasSums() {
        record(call("probe").at(START.minus(Duration.ofDays(900))));
        rollUpAll(START.minus(Duration.ofDays(800)));
        return ledger().purge(List.of(new LedgerPosition(START.minus(Duration.ofDays(900)), "probe"))) == 1;
    }

    void rollUpAll(Instant before) {
        while (ledger().rollUp(before)) {
            // Each call adds up some.
        }
    }
}
