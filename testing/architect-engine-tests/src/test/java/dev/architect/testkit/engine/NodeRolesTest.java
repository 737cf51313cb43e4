package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.event.Event;
import dev.architect.node.NodeRole;
import dev.architect.node.RoleRegistration;
import dev.architect.node.RoleWork;
import dev.architect.testkit.store.FaultyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one node at a time does, and which one. */
final class NodeRolesTest extends EngineFixture {

    private static final String NAME = "reports";

    /** Work that counts its calls, each a second after the other. */
    private static final class Calls implements RoleWork {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicReference<NodeRole> last = new AtomicReference<>();

        @Override
        public Duration run(NodeRole role) throws InterruptedException {
            last.set(role);
            count.incrementAndGet();
            return Duration.ofSeconds(1);
        }
    }

    @BeforeEach
    void keepTheStoreOpen() {
        store.keepOpen();
    }

    private Architect node(String name) {
        return start(builder(context -> "done").nodeName(name));
    }

    private long holder(String role) {
        return memory.cluster().roles().stream()
                .filter(each -> each.name().equals(role))
                .findFirst()
                .map(NodeRole::holder)
                .orElse(0L);
    }

    private static long incarnation(Architect architect) {
        return architect.nodes().incarnation().orElseThrow();
    }

    @Test
    void oneNodeDoesTheWorkUntilItStops() throws Exception {
        Architect first = node("first");
        Architect other = node("other");
        Calls onFirst = new Calls();
        Calls onOther = new Calls();
        RoleRegistration ofFirst = first.nodes().role(NAME, onFirst);
        advanceUntil(() -> onFirst.count.get() > 0);
        RoleRegistration ofOther = other.nodes().role(NAME, onOther);

        advanceUntil(() -> onFirst.count.get() > 10);
        assertThat(onOther.count).hasValue(0);
        assertThat(ofFirst.name()).isEqualTo(NAME);
        NodeRole held = ofFirst.held().orElseThrow();
        assertThat(held).isEqualTo(onFirst.last.get());
        assertThat(held.holder()).isEqualTo(incarnation(first));
        assertThat(ofOther.held()).isEmpty();
        assertThat(other.nodes().roles()).contains(held);
        assertThat(other.nodes().isHeld(held)).isTrue();

        Thread closing = new Thread(first::close);
        closing.start();
        waitUntil(() -> holder(NAME) != held.holder());
        Instant before = time.wallTime();
        // Less than a second by the clock of the nodes: the other one has a role already, and leaves this one to others
        // for a while.
        for (int i = 0; i < 3 && onOther.count.get() == 0; i++) {
            time.advance(Duration.ofMillis(300));
            waitFor(() -> onOther.count.get() > 0, Duration.ofSeconds(3));
        }

        assertThat(onOther.count.get()).isPositive();
        assertThat(Duration.between(before, time.wallTime())).isLessThan(Duration.ofSeconds(1));
        assertThat(onOther.last.get().epoch()).isGreaterThan(held.epoch());
        assertThat(other.nodes().isHeld(held)).isFalse();
        int calls = onFirst.count.get();
        advanceUntil(() -> !closing.isAlive());
        advanceBy(Duration.ofSeconds(5));
        assertThat(onFirst.count).hasValue(calls);
        assertThat(ofFirst.held()).isEmpty();
    }

    @Test
    void aNodeThatDrainsGivesItsRolesUpAndOneThatIsCordonedKeepsThem() throws Exception {
        Architect first = node("first");
        Architect other = node("other");
        Calls onFirst = new Calls();
        Calls onOther = new Calls();
        first.nodes().role(NAME, onFirst);
        advanceUntil(() -> onFirst.count.get() > 0);
        other.nodes().role(NAME, onOther);

        other.nodes().cordon("first");
        await(Event.NodeCordoned.class);
        int before = onFirst.count.get();
        advanceUntil(() -> onFirst.count.get() > before + 5);
        assertThat(onOther.count).hasValue(0);

        other.nodes().drain("first");
        advanceUntil(() -> onOther.count.get() > 0);
        assertThat(holder(NAME)).isEqualTo(incarnation(other));
        int last = onFirst.count.get();
        other.nodes().resume("first");
        advanceBy(Duration.ofSeconds(10));
        assertThat(onFirst.count).hasValue(last);

        Thread draining = new Thread(() -> other.sessions().drain());
        draining.start();
        advanceUntil(() -> onFirst.count.get() > last && !draining.isAlive());
    }

    @Test
    void aCallThatHangsCostsTheRole() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        AtomicReference<NodeRole> lost = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        Architect first = node("first");
        RoleRegistration ofFirst = first.nodes().role(NAME, role -> {
            calls.incrementAndGet();
            lost.compareAndSet(null, role);
            hanging.countDown();
            mayReturn.await();
            return Duration.ofSeconds(1);
        });
        advanceUntil(() -> hanging.getCount() == 0);
        Architect other = node("other");
        Calls onOther = new Calls();
        other.nodes().role(NAME, onOther);

        advanceUntil(() -> onOther.count.get() > 0);

        assertThat(ofFirst.held()).isEmpty();
        assertThat(first.nodes().isHeld(lost.get())).isFalse();
        assertThat(onOther.last.get().epoch()).isGreaterThan(lost.get().epoch());
        assertThat(first.health().longestSilence()).isGreaterThan(Duration.ofSeconds(4));
        mayReturn.countDown();
        advanceBy(Duration.ofSeconds(30));
        assertThat(calls).hasValue(1);
        assertThat(holder(NAME)).isEqualTo(incarnation(other));
    }

    @Test
    void aRoleIsGivenUpInTheStoreHoweverOftenThatFails() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        AtomicInteger failures = new AtomicInteger();
        Architect first = node("first");
        first.nodes().role(NAME, role -> {
            hanging.countDown();
            mayReturn.await();
            return Duration.ofSeconds(1);
        });
        advanceUntil(() -> hanging.getCount() == 0);
        store.set((method, call) -> {
            if (method.equals("giveUpRole") && failures.incrementAndGet() < 4) {
                if (failures.get() == 2) {
                    throw new OutOfMemoryError("test");
                }
                throw new IllegalStateException("test");
            }
            return call.call();
        });

        advanceUntil(() -> holder(NAME) == 0);

        assertThat(failures.get()).isGreaterThanOrEqualTo(4);
        mayReturn.countDown();
    }

    @Test
    void theRoleOfANodeThatDiesIsTakenWithAHigherEpoch() throws Exception {
        Architect first = node("first");
        Calls onFirst = new Calls();
        first.nodes().role(NAME, onFirst);
        advanceUntil(() -> onFirst.count.get() > 0);
        NodeRole held = onFirst.last.get();
        Architect other = node("other");
        Calls onOther = new Calls();
        other.nodes().role(NAME, onOther);
        advanceBy(Duration.ofSeconds(2));

        memory.kill(incarnation(first));
        memory.nodes().deadOwners();
        advanceUntil(() -> !memory.cluster().isHeld(held) && holder(NAME) != 0);

        // Either may be the next one; the first has another incarnation by then.
        advanceUntil(() -> onFirst.last.get().epoch() > held.epoch()
                || (onOther.last.get() != null && onOther.last.get().epoch() > held.epoch()));
        assertThat(holder(NAME)).isNotEqualTo(held.holder());
    }

    @Test
    void aNodeThatHoldsItsShareLeavesAFreeRoleToOthers() throws Exception {
        Architect busy = node("busy");
        advanceUntil(() -> holder("architect.retention") == incarnation(busy));
        List<Calls> onBusy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Calls calls = new Calls();
            onBusy.add(calls);
            busy.nodes().role("role-" + i, calls);
        }
        advanceUntil(() -> onBusy.stream().allMatch(calls -> calls.count.get() > 0));
        Architect idle = node("idle");
        Architect leaving = node("leaving");
        leaving.nodes().role(NAME, new Calls());
        advanceUntil(() -> holder(NAME) == incarnation(leaving));
        Calls onIdle = new Calls();
        Calls more = new Calls();
        busy.nodes().role(NAME, more);
        idle.nodes().role(NAME, onIdle);
        advanceBy(Duration.ofSeconds(5));

        Thread closing = new Thread(leaving::close);
        closing.start();
        // Time stands still, so the busy one waits, and the idle one has its hint.
        waitUntil(() -> onIdle.count.get() > 0);
        assertThat(more.count).hasValue(0);
        advanceUntil(() -> !closing.isAlive());

        // With nobody else it takes the role all the same, a moment later.
        close(idle);
        advanceUntil(() -> more.count.get() > 0);
    }

    @Test
    void aNodeThatJoinsGetsItsShareOfTheRoles() throws Exception {
        Architect first = node("first");
        List<String> roles = List.of("role-1", "role-2", "role-3", "role-4");
        roles.forEach(role -> first.nodes().role(role, new Calls()));
        advanceUntil(() -> roles.stream().allMatch(role -> holder(role) == incarnation(first)));

        Architect other = node("other");
        roles.forEach(role -> other.nodes().role(role, new Calls()));
        // None of them on its way from one to the other.
        advanceUntil(() -> memory.cluster().roles().stream().noneMatch(NodeRole::isFree)
                && Math.abs(rolesOf(first) - rolesOf(other)) <= 1);
        List<NodeRole> settled = memory.cluster().roles();
        advanceBy(Duration.ofMinutes(2));

        assertThat(memory.cluster().roles()).isEqualTo(settled);
    }

    @Test
    void aRoleThatNobodyElseTakesIsOfferedOnceInTenMinutes() throws Exception {
        Architect first = node("first");
        Calls calls = new Calls();
        first.nodes().role("zero", calls);
        first.nodes().role("zeta", new Calls());
        advanceUntil(() -> calls.count.get() > 0 && holder("zeta") == incarnation(first));
        long before = epoch("zeta");
        for (int i = 0; i < 8; i++) {
            node("worker-" + i);
        }

        advanceUntil(() -> epoch("zeta") > before);
        advanceBy(Duration.ofMinutes(5));

        assertThat(holder("zeta")).isEqualTo(incarnation(first));
        assertThat(epoch("zeta")).isEqualTo(before + 1);
    }

    private long rolesOf(Architect architect) {
        return memory.cluster().roles().stream()
                .filter(role -> role.holder() == incarnation(architect))
                .count();
    }

    private long epoch(String role) {
        return memory.cluster().roles().stream()
                .filter(each -> each.name().equals(role))
                .findFirst()
                .orElseThrow()
                .epoch();
    }

    @Test
    void workThatThrowsIsCalledAgainAndKeepsItsRole() throws Exception {
        Architect architect = node("first");
        AtomicInteger calls = new AtomicInteger();
        List<Long> epochs = new ArrayList<>();
        architect.nodes().role(NAME, role -> {
            synchronized (epochs) {
                epochs.add(role.epoch());
            }
            switch (calls.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("test");
                case 2 -> throw new NoClassDefFoundError("test");
                case 3 -> {
                    return Duration.ofSeconds(Long.MIN_VALUE);
                }
                case 4 -> {
                    return null;
                }
                default -> {
                    return Duration.ofDays(1_000_000);
                }
            }
        });

        advanceUntil(() -> calls.get() == 5);
        advanceBy(Duration.ofMinutes(1));

        assertThat(calls).hasValue(5);
        assertThat(epochs).hasSize(5).containsOnly(epochs.get(0));
        assertThat(architect.health().isDegraded()).isFalse();
    }

    @Test
    void anOutageOfTheStoreCostsNoRole() throws Exception {
        Architect architect = node("first");
        Calls calls = new Calls();
        RoleRegistration registration = architect.nodes().role(NAME, calls);
        advanceUntil(() -> calls.count.get() > 0);
        NodeRole held = calls.last.get();
        store.set((method, call) -> {
            throw new IllegalStateException("not to be reached");
        });
        advanceBy(Duration.ofMinutes(1));
        int during = calls.count.get();
        store.heal();

        advanceUntil(() -> calls.count.get() > during);

        assertThat(calls.last.get()).isEqualTo(held);
        assertThat(registration.held()).contains(held);
    }

    @Test
    void aRegistrationThatIsClosedGivesTheRoleUp() throws Exception {
        Architect architect = node("first");
        Calls calls = new Calls();
        RoleRegistration registration = architect.nodes().role(NAME, calls);
        advanceUntil(() -> calls.count.get() > 0);

        Thread closing = new Thread(() -> {
            try {
                registration.close();
                registration.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        });
        closing.start();
        advanceUntil(() -> !closing.isAlive());

        assertThat(holder(NAME)).isZero();
        assertThat(registration.held()).isEmpty();
        int last = calls.count.get();
        advanceBy(Duration.ofSeconds(10));
        assertThat(calls.count).hasValue(last);
        // The name is free again.
        architect.nodes().role(NAME, calls);
        advanceUntil(() -> calls.count.get() > last);
    }

    @Test
    void refusesRolesThatCannotBe() throws Exception {
        Architect architect = node("first");
        Architect observer = start(builder(context -> "done").withoutTaskExecution());
        architect.nodes().role(NAME, new Calls());

        assertThatThrownBy(() -> architect.nodes().role(NAME, new Calls())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> architect.nodes().role("architect.mine", new Calls()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> architect.nodes().role(" ", new Calls())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> architect.nodes().role("x".repeat(NodeRole.MAX_NAME_LENGTH + 1), new Calls()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> observer.nodes().role("other", new Calls())).isInstanceOf(IllegalStateException.class);
        close(architect);
        assertThatThrownBy(() -> architect.nodes().role("late", new Calls())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneNodeAtATimeDeletesOldTasks() throws Exception {
        Purges purges = new Purges();
        FaultyStore ofOther = new FaultyStore(memory);
        ofOther.keepOpen();
        store.set((method, call) -> purges.seen(method, call, purges.byFirst));
        ofOther.set((method, call) -> purges.seen(method, call, purges.byOther));
        Architect first = node("first");
        advanceUntil(() -> purges.byFirst.get() == 1);
        Architect other = start(builder(context -> "done").store(ofOther).nodeName("other"));

        advanceUntil(() -> purges.byFirst.get() + purges.byOther.get() >= 6, Duration.ofSeconds(1));

        int before = purges.byOther.get();
        close(first);
        int ofFirst = purges.byFirst.get();
        advanceUntil(() -> purges.byOther.get() > before, Duration.ofSeconds(1));
        assertThat(holder("architect.retention")).isEqualTo(incarnation(other));
        assertThat(purges.byFirst).hasValue(ofFirst);
        assertThat(purges.mostAtOnce).hasValue(1);
    }

    /** Counts the purges of two nodes, and how many there are at a time. */
    private static final class Purges {
        private final AtomicInteger byFirst = new AtomicInteger();
        private final AtomicInteger byOther = new AtomicInteger();
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();

        private Object seen(String method, Callable<Object> call, AtomicInteger count) throws Exception {
            if (!method.equals("purge")) {
                return call.call();
            }
            int running = atOnce.incrementAndGet();
            mostAtOnce.accumulateAndGet(running, Math::max);
            try {
                return call.call();
            } finally {
                atOnce.decrementAndGet();
                count.incrementAndGet();
            }
        }
    }
}
