package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes do. */
final class Waiting {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long LOOK_NANOS = 5_000_000;

    private Waiting() {}

    /** Looks every few milliseconds; returns how long it took, less what the machine let this thread wait for a processor meanwhile. */
    static Duration until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        long lost = 0;
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(LIMIT);
            long parked = System.nanoTime();
            LockSupport.parkNanos(LOOK_NANOS);
            lost += Math.max(0, System.nanoTime() - parked - 2 * LOOK_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - begin - lost);
    }

    /** Looks for {@code time} whether something stays as it is. */
    static void during(Duration time, String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < time.toNanos()) {
            assertThat(condition.getAsBoolean()).as(what).isTrue();
            LockSupport.parkNanos(20_000_000);
        }
    }
}
