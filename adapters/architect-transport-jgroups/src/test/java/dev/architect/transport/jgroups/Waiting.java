package dev.architect.transport.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes do. */
final class Waiting {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private Waiting() {}

    /** Looks every few milliseconds; returns how long it took. */
    static Duration until(String what, BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(what).isLessThan(LIMIT);
            LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
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
