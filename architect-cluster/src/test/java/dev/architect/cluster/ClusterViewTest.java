package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cluster.Availability.Cause;
import dev.architect.cluster.message.Envelope;
import dev.architect.cluster.message.MessageType;
import dev.architect.error.StoreException;
import dev.architect.model.ModelId;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeRole;
import dev.architect.node.StoreDescription;
import dev.architect.node.StoreDescription.Reach;
import dev.architect.route.BreakerOrder;
import dev.architect.route.BreakerState;
import dev.architect.route.HealthHint;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClusterViewTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(250);

    /** Whether the node is known and is as the test wants it. */
    private static boolean has(Cluster cluster, String name, Predicate<NodeView> wanted) {
        return cluster.view().living().stream().anyMatch(node -> node.name().equals(name) && wanted.test(node));
    }

    private static NodeView node(Cluster cluster, String name) {
        return cluster.view().living().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyNodeShowsWhatEachOneSees() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        join(b, "b");

        passUntil(STEP, () -> a.view().describeViews().equals("a sees a, b; b sees a, b"));

        assertThat(a.view().isSplit()).isFalse();
        assertThat(node(a, "a").isOwn()).isTrue();
        assertThat(node(a, "b").isOwn()).isFalse();
        passUntil(
                STEP,
                () -> has(
                        a,
                        "b",
                        node -> node.store()
                                .filter(sight ->
                                        sight.isReachable() && sight.sinceBeat().isPresent())
                                .isPresent()));
        assertThat(node(a, "b").record().info().address()).isEqualTo("10.0.0.2:7800");
    }

    @Test
    void aSplitIsShownAsSuchWhileItLasts() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        Cluster c = cluster("c");
        join(a, "a");
        join(b, "b");
        join(c, "c");
        passUntil(STEP, () -> a.view().describeViews().equals("a sees a, b, c; b sees a, b, c; c sees a, b, c"));

        transports.get(a).lie(Set.of(a.member(), b.member()));
        transports.get(b).lie(Set.of(a.member(), b.member()));
        transports.get(c).lie(Set.of(c.member()));
        pass(Duration.ofSeconds(1), STEP);
        assertThat(a.view().isSplit()).as("before it has lasted").isFalse();

        passUntil(
                STEP,
                () -> a.view().unseen().size() == 4
                        && a.view().describeViews().equals("a sees a, b; b sees a, b; c sees c"));
        assertThat(a.view().unseen())
                .extracting(pair -> pair.node() + pair.other())
                .containsExactlyInAnyOrder("ac", "bc", "ca", "cb");
        assertThat(a.availability().has(Cause.VIEWS_SPLIT)).isTrue();

        Set<String> all = Set.of(a.member(), b.member(), c.member());
        transports.values().forEach(transport -> transport.lie(all));
        passUntil(STEP, () -> !a.view().isSplit());
    }

    @Test
    void aNodeThatIsNotHeardIsShownAsThat() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        join(b, "b");
        passUntil(STEP, () -> a.view().describeViews().equals("a sees a, b; b sees a, b"));

        net.cut(b.member(), a.member());

        passUntil(STEP, () -> a.view().describeViews().equals("a sees a, b; b was not heard of"));
        assertThat(node(a, "b").sinceHeard())
                .hasValueSatisfying(age -> assertThat(age).isGreaterThanOrEqualTo(Duration.ofSeconds(5)));
        assertThat(node(a, "b").store()).isEmpty();
    }

    @Test
    void aStoreThatFailsIsShownHereAndElsewhere() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(memory);
        Cluster a = cluster("a");
        Cluster b = cluster("b", faulty);
        join(a, "a");
        join(b, "b");
        passUntil(STEP, () -> has(a, "b", node -> node.store().isPresent()));

        stopBeating(b);
        faulty.set((method, call) -> {
            throw new StoreException(StoreException.Kind.BUSY, "the database is away", null);
        });

        passUntil(STEP, () -> !b.view().store().isReachable());
        assertThat(b.view().store().failure()).isEqualTo("the database is away");
        assertThat(b.availability().toString()).contains("this node does not reach the store: the database is away");
        passUntil(
                STEP,
                () -> has(
                        a,
                        "b",
                        node -> node.store()
                                .filter(sight -> !sight.isReachable())
                                .isPresent()));
        assertThat(a.availability().has(Cause.NODE_WITHOUT_STORE)).isTrue();
        faulty.heal();
        passUntil(STEP, () -> b.view().store().isReachable());
    }

    @Test
    void aStoreThatDoesNotAnswerIsShownAfterTwoSecondsAndNobodyWaitsForIt() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(memory);
        Cluster a = cluster("a");
        Cluster b = cluster("b", faulty);
        join(a, "a");
        join(b, "b");
        passUntil(STEP, () -> has(a, "b", node -> node.store().isPresent()));
        CountDownLatch heals = new CountDownLatch(1);
        faulty.set((method, call) -> {
            heals.await();
            return call.call();
        });
        stopBeating(b);

        try {
            // Not for so many seconds: its thread may begin the call late on a busy machine.
            passUntil(STEP, () -> b.view().store().failure().startsWith("the store has not answered for "));
            passUntil(
                    STEP,
                    () -> has(
                            a,
                            "b",
                            node -> node.store()
                                    .filter(sight -> !sight.isReachable())
                                    .isPresent()));
        } finally {
            heals.countDown();
        }
        passUntil(STEP, () -> b.view().store().isReachable());
    }

    @Test
    void aMemberOfAnotherStoreIsIsolatedAndNamed() throws InterruptedException {
        Cluster a = cluster("a");
        InMemoryStore other = new InMemoryStore(new ManualTime(ManualTime.START, 99));
        Cluster foreign = cluster("x", other);
        Changes told = listen(a);
        foreign.store().tasks().submit(List.of(dev.architect.task.TaskRequest.of("work", "x")));

        passUntil(STEP, () -> !a.view().isolated().isEmpty());

        assertThat(a.view().isolated())
                .containsOnlyKeys(foreign.member())
                .containsValue("it shares store " + other.cluster().storeId() + ", expected "
                        + memory.cluster().storeId() + ": nodes of two stores are in one cluster");
        assertThat(told.seen).isEmpty();
        assertThat(a.availability().has(Cause.MEMBER_ISOLATED)).isTrue();
        transports.get(foreign).close();
        passUntil(STEP, () -> a.view().isolated().isEmpty());
    }

    @Test
    void messagesThatCannotBeReadIsolateTheirSenderAndNothingElse() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        Changes told = listen(a);
        byte[] newer = new dev.architect.cluster.message.ChangeHint(Set.of(Store.ChangeKind.TASK_READY))
                .toMessage(memory.cluster().storeId())
                .orElseThrow();
        newer[1] = 77;

        // Again, because the gossip that b sends when it starts may come in between and is readable.
        await(() -> {
            transports.get(b).send(a.member(), newer);
            return a.view().isolated().containsValue("it speaks version 77 of the protocol, expected 1 to 1");
        });
        assertThat(told.seen).isEmpty();
        await(() -> {
            transports.get(b).send(a.member(), "hello".getBytes(StandardCharsets.UTF_8));
            return a.view().isolated().containsValue("message begins with 104, expected 167");
        });
        transports.get(b).send(a.member(), new byte[0]);

        b.announceReady();
        await(() -> told.has(Store.ChangeKind.TASK_READY));
        assertThat(a.view().isolated()).isEmpty();
    }

    @Test
    void gossipStaysWithinAKilobyteASecond() throws InterruptedException {
        Cluster a = cluster("a");
        cluster("b");
        join(a, "a");
        List<HealthHint> hints = new ArrayList<>(IntStream.range(0, 200)
                .mapToObj(i -> new HealthHint(
                        "router-a", new ModelId("provider", "model-" + i), 1, BreakerState.CLOSED, Optional.empty()))
                .toList());
        a.shareHealth(() -> List.copyOf(hints), others -> {});
        transports.get(a).broadcasts.clear();

        pass(Duration.ofSeconds(60), Duration.ofMillis(100));

        int bytes = transports.get(a).broadcasts.stream()
                .filter(message -> {
                    MessageType type = Envelope.read(message).type().orElseThrow();
                    return type == MessageType.GOSSIP || type == MessageType.HEALTH;
                })
                .mapToInt(message -> message.length)
                .sum();
        System.out.printf("gossip with 200 models: %d bytes a second%n", bytes / 60);
        assertThat(bytes).isBetween(10_000, 66_000);
    }

    @Test
    void healthAndOrdersOfOneNodeReachTheOthersAlsoWhenTheFirstMessageIsLost() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        join(b, "b");
        ModelId model = new ModelId("claude", "opus");
        BreakerOrder order =
                new BreakerOrder(1, "router-a", ManualTime.START, "out of credit", Optional.of(Instant.MAX));
        HealthHint tripped = new HealthHint("router-a", model, 5, BreakerState.OPEN, Optional.of(order));
        List<HealthHint> received = new CopyOnWriteArrayList<>();
        b.shareHealth(
                () -> {
                    throw new AssertionError("planted");
                },
                received::addAll);
        net.cut(a.member(), b.member());
        a.shareHealth(() -> List.of(tripped), hints -> {});
        pass(Duration.ofSeconds(2), STEP);
        assertThat(received).isEmpty();

        net.heal();
        passUntil(STEP, () -> received.contains(tripped));
        passUntil(STEP, () -> has(b, "a", node -> node.health().equals(List.of(tripped))));
        assertThat(node(a, "a").health()).containsExactly(tripped);
    }

    @Test
    void clocksThatDifferAreNamedAndOneLateMessageIsNot() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        join(b, "b");
        passUntil(STEP, () -> has(a, "b", node -> node.clockSkew().isPresent()));
        assertThat(node(a, "b").clockSkew()).contains(Duration.ZERO);
        byte[] late = new dev.architect.cluster.message.Gossip(
                        "b", ManualTime.START.minusSeconds(60).toEpochMilli(), true, 0, List.of())
                .toMessage(memory.cluster().storeId());

        transports.get(b).send(a.member(), late);
        assertThat(a.availability().has(Cause.CLOCKS_DIFFER)).isFalse();
        for (int i = 0; i < 4; i++) {
            transports.get(b).send(a.member(), late);
        }

        assertThat(a.availability().reasons())
                .filteredOn(reason -> reason.cause() == Cause.CLOCKS_DIFFER)
                .singleElement()
                .satisfies(reason -> assertThat(reason.text())
                        .startsWith("the clock of node 'b' is 6")
                        .endsWith(" ms behind this one"));
    }

    @Test
    void twoNodesOnAMemoryStoreAreNotHighlyAvailableBecauseOfTheStore() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        join(b, "b");
        pass(Duration.ofSeconds(1), STEP);

        Availability found = a.availability();

        assertThat(found.isHighlyAvailable()).isFalse();
        assertThat(found.toString())
                .isEqualTo("highly available: no, because the store (memory) is in one process and ends with it");
    }

    @Test
    void whatSpeaksAgainstItIsComputedFromWhatIsDeployed() throws InterruptedException {
        Cluster a = cluster("a", described(Reach.NETWORK, OptionalInt.of(1)));
        Cluster noStandby = cluster("b", described(Reach.NETWORK, OptionalInt.of(0)));
        Cluster unknown = cluster("c", described(Reach.NETWORK, OptionalInt.empty()));
        Cluster machine = cluster("d", described(Reach.MACHINE, OptionalInt.of(0)));
        Cluster silent = cluster("e", described(Reach.UNKNOWN, OptionalInt.empty()));
        join(a, "a");
        assertThat(a.availability().reasons())
                .extracting(Availability.Reason::text)
                .containsExactly("1 node takes work (a), expected 2 or more");
        long b = join(noStandby, "b");
        pass(Duration.ofSeconds(1), STEP);

        assertThat(a.availability().toString()).isEqualTo("highly available: yes");
        assertThat(noStandby.availability().reasons())
                .extracting(Availability.Reason::text)
                .containsExactly("TestDB has no standby (by a test)");
        assertThat(unknown.availability().has(Cause.STANDBY_UNKNOWN)).isTrue();
        assertThat(machine.availability().has(Cause.STORE_NOT_SHARED)).isTrue();
        assertThat(silent.availability().has(Cause.STORE_UNKNOWN)).isTrue();

        NodeRole role = memory.cluster().takeRole("cron", b).orElseThrow();
        assertThat(a.availability().isHighlyAvailable()).isTrue();
        memory.cluster().giveUpRole(role);
        assertThat(a.availability().toString()).contains("role 'cron' has no holder");

        stopBeating(noStandby);
        pass(Duration.ofSeconds(4), STEP);
        assertThat(a.availability().has(Cause.NODE_SILENT)).isTrue();
        assertThat(a.availability().has(Cause.FEW_NODES)).isTrue();
    }

    @Test
    void nodesOnOneMachineAreNotHighlyAvailable() {
        Store store = described(Reach.NETWORK, OptionalInt.of(1));
        Cluster a = cluster("a", store);
        join(a, "a");
        memory.nodes().join(NodeInfo.named("b").at("b-1", "10.0.0.1:7801"));

        assertThat(a.availability().reasons())
                .extracting(Availability.Reason::text)
                .containsExactly("all 2 nodes are at 10.0.0.1");

        memory.nodes().join(NodeInfo.named("b").at("b-2", "10.0.0.2:7801"));
        assertThat(a.availability().reasons())
                .extracting(Availability.Reason::cause)
                .containsExactly(Cause.SAME_NAME);
    }

    private Store described(Reach reach, OptionalInt standbys) {
        StoreDescription description = new StoreDescription("TestDB", reach, standbys, "by a test");
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("description")) {
                        return description;
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void withoutATransportItIsTheStoreAlone() throws InterruptedException {
        try (Cluster alone =
                Cluster.builder(silent(memory)).nodeName("a").time(time).build()) {
            long incarnation = alone.store().nodes().join(NodeInfo.named("a"));

            assertThat(alone.member()).isEmpty();
            assertThat(record(incarnation).info()).isEqualTo(NodeInfo.named("a"));
            passUntil(STEP, () -> !alone.view().living().isEmpty());
            assertThat(alone.view().living().get(0).isOwn()).isTrue();
            assertThat(alone.view().describeViews()).isEqualTo("a has no transport");
            assertThat(alone.preferred("key")).isPresent();
            alone.announceReady();
            alone.shareHealth(List::of, hints -> {});
        }
    }
}
