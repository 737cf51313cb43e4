package dev.architect.store.postgres.cluster;

import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What the worker does with one task.
 *
 * @param number which task of the test it is; its payload
 * @param times how many tries go wrong in the way of its kind before one succeeds
 * @param duration how long a try takes
 */
record TaskScript(int number, Kind kind, int times, Duration duration) {

    static final String TYPE = "scripted";

    /** How tries go wrong. */
    enum Kind {
        SUCCEEDS,
        FAILS,
        THROWS_AN_ERROR,
        FAILS_FOR_GOOD,
        IS_UNAVAILABLE,
        TIMES_OUT
    }

    /** A script whose tries take up to so long. */
    static TaskScript random(int number, SplittableRandom random, Duration longest) {
        Kind kind = random.nextInt(3) == 0 ? Kind.values()[random.nextInt(Kind.values().length)] : Kind.SUCCEEDS;
        long most = longest.toMillis();
        Duration duration = Duration.ofMillis(
                switch (random.nextInt(40)) {
                    case 0 -> random.nextLong(most / 2, most);
                    case 1, 2, 3 -> random.nextLong(most / 20, most / 4);
                    default -> random.nextLong(200);
                });
        return new TaskScript(number, kind, 1 + random.nextInt(2), duration);
    }

    TaskRequest request(SplittableRandom random) {
        return TaskRequest.of(TYPE, Integer.toString(number))
                .withPriority(new Priority(random.nextInt(10)))
                .withTimeout(kind == Kind.TIMES_OUT ? Duration.ofMillis(700) : Duration.ofHours(1))
                .withDelay(random.nextInt(5) == 0 ? Duration.ofMillis(random.nextInt(4_000)) : Duration.ZERO);
    }

    /** Whether it may be dead although no node died. */
    boolean mayDie() {
        return kind == Kind.FAILS_FOR_GOOD;
    }
}
