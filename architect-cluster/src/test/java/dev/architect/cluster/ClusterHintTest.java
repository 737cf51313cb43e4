package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.cluster.message.Envelope;
import dev.architect.cluster.message.MessageType;
import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeRole;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.store.FaultyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterHintTest extends ClusterFixture {

    private static final TaskRequest WORK = TaskRequest.of("work", "x");

    private long changesSent(Cluster cluster) {
        return transports.get(cluster).broadcasts.stream()
                .filter(message -> Envelope.read(message).type().equals(Optional.of(MessageType.CHANGE)))
                .count();
    }

    @Test
    void aTaskThatIsSubmittedOnOneNodeIsKnownToTheOthersWhileTheClockStandsStill() throws InterruptedException {
        Cluster a = cluster("a");
        Changes other = listen(cluster("b"));

        a.store().tasks().submit(List.of(WORK));

        await(() -> other.has(ChangeKind.TASK_READY));
        assertThat(other.has(ChangeKind.CANCEL_REQUESTED)).isFalse();
    }

    @Test
    void manyChangesAreOneMessageEveryFiveMilliseconds() throws InterruptedException {
        Cluster a = cluster("a");
        cluster("b");
        a.store().tasks().submit(List.of(WORK));
        await(() -> changesSent(a) == 1);

        for (int i = 0; i < 100; i++) {
            a.store().tasks().submit(List.of(WORK));
        }
        pass(Duration.ofMillis(4), Duration.ofMillis(1));
        assertThat(changesSent(a)).isEqualTo(1);

        passUntil(Duration.ofMillis(1), () -> changesSent(a) == 2);
        pass(Duration.ofMillis(50), Duration.ofMillis(10));
        assertThat(changesSent(a)).isEqualTo(2);
    }

    @Test
    void everyWayToBecomeReadyOrToEndIsHinted() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        long incarnation = join(a, "a");
        var tasks = a.store().tasks();

        hinted(b, ChangeKind.TASK_READY, () -> tasks.submit(List.of(WORK)));
        TaskId held = tasks.submit(List.of(WORK)).get(0);
        tasks.hold(held);
        hinted(b, ChangeKind.TASK_READY, () -> tasks.resume(held, Optional.empty()));
        List<ClaimedTask> claimed = tasks.claim(new ClaimRequest(incarnation, 2, Map.of("work", 2), true));
        hinted(b, ChangeKind.TASK_READY, () -> tasks.finish(List.of(end(claimed.get(0), TaskState.READY))));
        hinted(
                b,
                ChangeKind.CANCEL_REQUESTED,
                () -> tasks.cancel(claimed.get(1).fencingToken().id()));
        hinted(b, ChangeKind.TASK_ENDED, () -> tasks.finish(List.of(end(claimed.get(1), TaskState.DEAD))));
        hinted(
                b,
                ChangeKind.TASK_READY,
                () -> tasks.redrive(List.of(claimed.get(1).fencingToken().id())));
        TaskId due =
                tasks.submit(List.of(WORK.withDelay(Duration.ofMinutes(1)))).get(0);
        time.advance(Duration.ofMinutes(2));
        hinted(b, ChangeKind.TASK_READY, () -> tasks.promoteDue(10));
        hinted(b, ChangeKind.TASK_ENDED, () -> tasks.cancel(due));
        tasks.claim(new ClaimRequest(incarnation, 1, Map.of("work", 1), true));
        memory.kill(incarnation);
        a.store().nodes().deadOwners();
        hinted(b, ChangeKind.TASK_READY, () -> tasks.reap(incarnation));
        NodeRole role =
                a.store().cluster().takeRole("cron", join(cluster("c"), "c")).orElseThrow();
        hinted(b, ChangeKind.NODE, () -> a.store().cluster().giveUpRole(role));
        hinted(b, ChangeKind.NODE, () -> a.store().nodes().order(role.holder(), NodeOrder.CORDON));
        hinted(b, ChangeKind.NODE, () -> a.store().nodes().leave(role.holder()));
        hinted(b, ChangeKind.CLUSTER, () -> a.store().cluster().writeDocument("d", 0, "text"));
    }

    private static AttemptEnd end(ClaimedTask task, TaskState next) {
        return new AttemptEnd(
                task.fencingToken(),
                "",
                java.time.Instant.EPOCH,
                java.time.Instant.EPOCH,
                next == TaskState.READY ? AttemptOutcome.HANDED_BACK : AttemptOutcome.FAILED,
                next,
                Duration.ZERO,
                AttemptResult.error("x"));
    }

    /** The change, and no earlier one, is told of. */
    private void hinted(Cluster other, ChangeKind kind, Runnable change) throws InterruptedException {
        // So that hints of earlier changes are through.
        pass(Duration.ofMillis(250), Duration.ofMillis(50));
        Changes seen = listen(other);
        change.run();
        passUntil(Duration.ofMillis(5), () -> seen.has(kind));
    }

    @Test
    void aChangeWhoseOutcomeIsUnknownIsHinted() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(memory);
        Cluster a = cluster("a", faulty);
        Changes other = listen(cluster("b"));
        faulty.set((method, call) -> {
            Object result = call.call();
            if (method.equals("submit")) {
                throw new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "lost", null);
            }
            return result;
        });

        assertThatThrownBy(() -> a.store().tasks().submit(List.of(WORK))).isInstanceOf(StoreException.class);

        await(() -> other.has(ChangeKind.TASK_READY) && other.has(ChangeKind.TASK_ENDED));
    }

    @Test
    void aChangeThatFailedOrChangedNothingIsNotHinted() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(memory);
        Cluster a = cluster("a", faulty);
        cluster("b");
        faulty.set((method, call) -> {
            if (method.equals("submit")) {
                throw new StoreException(StoreException.Kind.FULL, "full", null);
            }
            return call.call();
        });

        assertThatThrownBy(() -> a.store().tasks().submit(List.of(WORK))).isInstanceOf(StoreException.class);
        a.store().tasks().promoteDue(10);
        a.store().tasks().finish(List.of());
        pass(Duration.ofMillis(300), Duration.ofMillis(50));

        assertThat(changesSent(a)).isZero();
    }

    @Test
    void aListenerThatThrowsKeepsNoOtherFromBeingTold() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        b.store().subscribe(change -> {
            throw new StackOverflowError("planted");
        });
        Changes other = listen(b);

        a.store().tasks().submit(List.of(WORK));
        await(() -> other.has(ChangeKind.TASK_READY));
    }

    @Test
    void aSubscriptionThatWasClosedIsToldNothing() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        Changes closed = new Changes();
        b.store().subscribe(closed).close();
        Changes open = listen(b);

        a.store().tasks().submit(List.of(WORK));
        await(() -> open.has(ChangeKind.TASK_READY));

        assertThat(closed.seen).isEmpty();
    }

    @Test
    void workForAKeyIsKnownToItsNodeFirstAndToTheOthersTwoHundredMillisecondsLater() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        Cluster c = cluster("c");
        join(a, "a");
        join(b, "b");
        join(c, "c");
        passUntil(Duration.ofMillis(250), () -> a.view().living().size() == 3);
        String key = keyOf(a, "b");
        Changes preferred = listen(b);
        Changes rest = listen(c);

        TaskId id =
                a.withKey(key, () -> a.store().tasks().submit(List.of(WORK))).get(0);

        // In steps, because a hint about the joins may just have been sent.
        passUntil(Duration.ofMillis(1), () -> preferred.has(ChangeKind.TASK_READY));
        assertThat(rest.has(ChangeKind.TASK_READY)).isFalse();
        long before = time.nanoTime();
        passUntil(Duration.ofMillis(5), () -> rest.has(ChangeKind.TASK_READY));
        assertThat(Duration.ofNanos(time.nanoTime() - before))
                .isBetween(Duration.ofMillis(150), Duration.ofMillis(300));
        assertThat(memory.tasks().find(id))
                .hasValueSatisfying(task -> assertThat(task.state()).isEqualTo(TaskState.READY));
    }

    private static String keyOf(Cluster cluster, String node) {
        for (int i = 0; ; i++) {
            String key = "key-" + i;
            if (cluster.preferred(key)
                    .map(NodeRecord::info)
                    .orElseThrow()
                    .name()
                    .equals(node)) {
                return key;
            }
        }
    }

    @Test
    void allNodesPreferTheSameOneAndNoneThatTakesNoWork() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        assertThat(a.preferred("key")).isEmpty();
        join(a, "a");
        long cordoned = join(b, "b");
        passUntil(
                Duration.ofMillis(250),
                () -> a.view().living().size() == 2 && b.view().living().size() == 2);
        String key = keyOf(a, "b");
        assertThat(b.preferred(key)).map(NodeRecord::incarnation).contains(cordoned);

        a.store().nodes().order(cordoned, NodeOrder.CORDON);

        passUntil(
                Duration.ofMillis(250),
                () -> a.preferred(key)
                        .map(node -> node.info().name().equals("a"))
                        .orElse(false));
    }

    @Test
    void aTransportThatCannotStartClosesTheStore() {
        DirectTransport transport = new DirectTransport(net, "");
        transport.failsToStart = true;

        assertThatThrownBy(() ->
                        Cluster.builder(memory).transport(transport).time(time).build())
                .isInstanceOf(ArchitectException.class)
                .hasMessage("port 7800 is taken, expected a free one");

        assertThat(transport.isClosed).isTrue();
        assertThatThrownBy(() -> memory.tasks().counts())
                .isInstanceOfSatisfying(
                        StoreException.class,
                        thrown -> assertThat(thrown.kind()).isEqualTo(StoreException.Kind.CLOSED));
    }

    @Test
    void peersAreWhereTheOthersOfTheRegistryAre() throws InterruptedException {
        Cluster a = cluster("a");
        Cluster b = cluster("b");
        join(a, "a");
        long leaves = join(b, "b");

        passUntil(Duration.ofMillis(250), () -> transports.get(a).peers.contains(List.of("10.0.0.2:7800")));
        assertThat(memory.nodes().nodes())
                .allSatisfy(node ->
                        assertThat(node.info().member()).startsWith(node.info().name() + "-"));
        b.store().nodes().leave(leaves);
        stopBeating(b);

        passUntil(Duration.ofMillis(250), () -> {
            var peers = transports.get(a).peers;
            return peers.get(peers.size() - 1).isEmpty();
        });
    }
}
