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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Engines on one in-memory store whose calls can fail, with manual time. */
abstract class EngineFixture {

    static final Duration LONG = Duration.ofHours(1);

    final ManualTime time = new ManualTime();
    final InMemoryStore memory = new InMemoryStore(time);
    final FaultyStore store = new FaultyStore(memory);
    final Events events = new Events();
    private final List<Architect> opened = new ArrayList<>();

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
        while (closing.isAlive()) {
            time.advance(Duration.ofSeconds(1));
            closing.join(1);
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

    /** Lets time flow in small steps until the condition holds: fifty milliseconds of test time for about one real one. */
    void advanceUntil(Condition condition) throws Exception {
        advanceUntil(condition, Duration.ofMillis(50));
    }

    void advanceUntil(Condition condition, Duration step) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        // Each time once: a condition may submit tasks of its own.
        boolean isMet = condition.holds();
        while (!isMet && System.nanoTime() < deadline) {
            time.advance(step);
            events.received.tryAcquire(1, TimeUnit.MILLISECONDS);
            isMet = condition.holds();
        }
        assertThat(isMet).isTrue();
    }

    /** Waits by the real clock, while that of the engines stands still. */
    void waitUntil(Condition condition) throws Exception {
        assertThat(waitFor(condition, Duration.ofSeconds(60))).isTrue();
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
        waitFor(() -> count(kind) >= events, Duration.ofSeconds(60));
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
