package dev.architect.testkit.simulation;

import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.gateway.LedgerWriter;
import dev.architect.maintenance.TaskRetention;
import dev.architect.node.NodeOrder;
import dev.architect.schedule.Scheduler;
import dev.architect.schedule.TaskCanceller;
import dev.architect.schedule.TaskHandles;
import dev.architect.schedule.TaskWaiters;
import dev.architect.spi.Worker;
import dev.architect.task.PoolLimits;
import dev.architect.task.SessionInfo;
import dev.architect.task.TaskId;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskResult;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/** One process of a simulation, with the task engine as it is in production. */
final class SimulatedNode {

    private static final Duration OUTAGE_LIMIT = Duration.ofHours(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private final SimWorld world;
    private final SimulatedProcess process;
    private final Set<String> types;
    private final PoolLimits limits;
    private final SplittableRandom random;
    private final SimulatedTime time;
    private final NodeCalls calls;
    private final List<Long> incarnations = new ArrayList<>();
    private Parts parts;
    private boolean isOpen;
    private String freezeAt = "";
    private Duration freezeFor = Duration.ZERO;
    private int errorsBeforeStop;
    private long outUntil;

    private record Parts(Scheduler scheduler, TaskWaiters waiters, TaskCanceller canceller, TaskHandles handles) {}

    SimulatedNode(SimWorld world, String name, Set<String> types, PoolLimits limits, SplittableRandom random) {
        this.world = world;
        this.process = new SimulatedProcess(name);
        this.types = types;
        this.limits = limits;
        this.random = random;
        this.time = new SimulatedTime(
                world.schedule(), process, random.split(), this::signal, world.mutant() == Mutant.WITHOUT_SWEEP);
        this.calls = new NodeCalls(world, this, random.split());
    }

    String name() {
        return process.name();
    }

    SimulatedProcess process() {
        return process;
    }

    Set<String> types() {
        return types;
    }

    PoolLimits limits() {
        return limits;
    }

    SimulatedTime time() {
        return time;
    }

    List<Long> incarnations() {
        return incarnations;
    }

    long lastIncarnation() {
        return incarnations.get(incarnations.size() - 1);
    }

    /** Whether it has started and was not told to stop. */
    boolean isOpen() {
        return isOpen && !process.isCrashed();
    }

    /** Lets it stand still at its next call of that method, before its effect. */
    void freezeAt(String method, Duration duration) {
        freezeAt = method;
        freezeFor = duration;
    }

    /** Stands still here if it is to. */
    void reach(String method) {
        if (freezeAt.equals(method)) {
            freezeAt = "";
            world.freeze(this, freezeFor);
            world.schedule().pass();
        }
    }

    NodeCalls calls() {
        return calls;
    }

    long outUntil() {
        return outUntil;
    }

    void setOutUntil(long nanos) {
        outUntil = nanos;
    }

    @Override
    public String toString() {
        return name();
    }

    /** Starts it on a thread of its own; when that fails, another one takes its place. */
    void start() {
        run("host", () -> {
            SimulatedThreads threads = new SimulatedThreads(
                    world.schedule(),
                    process,
                    () -> world.hasFaults()
                            && random.nextDouble() < world.plan().nodes().noThread());
            TaskWaiters waiters = new TaskWaiters(calls.tasks(), time, threads);
            EventListener events = event -> received(event, waiters);
            SimulatedWorker worker = new SimulatedWorker(world, this);
            Map<String, Worker> workers = new TreeMap<>();
            Map<String, IntSupplier> capacities = new TreeMap<>();
            for (String type : types) {
                workers.put(type, worker);
                capacities.put(type, () -> Integer.MAX_VALUE);
            }
            Scheduler scheduler = new Scheduler(
                    calls,
                    time,
                    threads,
                    events,
                    new Scheduler.Settings(
                            name(),
                            Map.of(TaskOptions.DEFAULT_SESSION_KIND, limits),
                            () -> OUTAGE_LIMIT,
                            () -> TaskRetention.DEFAULT,
                            STOP_TIMEOUT),
                    workers,
                    capacities,
                    // No worker here makes requests, so neither a router nor the thread of the ledger is needed.
                    new ChatGateway(
                            null, new LedgerWriter(calls.ledger(), time, new ThreadRunner("ledger")), events, true));
            TaskCanceller canceller = new TaskCanceller(calls.tasks(), time, events, scheduler);
            parts = new Parts(scheduler, waiters, canceller, new TaskHandles(calls.tasks(), waiters, canceller));
            waiters.start();
            try {
                for (int i = 0; i < world.plan().roles(); i++) {
                    scheduler.addRole("role " + i, new SimulatedRole(world, this, calls.cluster(), random.split()));
                }
                scheduler.start();
                isOpen = true;
            } catch (NodeStoppedError crashed) {
                throw crashed;
            } catch (Throwable failure) {
                world.note(name(), "start failed", failure);
                close();
                world.replace(this);
            }
        });
    }

    private void run(String thread, Runnable work) {
        world.schedule().start(process, thread, work);
    }

    private void received(Event event, TaskWaiters waiters) {
        if (!process.isCrashed()) {
            world.checker().event(event);
            countOrders(event);
            waiters.onEvent(event);
        }
    }

    private void countOrders(Event event) {
        if (event instanceof Event.NodeCordoned) {
            world.count("cordoned");
        } else if (event instanceof Event.NodeDrained) {
            world.count("drained");
        } else if (event instanceof Event.NodeResumed) {
            world.count("resumed");
        }
    }

    private void signal(String waiting, Runnable signal) {
        FaultPlan.Signals chances = world.plan().signals();
        if (!world.hasFaults()) {
            signal.run();
            return;
        }
        // Those with a net below them: no process loses a signal to a loop that waits for ever.
        boolean canBeLost = waiting.equals("claimer") || waiting.equals("recorder");
        if (canBeLost && random.nextDouble() < chances.lost()) {
            world.count("signal lost");
            calls.disturb();
            return;
        }
        if (random.nextDouble() < chances.twice()) {
            later(signal);
        }
        if (random.nextDouble() < chances.late()) {
            later(signal);
        } else {
            signal.run();
        }
    }

    private void later(Runnable signal) {
        world.after(Duration.ofMillis(1 + random.nextInt(300)), signal);
    }

    /** Submits tasks as a caller in this process. */
    void submit(List<TaskRequest> requests) {
        run("client", () -> {
            try {
                world.acknowledged(requests, calls.tasks().submit(requests));
                parts.scheduler().wake();
            } catch (NodeStoppedError crashed) {
                throw crashed;
            } catch (RuntimeException | Error refused) {
                world.note(name(), "submit failed", refused);
            }
        });
    }

    /** Cancels a task as a caller in this process. */
    void cancel(TaskId id) {
        run("client", () -> {
            try {
                parts.canceller().cancel(id);
            } catch (NodeStoppedError crashed) {
                throw crashed;
            } catch (RuntimeException | Error refused) {
                world.note(name(), "cancel failed", refused);
            }
        });
    }

    /** Ends another node as soon as it is silent, as one that suspects it. */
    void endSilent(long incarnation, Duration silence) {
        run("suspicion", () -> {
            for (int i = 0; i < 8 && isOpen; i++) {
                try {
                    if (calls.nodes().endSilent(incarnation, silence)) {
                        world.note(name(), "finds it ended", incarnation);
                        return;
                    }
                } catch (NodeStoppedError crashed) {
                    throw crashed;
                } catch (RuntimeException | Error failure) {
                    world.note(name(), "suspicion failed", failure);
                }
                world.schedule().delay(Duration.ofMillis(500));
            }
        });
    }

    /** Gives an order as an operator at this process. */
    void order(long incarnation, NodeOrder order) {
        run("operator", () -> {
            try {
                calls.nodes().order(incarnation, order);
            } catch (NodeStoppedError crashed) {
                throw crashed;
            } catch (RuntimeException | Error refused) {
                world.note(name(), "order failed", refused);
            }
        });
    }

    /** Waits for a task as a caller in this process. */
    void await(TaskId id) {
        run("client", () -> {
            while (isOpen) {
                try {
                    TaskResult result = parts.handles().handle(id).await(Duration.ofHours(1));
                    world.checker().awaited(result);
                    return;
                } catch (NodeStoppedError crashed) {
                    throw crashed;
                } catch (InterruptedException stop) {
                    return;
                } catch (RuntimeException | Error failure) {
                    // The store failed, or the node is closed; in the first case the caller asks again.
                    world.schedule().delay(Duration.ofMillis(200));
                }
            }
        });
    }

    /** Stops it in order, and says when it has ended. */
    void stop(boolean atOnce, Runnable ended) {
        isOpen = false;
        run("operator", () -> {
            if (atOnce) {
                parts.scheduler().handBack();
            }
            errorsBeforeStop = calls.errorCount();
            close();
            ended.run();
        });
    }

    private void close() {
        isOpen = false;
        try {
            parts.scheduler().close();
        } catch (NodeStoppedError crashed) {
            throw crashed;
        } catch (Throwable failure) {
            // The host collects what goes wrong and closes the rest.
            world.note(name(), "stop failed", failure);
        }
        parts.waiters().close();
    }

    /**
     * Whether it runs nothing, every slot is free, and every loop goes round. What a worker that ignores its interruption has not yet
     * given back does not count.
     */
    boolean isIdle() {
        Scheduler scheduler = parts.scheduler();
        long stubborn = process.threads().stream()
                .filter(thread -> thread.name.equals("attempt"))
                .count();
        int busy = scheduler.sessions().stream().mapToInt(SessionInfo::busy).sum();
        return scheduler.runningCount() <= stubborn
                && busy <= stubborn
                && scheduler.longestSilence().compareTo(LONGEST_SILENCE) <= 0;
    }

    String describe() {
        Scheduler scheduler = parts.scheduler();
        return name() + ": " + scheduler.runningCount() + " run, " + scheduler.sessions() + ", silent for "
                + scheduler.longestSilence();
    }

    /** Why its tasks are given to others when it leaves. */
    String reasonToLeave() {
        return calls.errorCount() == errorsBeforeStop ? "stopped in order" : "stopped while calls failed";
    }
}
