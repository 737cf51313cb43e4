package dev.architect.testkit.store.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.FencingToken;
import dev.architect.maintenance.TaskRetention;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.StepStore;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.node.StoreHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Steps are recorded once, by the attempt that has the task; progress and partial output are its own as well. */
public abstract class StoreStepCases extends StoreFlowFixture {

    /** What no database column of text holds as it is. */
    private static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä";

    private static final Duration LATER = Duration.ofDays(1);

    /** Creates the cases for one store. */
    protected StoreStepCases(StoreHandles handles) {
        super(handles);
    }

    private static TaskProgress at(int percent, String note, StoreStepCases cases) {
        return new TaskProgress(percent, note, Map.of("page", note), cases.time.wallTime());
    }

    @Test
    void recordsStepsInTheirOrderAndTheFirstOfANameWins() throws Exception {
        FencingToken token = running();
        assertThat(steps().steps(token.id())).isEmpty();
        assertThat(steps().step(token.id(), "fetch")).isEmpty();

        TaskStep fetched = steps().record(token, "fetch", ODD);
        TaskStep again = steps().record(token, "fetch", "another");
        TaskStep asked = steps().record(token, ODD, "");

        assertThat(fetched).isEqualTo(new TaskStep("fetch", token.epoch(), ODD, fetched.recordedAt()));
        assertThat(again).isEqualTo(fetched);
        assertThat(steps().steps(token.id())).containsExactly(fetched, asked);
        assertThat(second().steps().steps(token.id())).containsExactly(fetched, asked);
        assertThat(second().steps().step(token.id(), ODD)).contains(asked);
        assertThat(second().steps().step(token.id(), "fetch")).contains(fetched);
    }

    @Test
    void keepsStepsForTheNextAttemptsAndOverARedrive() {
        FencingToken first = running();
        TaskStep step = steps().record(first, "fetch", "page");
        finish(first, TaskState.READY);
        FencingToken second = claim(1).get(0).fencingToken();

        assertThat(steps().record(second, "fetch", "another")).isEqualTo(step);

        finish(second, TaskState.DEAD);
        tasks().redrive(Set.of(first.id()));
        FencingToken third = claim(1).get(0).fencingToken();
        assertThat(steps().record(third, "fetch", "another")).isEqualTo(step);
        assertThat(steps().steps(first.id())).containsExactly(step);
    }

    @Test
    void refusesWhatAnAttemptWritesThatHasLostItsTask() throws Exception {
        FencingToken first = running();
        kill(first.owner());
        tasks().reap(first.owner());
        assertLost(first);

        long next = store().nodes().join("node-2");
        FencingToken other = tasks().claim(ClaimRequest.of(next, 1, Set.of(TaskRequest.PROMPT)))
                .get(0)
                .fencingToken();
        assertLost(first);
        assertLost(new FencingToken(other.id(), other.epoch() + 1, other.owner()));
        assertLost(new FencingToken(new TaskId(other.id().value() + 4096), 1, other.owner()));

        steps().record(other, "fetch", "mine");
        tasks().forceCancel(other.id());
        assertLost(other);
        assertThat(steps().steps(other.id())).extracting(TaskStep::output).containsExactly("mine");
        assertThat(steps().progress(other.id())).isEmpty();
        assertThat(steps().output(other.id(), 0, 10)).isEmpty();
    }

    private void assertLost(FencingToken token) {
        assertThatThrownBy(() -> steps().record(token, "late", "late"))
                .isInstanceOfSatisfying(
                        AttemptLostException.class,
                        lost -> assertThat(lost.fencingToken()).isEqualTo(token));
        assertThat(steps().saveProgress(token, at(1, "late", this))).isFalse();
        assertThat(steps().append(token, List.of(OutputChunk.of(token.epoch(), 1, "late"))))
                .isFalse();
    }

    @Test
    void recordsOneOfManyThatComeTogether() throws Exception {
        FencingToken token = running();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String output = "output " + i;
            work.add(() -> {
                for (int step = 0; step < 10; step++) {
                    seen.add(step + ": "
                            + steps().record(token, "step " + step, output).output());
                }
                return null;
            });
        }

        runTogether(work);

        assertThat(seen).hasSize(10);
        assertThat(steps().steps(token.id())).hasSize(10);
    }

    @Test
    void keepsTheLastProgress() throws Exception {
        FencingToken token = running();
        TaskProgress half = at(50, ODD, this);

        assertThat(steps().saveProgress(token, at(10, "begun", this))).isTrue();
        assertThat(steps().saveProgress(token, half)).isTrue();

        TaskProgress stored = second().steps().progress(token.id()).orElseThrow();
        assertThat(stored.percent()).isEqualTo(50);
        assertThat(stored.note()).isEqualTo(ODD);
        assertThat(stored.data()).isEqualTo(half.data());
        assertThat(Duration.between(stored.at(), half.at())).isLessThan(Duration.ofNanos(1_000));
    }

    @Test
    void keepsTheOutputOfTheLastAttemptAndReadsItFromAnyPart() throws Exception {
        FencingToken first = running();
        OutputChunk one = OutputChunk.of(first.epoch(), 1, "one ");
        OutputChunk two = OutputChunk.of(first.epoch(), 2, ODD);
        OutputChunk three = OutputChunk.of(first.epoch(), 3, "");
        assertThat(steps().append(first, List.of())).isTrue();
        assertThat(steps().append(first, List.of(one, two))).isTrue();
        // Again, as after a reply that was lost.
        assertThat(steps().append(first, List.of(one, two))).isTrue();
        assertThat(steps().append(first, List.of(three))).isTrue();

        assertThat(second().steps().output(first.id(), 0, 10)).containsExactly(one, two, three);
        assertThat(steps().output(first.id(), 0, 2)).containsExactly(one, two);
        assertThat(steps().output(first.id(), two.number(), 10)).containsExactly(three);
        assertThat(steps().output(first.id(), three.number(), 10)).isEmpty();

        finish(first, TaskState.READY);
        FencingToken next = claim(1).get(0).fencingToken();
        assertThat(steps().output(first.id(), 0, 10)).hasSize(3);
        OutputChunk anew = OutputChunk.of(next.epoch(), 1, "anew");
        steps().append(next, List.of(anew));

        assertThat(steps().output(first.id(), 0, 10)).containsExactly(anew);
        assertThat(steps().output(first.id(), three.number(), 10)).containsExactly(anew);
        assertThat(anew.epoch()).isEqualTo(next.epoch());
    }

    @Test
    void checksNamesOutputsAndLimits() {
        FencingToken token = running();
        String long1 = "x".repeat(TaskStep.MAX_OUTPUT_CHARACTERS + 1);

        assertThatIllegalArgumentException().isThrownBy(() -> steps().record(token, " ", "o"));
        assertThatIllegalArgumentException().isThrownBy(() -> steps().record(token, "n".repeat(256), "o"));
        assertThatIllegalArgumentException().isThrownBy(() -> steps().record(token, "n", long1));
        assertThatIllegalArgumentException().isThrownBy(() -> steps().output(token.id(), 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> steps().output(token.id(), 0, StepStore.MAX_CHUNKS_READ + 1));
        assertThat(steps().steps(token.id())).isEmpty();
    }

    @Test
    void deletesAllOfItWithTheTask() {
        FencingToken token = running();
        steps().record(token, "fetch", "page");
        steps().saveProgress(token, at(10, "begun", this));
        steps().append(token, List.of(OutputChunk.of(token.epoch(), 1, "one")));
        finish(token, TaskState.DONE);
        assertThat(steps().steps(token.id())).hasSize(1);

        time.advance(LATER.plusHours(1));
        tasks().purge(new TaskRetention(LATER, LATER, LATER), Optional.empty(), 100);

        assertThat(tasks().find(token.id())).isEmpty();
        assertThat(steps().steps(token.id())).isEmpty();
        assertThat(steps().step(token.id(), "fetch")).isEmpty();
        assertThat(steps().progress(token.id())).isEmpty();
        assertThat(steps().output(token.id(), 0, 10)).isEmpty();
    }
}
