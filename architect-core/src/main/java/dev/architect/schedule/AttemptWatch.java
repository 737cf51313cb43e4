package dev.architect.schedule;

import dev.architect.spi.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts attempts that are overdue, and writes off those whose worker ignores it: their end is recorded without them, and
 * their slot is free for other work. The thread of such a worker is lost until it returns.
 */
final class AttemptWatch {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptWatch.class);

    /** How long a worker that was interrupted may take to return. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private final RunningAttempts running;
    private final AttemptRunner runner;
    private final AttemptRecorder recorder;
    private final NodeLease lease;
    private final Runnable checkLoops;
    private final AtomicInteger writtenOff = new AtomicInteger();

    AttemptWatch(
            RunningAttempts running,
            AttemptRunner runner,
            AttemptRecorder recorder,
            NodeLease lease,
            Runnable checkLoops) {
        this.running = running;
        this.runner = runner;
        this.recorder = recorder;
        this.lease = lease;
        this.checkLoops = checkLoops;
    }

    /** How many attempts were written off. */
    int writtenOffCount() {
        return writtenOff.get();
    }

    Duration step() {
        checkLoops.run();
        if (lease.isOver()) {
            // No beat was confirmed in time: another node may run these tasks already.
            running.stopAll(RunningAttempt.Stop.FENCED);
        }
        Duration next = POLL_INTERVAL;
        for (RunningAttempt attempt : running.all()) {
            Duration timeLeft = attempt.timeLeft();
            if (timeLeft.isZero() || timeLeft.isNegative()) {
                attempt.stopOverdue();
            } else if (timeLeft.compareTo(next) < 0) {
                next = timeLeft;
            }
            if (attempt.ignoredStopFor().compareTo(GRACE) >= 0) {
                writeOff(attempt);
            }
        }
        return next;
    }

    /** Writes off every attempt that was told to stop and has not returned. */
    void writeOffAll() {
        running.all().forEach(this::writeOff);
    }

    private void writeOff(RunningAttempt attempt) {
        RunningAttempt.Stop stop = attempt.stopReason();
        // The worker may return at this very moment; then its own end counts.
        if (stop == null || !attempt.tryEnd()) {
            return;
        }
        writtenOff.incrementAndGet();
        LOG.warn(
                "a worker of type {} ignores its interruption; task {} goes on without it, and its thread is lost until it returns",
                attempt.request().type(),
                attempt.fencingToken().id());
        recorder.end(attempt, runner.stopped(attempt, stop), Worker.Acknowledgement.DURABLE);
    }
}
