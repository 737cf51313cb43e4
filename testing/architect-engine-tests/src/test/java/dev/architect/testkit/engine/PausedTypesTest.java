package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.node.NodeSession;
import dev.architect.node.PoolStatus;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Types of tasks that are paused on all nodes, and the sessions of all nodes. */
final class PausedTypesTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p");
    private static final TaskRequest OTHER = TaskRequest.of("other", "p");

    /** Performs tasks of the other type. */
    private static final class OtherWorker implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("other");
        }

        @Override
        public String perform(TaskContext context) {
            return "done";
        }
    }

    private TaskState stateOf(TaskHandle task) {
        return store.tasks().find(task.id()).orElseThrow().state();
    }

    @Test
    void startsNothingOfAPausedTypeAndEverythingOfOthers() throws Exception {
        Architect architect = start(builder(context -> "done").worker(new OtherWorker()));

        assertThat(architect.queues().pauseType("work")).isTrue();
        assertThat(architect.queues().pauseType("work")).isFalse();
        assertThat(architect.queues().pausedTypes()).containsExactly("work");
        TaskHandle paused = architect.submit(WORK);
        TaskHandle other = architect.submit(OTHER);
        advanceUntil(() -> other.result().isPresent());
        advanceBy(Duration.ofSeconds(5));
        assertThat(stateOf(paused)).isEqualTo(TaskState.READY);

        assertThat(architect.queues().resumeType("work")).isTrue();
        // At once, on the node that resumes it.
        waitUntil(() -> paused.result().isPresent());
        assertThat(architect.queues().resumeType("work")).isFalse();
        assertThat(architect.queues().pausedTypes()).isEmpty();
        expect(Event.TypePaused.class, 2);
        advanceUntil(() -> architect.activity().newest(10).stream()
                .map(entry -> entry.kind())
                .toList()
                .containsAll(List.of("type-paused", "type-resumed")));
    }

    @Test
    void otherNodesTakeNoteAndWhatRunsGoesOn() throws Exception {
        store.keepOpen();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Architect node = start(builder(context -> {
            started.countDown();
            mayEnd.await();
            return "done";
        }));
        Architect operator = start(builder(context -> "done").withoutTaskExecution());
        TaskHandle running = node.submit(WORK);
        advanceUntil(() -> started.getCount() == 0);

        operator.queues().pauseType("work");
        advanceBy(Duration.ofMillis(500));
        TaskHandle waiting = operator.submit(WORK);
        advanceBy(Duration.ofSeconds(5));

        assertThat(stateOf(running)).isEqualTo(TaskState.RUNNING);
        assertThat(stateOf(waiting)).isEqualTo(TaskState.READY);
        mayEnd.countDown();
        advanceUntil(() -> running.result().isPresent());
        assertThat(stateOf(waiting)).isEqualTo(TaskState.READY);
        operator.queues().resumeType("work");
        advanceUntil(() -> waiting.result().isPresent());
    }

    @Test
    void keepsWhatSeveralOperatorsPauseAtOnce() throws Exception {
        store.keepOpen();
        Architect one = start(builder(context -> "done"));
        Architect two = start(builder(context -> "done").withoutTaskExecution());
        List<Thread> operators = IntStream.range(0, 20)
                .mapToObj(
                        i -> new Thread(() -> (i % 2 == 0 ? one : two).queues().pauseType("type-" + i)))
                .toList();
        operators.forEach(Thread::start);
        for (Thread operator : operators) {
            operator.join();
        }

        assertThat(one.queues().pausedTypes()).hasSize(20);
    }

    @Test
    void refusesWhatIsNoType() {
        Architect architect = start(context -> "done");

        assertThatThrownBy(() -> architect.queues().pauseType(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("type is");
        assertThat(architect.queues().pausedTypes()).isEmpty();
    }

    @Test
    void showsTheSessionsOfAllNodesAndHowBusyTheyAre() throws Exception {
        store.keepOpen();
        CountDownLatch mayEnd = new CountDownLatch(1);
        Architect one = start(builder(context -> {
                    mayEnd.await();
                    return "done";
                })
                .nodeName("one")
                .pool(new PoolLimits(2, 2, 4)));
        start(builder(context -> "done")
                .nodeName("two")
                .pool(new PoolLimits(1, 1, 4))
                .pool("browser", new PoolLimits(1, 1, 1))
                .paused());
        Architect operator = start(builder(context -> "done").withoutTaskExecution());
        List<TaskHandle> tasks = one.tasks().submitAll(List.of(WORK, WORK, WORK));

        advanceUntil(() ->
                operator.sessions().pools().stream().mapToInt(PoolStatus::busy).sum() == 3);

        assertThat(operator.sessions().pools())
                .containsExactly(new PoolStatus("browser", 1, 1, 1, 0), new PoolStatus("llm", 2, 3, 12, 3));
        assertThat(operator.sessions().all())
                .extracting(NodeSession::node, each -> each.session().name())
                .containsExactly(
                        tuple("one", "llm-1"), tuple("one", "llm-2"), tuple("two", "browser-1"), tuple("two", "llm-1"));
        mayEnd.countDown();
        advanceUntil(() -> tasks.stream().allMatch(task -> task.result().isPresent()));
    }
}
