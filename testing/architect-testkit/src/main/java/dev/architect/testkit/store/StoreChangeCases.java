package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.spi.Store.ChangeListener;
import dev.architect.spi.Store.Subscription;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Wake-ups of one handle by changes through another one on the same database. Time stands still. */
abstract class StoreChangeCases extends StoreCases {

    private static final long TIMEOUT_SECONDS = 30;

    StoreChangeCases(StoreContract contract) {
        super(contract);
    }

    /** Keeps what it receives. */
    private static final class Received implements ChangeListener {

        private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();

        @Override
        public void onChange(Change change) {
            changes.add(change);
        }

        /** Waits for a change that may be of that kind. */
        void await(ChangeKind kind) throws InterruptedException {
            Change change;
            do {
                change = changes.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                assertThat(change).as("a change of kind " + kind).isNotNull();
            } while (!change.kinds().contains(kind));
        }
    }

    @Test
    void tellsOfATaskThatWasSubmittedElsewhere() throws Exception {
        Received received = new Received();
        try (Subscription subscription = second().subscribe(received)) {
            TaskId id = submit(prompt("p"));

            received.await(ChangeKind.TASK_READY);

            assertThat(second().tasks().find(id)).isPresent();
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsOfATaskThatEndedElsewhere() throws Exception {
        FencingToken fencingToken = running().fencingToken();
        Received received = new Received();
        try (Subscription subscription = second().subscribe(received)) {
            finish(done(fencingToken));

            received.await(ChangeKind.TASK_ENDED);

            assertThat(second().tasks().result(fencingToken.id())).isPresent();
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsOfATaskThatWasHandedBackOrRecoveredElsewhere() throws Exception {
        FencingToken fencingToken = running().fencingToken();
        long other = store().nodes().join("node-2");
        Received received = new Received();
        try (Subscription subscription = second().subscribe(received)) {
            finish(handedBack(fencingToken));
            received.await(ChangeKind.TASK_READY);

            claim(other, 1);
            kill(other);
            assertThat(store().nodes().deadOwners()).containsExactly(other);
            received.changes.clear();
            store().tasks().reap(other);
            received.await(ChangeKind.TASK_READY);

            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsOfATaskThatBecameDueElsewhere() throws Exception {
        submit(prompt("p").withDelay(Duration.ofMinutes(1)));
        Received received = new Received();
        try (Subscription subscription = second().subscribe(received)) {
            time.advance(Duration.ofMinutes(1));
            assertThat(store().tasks().promoteDue(10)).isEqualTo(1);

            received.await(ChangeKind.TASK_READY);

            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsOfACancellationElsewhere() throws Exception {
        TaskId id = submit(prompt("p"));
        Received received = new Received();
        try (Subscription subscription = second().subscribe(received)) {
            store().tasks().cancel(id);

            received.await(ChangeKind.TASK_ENDED);

            assertThat(second().tasks().find(id).map(Task::state)).contains(TaskState.CANCELLED);
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void tellsNothingToAListenerThatHasLeft() throws Exception {
        Received left = new Received();
        Received staying = new Received();
        Subscription leaving = second().subscribe(left);
        try (Subscription subscription = second().subscribe(staying)) {
            leaving.close();
            leaving.close();
            left.changes.clear();

            submit(prompt("p"));
            staying.await(ChangeKind.TASK_READY);

            assertThat(left.changes).isEmpty();
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void aListenerThatFailsDisturbsNeitherTheStoreNorOtherListeners() throws Exception {
        Received received = new Received();
        try (Subscription failing = second().subscribe(change -> {
                    throw new IllegalStateException("broken");
                });
                Subscription subscription = second().subscribe(received)) {
            submit(prompt("first"));
            received.await(ChangeKind.TASK_READY);
            received.changes.clear();
            submit(prompt("second"));
            received.await(ChangeKind.TASK_READY);

            assertThat(second().tasks().claim(ClaimRequest.of(node(), 5, Set.of(TaskRequest.PROMPT))))
                    .hasSize(2);
            assertThat(List.of(failing, subscription)).doesNotContainNull();
        }
    }

    @Test
    void rejectsASubscriptionOnceClosed() throws Exception {
        second().close();

        assertThatThrownBy(() -> second().subscribe(change -> {}))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.CLOSED));
    }
}
