package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.record.RecordStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tasks that a transaction of the host has stored, on a store that does not announce them. */
final class HostCommitTest extends EngineFixture {

    @Test
    void aNodeThatIsWokenTakesThemWithoutWaitingForItsClock() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Architect architect = start(builder(context -> {
                    (context.request().payload().equals("first") ? first : second).countDown();
                    return "done";
                })
                .store(new SilentStore(memory)));
        // So that the rounds of the start are over; the clock stands still from here on.
        TaskHandle before = architect.submit(TaskRequest.of("work", "first"));
        advanceUntil(() -> before.result().isPresent());
        assertThat(first.getCount()).isZero();

        architect.tasks().submitWith(List.of(TaskRequest.of("work", "second")), memory.tasks()::submit);
        architect.tasks().wake();

        assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** Never tells of changes. */
    private record SilentStore(Store store) implements Store {

        @Override
        public TaskStore tasks() {
            return store.tasks();
        }

        @Override
        public LaneStore lanes() {
            return store.lanes();
        }

        @Override
        public StepStore steps() {
            return store.steps();
        }

        @Override
        public NodeStore nodes() {
            return store.nodes();
        }

        @Override
        public ClusterStore cluster() {
            return store.cluster();
        }

        @Override
        public LedgerStore ledger() {
            return store.ledger();
        }

        @Override
        public ActivityStore activity() {
            return store.activity();
        }

        @Override
        public RecordStore records() {
            return store.records();
        }

        @Override
        public Subscription subscribe(ChangeListener listener) {
            return () -> {};
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
