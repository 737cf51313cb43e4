package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.json.InvalidFieldException;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sessions of several kinds, with whole engines. */
final class SessionKindsTest extends EngineFixture {

    private static TaskRequest browse(String payload) {
        return TaskRequest.of("work", payload).withOptions(TaskOptions.DEFAULT.withSessionKind("browser"));
    }

    @Test
    void tasksOfOneKindNeitherUseNorAwaitSessionsOfAnother() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger browsing = new AtomicInteger();
        Architect architect = start(builder(context -> {
                    if (context.request().options().sessionKind().equals("browser")) {
                        browsing.incrementAndGet();
                        release.await();
                    }
                    return "done";
                })
                .pool("browser", new PoolLimits(1, 2, 1)));

        List<TaskHandle> stuck = architect
                .tasks()
                .submitAll(IntStream.range(0, 5).mapToObj(i -> browse("p" + i)).toList());
        TaskHandle free = architect.submit(TaskRequest.of("work", "p"));

        advanceUntil(() -> free.result().isPresent());
        // Work waits for a session, so there is a second one of the kind, and no third.
        advanceUntil(() -> browsing.get() == 2);
        assertThat(architect.sessions().list())
                .filteredOn(session -> session.kind().equals("browser"))
                .extracting(SessionInfo::name, SessionInfo::busy)
                .containsExactly(tuple("browser-1", 1), tuple("browser-2", 1));
        assertThat(architect.tasks().counts()).containsEntry(TaskState.READY, 3L);
        release.countDown();
        advanceUntil(() -> stuck.stream().allMatch(task -> task.result().isPresent()));
    }

    @Test
    void eachAttemptNamesASessionOfItsKind() throws Exception {
        Architect architect = start(builder(context -> "done").pool("browser", new PoolLimits(1, 1, 4)));
        List<TaskHandle> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tasks.add(architect.submit(i % 2 == 0 ? browse("p") : TaskRequest.of("work", "p")));
        }

        advanceUntil(() -> tasks.stream().allMatch(task -> task.result().isPresent()));

        Map<String, String> kinds = new ConcurrentHashMap<>();
        for (TaskHandle task : tasks) {
            // Before it, one that was claimed ahead may have been handed back.
            List<Attempt> attempts = architect.tasks().attempts(task.id());
            String session = attempts.get(attempts.size() - 1).session();
            String kind = architect
                    .tasks()
                    .find(task.id())
                    .orElseThrow()
                    .request()
                    .options()
                    .sessionKind();
            assertThat(session).startsWith(kind + "-");
            kinds.put(kind, session);
        }
        assertThat(kinds).containsOnlyKeys("browser", "llm");
    }

    @Test
    void refusesAKindThatTheNodeHasNoPoolOf() {
        Architect architect = start(context -> "done");

        assertThatThrownBy(() -> architect.submit(browse("p")))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("sessionKind is 'browser', expected one that this node has a pool of: [llm]");
        assertThatThrownBy(() -> Architect.builder().pool("Browser", PoolLimits.DEFAULT))
                .hasMessageStartingWith("kind is 'Browser', expected 1 to 64 lower-case letters");
        // A node that performs nothing cannot know what others have.
        Architect client = start(builder(context -> "done").withoutTaskExecution());
        assertThat(client.submit(browse("p")).result()).isEmpty();
    }
}
