package dev.architect.spi;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The system's clocks. */
final class SystemTimeSource implements TimeSource {

    static final SystemTimeSource INSTANCE = new SystemTimeSource();

    // Access tokens are drawn from it, so it must not be predictable.
    private final RandomGenerator random = new SecureRandom();

    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (!duration.isNegative()) {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        }
    }

    @Override
    public WakeUp newWakeUp() {
        return new SemaphoreSignal();
    }

    @Override
    public long random(long bound) {
        return random.nextLong(bound);
    }

    /** A permit is a pending signal; a wait takes all of them. */
    private static final class SemaphoreSignal implements WakeUp {
        private final Semaphore signals = new Semaphore(0);

        @Override
        public void signal() {
            // Two threads may pass this check at once; a wait takes both permits, so that does no harm.
            if (signals.availablePermits() == 0) {
                signals.release();
            }
        }

        @Override
        public boolean await(Duration timeout) throws InterruptedException {
            boolean signalled = signals.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
            signals.drainPermits();
            return signalled;
        }
    }
}
