package dev.architect.loop;

import dev.architect.error.ArchitectException;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Reads something of the store again and again: once in an interval at most, but for hints. A read that fails leaves what was read before; the first
 * one after reads that succeeded is reported. Safe for use by several threads, of which one at a time reads.
 */
public final class StorePoll {

    private final TimeSource time;
    private final Duration interval;
    private final String what;
    private final Consumer<String> warnings;
    private final AtomicLong due;
    private volatile boolean isHinted;
    private volatile boolean isFailing;

    /**
     * Creates a poll.
     *
     * @param first after how long the first read is due
     * @param interval the time between two reads
     * @param what begins the warning, such as {@code "the settings cannot be read"}
     * @param warnings get a sentence when reads begin to fail
     */
    public StorePoll(TimeSource time, Duration first, Duration interval, String what, Consumer<String> warnings) {
        this.time = time;
        this.interval = interval;
        this.what = what;
        this.warnings = warnings;
        this.due = new AtomicLong(time.nanoTime() + first.toNanos());
    }

    /** Makes the next {@link #poll} read, however short ago the last read was. */
    public void hint() {
        isHinted = true;
    }

    /** Calls {@code read} if a read is due and no other thread has begun it. Whatever it throws but {@link ArchitectException} is passed on. */
    public void poll(Runnable read) {
        long planned = due.get();
        long now = time.nanoTime();
        if ((!isHinted && now - planned < 0) || !due.compareAndSet(planned, now + interval.toNanos())) {
            return;
        }
        // Before the read: what changes meanwhile is read by the next one.
        isHinted = false;
        try {
            read.run();
            isFailing = false;
        } catch (ArchitectException failure) {
            if (!isFailing) {
                warnings.accept(what + ": " + failure.getMessage());
            }
            isFailing = true;
        }
    }
}
