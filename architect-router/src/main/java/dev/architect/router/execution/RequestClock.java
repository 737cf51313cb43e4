package dev.architect.router.execution;

/** Adds up how long a request was not the router's: at providers, and waiting. Safe for use by several threads. */
final class RequestClock {

    /** Measures nothing. */
    static final RequestClock OFF = new RequestClock(false);

    private final boolean isOn;
    private long outsideNanos;

    private RequestClock(boolean isOn) {
        this.isOn = isOn;
    }

    static RequestClock start() {
        return new RequestClock(true);
    }

    boolean isOn() {
        return isOn;
    }

    /** So long the request was at a provider, or waited. */
    void addOutside(long nanos) {
        if (isOn) {
            synchronized (this) {
                outsideNanos += nanos;
            }
        }
    }

    synchronized long outsideNanos() {
        return outsideNanos;
    }
}
