package dev.architect.testkit.store.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRole;
import dev.architect.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Roles: each has one holder at a time, and hangs on the lease of that one. */
public abstract class StoreRoleCases extends StoreFixture {

    private static final String NAME = "retention";

    /** Creates the cases for one store. */
    protected StoreRoleCases(StoreHandles handles) {
        super(handles);
    }

    private NodeRole take(long incarnation) {
        return cluster().takeRole(NAME, incarnation).orElseThrow();
    }

    @Test
    void aFreeRoleIsTakenByTheFirstThatAsks() throws Exception {
        long first = nodes().join("first");
        long other = second().nodes().join("other");

        NodeRole role = take(first);

        assertThat(role.name()).isEqualTo(NAME);
        assertThat(role.epoch()).isPositive();
        assertThat(role.holder()).isEqualTo(first);
        assertThat(second().cluster().takeRole(NAME, other)).isEmpty();
        assertThat(second().cluster().roles()).containsExactly(role);
        assertThat(second().cluster().isHeld(role)).isTrue();
    }

    @Test
    void takingItAgainChangesNothing() {
        long first = nodes().join("first");
        NodeRole role = take(first);

        assertThat(take(first)).isEqualTo(role);
        assertThat(cluster().roles()).containsExactly(role);
    }

    @Test
    void aRoleThatWasGivenUpIsFreeAndItsEpochGoesOn() throws Exception {
        long first = nodes().join("first");
        long other = nodes().join("other");
        NodeRole role = take(first);

        second().cluster().giveUpRole(role);

        assertThat(cluster().isHeld(role)).isFalse();
        assertThat(cluster().roles()).containsExactly(new NodeRole(NAME, role.epoch(), 0));
        NodeRole next = take(other);
        assertThat(next.epoch()).isGreaterThan(role.epoch());
        cluster().giveUpRole(next);
        assertThat(take(other).epoch()).isGreaterThan(next.epoch());
    }

    @Test
    void onlyTheRoleAsItWasTakenCanBeGivenUp() {
        long first = nodes().join("first");
        long other = nodes().join("other");
        NodeRole old = take(first);
        cluster().giveUpRole(old);
        NodeRole role = take(first);

        cluster().giveUpRole(old);
        cluster().giveUpRole(new NodeRole(NAME, role.epoch(), other));
        cluster().giveUpRole(new NodeRole(NAME, role.epoch() + 1, first));
        cluster().giveUpRole(new NodeRole("unknown", 1, first));
        cluster().giveUpRole(new NodeRole(NAME, role.epoch(), 0));

        assertThat(cluster().isHeld(role)).isTrue();
        assertThat(cluster().roles()).containsExactly(role);
    }

    @Test
    void aRoleIsFreeWhenItsHolderHasEnded() throws Exception {
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        long silent = nodes().join("silent");
        long last = second().nodes().join("last");

        NodeRole ofLeft = take(left);
        nodes().leave(left);
        assertThat(cluster().isHeld(ofLeft)).isFalse();
        assertThat(cluster().roles()).containsExactly(new NodeRole(NAME, ofLeft.epoch(), 0));

        NodeRole ofKilled = take(killed);
        kill(killed);
        assertThat(cluster().isHeld(ofKilled)).isFalse();

        NodeRole ofSilent = take(silent);
        silence(store(), silent, Duration.ofSeconds(5));
        nodes().beat(last);
        assertThat(nodes().endSilent(silent, Duration.ofSeconds(5))).isTrue();
        assertThat(cluster().isHeld(ofSilent)).isFalse();

        NodeRole ofLast = second().cluster().takeRole(NAME, last).orElseThrow();
        assertThat(List.of(ofLeft.epoch(), ofKilled.epoch(), ofSilent.epoch(), ofLast.epoch()))
                .isSorted()
                .doesNotHaveDuplicates();
        // What an old holder still does changes nothing.
        cluster().giveUpRole(ofLeft);
        cluster().giveUpRole(ofKilled);
        cluster().giveUpRole(ofSilent);
        assertThat(cluster().isHeld(ofLast)).isTrue();
    }

    @Test
    void onlyALiveNodeTakesARole() throws Exception {
        long draining = nodes().join("draining");
        long left = nodes().join("left");
        long killed = nodes().join("killed");
        NodeRole kept = cluster().takeRole("kept", draining).orElseThrow();
        nodes().order(draining, NodeOrder.DRAIN);
        nodes().leave(left);
        kill(killed);

        for (long incarnation : List.of(draining, left, killed, killed + 1_000_000_000L, 0L)) {
            assertThat(cluster().takeRole(NAME, incarnation)).isEmpty();
        }
        // It keeps what it has, until it gives it up.
        assertThat(cluster().isHeld(kept)).isTrue();
        nodes().order(draining, NodeOrder.WORK);
        assertThat(cluster().takeRole(NAME, draining)).isPresent();
    }

    @Test
    void aRoleIsHeldAsItWasTakenAndInNoOtherWay() {
        long first = nodes().join("first");
        NodeRole role = take(first);

        assertThat(cluster().isHeld(new NodeRole(NAME, role.epoch() + 1, first)))
                .isFalse();
        assertThat(cluster().isHeld(new NodeRole(NAME, role.epoch(), first + 1)))
                .isFalse();
        assertThat(cluster().isHeld(new NodeRole("unknown", role.epoch(), first)))
                .isFalse();
        assertThat(cluster().isHeld(new NodeRole(NAME, role.epoch(), 0))).isFalse();
    }

    @Test
    void listsRolesByNameWhateverTheirNames() throws Exception {
        long first = nodes().join("first");
        List<String> names =
                List.of("B", "a", "a b", ODD, "b".repeat(NodeRole.MAX_NAME_LENGTH), "\ud83d\udcca", "ä", "'; --");

        for (String name : names) {
            NodeRole role = cluster().takeRole(name, first).orElseThrow();
            assertThat(role.name()).isEqualTo(name);
            assertThat(second().cluster().isHeld(role)).isTrue();
        }

        assertThat(second().cluster().roles())
                .extracting(NodeRole::name)
                .containsExactlyElementsOf(names.stream().sorted().toList());
    }

    @Test
    void refusesNamesThatAreBlankOrTooLong() {
        long first = nodes().join("first");

        for (String name : List.of("", " ", "x".repeat(NodeRole.MAX_NAME_LENGTH + 1))) {
            assertThatThrownBy(() -> cluster().takeRole(name, first)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(cluster().roles()).isEmpty();
    }

    @Test
    void hasOneHolderForEachEpochUnderManyThreads() throws Exception {
        Map<Long, Long> holders = new ConcurrentHashMap<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();

        onBothHandles((handle, number) -> {
            long incarnation = handle.nodes().join("node-" + number);
            for (int i = 0; i < 25; i++) {
                Optional<NodeRole> role = handle.cluster().takeRole(NAME, incarnation);
                if (role.isPresent()) {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    assertThat(holders.putIfAbsent(role.get().epoch(), incarnation))
                            .isNull();
                    assertThat(role.get().holder()).isEqualTo(incarnation);
                    assertThat(handle.cluster().isHeld(role.get())).isTrue();
                    taken.incrementAndGet();
                    inside.decrementAndGet();
                    handle.cluster().giveUpRole(role.get());
                }
            }
        });

        assertThat(taken.get()).isPositive().isEqualTo(holders.size());
        assertThat(cluster().roles()).singleElement().satisfies(role -> {
            assertThat(role.isFree()).isTrue();
            assertThat(role.epoch()).isGreaterThanOrEqualTo(taken.get());
        });
    }

    /** Holders that end without a word, as after a crash: the next one waits for nobody and has a higher epoch. */
    @Test
    void rolesOfEndedHoldersAreTakenOnceEach() throws Exception {
        Map<Long, Long> holders = new ConcurrentHashMap<>();
        AtomicLong highest = new AtomicLong();

        onBothHandles((handle, number) -> {
            for (int i = 0; i < 8; i++) {
                long incarnation = handle.nodes().join("node-" + number);
                Optional<NodeRole> role = handle.cluster().takeRole(NAME, incarnation);
                if (role.isPresent()) {
                    long before = highest.getAndSet(role.get().epoch());
                    assertThat(role.get().epoch()).isGreaterThan(before);
                    assertThat(holders.putIfAbsent(role.get().epoch(), incarnation))
                            .isNull();
                }
                handle.nodes().leave(incarnation);
            }
        });

        assertThat(holders).isNotEmpty();
        assertThat(cluster().roles())
                .singleElement()
                .satisfies(role -> assertThat(role.isFree()).isTrue());
    }

    @Test
    void everyHandleReadsTheSameIdentityOfTheData() throws Exception {
        String id = cluster().storeId();

        assertThat(id).isNotBlank();
        assertThat(second().cluster().storeId()).isEqualTo(id);
        assertThat(cluster().storeId()).isEqualTo(id);
    }

    @Test
    void aClosedStoreRefusesCallsAboutRoles() {
        long first = nodes().join("first");
        NodeRole role = take(first);
        Store closed = store();
        closed.close();

        assertClosed(() -> cluster().takeRole(NAME, first));
        assertClosed(() -> cluster().isHeld(role));
        assertClosed(() -> cluster().giveUpRole(role));
        assertClosed(() -> cluster().roles());
        assertClosed(() -> cluster().storeId());
    }
}
