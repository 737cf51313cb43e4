package dev.architect.router.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.StoreException;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.quota.QuotaStore;
import dev.architect.quota.SliceGrant;
import dev.architect.quota.SliceRequest;
import dev.architect.router.policy.QuotaRule;
import dev.architect.router.policy.QuotaUnit;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on one store have so many calls of a tenant at the same time together, and no more. */
final class SharedConcurrencyTest {

    private static final long LIMIT = 20;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final ModelId MODEL = new ModelId("p", "m");
    private static final QuotaRule RULE =
            new QuotaRule(QuotaRule.Subject.USER, "*", QuotaRule.MINUTE, Map.of(QuotaUnit.CONCURRENT_CALLS, LIMIT));
    private static final Attribution ANN = Attribution.DEFAULT.withUser("ann");

    @TempDir
    Path directory;

    private final ManualTime time = new ManualTime();
    private final Random random = new Random(5);
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Call> running = new PriorityQueue<>((a, b) -> Long.compare(a.endsAt, b.endsAt));
    private long most;
    private double callNanos;

    private record Call(long endsAt, Node node, QuotaReservation reservation) {}

    /** Requests of each node at each step, of which most find nothing. */
    private void run(Duration duration) throws InterruptedException {
        long end = time.nanoTime() + duration.toNanos();
        while (time.nanoTime() < end) {
            while (!running.isEmpty() && running.peek().endsAt <= time.nanoTime()) {
                Call ended = running.poll();
                ended.reservation.end();
                ended.reservation.settle(1, 1);
            }
            for (Node node : nodes) {
                node.request();
            }
            most = Math.max(most, running.size());
            callNanos += (double) running.size() * STEP.toNanos();
            time.advance(STEP);
        }
    }

    private Node add(QuotaStore store) {
        Node node = new Node(store);
        nodes.add(node);
        return node;
    }

    @Test
    void fourNodesAtManyTimesTheLimitUseItAndNeverExceedIt() throws Exception {
        QuotaStore store = new InMemoryStore(time).quotas().orElseThrow();
        for (int i = 0; i < 4; i++) {
            add(store);
        }
        Duration until = Duration.ofMinutes(3);

        run(until);

        System.out.printf(
                "concurrent calls, 4 nodes: most %d of %d, use %.1f %%%n",
                most, LIMIT, 100 * callNanos / (LIMIT * until.toNanos()));
        assertThat(most).isEqualTo(LIMIT);
        assertThat(callNanos / (LIMIT * until.toNanos())).isGreaterThanOrEqualTo(0.95);
        assertThat(nodes).allSatisfy(node -> assertThat(node.calls).isPositive());
    }

    @Test
    void onOneFileAsWell() throws Exception {
        try (Store store = SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open()) {
            add(store.quotas().orElseThrow());
            add(store.quotas().orElseThrow());

            run(Duration.ofSeconds(4));

            assertThat(most).isEqualTo(LIMIT);
        }
    }

    @Test
    void aNodeThatIsAloneHasAllAtOnceAndGivesAllBack() throws Exception {
        QuotaStore store = new InMemoryStore(time).quotas().orElseThrow();
        Node first = add(store);
        for (int i = 0; i < 2 * LIMIT; i++) {
            first.request();
        }
        assertThat(running).hasSize((int) LIMIT);
        Node second = add(store);
        second.request();
        assertThat(running).hasSize((int) LIMIT);

        running.forEach(call -> call.reservation.end());
        running.clear();
        // It asks the store again after a quarter of a second.
        time.advance(Duration.ofMillis(300));
        for (int i = 0; i < 2 * LIMIT; i++) {
            second.request();
        }

        assertThat(running)
                .hasSize((int) LIMIT)
                .allSatisfy(call -> assertThat(call.node).isSameAs(second));
    }

    @Test
    void callsOfANodeThatDiedCountForAQuarterOfAnHour() throws Exception {
        QuotaStore store = new InMemoryStore(time).quotas().orElseThrow();
        Node dead = add(store);
        for (int i = 0; i < LIMIT; i++) {
            dead.request();
        }
        running.clear();
        nodes.clear();
        Node next = add(store);

        time.advance(Duration.ofMinutes(14));
        next.request();
        assertThat(running).isEmpty();
        time.advance(Duration.ofMinutes(2));
        next.request();

        assertThat(running).hasSize(1);
    }

    @Test
    void withoutTheStoreANodeUsesHalfOfItsPart() throws Exception {
        QuotaStore store = new InMemoryStore(time).quotas().orElseThrow();
        Node one = add(store);
        Node other = add(store);
        one.request();
        other.request();
        one.isCutOff = true;
        other.isCutOff = true;
        // Until the slices have ended and the store is taken to be down.
        for (int step = 0; step < 120; step++) {
            one.request();
            other.request();
            time.advance(Duration.ofMillis(500));
        }

        assertThat(running.size()).isBetween(2, (int) LIMIT / 2);
        one.isCutOff = false;
        other.isCutOff = false;
        running.forEach(call -> call.reservation.end());
        running.clear();
        time.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 2 * LIMIT; i++) {
            one.request();
            other.request();
            time.advance(STEP);
        }
        assertThat(running).hasSize((int) LIMIT);
    }

    /** One node, whose exchanges with the store are made on the thread that asks for them. */
    private final class Node {
        private final QuotaBook book;
        private boolean isCutOff;
        private int calls;

        Node(QuotaStore store) {
            this.book = new QuotaBook(List.of(RULE), time, new Connection(store), Runnable::run);
        }

        private void request() throws InterruptedException {
            QuotaSet quotas = book.of(MODEL);
            try (QuotaClaim claim = book.claim(ANN, 0)) {
                QuotaReservation taken = claim.tryTake(quotas, 1, 1);
                while (taken == null && claim.askStore(quotas, 1, 1, Duration.ofSeconds(1))) {
                    taken = claim.tryTake(quotas, 1, 1);
                }
                if (taken != null) {
                    calls++;
                    long duration =
                            Duration.ofMillis(500 + random.nextInt(4_000)).toNanos();
                    running.add(new Call(time.nanoTime() + duration, this, taken));
                }
            }
        }

        private final class Connection implements QuotaStore {
            private final QuotaStore store;

            Connection(QuotaStore store) {
                this.store = store;
            }

            @Override
            public long join() {
                check();
                return store.join();
            }

            @Override
            public List<SliceGrant> exchange(long holder, List<SliceRequest> requests) {
                check();
                return store.exchange(holder, requests);
            }

            private void check() {
                if (isCutOff) {
                    throw new StoreException(StoreException.Kind.BUSY, "the store is not to be reached", null);
                }
            }
        }
    }
}
