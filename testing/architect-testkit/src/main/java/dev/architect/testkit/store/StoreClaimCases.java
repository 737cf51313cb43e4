package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimHistory;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TimeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Claiming tasks. */
abstract class StoreClaimCases extends StoreCases {

    StoreClaimCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void raisesTheEpochAndSetsTheOwner() {
        TaskRequest request = prompt("p")
                .withAttribute("a", "b")
                .withOptions(TaskOptions.DEFAULT.withTimeLimits(TimeLimits.NONE.withSoft(Duration.ofSeconds(9))));
        TaskId id = submit(request);
        time.advance(Duration.ofMillis(40));

        ClaimedTask claimed = claimOne();

        assertThat(claimed)
                .isEqualTo(new ClaimedTask(
                        new FencingToken(id, 1, node()),
                        request,
                        1,
                        false,
                        Optional.empty(),
                        Duration.ofMillis(40),
                        ClaimHistory.NONE));
        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.RUNNING);
        assertThat(task.epoch()).isEqualTo(1);
        assertThat(task.attempt()).isEqualTo(1);
        assertThat(store().tasks().runningOf(node())).containsExactly(claimed.fencingToken());
    }

    @Test
    void claimsOnlyTasksOfTheNamedTypes() {
        submit(TaskRequest.of("unknown", "p"));
        TaskId known = submit(prompt("p"));

        assertThat(claimIds(10)).containsExactly(known);
    }

    @Test
    void claimsNoMoreOfATypeThanItsQuota() {
        submit(3);
        TaskId other = submit(TaskRequest.of("other", "p"));

        List<ClaimedTask> claimed =
                store().tasks().claim(new ClaimRequest(node(), 10, Map.of(TaskRequest.PROMPT, 2, "other", 5)));

        assertThat(claimed).hasSize(3);
        assertThat(claimed)
                .last()
                .satisfies(last -> assertThat(last.fencingToken().id()).isEqualTo(other));
        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void claimsOverAllTypesInOneOrder() {
        TaskId late = submit(TaskRequest.of("a", "p").withPriority(Priority.LOW));
        TaskId second = submit(TaskRequest.of("b", "p"));
        TaskId first = submit(TaskRequest.of("a", "p").withPriority(Priority.HIGH));

        List<ClaimedTask> claimed = store().tasks().claim(ClaimRequest.of(node(), 2, Set.of("a", "b")));

        assertThat(claimed).extracting(task -> task.fencingToken().id()).containsExactly(first, second);
        assertThat(store().tasks().claim(ClaimRequest.of(node(), 2, Set.of("a", "b"))))
                .singleElement()
                .satisfies(task -> assertThat(task.fencingToken().id()).isEqualTo(late));
    }

    @Test
    void claimsNoTaskTwice() {
        submit(10);

        List<TaskId> claimed = new ArrayList<>(claimIds(4));
        claimed.addAll(claimIds(100));

        assertThat(new HashSet<>(claimed)).hasSize(10);
        assertThat(claimed).hasSize(10);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void servesUrgentTasksFirstAndThenInOrderOfSubmission() {
        TaskId low = submit(prompt("low").withPriority(Priority.LOW));
        TaskId first = submit(prompt("first"));
        TaskId second = submit(prompt("second"));
        TaskId urgent = submit(prompt("urgent").withPriority(Priority.URGENT));

        assertThat(claimIds(10)).containsExactly(urgent, first, second, low);
    }

    @Test
    void servesTheSameOrderHoweverManyAreClaimedAtOnce() {
        List<TaskId> inOrder = new ArrayList<>(submit(3));
        inOrder.add(submit(prompt("low").withPriority(Priority.LOW)));
        inOrder.add(0, submit(prompt("urgent").withPriority(Priority.URGENT)));

        List<TaskId> claimed = new ArrayList<>();
        for (int limit : new int[] {1, 2, 1, 1}) {
            claimed.addAll(claimIds(limit));
        }

        assertThat(claimed).isEqualTo(inOrder);
    }

    @Test
    void agesPrioritiesSoThatNothingStarves() {
        TaskId old = submit(prompt("old").withPriority(new Priority(5)));
        time.advance(Duration.ofSeconds(29));
        TaskId overtakes = submit(prompt("overtakes").withPriority(new Priority(4)));
        time.advance(Duration.ofSeconds(2));
        TaskId tooLate = submit(prompt("too late").withPriority(new Priority(4)));

        assertThat(claimIds(10)).containsExactly(overtakes, old, tooLate);
    }

    @Test
    void servesAScheduledTaskByItsDueTime() {
        TaskId due = submit(prompt("due").withDelay(Duration.ofSeconds(10)));
        time.advance(Duration.ofSeconds(20));
        TaskId fresh = submit(prompt("fresh"));
        time.advance(Duration.ofSeconds(5));
        store().tasks().promoteDue(1_000);

        List<ClaimedTask> claimed = claim(2);

        assertThat(claimed.stream().map(task -> task.fencingToken().id())).containsExactly(due, fresh);
        assertThat(claimed.get(0).waited()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void anOverdueTaskOvertakesOneLevelAtMost() {
        TaskId overdue = submit(prompt("overdue").withPriority(new Priority(4)).withDelay(Duration.ofSeconds(10)));
        time.advance(Duration.ofMinutes(10));
        store().tasks().promoteDue(1_000);
        TaskId urgent = submit(prompt("urgent").withPriority(new Priority(2)));
        time.advance(Duration.ofMillis(1));
        TaskId same = submit(prompt("same").withPriority(new Priority(4)));

        assertThat(claimIds(10)).containsExactly(urgent, overdue, same);
    }

    @Test
    void countsWaitingFromTheReadyTimeWhateverTheLevel() {
        submit(prompt("low").withPriority(new Priority(9)));
        time.advance(Duration.ofSeconds(7));

        assertThat(claimOne().waited()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void reportsNoNegativeWaitWhenTheClockIsSetBack() {
        submit(1);
        time.jumpWall(Duration.ofHours(-1));

        assertThat(claimOne().waited()).isEqualTo(Duration.ZERO);
    }

    @Test
    void claimsNothingForADeadIncarnation() throws Exception {
        submit(1);
        long gone = store().nodes().join("gone");
        store().nodes().leave(gone);
        long killed = store().nodes().join("killed");
        kill(killed);
        store().nodes().deadOwners();

        assertThat(claim(gone, 1)).isEmpty();
        assertThat(claim(killed, 1)).isEmpty();
        assertThat(claim(node() + 1_000, 1)).isEmpty();
        assertThat(claim(1)).hasSize(1);
    }

    @Test
    void claimsNothingForALimitOfZero() {
        submit(1);

        assertThat(claim(0)).isEmpty();
        assertThatThrownBy(() -> claim(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("limit is -1, expected 0");
    }
}
