package dev.architect.testkit.simulation;

import dev.architect.error.StoreException;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.record.RecordStore;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.step.StepStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;

/** The store as one node reaches it: calls take time, fail, lose their reply, come late, and crash the node. */
final class NodeCalls implements Store {

    /** Calls that change something; of the others only the reply can be lost. */
    private static final Set<String> WRITES = Set.of(
            "submit",
            "claim",
            "finish",
            "cancel",
            "reap",
            "promoteDue",
            "promoteLimited",
            "join",
            "beat",
            "leave",
            "saveSessions",
            "endSilent",
            "order",
            "takeRole",
            "giveUpRole",
            "writeDocument");

    /** Calls that may be on their way for a while, after their sender has given up. */
    private static final Set<String> LATE = Set.of("submit", "claim", "finish", "cancel", "reap");

    private final SimWorld world;
    private final SimulatedNode node;
    private final SplittableRandom random;
    private final TaskStore tasks = through(TaskStore.class);
    private final LaneStore lanes = through(LaneStore.class);
    private final StepStore steps = through(StepStore.class);
    private final NodeStore nodes = through(NodeStore.class);
    private final ClusterStore cluster = through(ClusterStore.class);
    private int errors;

    NodeCalls(SimWorld world, SimulatedNode node, SplittableRandom random) {
        this.world = world;
        this.node = node;
        this.random = random;
    }

    /** How many calls have failed, or may have come too late. */
    int errorCount() {
        return errors;
    }

    /** Something happens that may keep a stop from doing its work in its time. */
    void disturb() {
        errors++;
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public LaneStore lanes() {
        return lanes;
    }

    @Override
    public StepStore steps() {
        return steps;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public ClusterStore cluster() {
        return cluster;
    }

    @Override
    public LedgerStore ledger() {
        return world.store().memory().ledger();
    }

    @Override
    public ActivityStore activity() {
        return world.store().memory().activity();
    }

    @Override
    public RecordStore records() {
        return world.store().memory().records();
    }

    /** Hints of what others have changed: some are lost, some come twice. */
    @Override
    public Subscription subscribe(ChangeListener listener) {
        return world.store().memory().subscribe(change -> {
            int times = world.hasFaults() ? random.nextInt(3) : 1;
            for (int i = 0; i < times; i++) {
                listener.onChange(change);
            }
        });
    }

    @Override
    public void close() {}

    private <T> T through(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call(method, arguments)));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        world.schedule().yield();
        if (!world.hasFaults()) {
            return effect(method, arguments);
        }
        FaultPlan.Calls chances = world.plan().calls();
        String name = method.getName();
        if (random.nextDouble() < chances.slow()) {
            boolean isVerySlow = random.nextInt(10) == 0;
            if (isVerySlow) {
                disturb();
            }
            world.schedule().delay(Duration.ofMillis(1 + random.nextInt(isVerySlow ? 4_000 : 200)));
            if (isVerySlow) {
                // Again, for a stop that has begun meanwhile.
                disturb();
            }
            if (!world.hasFaults()) {
                return effect(method, arguments);
            }
        }
        node.reach(name);
        if (world.isOut(node)) {
            throw error(name, "the store is not to be reached");
        }
        // A reap is rare, and what it leaves undone is what the next one is for.
        double error = chances.error() * (name.equals("reap") ? 5 : 1);
        if (random.nextDouble() < error) {
            throw error(name, "before its effect");
        }
        boolean crashes = random.nextDouble() < chances.crash();
        if (crashes && random.nextBoolean()) {
            world.crash(node, "before " + name);
            throw new NodeStoppedError();
        }
        if (LATE.contains(name) && random.nextDouble() < chances.late()) {
            world.later(node, method, arguments);
            throw unknown(name, "its effect comes later");
        }
        if (WRITES.contains(name) && random.nextDouble() < chances.unknown()) {
            if (random.nextBoolean()) {
                effect(method, arguments);
            }
            throw unknown(name, "the connection was lost");
        }
        Object reply = effect(method, arguments);
        if (crashes) {
            world.crash(node, "after " + name);
            throw new NodeStoppedError();
        }
        // The ends of attempts excepted: a store says that their outcome is unknown, or nothing was recorded.
        if (!name.equals("finish") && random.nextDouble() < chances.lostReply()) {
            throw error(name, "after its effect");
        }
        world.schedule().yield();
        return reply;
    }

    private Object effect(Method method, Object[] arguments) throws Throwable {
        Object reply = world.store().call(method, arguments);
        world.replied(node, method.getName(), arguments, reply);
        return reply;
    }

    private Throwable error(String method, String reason) {
        errors++;
        world.note(node.name(), "error", method + " " + reason);
        return switch (random.nextInt(6)) {
            case 0 -> new StoreException(StoreException.Kind.FULL, "simulated: " + reason, null);
            case 1 -> new StoreException(StoreException.Kind.FAILED, "simulated: " + reason, null);
            case 2 -> new IllegalStateException("simulated: " + reason);
            case 3 -> new OutOfMemoryError("simulated: " + reason);
            default -> new StoreException(StoreException.Kind.BUSY, "simulated: " + reason, null);
        };
    }

    private StoreException unknown(String method, String reason) {
        errors++;
        world.note(node.name(), "unknown", method + ": " + reason);
        return new StoreException(StoreException.Kind.OUTCOME_UNKNOWN, "simulated: " + reason, null);
    }
}
