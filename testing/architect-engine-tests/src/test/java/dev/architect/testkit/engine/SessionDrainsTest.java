package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.attempt.Attempt;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.error.StoreException;
import dev.architect.event.ActivityEntry;
import dev.architect.event.Event;
import dev.architect.node.NodeSession;
import dev.architect.node.SessionNotFoundException;
import dev.architect.node.SessionState;
import dev.architect.pool.SessionDrains;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Single sessions that are drained and restarted, with whole engines. */
final class SessionDrainsTest extends EngineFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "p").withTimeout(LONG);

    private final CountDownLatch mayEnd = new CountDownLatch(1);

    private Architect node(String name, PoolLimits limits) {
        return start(builder(context -> {
                    if (context.request().payload().equals("slow")) {
                        mayEnd.await();
                    }
                    return "done";
                })
                .nodeName(name)
                .pool(limits));
    }

    private static List<TaskRequest> slow(int count) {
        return Stream.generate(() -> TaskRequest.of("work", "slow").withTimeout(LONG))
                .limit(count)
                .toList();
    }

    private static List<String> names(Architect architect) {
        return architect.sessions().list().stream().map(SessionInfo::name).toList();
    }

    private static int busy(Architect architect, String name) {
        return architect.sessions().list().stream()
                .filter(session -> session.name().equals(name))
                .mapToInt(SessionInfo::busy)
                .sum();
    }

    private static long incarnation(Architect architect) {
        return architect.nodes().incarnation().orElseThrow();
    }

    @Test
    void takesNothingMoreFinishesWhatRunsAndIsReplacedBelowTheMinimum() throws Exception {
        Architect architect = node("one", new PoolLimits(2, 2, 2));
        List<TaskHandle> running = architect.tasks().submitAll(slow(1));
        advanceUntil(() -> busy(architect, "llm-1") == 1);

        assertThat(architect.sessions().drain("llm-1")).isTrue();
        assertThat(architect.sessions().drain("llm-1")).isFalse();
        List<TaskHandle> more = architect
                .tasks()
                .submitAll(IntStream.range(0, 20).mapToObj(i -> WORK).toList());
        advanceUntil(() -> more.stream().allMatch(task -> task.result().isPresent()));

        // It had a free slot all the time, and counts as long as it runs something: the maximum is two.
        assertThat(names(architect)).containsExactly("llm-1", "llm-2");
        advanceUntil(() -> architect.sessions().all().stream()
                .map(NodeSession::state)
                .toList()
                .equals(List.of(SessionState.DRAINING, SessionState.IDLE)));
        for (TaskHandle task : more) {
            // One that was claimed ahead of a free slot may have been handed back before it was in any session.
            assertThat(architect.tasks().attempts(task.id()))
                    .filteredOn(attempt -> attempt.outcome() != AttemptOutcome.HANDED_BACK)
                    .extracting(Attempt::session)
                    .containsExactly("llm-2");
        }
        advanceBy(Duration.ofMinutes(7));
        assertThat(busy(architect, "llm-1")).isOne();
        mayEnd.countDown();
        advanceUntil(() -> running.get(0).result().isPresent());
        advanceUntil(() -> names(architect).equals(List.of("llm-2", "llm-3")));

        advanceUntil(() -> architect.activity().newest(50).stream()
                .map(ActivityEntry::text)
                .toList()
                .containsAll(List.of(
                        "Session llm-1 takes nothing more, to end.",
                        "Session llm-1 closed: it was drained.",
                        "Session llm-3 opened: the pool's minimum.")));
        expect(Event.SessionDraining.class, 1);
    }

    @Test
    void opensNoneWhereThePoolHasItsMinimumWithoutItAndOneInPlaceOfARestartedOne() throws Exception {
        Architect architect = node("one", new PoolLimits(2, 3, 1));
        List<TaskHandle> tasks = architect.tasks().submitAll(slow(3));
        advanceUntil(() -> architect.sessions().runningAttempts() == 3);
        assertThat(names(architect)).containsExactly("llm-1", "llm-2", "llm-3");

        mayEnd.countDown();
        advanceUntil(() -> tasks.stream().allMatch(task -> task.result().isPresent())
                && architect.sessions().runningAttempts() == 0);

        architect.sessions().drain("llm-1");
        advanceUntil(() -> names(architect).equals(List.of("llm-2", "llm-3")));
        architect.sessions().restart("llm-2");
        advanceUntil(() -> names(architect).equals(List.of("llm-3", "llm-4")));
        advanceUntil(() -> architect.activity().newest(50).stream()
                .map(ActivityEntry::text)
                .toList()
                .containsAll(List.of(
                        "Session llm-2 takes nothing more, to be restarted.",
                        "Session llm-2 closed: it was restarted.",
                        "Session llm-4 opened: in place of llm-2.")));
    }

    /** A pool of one session that drains has no free slot, so work that waits makes it grow. */
    @Test
    void growsForWorkThatWaitsBesideADrainingSession() throws Exception {
        Architect architect = node("one", new PoolLimits(1, 2, 8));
        architect.tasks().submitAll(slow(1));
        advanceUntil(() -> busy(architect, "llm-1") == 1);
        architect.sessions().drain("llm-1");

        TaskHandle waiting = architect.submit(WORK);
        advanceUntil(() -> waiting.result().isPresent());

        assertThat(names(architect)).containsExactly("llm-1", "llm-2");
        mayEnd.countDown();
        advanceUntil(() -> names(architect).equals(List.of("llm-2")));
    }

    @Test
    void drainsASessionOfAnotherNode() throws Exception {
        store.keepOpen();
        Architect node = node("one", new PoolLimits(2, 2, 1));
        Architect operator = start(builder(context -> "done").withoutTaskExecution());
        List<TaskHandle> running = operator.tasks().submitAll(slow(2));
        advanceUntil(() -> node.sessions().runningAttempts() == 2);

        assertThat(operator.sessions().drain(incarnation(node), "llm-2")).isTrue();
        assertThat(operator.sessions().drain(incarnation(node), "llm-2")).isFalse();
        assertThat(operator.sessions().all()).extracting(NodeSession::state).contains(SessionState.DRAINING);
        await(Event.SessionDraining.class);
        TaskHandle waiting = operator.submit(WORK);
        advanceBy(Duration.ofSeconds(5));
        assertThat(waiting.result()).isEmpty();
        mayEnd.countDown();
        advanceUntil(() -> running.stream().allMatch(task -> task.result().isPresent()));

        advanceUntil(() -> names(node).equals(List.of("llm-1", "llm-3")));
        // What is done is taken out.
        advanceUntil(() -> SessionDrains.read(store.cluster()).isEmpty());
        advanceUntil(() -> waiting.result().isPresent());
    }

    @Test
    void refusesASessionThatIsNotThere() throws Exception {
        store.keepOpen();
        Architect node = node("one", new PoolLimits(1, 1, 1));
        Architect operator = start(builder(context -> "done").withoutTaskExecution());
        long incarnation = incarnation(node);

        assertThatThrownBy(() -> node.sessions().drain("llm-9"))
                .isInstanceOf(SessionNotFoundException.class)
                .hasMessage("session 'llm-9' of node " + incarnation
                        + " does not exist, expected the name of a session of a living node");
        assertThatThrownBy(() -> operator.sessions().restart(incarnation, "browser-1"))
                .isInstanceOf(SessionNotFoundException.class);
        assertThatThrownBy(() -> operator.sessions().drain("llm-1")).isInstanceOf(SessionNotFoundException.class);
        close(node);
        assertThatThrownBy(() -> operator.sessions().drain(incarnation, "llm-1"))
                .isInstanceOf(SessionNotFoundException.class);
        assertThat(SessionDrains.read(store.cluster())).isEmpty();
    }

    @Test
    void forgetsWhatWasAskedOfNodesThatHaveEndedAndTakesNoMoreThanItsLimit() {
        Set<Long> living = Set.of(1L, 2L);
        LongStream.range(0, SessionDrains.MAX_SESSIONS - 1)
                .forEach(i -> SessionDrains.ask(memory.cluster(), living, 1, "llm-" + i, false));
        assertThat(SessionDrains.ask(memory.cluster(), living, 2, "llm-1", true))
                .isTrue();

        assertThatThrownBy(() -> SessionDrains.ask(memory.cluster(), living, 2, "llm-2", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("session is 'llm-2', but 1000 others drain, expected fewer");
        assertThat(SessionDrains.ask(memory.cluster(), Set.of(2L), 2, "llm-2", false))
                .isTrue();
        assertThat(SessionDrains.read(memory.cluster())).containsOnlyKeys(2L);
    }

    /** The store cannot be read for a while: what was asked is done later, and tasks are performed meanwhile. */
    @Test
    void readsLaterWhatCannotBeReadNow() throws Exception {
        store.keepOpen();
        Architect node = node("one", new PoolLimits(1, 1, 1));
        Architect operator = start(builder(context -> "done").withoutTaskExecution());
        operator.sessions().drain(incarnation(node), "llm-1");
        long until = time.nanoTime() + Duration.ofSeconds(4).toNanos();
        store.set((method, call) -> {
            if (method.equals("document") && time.nanoTime() - until < 0) {
                throw new StoreException(StoreException.Kind.BUSY, "the store is busy", null);
            }
            return call.call();
        });

        TaskHandle task = operator.submit(WORK);
        advanceUntil(() -> task.result().isPresent());
        advanceUntil(() -> names(node).equals(List.of("llm-2")));
        assertThat(time.nanoTime()).isGreaterThanOrEqualTo(until);
    }
}
