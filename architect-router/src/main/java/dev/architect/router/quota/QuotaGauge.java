package dev.architect.router.quota;

/** One quota, for metrics. Safe for use by several threads. */
public final class QuotaGauge {

    private final Quota quota;
    private final Object lock;

    QuotaGauge(Quota quota, Object lock) {
        this.quota = quota;
        this.lock = lock;
    }

    /** What it limits: {@code tokens of provider openai within 1m}. */
    public String name() {
        return quota.name();
    }

    /** The most units within a period. */
    public long limit() {
        return quota.limit();
    }

    /** Units that this process has used or reserved within the last period. */
    public long used() {
        synchronized (lock) {
            return quota.used();
        }
    }

    /** How many requests wait for it. */
    public int waiting() {
        synchronized (lock) {
            return quota.waiting();
        }
    }

    /** How many requests were refused because of it. */
    public long refused() {
        synchronized (lock) {
            return quota.refused();
        }
    }
}
