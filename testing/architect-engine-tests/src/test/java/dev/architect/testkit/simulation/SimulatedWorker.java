package dev.architect.testkit.simulation;

import dev.architect.error.ArchitectException;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.spi.TaskContext;
import dev.architect.spi.Worker;
import dev.architect.testkit.simulation.TaskHistory.Performance;
import java.time.Duration;
import java.util.Set;

/** Does with each task what its script says. */
final class SimulatedWorker implements Worker {

    private final SimWorld world;
    private final SimulatedNode node;

    SimulatedWorker(SimWorld world, SimulatedNode node) {
        this.world = world;
        this.node = node;
    }

    @Override
    public Set<String> types() {
        return node.types();
    }

    @Override
    public String perform(TaskContext context) throws Exception {
        world.schedule().yield();
        TaskScript script = world.script(context.request());
        Performance performance = world.checker().begins(node, context);
        world.note(node.name(), "performs", context.fencingToken());
        try {
            String output = perform(script, context);
            // Whatever it did has an effect only while its process lives.
            world.schedule().checkAlive();
            return HistoryChecker.output(context.fencingToken()) + output;
        } finally {
            performance.hasReturned = true;
        }
    }

    private String perform(TaskScript script, TaskContext context) throws Exception {
        boolean goesWrong = context.attempt() <= script.times();
        switch (script.kind()) {
            case SUCCEEDS -> sleep(script.duration());
            case FAILS -> {
                sleep(script.duration());
                if (goesWrong) {
                    throw new IllegalStateException("simulated");
                }
            }
            case THROWS_AN_ERROR -> {
                sleep(script.duration());
                if (goesWrong) {
                    throw new NoClassDefFoundError("simulated");
                }
            }
            case FAILS_FOR_GOOD -> {
                sleep(script.duration());
                throw new IllegalArgumentException("simulated");
            }
            case IS_UNAVAILABLE -> {
                sleep(Duration.ofMillis(5));
                if (world.isOutage()) {
                    throw unavailable(FailureKind.UNAVAILABLE, null);
                }
            }
            case IS_RATE_LIMITED -> {
                sleep(Duration.ofMillis(5));
                if (world.isOutage()) {
                    throw unavailable(FailureKind.RATE_LIMITED, Duration.ofMillis(1_500));
                }
            }
            case TIMES_OUT -> sleep(goesWrong ? Duration.ofHours(1) : Duration.ZERO);
            case IGNORES_INTERRUPTION -> {
                // Not after the faults: it would take as long as all the rest has.
                if (goesWrong && world.hasFaults()) {
                    sleepUninterruptibly(script.duration().multipliedBy(12));
                }
            }
            case CANNOT_BE_STORED -> {
                sleep(script.duration());
                return SimulatedStore.UNSTORABLE;
            }
            case CRASHES_ITS_NODE -> {
                sleep(script.duration());
                world.crash(node, SimWorld.CULPRIT);
                throw new NodeStoppedError();
            }
        }
        return "";
    }

    private static ArchitectException unavailable(FailureKind kind, Duration retryAfter) {
        return ProviderException.builder(new ModelId("simulated", "model"), kind)
                .delivery(DeliveryStatus.NOT_SENT)
                .retryAfter(retryAfter)
                .build();
    }

    private void sleep(Duration duration) throws InterruptedException {
        node.time().sleep(duration);
    }

    private void sleepUninterruptibly(Duration duration) {
        long end = world.schedule().nanos() + duration.toNanos();
        while (world.schedule().nanos() < end) {
            try {
                sleep(Duration.ofNanos(end - world.schedule().nanos()));
            } catch (InterruptedException ignored) {
                world.count("interruption ignored");
            }
        }
    }
}
