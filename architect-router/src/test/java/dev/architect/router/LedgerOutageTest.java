package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.cost.LedgerEntry;
import dev.architect.error.StoreException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers are given and their calls booked although the store does not take them at the moment. */
final class LedgerOutageTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private final ManualTime time = new ManualTime(RouterFixture.NOW, 5);
    private final InMemoryStore memory = new InMemoryStore(time);
    private final FaultyStore store = new FaultyStore(memory);
    private final Architect architect = Architect.builder()
            .store(store)
            .provider(ScriptedProvider.named("claude").always(ScriptedStep.answer("ok", TokenUsage.of(100, 10))))
            .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
            .withoutTaskExecution()
            .time(time)
            .build();

    @AfterEach
    void close() {
        architect.close();
    }

    @Test
    void booksEveryCallWhenTheStoreTakesItAgain() throws Exception {
        fail(StoreException.Kind.FULL);

        for (int i = 0; i < 20; i++) {
            assertThat(architect.chat(ChatRequest.of("Hi")).text()).isEqualTo("ok");
        }
        assertThat(calls()).isEmpty();
        store.heal();

        advanceUntilBooked(20);
        assertThat(calls()).extracting(LedgerEntry::callId).doesNotHaveDuplicates();
    }

    /** Until the loop of the ledger has looked once, as it does when it starts, and waits. */
    private static void awaitIdleLedgerLoop() {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("architect-ledger"))
                .noneMatch(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().endsWith("ManualWakeUp")
                                && frame.getMethodName().equals("await")))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void theCallOfADirectRequestIsWrittenByItsOwnThread() throws Exception {
        awaitIdleLedgerLoop();
        Set<Thread> writers = ConcurrentHashMap.newKeySet();
        store.set((method, call) -> {
            if (method.equals("record")) {
                writers.add(Thread.currentThread());
            }
            return call.call();
        });

        for (int i = 0; i < 50; i++) {
            architect.chat(ChatRequest.of("Hi"));
        }

        assertThat(calls()).hasSize(50);
        assertThat(writers).as("no other thread is woken for it").containsExactly(Thread.currentThread());
    }

    @Test
    void booksACallOnceWhoseWriteHadAnUnknownOutcome() {
        store.set((method, call) -> {
            Object result = call.call();
            if (method.equals("record")) {
                throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "the connection was lost", null);
            }
            return result;
        });
        architect.chat(ChatRequest.of("Hi"));
        store.heal();
        store.keepOpen();

        architect.close();

        assertThat(calls()).hasSize(1);
    }

    /** Whatever the store throws, the answer is given and its call is booked later. */
    @Test
    void losesNoCallToAnErrorOfTheStore() throws Exception {
        store.set((method, call) -> {
            if (method.equals("record")) {
                throw new NoClassDefFoundError("absent/Driver");
            }
            return call.call();
        });

        for (int i = 0; i < 3; i++) {
            assertThat(architect.chat(ChatRequest.of("Hi")).text()).isEqualTo("ok");
        }
        store.heal();

        advanceUntilBooked(3);
    }

    @Test
    void anAnswerNeedNotWaitForTheStore() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.set((method, call) -> {
            if (method.equals("record")) {
                writing.countDown();
                released.await();
            }
            return call.call();
        });
        try (Architect eager = Architect.builder()
                .store(store)
                .provider(ScriptedProvider.named("claude").always(ScriptedStep.answer("ok", TokenUsage.of(100, 10))))
                .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
                .withoutTaskExecution()
                .recordBeforeAnswer(false)
                .time(time)
                .build()) {
            assertThat(eager.chat(ChatRequest.of("Hi")).text()).isEqualTo("ok");
            writing.await();
            assertThat(eager.chat(ChatRequest.of("Hi")).text())
                    .as("while the store writes")
                    .isEqualTo("ok");
            assertThat(calls()).isEmpty();
            released.countDown();
            advanceUntilBooked(2);
        } finally {
            released.countDown();
            store.heal();
        }
    }

    @Test
    void writesWhatIsKeptWhenItCloses() {
        fail(StoreException.Kind.BUSY);
        architect.chat(ChatRequest.of("Hi"));
        store.heal();
        store.keepOpen();

        architect.close();

        assertThat(calls()).hasSize(1);
    }

    private void fail(StoreException.Kind kind) {
        store.set((method, call) -> {
            if (method.equals("record")) {
                throw new StoreException(kind, "the ledger takes nothing", null);
            }
            return call.call();
        });
    }

    private List<LedgerEntry> calls() {
        return memory.ledger().newest(100);
    }

    private void advanceUntilBooked(int count) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (calls().size() < count && System.nanoTime() < deadline) {
            time.advance(Duration.ofMillis(100));
            time.awaitRest(Duration.ofSeconds(60));
        }
        assertThat(calls()).hasSize(count);
    }
}
