package dev.architect.router.execution;

import dev.architect.request.ProviderWait;

/** Adds up how long a request was not the router's: at providers, and waiting. Safe for use by several threads. */
final class RequestClock {

    private final ProviderWait total;
    private long outsideNanos;

    /** Creates the clock of one request, which adds its time to {@code total} as well. */
    RequestClock(ProviderWait total) {
        this.total = total;
    }

    /** A call begins. */
    void beginCall(long now) {
        total.begin(now);
    }

    /** The call that began at {@code begun} ends. */
    void endCall(long begun, long now) {
        total.end(begun, now);
        synchronized (this) {
            outsideNanos += now - begun;
        }
    }

    /** So long the request has waited. */
    void addOutside(long nanos) {
        total.add(nanos);
        synchronized (this) {
            outsideNanos += nanos;
        }
    }

    synchronized long outsideNanos() {
        return outsideNanos;
    }
}
