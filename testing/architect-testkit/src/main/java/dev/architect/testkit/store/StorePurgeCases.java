package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.PurgeCursor;
import dev.architect.maintenance.PurgedTasks;
import dev.architect.maintenance.TaskRetention;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Deleting tasks that ended long ago. */
abstract class StorePurgeCases extends StoreCases {

    private static final Duration DAY = Duration.ofDays(1);

    StorePurgeCases(StoreContract contract) {
        super(contract);
    }

    /** Purges until no older task is left to look at. */
    private int purgeAll(TaskRetention retention, int limit) {
        int deleted = 0;
        Optional<PurgeCursor> position = Optional.empty();
        do {
            PurgedTasks purged = store().tasks().purge(retention, position, limit);
            assertThat(purged.tasks()).isLessThanOrEqualTo(limit);
            deleted += purged.tasks();
            position = purged.next();
        } while (position.isPresent());
        return deleted;
    }

    private List<TaskId> all() {
        return store().tasks().list(TaskQuery.newest(500)).stream()
                .map(Task::id)
                .sorted()
                .toList();
    }

    @Test
    void deletesEachStateAfterItsOwnTime() {
        TaskId done = running().fencingToken().id();
        finish(done(new FencingToken(done, 1, node())));
        TaskId dead = running().fencingToken().id();
        finish(dead(new FencingToken(dead, 1, node())));
        TaskId cancelled = submit(prompt("p"));
        store().tasks().cancel(cancelled);

        time.advance(DAY.multipliedBy(7));
        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isZero();
        time.advance(Duration.ofSeconds(1));
        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isEqualTo(2);
        assertThat(all()).containsExactly(dead);
        time.advance(DAY.multipliedBy(23));
        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isEqualTo(1);

        assertThat(all()).isEmpty();
        assertThat(store().tasks().counts()).isEmpty();
    }

    @Test
    void deletesResultAndAttemptsButNoCost() {
        FencingToken fencingToken = running().fencingToken();
        finish(end(fencingToken, AttemptOutcome.NEEDS_INPUT, TaskState.HELD, Duration.ZERO, null, "which?"));
        store().tasks().resume(fencingToken.id(), Optional.of("this"));
        store().ledger()
                .record(List.of(
                        LedgerEntryFixture.call("call-1").attempt(fencingToken).entry()));
        finish(done(claimOne().fencingToken()));
        time.advance(DAY.multipliedBy(8));

        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isEqualTo(1);

        TaskId id = fencingToken.id();
        assertThat(store().tasks().find(id)).isEmpty();
        assertThat(store().tasks().result(id)).isEmpty();
        assertThat(store().tasks().attempts(id)).isEmpty();
        assertThat(store().tasks().ended(List.of(id))).isEmpty();
        assertThat(store().tasks().cancel(id)).isEmpty();
        assertThat(store().tasks().redrive(List.of(id))).isEmpty();
        assertThat(store().ledger().ofTask(id)).hasSize(1);
    }

    @Test
    void keepsWhatHasNotEnded() throws Exception {
        submit(2);
        claim(1);
        TaskId held = submit(prompt("p"));
        store().tasks().hold(held);
        submit(prompt("p").withDelay(DAY.multipliedBy(300)));
        time.advance(DAY.multipliedBy(200));

        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isZero();

        assertThat(all()).hasSize(4);
    }

    @Test
    void keepsForeverWhatIsToBeKeptForever() {
        finish(done(running().fencingToken()));
        finish(dead(running().fencingToken()));
        time.advance(DAY.multipliedBy(4_000));

        assertThat(purgeAll(TaskRetention.KEEP_ALL, 500)).isZero();
        assertThat(purgeAll(TaskRetention.DEFAULT.withDead(TaskRetention.FOREVER), 500))
                .isEqualTo(1);

        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.DEAD, 1L));
    }

    @Test
    void measuresFromTheEndAndNotFromTheSubmission() {
        FencingToken fencingToken = running().fencingToken();
        time.advance(DAY.multipliedBy(100));
        finish(done(fencingToken));
        time.advance(DAY.multipliedBy(6));

        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isZero();

        assertThat(store().tasks().result(fencingToken.id())).isPresent();
    }

    @Test
    void keepsARedrivenTask() {
        FencingToken fencingToken = running().fencingToken();
        finish(dead(fencingToken));
        time.advance(DAY.multipliedBy(60));
        store().tasks().redrive(List.of(fencingToken.id()));

        assertThat(purgeAll(TaskRetention.DEFAULT, 500)).isZero();

        assertThat(claimIds(1)).containsExactly(fencingToken.id());
    }

    @Test
    void walksOverAllTasksInBoundedSteps() {
        submit(25);
        claim(25).stream()
                .filter(claimed -> claimed.fencingToken().id().value() % 3 != 0)
                .forEach(claimed -> finish(done(claimed.fencingToken())));
        long left = store().tasks().counts().getOrDefault(TaskState.RUNNING, 0L);
        time.advance(DAY.multipliedBy(8));

        assertThat(purgeAll(TaskRetention.DEFAULT, 4)).isEqualTo(25 - (int) left);

        assertThat(store().tasks().counts()).isEqualTo(Map.of(TaskState.RUNNING, left));
    }

    @Test
    void refusesALimitOutsideItsRange() {
        for (int limit : new int[] {0, -1, 501}) {
            assertThatThrownBy(() -> store().tasks().purge(TaskRetention.DEFAULT, Optional.empty(), limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limit is " + limit);
        }
    }
}
