package dev.architect.testkit.simulation;

import dev.architect.task.Priority;
import dev.architect.task.TaskOptions;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What the worker does with one task.
 *
 * @param number which task of the simulation it is; its payload
 * @param times how many tries go wrong in the way of its kind before one succeeds
 * @param duration how long a try takes
 */
record TaskScript(int number, Kind kind, int times, Duration duration, TaskRequest request) {

    /** A type that every node performs. */
    static final String COMMON = "common";

    /** A type that some nodes perform. */
    static final String RARE = "rare";

    /** A type that no node performs before the faults are over. */
    static final String LATE = "late";

    /** How tries go wrong. */
    enum Kind {
        SUCCEEDS,
        FAILS,
        THROWS_AN_ERROR,
        FAILS_FOR_GOOD,
        IS_UNAVAILABLE,
        IS_RATE_LIMITED,
        TIMES_OUT,
        IGNORES_INTERRUPTION,
        CANNOT_BE_STORED,
        CRASHES_ITS_NODE
    }

    /** A task that runs for longer than a lease. */
    static TaskScript longer(int number, SplittableRandom random) {
        return new TaskScript(
                number,
                Kind.SUCCEEDS,
                1,
                Duration.ofMillis(14_000 + random.nextInt(12_000)),
                TaskRequest.of(COMMON, Integer.toString(number))
                        .withPriority(Priority.URGENT)
                        .withTimeout(Duration.ofHours(1)));
    }

    static TaskScript random(int number, Kind kind, SplittableRandom random, double longShare) {
        int times = 1 + random.nextInt(random.nextInt(8) == 0 ? 5 : 2);
        boolean isLong = random.nextDouble() < longShare;
        Duration duration = Duration.ofMillis(isLong ? 500 + random.nextInt(2_500) : random.nextInt(400));
        int type = random.nextInt(12);
        TaskRequest request = TaskRequest.of(type == 0 ? LATE : type <= 3 ? RARE : COMMON, Integer.toString(number))
                .withPriority(new Priority(random.nextInt(10)))
                // Longer than any freeze and any wait, unless it is what the task is about.
                .withTimeout(
                        kind == Kind.TIMES_OUT || kind == Kind.IGNORES_INTERRUPTION
                                ? Duration.ofMillis(300 + random.nextInt(2_000))
                                : Duration.ofHours(1))
                .withDelay(random.nextInt(4) == 0 ? Duration.ofMillis(random.nextInt(8_000)) : Duration.ZERO);
        return new TaskScript(number, kind, kind == Kind.IGNORES_INTERRUPTION ? 1 : times, duration, request);
    }

    /** The same task with other options. */
    TaskScript with(TaskOptions options) {
        return new TaskScript(number, kind, times, duration, request.withOptions(options));
    }

    static int numberOf(TaskRequest request) {
        return Integer.parseInt(request.payload());
    }

    /** Whether it runs for longer than a lease. */
    boolean isLong() {
        return duration.compareTo(SimulatedStore.LEASE) > 0;
    }

    /** Whether it may end as dead although no node died. */
    boolean mayDie() {
        return switch (kind) {
            case FAILS_FOR_GOOD, CANNOT_BE_STORED, CRASHES_ITS_NODE -> true;
            case FAILS, THROWS_AN_ERROR, TIMES_OUT -> times >= request.maxAttempts();
            case SUCCEEDS, IS_UNAVAILABLE, IS_RATE_LIMITED, IGNORES_INTERRUPTION -> false;
        };
    }
}
