package dev.architect.testkit.simulation;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.node.NodeOrder;
import dev.architect.task.ParentTask;
import dev.architect.task.ParentTask.OnFailure;
import dev.architect.task.PoolLimits;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import dev.architect.testkit.time.ManualTime;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A simulation: several nodes with the task engine of production on one store, whose faults, threads and clocks follow from a seed.
 * The same seed gives the same run.
 *
 * <p>Tasks are submitted, awaited and cancelled while nodes crash, freeze, lose the store, stop and start. After the last fault all
 * tasks have to end within a minute, and all nodes have to stop without leaving anything behind.
 */
final class SimWorld {

    /** Why a node died that ran a task which crashes its node. */
    static final String CULPRIT = "crashed by its task";

    /** So long after the last fault every task has ended. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    /** How much longer those may take that were running when two nodes died. */
    private static final Duration SUSPECT_RECOVERY = Duration.ofMinutes(5);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);

    /** What the seed of queues is apart from that of the simulation. */
    private static final long QUEUES = 0x9E37_79B9_7F4A_7C15L;

    private final SplittableRandom random;
    /** Apart from the others, so that a task that waits changes nothing else. */
    private final SplittableRandom dependencies;

    private final SplittableRandom queues;
    private final LanePlan lanes;

    private final Trace trace = new Trace();
    private final FaultPlan plan;
    private final @Nullable Mutant mutant;
    private final ThreadSchedule schedule;
    private final Map<Integer, TaskScript> scripts = new TreeMap<>();
    private final HistoryChecker checker;
    private final RoleChecker roleChecker;
    private final SimulatedStore store;
    private final List<SimulatedNode> nodes = new ArrayList<>();
    private final Set<Integer> acknowledged = new TreeSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final long outageEnd;
    private long storeOutUntil;
    private int started;
    private int stopping;

    /**
     * How a simulation went.
     *
     * @param failure what was wrong, null when nothing was
     * @param hash of everything that happened
     * @param counts how often what happened
     * @param last the last steps
     */
    record Outcome(
            long seed,
            @Nullable Throwable failure,
            long hash,
            int turns,
            Map<String, Integer> counts,
            List<String> last) {}

    private SimWorld(long seed, @Nullable Mutant mutant) {
        this.random = new SplittableRandom(seed);
        this.dependencies = new SplittableRandom(~seed);
        this.plan = FaultPlan.random(random.split());
        this.mutant = mutant;
        this.schedule = new ThreadSchedule(random.split(), trace, plan.yieldRate());
        this.queues = new SplittableRandom(seed + QUEUES);
        this.lanes = LanePlan.random(queues);
        this.checker = new HistoryChecker(schedule, scripts, lanes, this::count);
        this.roleChecker = new RoleChecker(schedule);
        SimulatedTime storeTime = new SimulatedTime(
                schedule, new SimulatedProcess("store"), random.split(), (waiting, signal) -> signal.run(), false);
        this.store = new SimulatedStore(schedule, storeTime, plan.strictLease(), mutant, checker, roleChecker);
        this.outageEnd = Math.min(plan.end().toNanos(), (long) (random.nextDouble() * 12e9));
    }

    /** Runs a simulation to its end. */
    static Outcome run(long seed, @Nullable Mutant mutant) {
        SimWorld world = new SimWorld(seed, mutant);
        world.prepare();
        world.schedule.runToEnd();
        return new Outcome(
                seed,
                world.schedule.failure(),
                world.trace.hash(),
                world.schedule.turns(),
                world.counts,
                world.schedule.failure() == null ? List.of() : world.trace.last(2_000));
    }

    ThreadSchedule schedule() {
        return schedule;
    }

    FaultPlan plan() {
        return plan;
    }

    @Nullable
    Mutant mutant() {
        return mutant;
    }

    HistoryChecker checker() {
        return checker;
    }

    RoleChecker roleChecker() {
        return roleChecker;
    }

    SimulatedStore store() {
        return store;
    }

    TaskScript script(TaskRequest request) {
        return scripts.get(TaskScript.numberOf(request));
    }

    boolean hasFaults() {
        return schedule.nanos() < plan.end().toNanos();
    }

    /** Whether what some tasks need is unavailable. */
    boolean isOutage() {
        return schedule.nanos() < outageEnd;
    }

    boolean isOut(SimulatedNode node) {
        return schedule.nanos() < Math.max(node.outUntil(), storeOutUntil);
    }

    void note(String who, String what, Object detail) {
        trace.add(schedule.nanos(), who, what, detail);
        count(what);
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void after(Duration delay, Runnable action) {
        schedule.at(schedule.nanos() + delay.toNanos(), action);
    }

    // What is going to happen.

    private void prepare() {
        writeScripts();
        scripts.putAll(lanes.place(scripts, queues));
        lanes.settings().forEach(store.memory().lanes()::save);
        lanes.limits().forEach(store.memory().tasks()::setLimit);
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            Set<String> types = new TreeSet<>(Set.of(TaskScript.COMMON));
            if (i == 0 || random.nextInt(3) > 0) {
                types.add(TaskScript.RARE);
            }
            nodes.add(newNode(types, new PoolLimits(1, 1 + random.nextInt(2), 2 + random.nextInt(4))));
        }
        nodes.forEach(SimulatedNode::start);
        planSubmits();
        planFaults();
        schedule.at(plan.end().toNanos(), this::heal);
    }

    private void writeScripts() {
        List<TaskScript.Kind> kinds = new ArrayList<>();
        for (TaskScript.Kind kind : TaskScript.Kind.values()) {
            if (kind != TaskScript.Kind.CRASHES_ITS_NODE && random.nextInt(3) > 0) {
                kinds.add(kind);
            }
        }
        kinds.add(TaskScript.Kind.SUCCEEDS);
        int count = 8 + random.nextInt(20);
        // No more than the slots can do in the time after the last fault.
        double longShare = random.nextDouble() / 2;
        int culprit = random.nextInt(4) == 0 ? random.nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
            TaskScript.Kind kind =
                    random.nextInt(3) == 0 ? TaskScript.Kind.SUCCEEDS : kinds.get(random.nextInt(kinds.size()));
            scripts.put(
                    i, TaskScript.random(i, i == culprit ? TaskScript.Kind.CRASHES_ITS_NODE : kind, random, longShare));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            scripts.put(scripts.size(), TaskScript.longer(scripts.size(), random));
        }
    }

    private SimulatedNode newNode(Set<String> types, PoolLimits limits) {
        return new SimulatedNode(this, "node " + ++started, types, limits, random.split());
    }

    private void planSubmits() {
        List<TaskRequest> left = new ArrayList<>();
        for (TaskScript script : scripts.values()) {
            if (script.isLong()) {
                schedule.at(0, () -> submit(List.of(script.request())));
            } else {
                left.add(script.request());
            }
        }
        while (!left.isEmpty()) {
            List<TaskRequest> batch = left.subList(0, Math.min(left.size(), 1 + random.nextInt(10)));
            List<TaskRequest> requests = List.copyOf(batch);
            batch.clear();
            schedule.at(random.nextInt(3) == 0 ? 0 : atRandom(0.7), () -> submit(requests));
        }
    }

    private long atRandom(double share) {
        return (long) (random.nextDouble() * share * plan.end().toNanos());
    }

    private void planFaults() {
        FaultPlan.Nodes faults = plan.nodes();
        repeat(faults.crashes(), () -> crash(anyNode(), "crash"));
        repeat(0.5, faults.freezes(), () -> {
            SimulatedNode node = anyNode();
            Duration duration = Duration.ofMillis(10_500 + random.nextInt(5_000));
            switch (random.nextInt(3)) {
                case 0 -> node.freezeAt("claim", duration);
                case 1 -> node.freezeAt("finish", duration);
                default -> freeze(node, duration);
            }
        });
        repeat(faults.pauses(), () -> freeze(anyNode(), Duration.ofMillis(100 + random.nextInt(6_000))));
        repeat(0.5, faults.outages(), () -> {
            SimulatedNode node = anyNode();
            int least = random.nextInt(3) > 0 ? 10_500 : 500;
            node.setOutUntil(schedule.nanos()
                    + Duration.ofMillis(least + random.nextInt(6_000)).toNanos());
            note(node.name(), "loses the store", "");
        });
        repeat(faults.storeOutages(), () -> {
            storeOutUntil = schedule.nanos()
                    + Duration.ofMillis(200 + random.nextInt(5_000)).toNanos();
            note("store", "outage", "");
        });
        repeat(faults.clockJumps(), () -> {
            SimulatedNode node = anyNode();
            node.time().setWallOffset(Duration.ofSeconds(random.nextInt(7_201) - 3_600));
            note(node.name(), "clock jump", "");
        });
        repeat(faults.stops(), () -> {
            SimulatedNode node = anyNode();
            if (node.isOpen()) {
                note(node.name(), "stop", "");
                node.stop(random.nextBoolean(), () -> replace(node));
            }
        });
        repeat(faults.suspicions(), this::suspect);
        repeat(faults.orders(), this::order);
        repeat(random.nextInt(4), this::cancel);
        repeat(random.nextInt(3), this::await);
        for (int i = lanes.keys().size(); i > 0; i--) {
            schedule.at((long) (queues.nextDouble() * 0.7 * plan.end().toNanos()), this::cancelOneWithAKey);
        }
    }

    private void repeat(int times, Runnable fault) {
        repeat(1, times, fault);
    }

    private void repeat(double share, int times, Runnable fault) {
        for (int i = 0; i < times; i++) {
            schedule.at(atRandom(share), fault);
        }
    }

    // What happens.

    private SimulatedNode anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private @Nullable SimulatedNode openNode() {
        List<SimulatedNode> open = nodes.stream().filter(SimulatedNode::isOpen).toList();
        return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }

    private void submit(List<TaskRequest> requests) {
        SimulatedNode node = openNode();
        if (node == null) {
            after(LOOK_INTERVAL, () -> submit(requests));
        } else {
            node.submit(requests.stream().map(this::withParents).toList());
        }
    }

    /** Lets some tasks wait for one or two of those that are there; a task that no node performs yet is no parent. */
    private TaskRequest withParents(TaskRequest request) {
        List<TaskHistory> there = checker.tasks().stream()
                .filter(task -> !task.script.request().type().equals(TaskScript.LATE))
                .toList();
        if (there.isEmpty() || dependencies.nextInt(3) > 0) {
            return request;
        }
        Map<TaskId, ParentTask> parents = new TreeMap<>();
        for (int i = 1 + dependencies.nextInt(2); i > 0; i--) {
            TaskId parent = there.get(dependencies.nextInt(there.size())).id;
            OnFailure[] answers = OnFailure.values();
            parents.put(parent, new ParentTask(parent, answers[dependencies.nextInt(answers.length)]));
        }
        return request.withOptions(request.options().withParents(List.copyOf(parents.values())));
    }

    private void cancel() {
        cancel(checker.tasks(), random);
    }

    /** What it holds is to be free for the next. */
    private void cancelOneWithAKey() {
        cancel(
                checker.tasks().stream()
                        .filter(task -> task.state == TaskState.READY
                                && task.script.request().options().limitKey().isPresent())
                        .toList(),
                queues);
    }

    private void cancel(Collection<TaskHistory> tasks, SplittableRandom choice) {
        SimulatedNode node = openNode();
        if (node != null && !tasks.isEmpty()) {
            TaskId id = tasks.stream()
                    .skip(choice.nextInt(tasks.size()))
                    .findFirst()
                    .orElseThrow()
                    .id;
            note(node.name(), "cancels", id);
            node.cancel(id);
        }
    }

    /** What a transport tells may be wrong; what the store has decides. */
    private void suspect() {
        SimulatedNode judge = openNode();
        SimulatedNode suspect = anyNode();
        if (judge != null && judge != suspect && !suspect.incarnations().isEmpty()) {
            note(judge.name(), "suspects", suspect);
            judge.endSilent(suspect.lastIncarnation(), Duration.ofMillis(3_000 + random.nextInt(2_000)));
        }
    }

    private void order() {
        SimulatedNode node = openNode();
        SimulatedNode other = anyNode();
        if (node != null && !other.incarnations().isEmpty()) {
            NodeOrder[] orders = NodeOrder.values();
            NodeOrder order = orders[random.nextInt(orders.length)];
            note(node.name(), "order " + order, other);
            node.order(other.lastIncarnation(), order);
        }
    }

    private void await() {
        SimulatedNode node = openNode();
        Collection<TaskHistory> tasks = checker.tasks();
        if (node != null && !tasks.isEmpty()) {
            node.await(tasks.stream()
                    .skip(random.nextInt(tasks.size()))
                    .findFirst()
                    .orElseThrow()
                    .id);
        }
    }

    void acknowledged(List<TaskRequest> requests, List<TaskId> ids) {
        requests.forEach(request -> acknowledged.add(TaskScript.numberOf(request)));
        checker.acknowledged(ids);
    }

    /** Lets the threads of a node stand still. */
    void freeze(SimulatedNode node, Duration duration) {
        if (!node.process().isCrashed() && !node.process().isFrozen()) {
            note(node.name(), "frozen", duration);
            node.calls().disturb();
            schedule.freeze(node.process());
            after(duration, () -> schedule.thaw(node.process()));
        }
    }

    /** Stops a node's threads where they are; another node takes its place. */
    void crash(SimulatedNode node, String reason) {
        if (node.process().isCrashed()) {
            return;
        }
        note(node.name(), "crash", reason);
        schedule.crash(node.process());
        node.incarnations().forEach(incarnation -> {
            checker.dies(incarnation, reason);
            // Otherwise its lease has to run out.
            if (random.nextBoolean()) {
                after(Duration.ofMillis(random.nextInt(500)), () -> store.kill(incarnation));
            }
        });
        replace(node);
    }

    /** Starts a node after one that has ended. */
    void replace(SimulatedNode node) {
        int place = nodes.indexOf(node);
        if (place < 0) {
            return;
        }
        SimulatedNode next = newNode(node.types(), node.limits());
        nodes.set(place, next);
        after(Duration.ofMillis(100 + random.nextInt(4_000)), () -> {
            // It may have crashed before it began.
            if (!next.process().isCrashed()) {
                next.start();
            }
        });
    }

    /** Lets the effect of a call come later than its sender was told. */
    void later(SimulatedNode node, Method method, Object[] arguments) {
        long at =
                schedule.nanos() + Duration.ofMillis(20 + random.nextInt(6_000)).toNanos();
        schedule.at(Math.min(at, plan.end().toNanos()), () -> {
            checker.setLate(true);
            try {
                note(node.name(), "late", method.getName());
                node.calls().disturb();
                replied(node, method.getName(), arguments, store.call(method, arguments));
            } catch (AssertionError broken) {
                throw broken;
            } catch (Throwable refused) {
                note(node.name(), "late and refused", refused);
            } finally {
                checker.setLate(false);
            }
        });
    }

    /** A call has had its effect. */
    void replied(SimulatedNode node, String method, Object[] arguments, @Nullable Object reply) {
        trace.add(schedule.nanos(), node.name(), method, reply == null ? "" : reply);
        switch (method) {
            case "join" -> {
                node.incarnations().add((Long) reply);
                checker.joined((Long) reply, node);
            }
            case "leave" -> checker.dies((Long) arguments[0], node.reasonToLeave());
            case "claim" -> ((List<?>) reply).forEach(each -> mix(((ClaimedTask) each).fencingToken()));
            case "finish" ->
                ((Collection<?>) arguments[0]).forEach(each -> {
                    AttemptEnd end = (AttemptEnd) each;
                    mix(end.fencingToken());
                    trace.mix(end.outcome().ordinal());
                    count(end.outcome().toString());
                });
            default -> {}
        }
    }

    private void mix(FencingToken token) {
        trace.mix(token.id().value());
        trace.mix(token.epoch());
        trace.mix(token.owner());
    }

    // The end.

    private void heal() {
        note("simulation", "no more faults", "");
        storeOutUntil = 0;
        nodes.forEach(node -> {
            node.setOutUntil(0);
            schedule.thaw(node.process());
        });
        resumeAll();
        // Again, when an order that was on its way has arrived.
        after(Duration.ofSeconds(5), this::resumeAll);
        checker.checkUntouched(TaskScript.LATE);
        SimulatedNode late = newNode(Set.of(TaskScript.LATE), PoolLimits.DEFAULT);
        nodes.add(late);
        late.start();
        after(LOOK_INTERVAL, this::look);
    }

    private void resumeAll() {
        nodes.forEach(node -> node.incarnations().forEach(store::resume));
    }

    private void look() {
        long over = schedule.nanos() - plan.end().plus(RECOVERY).toNanos();
        if (over >= 0) {
            // A wait that a task has been given may be longer, and suspects start one after the other.
            checker.checkAllEnded(
                    ManualTime.START.plusNanos(schedule.nanos()).minusSeconds(30), over >= SUSPECT_RECOVERY.toNanos());
        }
        boolean isOver = checker.haveAllEnded() && nodes.stream().allMatch(SimulatedNode::isOpen);
        List<TaskId> blocked = isOver ? checker.blocked() : List.of();
        // Whoever awaits one of them would wait until its parent is made ready again.
        blocked.forEach(id -> anyNode().cancel(id));
        if (isOver && blocked.isEmpty()) {
            // The threads that wait for an end ask once a second.
            after(Duration.ofSeconds(3), this::stopAll);
        } else {
            after(LOOK_INTERVAL, this::look);
        }
    }

    private void stopAll() {
        checker.check(
                schedule.alive().stream().noneMatch(thread -> thread.name.equals("client")),
                "a caller still waits for a task that has ended: ");
        checker.checkRows(acknowledged);
        nodes.forEach(checker::checkIdle);
        stopping = nodes.size();
        nodes.forEach(node -> node.stop(random.nextBoolean(), () -> stopping--));
        after(Duration.ofSeconds(5), this::checkStopped);
    }

    private void checkStopped() {
        checker.check(stopping == 0, "a node does not stop: ");
        Map<String, Integer> left = new HashMap<>();
        schedule.alive().forEach(thread -> left.merge(thread.name, 1, Integer::sum));
        // A worker that ignores its interruption keeps its thread.
        left.remove("attempt");
        checker.check(left.isEmpty(), "threads are left: ");
        store.checkAllFree();
        count("ended in order");
        schedule.stop();
    }
}
