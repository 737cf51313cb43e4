package dev.architect.router.execution;

import dev.architect.router.admission.CallPermit;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** Runs when the first part of an answer is there, and remembers when that was. Used by one thread. */
final class FirstToken implements Runnable {

    private final RequestContext context;
    private final CallPermit permit;
    private final TimeSource time;
    private boolean isThere;
    private long at;

    FirstToken(RequestContext context, CallPermit permit, TimeSource time) {
        this.context = context;
        this.permit = permit;
        this.time = time;
    }

    @Override
    public void run() {
        isThere = true;
        at = time.nanoTime();
        permit.recordFirstToken();
        context.publish(permit, time);
    }

    /** How long after {@code start} it was there; empty when it never was. */
    Optional<Duration> since(long start) {
        return isThere ? Optional.of(Duration.ofNanos(at - start)) : Optional.empty();
    }
}
