package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.Architect;
import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.step.AttemptLostException;
import dev.architect.step.OutputChunk;
import dev.architect.step.TaskProgress;
import dev.architect.step.TaskStep;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What workers do by steps, and what they report while they run. */
class TaskStepsTest extends EngineFixture {

    private static TaskRequest work() {
        return TaskRequest.of("work", "");
    }

    @Test
    void aLaterAttemptUsesWhatIsRecorded() throws Exception {
        AtomicInteger fetched = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        Architect architect = start(context -> {
            String page = context.step("fetch", () -> "page " + fetched.incrementAndGet());
            assertThat(context.stepKey("fetch"))
                    .isEqualTo(context.fencingToken().id() + ":fetch");
            if (attempts.incrementAndGet() == 1) {
                throw new StoreException(StoreException.Kind.BUSY, "try again", null);
            }
            return context.step("sum", () -> "sum of " + page);
        });

        TaskId id = architect.tasks().submit(work()).id();
        await(Event.TaskEnded.class);

        assertThat(architect.tasks().result(id).orElseThrow().output()).contains("sum of page 1");
        assertThat(fetched).hasValue(1);
        assertThat(architect.tasks().steps(id))
                .extracting(TaskStep::name, TaskStep::output)
                .containsExactly(tuple("fetch", "page 1"), tuple("sum", "sum of page 1"));
    }

    @Test
    void aStepThatFailsIsNotRecorded() throws Exception {
        Architect architect = start(context -> context.step("fetch", () -> {
            throw new IllegalArgumentException("no such page");
        }));

        TaskId id = architect.tasks().submit(work()).id();
        await(Event.TaskEnded.class);

        assertThat(architect.tasks().find(id).orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(architect.tasks().steps(id)).isEmpty();
    }

    @Test
    void anAttemptThatHasLostItsTaskStops() throws Exception {
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch thrown = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Architect architect = start(context -> {
            try {
                return context.step("late", () -> {
                    inStep.countDown();
                    awaitIgnoringInterrupts(cancelled);
                    return "late";
                });
            } catch (AttemptLostException lost) {
                seen.set(lost);
                thrown.countDown();
                throw lost;
            }
        });
        TaskId id = architect.tasks().submit(work()).id();
        assertThat(inStep.await(60, TimeUnit.SECONDS)).isTrue();

        architect.tasks().forceCancel(id);
        cancelled.countDown();

        assertThat(thrown.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(seen.get()).hasMessageContaining(id.toString());
        assertThat(architect.tasks().steps(id)).isEmpty();
        assertThat(architect.tasks().find(id).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
        assertThat(architect.tasks().attempts(id)).hasSize(1);
    }

    private static void awaitIgnoringInterrupts(CountDownLatch latch) {
        boolean isDone = false;
        while (!isDone) {
            try {
                isDone = latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                // As a worker that does not honour it.
            }
        }
    }

    @Test
    void progressIsWrittenEveryTwoSecondsAtMostAndAtTheEnd() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch more = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Architect architect = start(context -> {
            context.progress(10, "begun");
            first.countDown();
            more.await();
            for (int percent = 11; percent <= 50; percent++) {
                context.progress(percent, "page " + percent, Map.of("page", "" + percent));
            }
            end.await();
            context.progress(99, "nearly");
            return "done";
        });
        TaskId id = architect.tasks().submit(work()).id();
        assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
        waitUntil(() -> percent(architect, id) == 10);

        more.countDown();
        waitFor(() -> percent(architect, id) != 10, Duration.ofMillis(50));
        assertThat(percent(architect, id)).isEqualTo(10);
        advanceUntil(() -> percent(architect, id) == 50);
        assertThat(architect.tasks().progress(id).map(TaskProgress::data)).contains(Map.of("page", "50"));
        end.countDown();
        advanceUntil(() -> count(Event.TaskEnded.class) == 1);

        assertThat(architect.tasks().progress(id).map(TaskProgress::note)).contains("nearly");
        expect(Event.TaskProgressed.class, 3);
    }

    private static int percent(Architect architect, TaskId id) {
        return architect.tasks().progress(id).map(TaskProgress::percent).orElse(-1);
    }

    @Test
    void outputIsReadWhileTheAttemptRuns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Architect architect = start(context -> {
            context.output("one ");
            context.output("two ");
            end.await();
            context.output("three");
            return "one two three";
        });
        TaskId id = architect.tasks().submit(work()).id();
        advanceUntil(() -> architect.tasks().output(id, 0).size() == 2);
        List<OutputChunk> seen = architect.tasks().output(id, 0);
        assertThat(seen).extracting(OutputChunk::text).containsExactly("one ", "two ");

        end.countDown();
        await(Event.TaskEnded.class);

        assertThat(architect.tasks().output(id, seen.get(1).number()))
                .extracting(OutputChunk::text)
                .containsExactly("three");
    }

    @Test
    void refusesMoreOutputThanAnAttemptMayHave() throws Exception {
        Architect architect = start(context -> {
            for (int i = 0; i < OutputChunk.MAX_CHUNKS; i++) {
                context.output("x");
            }
            assertThatThrownBy(() -> context.output("x"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has 10001 parts, expected at most 10000");
            assertThatThrownBy(() -> context.progress(101, ""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("percent is 101, expected 0..100");
            return "refused";
        });

        TaskHandle handle = architect.tasks().submit(work());
        await(Event.TaskEnded.class);

        assertThat(architect.tasks().result(handle.id()).orElseThrow().output()).contains("refused");
    }

    @Test
    void aStoreThatTakesNoProgressDoesNotKeepTheResultBack() throws Exception {
        store.set((method, call) -> {
            if (method.equals("saveProgress") || method.equals("append")) {
                throw new OutOfMemoryError("simulated");
            }
            return call.call();
        });
        Architect architect = start(context -> {
            context.progress(10, "begun");
            context.output("one");
            return "done";
        });

        TaskId id = architect.tasks().submit(work()).id();
        await(Event.TaskEnded.class);

        assertThat(architect.tasks().find(id).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }
}
