package dev.architect.testkit.simulation;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimRequest;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.error.StoreException;
import dev.architect.lane.LaneStore;
import dev.architect.node.ClusterStore;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TimeSource;
import dev.architect.step.StepStore;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.Task;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one store of a simulation: the in-memory store, with leases that end by the clock, with a mutation if there is one, and with
 * every call shown to the checker. A call of it takes no time and is not interrupted; faults lie before it, in {@link NodeCalls}.
 */
final class SimulatedStore {

    /** What a result holds that no store can take. */
    static final String UNSTORABLE = "cannot be stored";

    /** How long a node keeps its tasks without a beat. */
    static final Duration LEASE = Duration.ofSeconds(10);

    /** From when on a node takes its lease for over, whatever the clock of the store says: a second after. */
    private static final Duration SURELY_OVER = LEASE.plusSeconds(1);

    private final ThreadSchedule schedule;
    private final InMemoryStore memory;
    private final Mutation mutation;
    private final HistoryChecker checker;
    private final RoleChecker roles;
    private final boolean strictLease;
    private final Map<Long, Long> lastBeats = new TreeMap<>();
    private final Set<Long> dead = new HashSet<>();

    SimulatedStore(
            ThreadSchedule schedule,
            TimeSource time,
            boolean strictLease,
            @Nullable Mutant mutant,
            HistoryChecker checker,
            RoleChecker roles) {
        this.schedule = schedule;
        this.memory = new InMemoryStore(time);
        this.mutation = mutant == null ? new Mutation(memory) : mutant.of(memory);
        this.checker = checker;
        this.roles = roles;
        this.strictLease = strictLease;
        checker.watch(memory.tasks(), () -> time.wallTime().truncatedTo(ChronoUnit.MICROS));
    }

    InMemoryStore memory() {
        return memory;
    }

    static boolean cannotBeStored(AttemptEnd end) {
        return end.result()
                .output()
                .filter(output -> output.contains(UNSTORABLE))
                .isPresent();
    }

    /** Makes a call, whose effect takes place now. */
    Object call(Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "submit" -> submit(list(arguments[0], TaskRequest.class));
            case "claim" -> claim((ClaimRequest) arguments[0]);
            case "finish" -> finish(list(arguments[0], AttemptEnd.class));
            case "cancel" -> cancel((TaskId) arguments[0]);
            case "reap" -> reap((long) arguments[0]);
            case "promoteLimited" -> promoteLimited((int) arguments[0]);
            case "counts" ->
                method.getDeclaringClass() == LaneStore.class ? mutation.laneCounts() : other(method, arguments);
            case "promoteDue" -> promoteDue((int) arguments[0]);
            case "runningOf" -> sorted(mutation.runningOf((long) arguments[0]));
            case "attempts" -> mutation.attempts((TaskId) arguments[0]);
            case "join" -> join((NodeInfo) arguments[0]);
            case "beat" -> beat((long) arguments[0], (NodeLoad) arguments[1]);
            case "leave" -> leave((long) arguments[0]);
            case "deadOwners" -> deadOwners();
            case "endSilent" -> endSilent((long) arguments[0], (Duration) arguments[1]);
            case "order" -> order((long) arguments[0], (NodeOrder) arguments[1]);
            case "takeRole" -> takeRole((String) arguments[0], (long) arguments[1]);
            case "giveUpRole" -> giveUpRole((NodeRole) arguments[0]);
            case "writeDocument" -> writeDocument((String) arguments[0], (long) arguments[1], (String) arguments[2]);
            default -> other(method, arguments);
        };
    }

    private Object other(Method method, Object[] arguments) throws Throwable {
        Object behind = behind(method.getDeclaringClass());
        try {
            Object reply = method.invoke(behind, arguments);
            return reply instanceof Set<?> set ? sorted(set) : reply;
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private Object behind(Class<?> type) {
        if (type == NodeStore.class) {
            return memory.nodes();
        }
        if (type == StepStore.class) {
            return memory.steps();
        }
        if (type == LaneStore.class) {
            return memory.lanes();
        }
        return type == ClusterStore.class ? memory.cluster() : memory.tasks();
    }

    /** The sets of the JDK that cannot be changed have another order in each process, which would be another simulation. */
    private static <T> Set<T> sorted(Set<T> set) {
        List<T> list = new ArrayList<>(set);
        list.sort((one, other) -> one.toString().compareTo(other.toString()));
        return new LinkedHashSet<>(list);
    }

    private static <T> List<T> list(Object argument, Class<T> type) {
        return ((Collection<?>) argument).stream().map(type::cast).toList();
    }

    private List<TaskId> submit(List<TaskRequest> requests) {
        List<TaskId> ids = mutation.submit(requests);
        checker.submitted(ids, requests);
        return ids;
    }

    private List<ClaimedTask> claim(ClaimRequest request) {
        boolean isAlive = !dead.contains(request.incarnation());
        List<ClaimedTask> claimed = mutation.claim(request, isAlive);
        checker.claimed(request, claimed, isAlive);
        return claimed;
    }

    private Set<FencingToken> finish(List<AttemptEnd> ends) {
        Set<FencingToken> matched;
        try {
            matched = mutation.finish(ends);
        } catch (StoreException refused) {
            checker.refused(ends);
            throw refused;
        }
        checker.finished(ends, matched);
        return matched;
    }

    private Optional<Task> cancel(TaskId id) {
        Optional<Task> task = mutation.cancel(id);
        checker.cancelled(id, task);
        return task;
    }

    private int reap(long incarnation) {
        int count = mutation.reap(incarnation);
        checker.reaped(incarnation, count, dead.contains(incarnation));
        return count;
    }

    private int promoteDue(int limit) {
        int count = memory.tasks().promoteDue(limit);
        checker.promoted(count);
        return count;
    }

    private int promoteLimited(int limit) {
        int count = mutation.promoteLimited(limit);
        checker.permitsGivenOut();
        return count;
    }

    /** Fails when a limit has fewer free places than it is for, after all tasks have ended. */
    void checkAllFree() {
        checker.limits().checkAllFree(mutation);
    }

    private long join(NodeInfo info) {
        long incarnation = memory.nodes().join(info);
        lastBeats.put(incarnation, schedule.nanos());
        return incarnation;
    }

    private Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        if (strictLease && isOver(incarnation)) {
            kill(incarnation);
        }
        if (dead.contains(incarnation)) {
            return Optional.empty();
        }
        lastBeats.put(incarnation, schedule.nanos());
        return memory.nodes()
                .beat(incarnation, load)
                .flatMap(beat ->
                        mutation.beat(incarnation, LEASE).map(validity -> new NodeBeat(validity, beat.order())));
    }

    private boolean isOver(long incarnation) {
        return silence(incarnation) > LEASE.toNanos();
    }

    private long silence(long incarnation) {
        return schedule.nanos() - lastBeats.getOrDefault(incarnation, 0L);
    }

    private Void leave(long incarnation) {
        if (lastBeats.containsKey(incarnation) && silence(incarnation) >= SURELY_OVER.toNanos()) {
            // It was dead before it left, although no node has looked: the node gives nothing back for which its lease
            // has surely run out.
            checker.dies(incarnation, "lease");
        }
        memory.nodes().leave(incarnation);
        lastBeats.remove(incarnation);
        dead.add(incarnation);
        return null;
    }

    private List<Long> deadOwners() {
        for (long incarnation : List.copyOf(lastBeats.keySet())) {
            if (isOver(incarnation)) {
                kill(incarnation);
            }
        }
        return mutation.deadOwners();
    }

    private boolean endSilent(long incarnation, Duration silence) {
        Long lastBeat = lastBeats.get(incarnation);
        boolean hasEnded = mutation.endSilent(incarnation, silence);
        if (lastBeat != null && hasEnded) {
            lastBeats.remove(incarnation);
            dead.add(incarnation);
            checker.endedEarly(incarnation, Duration.ofNanos(schedule.nanos() - lastBeat));
        }
        return hasEnded;
    }

    private boolean order(long incarnation, NodeOrder order) {
        boolean isGiven = memory.nodes().order(incarnation, order);
        if (isGiven) {
            checker.ordered(incarnation, order);
        }
        return isGiven;
    }

    private Optional<NodeRole> takeRole(String name, long incarnation) {
        boolean isHolderAlive = !dead.contains(roles.holder(name));
        Optional<NodeRole> role = mutation.takeRole(memory.cluster(), name, incarnation);
        role.ifPresent(taken -> roles.taken(taken, isHolderAlive));
        return role;
    }

    private Void giveUpRole(NodeRole role) {
        memory.cluster().giveUpRole(role);
        roles.givenUp(role);
        return null;
    }

    private SharedDocument writeDocument(String name, long expectedVersion, String text) {
        SharedDocument written = mutation.writeDocument(memory.cluster(), name, expectedVersion, text);
        roles.wrote(name, text);
        return written;
    }

    /** Takes back what a node was asked. */
    void resume(long incarnation) {
        order(incarnation, NodeOrder.WORK);
    }

    /** Declares an incarnation dead, as when the system has released the lock of its process. */
    void kill(long incarnation) {
        if (lastBeats.remove(incarnation) != null) {
            dead.add(incarnation);
            // Whatever it does later, its leaving included.
            checker.dies(incarnation, "lease");
            memory.kill(incarnation);
            // Without this, the memory would wait for the next look before it takes the death for a fact.
            memory.nodes().deadOwners();
        }
    }
}
