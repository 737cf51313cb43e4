package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.ReportPeriod;
import dev.architect.error.StoreException;
import dev.architect.task.TaskQuery;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Calls to a closed store, and by interrupted threads. */
abstract class StoreCloseCases extends StoreCases {

    StoreCloseCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void rejectsEveryCallOnceClosed() {
        store().close();

        assertClosed(() -> store().tasks().submit(List.of(prompt("p"))));
        assertClosed(() -> claim(1, 1));
        assertClosed(() -> store().tasks().promoteDue(1_000));
        assertClosed(() -> store().tasks().counts());
        assertClosed(() -> store().tasks().list(TaskQuery.newest(1)));
        assertClosed(() -> store().nodes().join("node"));
        assertClosed(() -> store().nodes().beat(node()));
        assertClosed(() -> store().nodes().sessions());
        assertClosed(() -> store().ledger().newest(1));
        assertClosed(() -> store().ledger().spend(new ReportPeriod.Between(Instant.EPOCH, Instant.EPOCH)));
        assertClosed(() -> store().activity().newest(1, 1));
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(StoreException.Kind.CLOSED);
            assertThat(failure.isTransient()).isFalse();
        });
    }

    @Test
    void closingTwiceHasNoEffect() {
        store().close();
        store().close();

        assertClosed(() -> store().tasks().counts());
    }

    @Test
    void appliesAChangeOfAnInterruptedCallerAsAWholeOrNotAtAll() {
        long kept = 0;
        for (int i = 0; i < 20; i++) {
            Thread.currentThread().interrupt();
            try {
                submit(3);
                kept += 3;
            } catch (StoreException interrupted) {
                assertThat(interrupted.kind()).isEqualTo(StoreException.Kind.BUSY);
            }
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(store().tasks().list(TaskQuery.newest(500))).hasSize((int) kept);
    }
}
