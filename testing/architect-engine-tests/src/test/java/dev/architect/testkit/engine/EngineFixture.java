package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.ArchitectBuilder;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;

/** Engines on one in-memory store whose calls can fail, with manual time. */
abstract class EngineFixture {

    static final Duration LONG = Duration.ofHours(1);

    /** How long a test waits for what happens on other threads, in real time. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The usual step of the clock. */
    private static final Duration STEP = Duration.ofMillis(50);

    /** How long a step of the clock waits for workers, of which those that compute on and on never rest. */
    private static final long WORKERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    final ManualTime time = new ManualTime();
    final InMemoryStore memory = new InMemoryStore(time);
    final FaultyStore store = new FaultyStore(memory);
    final Events events = new Events();
    private final List<Architect> opened = new ArrayList<>();
    private final Set<Thread> threadsBefore = Set.copyOf(threads());

    /** Closing waits by the clock for what still runs, so time goes on meanwhile. */
    @AfterEach
    void close() throws InterruptedException {
        store.heal();
        for (Architect architect : opened) {
            close(architect);
        }
    }

    void close(Architect architect) throws InterruptedException {
        Thread closing = new Thread(architect::close);
        closing.start();
        awaitEnd(closing, Duration.ofSeconds(1));
    }

    /** Lets time flow until the thread has ended. */
    void awaitEnd(Thread thread, Duration step) throws InterruptedException {
        while (thread.isAlive()) {
            step(step);
            thread.join(1);
        }
    }

    Architect start(ArchitectBuilder builder) {
        Architect architect = builder.build();
        opened.add(architect);
        return architect;
    }

    Architect start(Work work) {
        return start(builder(work));
    }

    ArchitectBuilder builder(Work work) {
        return Architect.builder()
                .store(store)
                .router((providers, clock) -> new NoRouter())
                .worker(new WorkWorker(work))
                .listener(events)
                .time(time);
    }

    /** Lets time flow in small steps, in each of which the engines do all that is due, until the condition holds. */
    void advanceUntil(Condition condition) throws Exception {
        advanceUntil(condition, STEP);
    }

    void advanceUntil(Condition condition, Duration step) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // Each time once: a condition may submit tasks of its own.
        boolean isMet = condition.holds();
        while (!isMet && System.nanoTime() < deadline) {
            step(step);
            events.received.tryAcquire(1, TimeUnit.MILLISECONDS);
            isMet = condition.holds();
        }
        assertThat(isMet).isTrue();
    }

    /** Lets so much time flow in small steps, however long that takes by the real clock. */
    void advanceBy(Duration span) throws InterruptedException {
        Instant end = time.wallTime().plus(span);
        while (time.wallTime().isBefore(end)) {
            step(STEP);
        }
    }

    /** One step of the clock, and all that the engines do then: test time does not run ahead of threads that get no processor. */
    void step(Duration step) throws InterruptedException {
        time.advance(step);
        awaitRest();
    }

    /** Until the loops of the engines have done what is due, and their workers what they got from them. */
    void awaitRest() throws InterruptedException {
        time.awaitRest(PATIENCE);
        long deadline = System.nanoTime() + WORKERS_NANOS;
        while (isAnyThreadAtWork() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(WORKERS_NANOS / 1_000);
        }
        time.awaitRest(PATIENCE);
    }

    private boolean isAnyThreadAtWork() {
        return threads().stream()
                .filter(thread -> thread != Thread.currentThread() && !threadsBefore.contains(thread))
                .map(Thread::getState)
                .anyMatch(state -> state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED);
    }

    private static List<Thread> threads() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        Thread[] threads = new Thread[2 * group.activeCount() + 16];
        return Arrays.asList(threads).subList(0, group.enumerate(threads));
    }

    /** Waits by the real clock, while that of the engines stands still. */
    void waitUntil(Condition condition) throws Exception {
        assertThat(waitFor(condition, PATIENCE)).isTrue();
    }

    /** As {@link #waitUntil}, for some time at most; returns whether the condition held at last. */
    boolean waitFor(Condition condition, Duration limit) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean isMet = condition.holds();
        while (!isMet && System.nanoTime() < deadline) {
            events.received.tryAcquire(1, TimeUnit.MILLISECONDS);
            isMet = condition.holds();
        }
        return isMet;
    }

    /** How many events of that kind have come and were not taken. */
    long count(Class<? extends Event> kind) {
        return events.queue.stream().filter(kind::isInstance).count();
    }

    /** Waits until as many events of that kind have come, since they are delivered after the change; more of them fail. */
    void expect(Class<? extends Event> kind, long events) throws Exception {
        waitFor(() -> count(kind) >= events, PATIENCE);
        assertThat(count(kind)).isEqualTo(events);
    }

    /** Lets time flow until an event of that kind comes, and takes it with everything before it. */
    <E extends Event> E await(Class<E> kind) throws Exception {
        advanceUntil(() -> events.queue.stream().anyMatch(kind::isInstance));
        while (true) {
            Event event = events.queue.remove();
            if (kind.isInstance(event)) {
                return kind.cast(event);
            }
        }
    }

    interface Work {
        String perform(TaskContext context) throws Exception;
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    /** Collects events and releases a permit for each. */
    static final class Events implements EventListener {
        final Queue<Event> queue = new ConcurrentLinkedQueue<>();
        private final Semaphore received = new Semaphore(0);

        @Override
        public void onEvent(Event event) {
            queue.add(event);
            received.release();
        }
    }

    record WorkWorker(Work work) implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("work");
        }

        @Override
        public String perform(TaskContext context) throws Exception {
            return work.perform(context);
        }
    }

    static final class NoRouter implements Router {
        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
