package dev.architect.schedule;

import dev.architect.attempt.AttemptEnd;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.attempt.AttemptResult;
import dev.architect.attempt.ClaimedTask;
import dev.architect.error.ArchitectException;
import dev.architect.schedule.RetryPolicy.RetryDecision;
import dev.architect.spi.TaskStore;
import dev.architect.spi.Worker;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Performs attempts, each on the thread it is called on, and finds out how they ended. */
final class AttemptRunner {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

    /** The longest output of a worker that is accepted. */
    private static final int MAX_OUTPUT_CHARACTERS = 10_000_000;

    private static final String CANCELLED_ON_REQUEST = "cancelled on request";

    private final Map<String, Worker> workers;
    private final RetryPolicy retryPolicy;

    AttemptRunner(Map<String, Worker> workers, RetryPolicy retryPolicy) {
        this.workers = Map.copyOf(workers);
        this.retryPolicy = retryPolicy;
    }

    /**
     * Calls the worker and returns how the attempt ended; null when nothing may be written, because the node lost its right to
     * the task.
     */
    @Nullable
    AttemptEnd perform(RunningAttempt attempt) {
        String output = null;
        Throwable failure = null;
        try {
            if (attempt.begin()) {
                output = withinLimit(worker(attempt).perform(attempt));
            }
        } catch (Throwable thrown) {
            // An Error as well: it ends the attempt of one task, which must be recorded as failed.
            failure = thrown;
        } finally {
            attempt.returned();
        }
        // A result wins over a cancellation or timeout that came while the worker was returning: it is paid for, and
        // complete.
        if (output != null) {
            return end(
                    attempt,
                    AttemptOutcome.SUCCEEDED,
                    TaskState.DONE,
                    Duration.ZERO,
                    answered(attempt, AttemptResult.output(output)));
        }
        RunningAttempt.Stop stop = attempt.stopReason();
        return stop == null ? failed(attempt, failure) : stopped(attempt, stop);
    }

    private Worker worker(RunningAttempt attempt) {
        String type = attempt.request().type();
        Worker worker = workers.get(type);
        if (worker == null) {
            throw new NoWorkerException(type, workers.keySet());
        }
        return worker;
    }

    /** When the slot of an attempt is free; asked of code of the host, which must not keep an end from being recorded. */
    Worker.Acknowledgement acknowledgement(RunningAttempt attempt) {
        try {
            Worker worker = workers.get(attempt.request().type());
            return worker != null && worker.acknowledgement() == Worker.Acknowledgement.GROUPED
                    ? Worker.Acknowledgement.GROUPED
                    : Worker.Acknowledgement.DURABLE;
        } catch (Throwable unknown) {
            LOG.error(
                    "the acknowledgement of tasks of type {} is unknown",
                    attempt.request().type(),
                    unknown);
            return Worker.Acknowledgement.DURABLE;
        }
    }

    private static String withinLimit(String output) {
        if (output.length() > MAX_OUTPUT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "output has " + output.length() + " characters, expected at most " + MAX_OUTPUT_CHARACTERS);
        }
        return output;
    }

    private AttemptEnd failed(RunningAttempt attempt, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new IllegalStateException("the worker returned nothing") : failure;
        RetryDecision decision = retryPolicy.afterFailure(cause, attempt.claimed());
        if (decision.outcome() != AttemptOutcome.NEEDS_INPUT) {
            logFailure(attempt, decision, SafeTrace.of(cause));
        }
        return end(attempt, decision, answered(attempt, AttemptResult.error(decision.error())));
    }

    private static AttemptResult answered(RunningAttempt attempt, AttemptResult result) {
        return attempt.answerStopReason().map(result::withStopReason).orElse(result);
    }

    /** A task that has failed for good is a warning; an attempt that is followed by another one is not. */
    private static void logFailure(RunningAttempt attempt, RetryDecision decision, @Nullable SafeTrace trace) {
        boolean isFinal = decision.next().isTerminal();
        LOG.atLevel(isFinal ? Level.WARN : Level.DEBUG)
                .setCause(trace)
                .log(
                        "task {} of type {} failed in attempt {} of {}: {}",
                        attempt.fencingToken().id(),
                        attempt.request().type(),
                        attempt.attempt(),
                        attempt.request().maxAttempts(),
                        decision.error());
    }

    /** How an attempt ends that was told to stop, whether its worker has returned or is no longer waited for. */
    @Nullable
    AttemptEnd stopped(RunningAttempt attempt, RunningAttempt.Stop stop) {
        return switch (stop) {
            case CANCELLED ->
                end(
                        attempt,
                        AttemptOutcome.CANCELLED,
                        TaskState.CANCELLED,
                        Duration.ZERO,
                        AttemptResult.error(CANCELLED_ON_REQUEST));
            case EXPIRED ->
                end(
                        attempt,
                        AttemptOutcome.TIMED_OUT,
                        TaskState.EXPIRED,
                        Duration.ZERO,
                        AttemptResult.error(TaskStore.NOT_DONE));
            case TIMED_OUT, SILENT -> {
                RetryDecision decision = stop == RunningAttempt.Stop.SILENT
                        ? retryPolicy.afterSilence(attempt.claimed())
                        : retryPolicy.afterTimeout(attempt.claimed());
                logFailure(attempt, decision, null);
                yield end(attempt, decision, AttemptResult.error(decision.error()));
            }
            case SHUT_DOWN ->
                handedBack(
                                attempt.claimed(),
                                attempt.session().name(),
                                attempt.startedAt(),
                                attempt.endedAt(),
                                Duration.ZERO,
                                "the node stopped")
                        .withBasis(attempt.basis());
            // Nothing is written: the token matches no more, and the task belongs to another attempt.
            case FENCED -> null;
        };
    }

    /** The end of a claim whose task was cancelled before it was started. */
    static AttemptEnd cancelled(ClaimedTask claimed, String session, Instant startedAt, Instant endedAt) {
        return new AttemptEnd(
                claimed.fencingToken(),
                session,
                startedAt,
                endedAt,
                AttemptOutcome.CANCELLED,
                TaskState.CANCELLED,
                Duration.ZERO,
                AttemptResult.error(CANCELLED_ON_REQUEST));
    }

    /** The end of a claim that is given back; with a delay, the task is ready again only after it. */
    static AttemptEnd handedBack(
            ClaimedTask claimed, String session, Instant startedAt, Instant endedAt, Duration delay, String reason) {
        return new AttemptEnd(
                claimed.fencingToken(),
                session,
                startedAt,
                endedAt,
                AttemptOutcome.HANDED_BACK,
                delay.isZero() ? TaskState.READY : TaskState.SCHEDULED,
                delay,
                AttemptResult.error(reason));
    }

    private static AttemptEnd end(RunningAttempt attempt, RetryDecision decision, AttemptResult result) {
        return end(attempt, decision.outcome(), decision.next(), decision.retryAfter(), result);
    }

    private static AttemptEnd end(
            RunningAttempt attempt, AttemptOutcome outcome, TaskState next, Duration retryAfter, AttemptResult result) {
        return new AttemptEnd(
                attempt.fencingToken(),
                attempt.session().name(),
                attempt.startedAt(),
                attempt.endedAt(),
                outcome,
                next,
                retryAfter,
                result,
                Optional.of(attempt.basis()));
    }

    /** No worker of this node performs tasks of such a type. */
    private static final class NoWorkerException extends ArchitectException {

        private static final long serialVersionUID = 1L;

        NoWorkerException(String type, Set<String> known) {
            super("task type is '" + type + "', expected one of " + new TreeSet<>(known));
        }
    }
}
