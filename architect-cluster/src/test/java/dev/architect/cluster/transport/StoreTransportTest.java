package dev.architect.cluster.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.node.ClusterStore;
import dev.architect.node.MemberView;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeMessage;
import dev.architect.spi.ClusterTransport.Receiver;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.testkit.time.ThreadEnds;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreTransportTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String THREADS = "architect-store-transport";

    private final List<StoreTransport> opened = new ArrayList<>();

    @AfterEach
    void closeTransports() {
        opened.forEach(StoreTransport::close);
    }

    @Test
    void aNodeWhoseBeatsHaveStoppedLeavesTheViewAndComesBack() throws InterruptedException {
        ManualTime time = new ManualTime();
        InMemoryStore store = new InMemoryStore(time);
        StoreTransport transport = started(StoreTransport.builder(store).time(time), "self", new Recorder());
        Set<String> both = Set.of("self", "other");
        time.awaitWaiting(2);
        long other = store.nodes().join(NodeInfo.named("other").at("other", ""));
        advance(time, Duration.ofSeconds(2));
        assertThat(transport.view().members()).isEqualTo(both);

        // Long enough for the silence of a node that does not beat.
        for (int second = 0; second < 10; second++) {
            store.nodes().beat(other);
            advance(time, Duration.ofSeconds(1));
            assertThat(transport.view().members()).isEqualTo(both);
        }
        store.nodes().beat(other);
        advance(time, Duration.ofSeconds(3));
        assertThat(transport.view().members()).isEqualTo(both);
        advance(time, Duration.ofSeconds(3));
        assertThat(transport.view().members()).containsExactly("self");

        store.nodes().beat(other);
        advance(time, Duration.ofSeconds(2));
        assertThat(transport.view().members()).isEqualTo(both);
    }

    @Test
    void nodesWithoutAMemberAndEndedOnesAreNoMembers() {
        InMemoryStore store = new InMemoryStore(TimeSource.system());
        store.nodes().join("alone");
        store.nodes().leave(store.nodes().join(NodeInfo.named("gone").at("gone", "")));
        store.nodes().join(NodeInfo.named("here").at("here", ""));

        StoreTransport transport = started(StoreTransport.builder(store), "self", new Recorder());

        assertThat(transport.view().members()).containsExactlyInAnyOrder("self", "here");
    }

    @Test
    void messagesOfBeforeTheStartAreNotReceived() {
        InMemoryStore store = new InMemoryStore(TimeSource.system());
        store.cluster().post("other", "", bytes("old"));
        Recorder recorder = new Recorder();

        started(StoreTransport.builder(store), "self", recorder);
        store.cluster().post("other", "self", bytes("new"));

        eventually(() -> recorder.messages.contains("new"));
        assertThat(recorder.messages).containsExactly("new");
    }

    @Test
    void aMessageThatIsCommittedLateIsReceivedOnce() {
        LateStore late = new LateStore();
        List<String> received = new ArrayList<>();
        StoredMessages messages = new StoredMessages(late.store(), "self");

        late.commit(2, "second");
        messages.read(0, true, message -> received.add(text(message)));
        late.commit(1, "first, committed late");
        messages.read(1, false, message -> received.add(text(message)));
        assertThat(received).containsExactly("second");
        messages.read(2, true, message -> received.add(text(message)));
        messages.read(3, true, message -> received.add(text(message)));

        assertThat(received).containsExactly("second", "first, committed late");
    }

    @Test
    void readsGoBackNoFurtherThanNeeded() {
        LateStore late = new LateStore();
        StoredMessages messages = new StoredMessages(late.store(), "self");
        long step = StoredMessages.LATE.toNanos() / 4;
        for (int i = 1; i <= 100; i++) {
            late.commit(i, "message " + i);
            messages.read(i * step, true, message -> true);
        }

        assertThat(late.lowestAsked).isBetween(100L - 8, 100L - 4);
    }

    @Test
    void moreMessagesThanAPageAreAllRead() {
        LateStore late = new LateStore();
        StoredMessages messages = new StoredMessages(late.store(), "self");
        List<String> received = new ArrayList<>();
        for (int i = 1; i <= ClusterStore.MAX_MESSAGES + 5; i++) {
            late.commit(i, "message " + i);
        }

        messages.read(0, false, message -> received.add(text(message)));

        assertThat(received).hasSize(ClusterStore.MAX_MESSAGES + 5).doesNotHaveDuplicates();
    }

    @Test
    void callersNeverWaitForTheStoreAndTheOldestMessagesGiveWay() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch writing = new CountDownLatch(1);
        InMemoryStore real = new InMemoryStore(TimeSource.system());
        Store store = intercepting(real, "post", () -> {
            writing.countDown();
            release.await();
        });
        StoreTransport transport = started(StoreTransport.builder(store).capacity(10), "self", new Recorder());

        transport.broadcast(bytes("first"));
        assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 100; i++) {
            transport.send("other", bytes(String.valueOf(i)));
        }

        assertThat(transport.droppedCount()).isEqualTo(90);
        release.countDown();
        eventually(() -> real.cluster().lastMessage() == 11);
        assertThat(real.cluster().messages("other", 0, 100).stream().map(StoreTransportTest::text))
                .containsExactly("first", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99");
    }

    @Test
    void messagesThatHaveWaitedTooLongAreDropped() {
        ManualTime time = new ManualTime();
        OutgoingMessages outgoing = new OutgoingMessages(10, time);
        outgoing.add("a", bytes("old"));
        time.advance(OutgoingMessages.TOO_OLD.plusMillis(1));
        outgoing.add("b", bytes("new"));

        OutgoingMessages.Outgoing next = outgoing.poll();

        assertThat(next).isNotNull();
        assertThat(next.to()).isEqualTo("b");
        assertThat(outgoing.poll()).isNull();
        assertThat(outgoing.droppedCount()).isEqualTo(1);
    }

    @Test
    void goesOnAfterAnyFailureOfTheStore() {
        InMemoryStore real = new InMemoryStore(TimeSource.system());
        AtomicBoolean fails = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        Store store = intercepting(real, "", () -> {
            if (fails.get()) {
                if (failures.getAndIncrement() % 2 == 0) {
                    throw planted();
                }
                throw new AssertionError("planted");
            }
        });
        Recorder recorder = new Recorder();
        StoreTransport transport =
                started(StoreTransport.builder(store).pollInterval(Duration.ofMillis(20)), "self", recorder);

        fails.set(true);
        transport.broadcast(bytes("lost"));
        eventually(() -> transport.droppedCount() == 1);
        assertThat(transport.view().members()).containsExactly("self");
        fails.set(false);
        real.cluster().post("other", "self", bytes("after"));

        eventually(() -> recorder.messages.contains("after"));
        long before = real.cluster().lastMessage();
        eventually(() -> {
            transport.broadcast(bytes("again"));
            return real.cluster().lastMessage() > before;
        });
    }

    @Test
    void aStartThatFailsLeavesNothingAndMayBeRepeated() {
        InMemoryStore real = new InMemoryStore(TimeSource.system());
        AtomicBoolean fails = new AtomicBoolean(true);
        Store store = intercepting(real, "lastMessage", () -> {
            if (fails.get()) {
                throw planted();
            }
        });
        StoreTransport transport = StoreTransport.over(store);
        opened.add(transport);

        assertThatThrownBy(() -> transport.start("self", new Recorder())).isInstanceOf(StoreException.class);
        assertThat(transport.view()).isEqualTo(MemberView.NONE);
        assertThatThrownBy(() -> transport.broadcast(bytes("x"))).isInstanceOf(IllegalStateException.class);
        assertNoThreadIsLeft();

        fails.set(false);
        transport.start("self", new Recorder());
        assertThat(transport.view().members()).containsExactly("self");
        assertThat(threads()).hasSize(2);
        transport.close();
        assertNoThreadIsLeft();
    }

    @Test
    void whatWasSentBeforeTheEndIsStillWritten() {
        InMemoryStore store = new InMemoryStore(TimeSource.system());
        StoreTransport transport = started(StoreTransport.builder(store), "self", new Recorder());

        for (int i = 0; i < 50; i++) {
            transport.send("other", bytes("farewell " + i));
        }
        transport.close();

        assertThat(store.cluster().messages("other", 0, 100)).hasSize(50);
    }

    @Test
    void closesWithinSecondsWhileTheStoreHangs() {
        InMemoryStore real = new InMemoryStore(TimeSource.system());
        CountDownLatch never = new CountDownLatch(1);
        Store store = intercepting(real, "post", never::await);
        StoreTransport transport = started(StoreTransport.builder(store), "self", new Recorder());
        transport.broadcast(bytes("x"));

        long begin = System.nanoTime();
        transport.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertNoThreadIsLeft();
    }

    @Test
    void argumentsOutOfRangeAreRefused() {
        InMemoryStore store = new InMemoryStore(TimeSource.system());

        assertThatThrownBy(() -> StoreTransport.builder(store).capacity(0))
                .hasMessage("capacity is 0, expected 1..100000");
        assertThatThrownBy(() -> StoreTransport.builder(store).pollInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pollInterval is PT0S");
        assertThatThrownBy(() -> StoreTransport.builder(store).silence(Duration.ofSeconds(1)))
                .hasMessageContaining("silence is PT1S");
        assertThatThrownBy(() -> StoreTransport.over(store).start(" ", new Recorder()))
                .hasMessage("member is blank, expected a name");
        assertThatThrownBy(() -> StoreTransport.over(store).start("x".repeat(201), new Recorder()))
                .hasMessageContaining("201");
    }

    private StoreTransport started(StoreTransport.Builder builder, String member, Receiver receiver) {
        StoreTransport transport = builder.build();
        opened.add(transport);
        transport.start(member, receiver);
        return transport;
    }

    /** Lets time pass in steps that let both threads do their work. */
    private static void advance(ManualTime time, Duration duration) throws InterruptedException {
        for (long step = 0; step < duration.toMillis() / 50; step++) {
            time.advance(Duration.ofMillis(50));
            time.awaitWaiting(2);
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(THREADS))
                .toList();
    }

    private static void assertNoThreadIsLeft() {
        assertThat(ThreadEnds.awaitNamed(THREADS)).isEmpty();
    }

    private static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static StoreException planted() {
        return new StoreException(StoreException.Kind.BUSY, "planted", new IllegalStateException());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(NodeMessage message) {
        return new String(message.content(), StandardCharsets.UTF_8);
    }

    /** Something that happens before a call of a store. */
    private interface Before {
        void call() throws Exception;
    }

    /** A store that does something before each call of {@code method}, or of all when it is empty. */
    private static Store intercepting(Store store, String method, Before before) {
        FaultyStore faulty = new FaultyStore(store);
        faulty.set((called, call) -> {
            if (method.isEmpty() || called.equals(method)) {
                before.call();
            }
            return call.call();
        });
        return faulty;
    }

    /** Messages that become visible in any order of their numbers. */
    private static final class LateStore {
        private final List<NodeMessage> visible = new ArrayList<>();
        private long lowestAsked;

        void commit(long number, String text) {
            visible.add(new NodeMessage(number, "other", "self", bytes(text)));
            visible.sort((a, b) -> Long.compare(a.number(), b.number()));
        }

        ClusterStore store() {
            return (ClusterStore) Proxy.newProxyInstance(
                    ClusterStore.class.getClassLoader(),
                    new Class<?>[] {ClusterStore.class},
                    (self, called, arguments) -> switch (called.getName()) {
                        case "lastMessage" -> 0L;
                        case "messages" -> messages((long) arguments[1], (int) arguments[2]);
                        default -> throw new UnsupportedOperationException(called.getName());
                    });
        }

        private List<NodeMessage> messages(long after, int limit) {
            lowestAsked = after;
            return visible.stream()
                    .filter(message -> message.number() > after)
                    .limit(limit)
                    .toList();
        }
    }

    private static final class Recorder implements Receiver {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(String from, byte[] message) {
            messages.add(new String(message, StandardCharsets.UTF_8));
        }
    }
}
