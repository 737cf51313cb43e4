package dev.architect.testkit.store.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.attempt.NodeReason;
import dev.architect.attempt.RouteChoice;
import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.attempt.SessionReason;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneShare;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import dev.architect.task.AffinityBucket;
import dev.architect.task.Priority;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Affinity keys, whose tasks are left to the node that they prefer for a moment, and what is kept of where attempts ran. */
public abstract class StoreAffinityCases extends StoreWaitingFixture {

    private static final Duration TICK = Duration.ofMillis(1);
    private static final long ALL = -1L;

    /** For the contract. */
    protected StoreAffinityCases(StoreHandles handles) {
        super(handles);
    }

    private static TaskRequest affine(String key) {
        return task(key).withOptions(TaskOptions.DEFAULT.withAffinity(key));
    }

    private static long bucketOf(String key) {
        return 1L << AffinityBucket.of(key);
    }

    private List<TaskId> claimWithout(long buckets) {
        return tasks()
                .claim(ClaimRequest.of(node(), 100, List.of("work")).withWithheld(Map.of("work", buckets)))
                .stream()
                .map(claimed -> claimed.fencingToken().id())
                .toList();
    }

    @Test
    void keepsTheAffinityKey() {
        TaskId id = submit(affine("repo-1"));

        assertThat(find(id).request().options().affinity()).contains("repo-1");
        assertThat(tasks().claim(ClaimRequest.of(node(), 1, List.of("work")))
                        .get(0)
                        .request()
                        .options()
                        .affinity())
                .contains("repo-1");
    }

    @Test
    void leavesATaskToAnotherNodeForNoLongerThanItsLead() {
        TaskId id = submit(affine("repo-1"));

        assertThat(claimWithout(bucketOf("repo-1"))).isEmpty();
        time.advance(AffinityBucket.LEAD.minus(TICK));
        assertThat(claimWithout(bucketOf("repo-1"))).isEmpty();
        time.advance(TICK);

        assertThat(claimWithout(bucketOf("repo-1"))).containsExactly(id);
    }

    @Test
    void theNodeThatAKeyPrefersClaimsItsTaskAtOnce() {
        TaskId id = submit(affine("repo-1"));

        assertThat(claimWithout(ALL & ~bucketOf("repo-1"))).containsExactly(id);
    }

    @Test
    void claimsWhatHasNoKeyFromBehindWhatIsLeftToOthers() {
        submit(affine("repo-1"));
        TaskId free = submit(task("free"));
        submit(affine("repo-2"));
        TaskId late = submit(task("late"));

        assertThat(claimWithout(ALL)).containsExactly(free, late);
        time.advance(AffinityBucket.LEAD);
        assertThat(claimWithout(ALL)).hasSize(2);
    }

    @Test
    void theLeadCountsFromWhenATaskIsReadyWhateverItsLevel() {
        for (Priority priority : List.of(Priority.URGENT, Priority.NORMAL, Priority.LOW)) {
            TaskId id = submit(affine("repo-1").withPriority(priority));
            assertThat(claimWithout(ALL)).as(priority.toString()).isEmpty();
            time.advance(AffinityBucket.LEAD);
            assertThat(claimWithout(ALL)).as(priority.toString()).containsExactly(id);
        }
    }

    @Test
    void leavesTasksOfOtherTypesAlone() {
        TaskId id = submit(affine("repo-1"));

        assertThat(tasks().claim(ClaimRequest.of(node(), 10, List.of("work", "other"))
                        .withWithheld(Map.of("other", ALL))))
                .singleElement()
                .satisfies(claimed -> assertThat(claimed.fencingToken().id()).isEqualTo(id));
    }

    @Test
    void aTaskThatIsToRunNowIsLeftToNoOtherNode() {
        TaskId id = submit(affine("repo-1"));
        assertThat(tasks().runNow(id)).isTrue();

        assertThat(claimWithout(ALL)).containsExactly(id);
    }

    @Test
    void severalLanesLeaveTheirTasksToOthersToo() {
        TaskId free = submit(task("free"));
        submit(affine("repo-1"));
        TaskRequest elsewhere = task("b").withOptions(TaskOptions.DEFAULT.withQueue("b"));
        TaskId other = submit(elsewhere);
        submit(task("b").withOptions(TaskOptions.DEFAULT.withQueue("b").withAffinity("repo-2")));
        ClaimRequest request = ClaimRequest.of(node(), 5, List.of("work"))
                .withShares(List.of(new LaneShare(Lane.DEFAULT, 4), new LaneShare(Lane.of(elsewhere), 4)))
                .withWithheld(Map.of("work", ALL));

        assertThat(tasks().claim(request).stream()
                        .map(claimed -> claimed.fencingToken().id()))
                .containsExactlyInAnyOrder(free, other);
        time.advance(AffinityBucket.LEAD);
        assertThat(tasks().claim(request)).hasSize(2);
    }

    private static TaskRequest pinned(String key) {
        return task(key).withOptions(TaskOptions.DEFAULT.withPin(key));
    }

    private List<TaskId> claimPinned(TaskRequest request, Map<String, Long> buckets) {
        ClaimRequest wanted = ClaimRequest.of(node(), 10, List.of("work", "other"))
                .withShares(List.of(new LaneShare(Lane.of(request), 10), new LaneShare(Lane.DEFAULT, 10)))
                .withPinned(buckets);
        return tasks().claim(wanted).stream()
                .map(claimed -> claimed.fencingToken().id())
                .toList();
    }

    @Test
    void aPinnedTaskIsInALaneOfItsOwnWhichOnlyItsNodeClaimsFrom() {
        TaskId id = submit(pinned("repo-1"));
        TaskId free = submit(task("free"));
        assertThat(find(id).request().options().isPinned()).isTrue();

        assertThat(claimPinned(pinned("repo-1"), Map.of())).containsExactly(free);
        time.advance(Duration.ofMinutes(10));
        assertThat(claimPinned(pinned("repo-1"), Map.of("work", ~bucketOf("repo-1"), "other", ALL)))
                .as("of other buckets, and of other types")
                .isEmpty();
        assertThat(claimPinned(pinned("repo-1"), Map.of("work", bucketOf("repo-1"))))
                .containsExactly(id);
    }

    @Test
    void aPinnedTaskIsNotLeftToAnotherNodeByItsOwn() {
        TaskId id = submit(pinned("repo-1"));
        ClaimRequest wanted = ClaimRequest.of(node(), 10, List.of("work"))
                .withShares(List.of(new LaneShare(Lane.of(pinned("repo-1")), 10)))
                .withPinned(Map.of("work", bucketOf("repo-1")))
                .withWithheld(Map.of("work", ALL));

        assertThat(tasks().claim(wanted))
                .extracting(claimed -> claimed.fencingToken().id())
                .containsExactly(id);
    }

    @Test
    void countsPinnedTasksInLanesOfTheirOwn() {
        submit(pinned("repo-1"));

        assertThat(store().lanes().counts()).singleElement().satisfies(count -> {
            assertThat(count.lane()).isEqualTo(Lane.of(pinned("repo-1")));
            assertThat(count.lane().kind()).isEqualTo("llm");
            assertThat(count.lane().pin()).hasValue(AffinityBucket.of("repo-1"));
        });
    }

    @Test
    void aSuspectIsLeftToOthersAsAnyTask() throws Exception {
        TaskId id = submit(affine("repo-1"));
        for (int death = 0; death < 2; death++) {
            long dying = store().nodes().join("dying");
            assertThat(tasks().claim(ClaimRequest.of(dying, 1, List.of("work"))))
                    .hasSize(1);
            kill(dying);
            assertThat(tasks().reap(dying)).isEqualTo(1);
        }
        assertThat(claimWithout(ALL)).isEmpty();
        time.advance(AffinityBucket.LEAD);

        assertThat(claimWithout(ALL)).containsExactly(id);
    }

    @Test
    void everyTaskIsClaimedOnceByNodesThatPreferDifferentKeys() throws Exception {
        long second = second().nodes().join("node-2");
        List<TaskRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(affine("key-" + i));
        }
        List<TaskId> ids = tasks().submit(requests);
        long evenBuckets = 0x5555_5555_5555_5555L;
        ClaimRequest odd = ClaimRequest.of(node(), 500, List.of("work")).withWithheld(Map.of("work", evenBuckets));
        ClaimRequest even = ClaimRequest.of(second, 500, List.of("work")).withWithheld(Map.of("work", ~evenBuckets));
        List<TaskId> claimed = new ArrayList<>();

        tasks().claim(odd).forEach(task -> claimed.add(task.fencingToken().id()));
        int ofOdd = claimed.size();
        second().tasks()
                .claim(even)
                .forEach(task -> claimed.add(task.fencingToken().id()));

        assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(ofOdd).isBetween(1, 199);
    }

    @Test
    void keepsWhatDecidedWhereAnAttemptRan() {
        TaskId id = submit(task("p"));
        FencingToken token = claimOne();
        AttemptBasis basis = new AttemptBasis(
                "node-1",
                NodeReason.FALLBACK,
                3,
                SessionReason.WARM,
                7,
                List.of(new RouteChoice(
                        Optional.of("request-1"),
                        List.of(new Chosen(new ModelId("claude", "big"), SelectionReason.MEETS_FLOOR, 90)),
                        List.of(new Skipped(new ModelId("ollama", "small"), ExclusionReason.BELOW_FLOOR)),
                        List.of(
                                new Called(new ModelId("claude", "big"), Optional.of(FailureKind.OVERLOADED)),
                                new Called(new ModelId("claude", "big"), Optional.empty())),
                        Optional.empty())));

        assertThat(tasks().runningAttempt(id)).contains(token);
        AttemptEnd end = new AttemptEnd(
                token,
                "llm-2",
                time.wallTime(),
                time.wallTime(),
                AttemptOutcome.SUCCEEDED,
                TaskState.DONE,
                Duration.ZERO,
                AttemptResult.output("out"));
        assertThat(tasks().finish(List.of(end.withBasis(basis)))).containsExactly(token);

        assertThat(tasks().runningAttempt(id)).isEmpty();
        assertThat(tasks().attempts(id)).singleElement().satisfies(attempt -> {
            assertThat(attempt.incarnation()).isEqualTo(node());
            assertThat(attempt.session()).isEqualTo("llm-2");
            assertThat(attempt.basis()).contains(basis);
        });
    }

    @Test
    void keepsForEachOfManyAttemptsWhatDecidedAboutIt() {
        tasks().submit(List.of(task("a"), task("b"), task("c"), task("d")));
        List<FencingToken> tokens = tasks().claim(ClaimRequest.of(node(), 4, List.of("work"))).stream()
                .map(ClaimedTask::fencingToken)
                .toList();
        AttemptBasis warm = new AttemptBasis("node-1", NodeReason.FALLBACK, 3, SessionReason.WARM);
        AttemptBasis full = new AttemptBasis("node-1", NodeReason.FALLBACK, 3, SessionReason.WARM_IS_FULL);
        List<Optional<AttemptBasis>> bases =
                List.of(Optional.of(warm), Optional.of(full), Optional.empty(), Optional.of(warm));

        List<AttemptEnd> ends = IntStream.range(0, 4)
                .mapToObj(i -> {
                    AttemptEnd end = new AttemptEnd(
                            tokens.get(i),
                            "llm-1",
                            time.wallTime(),
                            time.wallTime(),
                            AttemptOutcome.SUCCEEDED,
                            TaskState.DONE,
                            Duration.ZERO,
                            AttemptResult.output("out"));
                    return bases.get(i).map(end::withBasis).orElse(end);
                })
                .toList();
        assertThat(tasks().finish(ends)).containsExactlyInAnyOrderElementsOf(tokens);

        for (int i = 0; i < 4; i++) {
            assertThat(tasks().attempts(tokens.get(i).id()).get(0).basis()).isEqualTo(bases.get(i));
        }
    }

    @Test
    void keepsWhichNodeDiedAndNothingElseOfItsAttempt() throws Exception {
        TaskId id = submit(task("p"));
        long dying = store().nodes().join("dying");
        assertThat(tasks().claim(ClaimRequest.of(dying, 1, List.of("work")))).hasSize(1);
        kill(dying);

        assertThat(tasks().reap(dying)).isEqualTo(1);

        assertThat(tasks().attempts(id)).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.LOST);
            assertThat(attempt.incarnation()).isEqualTo(dying);
            assertThat(attempt.basis()).isEmpty();
        });
    }

    @Test
    void noAttemptRunsOfATaskThatWaitsOrIsNotThere() {
        assertThat(tasks().runningAttempt(submit(task("p")))).isEmpty();
        assertThat(tasks().runningAttempt(new TaskId(1))).isEmpty();
    }
}
