package dev.architect.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.task.TimeLimits;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Submitting tasks. */
abstract class StoreSubmitCases extends StoreCases {

    StoreSubmitCases(StoreContract contract) {
        super(contract);
    }

    @Test
    void keepsEveryFieldOfATask() {
        TaskRequest request = TaskRequest.of("review", "Grüße \"an\" 'alle' \uD83D\uDE80\n\t\r\nשלום;--")
                .withAttribute("model", "claude/haiku")
                .withAttribute("empty", "")
                .withAttribute("odd:=,\n7:", "5:value;ü")
                .withPriority(new Priority(9))
                .withAttribution(Attribution.of(new ProjectId("apollo-11"))
                        .withUser("u-17")
                        .withTag("team", "Größe; '\"")
                        .withTag("empty", ""))
                .withTimeout(Duration.ofHours(24))
                .withMaxAttempts(20)
                .withOptions(TaskOptions.DEFAULT.withTimeLimits(TimeLimits.NONE.withTotal(Duration.ofDays(3))));

        TaskId id = submit(request);

        assertThat(find(id))
                .isEqualTo(new Task(
                        id,
                        request,
                        TaskState.READY,
                        0,
                        0,
                        false,
                        ManualTime.START,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(id.shard()).isEqualTo(request.attribution().project().shard());
    }

    @Test
    void keepsTheLargestPayload() {
        String payload = "ü".repeat(1_000_000);

        TaskId id = submit(TaskRequest.of("echo", payload));

        assertThat(find(id).request().payload()).isEqualTo(payload);
    }

    @Test
    void returnsIdsInTheOrderOfTheRequestsAndLaterOnesAreLarger() {
        List<TaskId> first = submit(1500);
        List<TaskId> second = submit(3);

        assertThat(new HashSet<>(first)).hasSize(1500);
        assertThat(first).isSorted();
        assertThat(second.get(0)).isGreaterThan(first.get(1499));
        for (int i : new int[] {0, 1, 1023, 1024, 1499}) {
            assertThat(find(first.get(i)).request().payload())
                    .isEqualTo(TaskRequest.prompt("p" + i).payload());
        }
    }

    @Test
    void acceptsAnEmptySubmission() {
        assertThat(store().tasks().submit(List.of())).isEmpty();
        assertThat(store().tasks().counts()).isEmpty();
    }

    @Test
    void acceptsAllOrNone() {
        List<TaskRequest> withNull = Arrays.asList(prompt("good"), null);

        assertThatThrownBy(() -> store().tasks().submit(withNull)).isInstanceOf(NullPointerException.class);

        assertThat(store().tasks().counts()).isEmpty();
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void schedulesDelayedTasks() {
        TaskId id = submit(prompt("later").withDelay(Duration.ofMinutes(5)));

        Task task = find(id);
        assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(task.dueAt()).contains(ManualTime.START.plusSeconds(300));
        assertThat(claim(1)).isEmpty();
        assertThat(store().tasks().untilNextDue()).contains(Duration.ofMinutes(5));
    }

    @Test
    void promotesDueTasksOnly() {
        TaskId soon = submit(prompt("soon").withDelay(Duration.ofSeconds(10)));
        TaskId later = submit(prompt("later").withDelay(Duration.ofSeconds(11)));
        time.advance(Duration.ofMillis(9_999));
        assertThat(store().tasks().promoteDue(1_000)).isZero();
        assertThat(store().tasks().untilNextDue()).contains(Duration.ofMillis(1));

        time.advance(Duration.ofMillis(1));

        assertThat(store().tasks().untilNextDue()).contains(Duration.ZERO);
        assertThat(store().tasks().promoteDue(1_000)).isEqualTo(1);
        assertThat(find(soon).state()).isEqualTo(TaskState.READY);
        assertThat(find(soon).dueAt()).isEmpty();
        assertThat(find(later).state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(store().tasks().untilNextDue()).contains(Duration.ofSeconds(1));
        assertThat(claimIds(5)).containsExactly(soon);
    }

    @Test
    void reportsOverdueTasksAsDueNow() {
        submit(prompt("soon").withDelay(Duration.ofSeconds(1)));
        time.advance(Duration.ofHours(1));

        assertThat(store().tasks().untilNextDue()).contains(Duration.ZERO);
    }

    @Test
    void reportsNothingDueWithoutScheduledTasks() {
        submit(3);

        assertThat(store().tasks().untilNextDue()).isEmpty();
        assertThat(store().tasks().promoteDue(1_000)).isZero();
    }

    @Test
    void promotesThousandsAtOnce() {
        store().tasks()
                .submit(IntStream.range(0, 2_500)
                        .mapToObj(i -> prompt("p" + i).withDelay(Duration.ofSeconds(1 + i % 3)))
                        .toList());
        time.advance(Duration.ofSeconds(3));

        assertThat(store().tasks().promoteDue(2_000)).isEqualTo(2_000);
        assertThat(store().tasks().promoteDue(2_000)).isEqualTo(500);
        assertThat(store().tasks().counts()).containsOnlyKeys(TaskState.READY).containsValue(2_500L);
    }

    @Test
    void keepsTheLongestDelay() {
        TaskId id = submit(prompt("next year").withDelay(Duration.ofDays(366)));

        assertThat(find(id).dueAt()).contains(time.wallTime().plus(Duration.ofDays(366)));
        assertThat(store().tasks().untilNextDue()).contains(Duration.ofDays(366));
        assertThat(store().tasks().list(TaskQuery.newest(1))).hasSize(1);
    }
}
