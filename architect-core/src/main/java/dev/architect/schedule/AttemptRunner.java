package dev.architect.schedule;

import dev.architect.error.StoreException;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.gateway.ChatGateway;
import dev.architect.schedule.RetryPolicy.RetryDecision;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.task.AttemptEnd;
import dev.architect.task.AttemptOutcome;
import dev.architect.task.AttemptResult;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Runs attempts, each on the thread it is called on, and records how they end. */
final class AttemptRunner {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

    /** The longest output of a worker that is accepted. */
    private static final int MAX_OUTPUT_CHARACTERS = 10_000_000;

    /** How long to wait before a failed write of a result is retried. */
    private static final Duration WRITE_RETRY_INTERVAL = Duration.ofMillis(500);

    /** How often a result is written at most before the attempt is left to the audit: ten minutes of retries. */
    private static final int MAX_WRITES = 1_200;

    private final TaskStore tasks;
    private final TimeSource time;
    private final EventListener events;
    private final Map<String, Worker> workers;
    private final ChatGateway gateway;
    private final Consumer<RunningAttempt> ended;
    private final RetryPolicy retryPolicy;

    AttemptRunner(
            TaskStore tasks,
            TimeSource time,
            EventListener events,
            Map<String, Worker> workers,
            ChatGateway gateway,
            Consumer<RunningAttempt> ended) {
        this.tasks = tasks;
        this.time = time;
        this.events = events;
        this.workers = Map.copyOf(workers);
        this.gateway = gateway;
        this.ended = ended;
        this.retryPolicy = new RetryPolicy(time);
    }

    RunningAttempt prepare(ClaimedTask claimed, SessionPool.Session session) {
        Instant now = time.wallTime();
        events.onEvent(new Event.TaskStarted(
                now, claimed.fencingToken(), session.name(), claimed.attempt(), claimed.waited()));
        return new RunningAttempt(claimed, session, now, time.nanoTime(), gateway);
    }

    /** Performs the attempt and records its end, whatever happens. */
    void run(RunningAttempt attempt) {
        try {
            AttemptEnd end = perform(attempt);
            if (end != null) {
                record(end);
            }
        } finally {
            // Whatever was thrown: otherwise the slot would be lost until the process ends.
            ended.accept(attempt);
        }
    }

    private @Nullable AttemptEnd perform(RunningAttempt attempt) {
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
            attempt.end();
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

    private static String withinLimit(String output) {
        if (output.length() > MAX_OUTPUT_CHARACTERS) {
            throw new IllegalArgumentException(
                    "output has " + output.length() + " characters, expected at most " + MAX_OUTPUT_CHARACTERS);
        }
        return output;
    }

    private AttemptEnd failed(RunningAttempt attempt, @Nullable Throwable failure) {
        Throwable cause = failure == null ? new IllegalStateException("the worker returned nothing") : failure;
        RetryDecision decision = retryPolicy.afterFailure(
                cause, attempt.attempt(), attempt.request().maxAttempts());
        logFailure(attempt, decision, SafeTrace.of(cause));
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

    private @Nullable AttemptEnd stopped(RunningAttempt attempt, RunningAttempt.Stop stop) {
        return switch (stop) {
            case CANCELLED ->
                end(
                        attempt,
                        AttemptOutcome.CANCELLED,
                        TaskState.CANCELLED,
                        Duration.ZERO,
                        AttemptResult.error("cancelled on request"));
            case TIMED_OUT -> timedOut(attempt);
            case SHUT_DOWN ->
                end(
                        attempt,
                        AttemptOutcome.HANDED_BACK,
                        TaskState.READY,
                        Duration.ZERO,
                        AttemptResult.error("the node stopped"));
            // Nothing is written: the token matches no more, and the task belongs to another attempt.
            case FENCED -> null;
        };
    }

    private AttemptEnd timedOut(RunningAttempt attempt) {
        RetryDecision decision = retryPolicy.afterTimeout(
                attempt.request().timeout(),
                attempt.attempt(),
                attempt.request().maxAttempts());
        logFailure(attempt, decision, null);
        return end(attempt, decision, AttemptResult.error(decision.error()));
    }

    private AttemptEnd end(RunningAttempt attempt, RetryDecision decision, AttemptResult result) {
        return end(attempt, decision.outcome(), decision.next(), decision.retryAfter(), result);
    }

    private AttemptEnd end(
            RunningAttempt attempt, AttemptOutcome outcome, TaskState next, Duration retryAfter, AttemptResult result) {
        // By the monotonic clock: the wall clock may be set during an attempt.
        Instant endedAt = attempt.startedAt().plus(attempt.elapsed(time.nanoTime()));
        return new AttemptEnd(
                attempt.fencingToken(),
                attempt.session().name(),
                attempt.startedAt(),
                endedAt,
                outcome,
                next,
                retryAfter,
                result);
    }

    /** Gives back claims that were never started. */
    void handBack(Collection<FencingToken> fencingTokens) {
        Instant now = time.wallTime();
        tasks.finish(fencingTokens.stream()
                .map(fencingToken -> new AttemptEnd(
                        fencingToken,
                        "",
                        now,
                        now,
                        AttemptOutcome.HANDED_BACK,
                        TaskState.READY,
                        Duration.ZERO,
                        AttemptResult.error("the claim was never started")))
                .toList());
    }

    /** Retries until the store has accepted it: a full disk or a busy store must not lose a result that was paid for. */
    private void record(AttemptEnd end) {
        for (int tries = 1; ; tries++) {
            try {
                // A repeated write is harmless: the first one that was kept has cleared the owner, so the token matches
                // no more.
                if (tasks.finish(List.of(end)).contains(end.fencingToken())) {
                    // Events follow the store, so that an attempt that was fenced publishes no end.
                    publishEnd(end);
                } else {
                    LOG.warn(
                            "attempt {} of task {} was fenced; its result is dropped",
                            end.fencingToken().epoch(),
                            end.fencingToken().id());
                }
                return;
            } catch (StoreException failure) {
                if (!failure.isTransient() || tries == MAX_WRITES || !waitedToRetry()) {
                    // The store still has the task as running and memory does not, so the audit hands it back.
                    LOG.error(
                            "the end of task {} was not recorded: {}",
                            end.fencingToken().id(),
                            failure.getMessage());
                    return;
                }
            }
        }
    }

    private boolean waitedToRetry() {
        try {
            time.sleep(WRITE_RETRY_INTERVAL);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void publishEnd(AttemptEnd end) {
        Instant now = time.wallTime();
        events.onEvent(new Event.TaskAttemptEnded(
                now, end.fencingToken(), end.outcome(), end.next(), end.result().error()));
        if (end.next().isTerminal()) {
            events.onEvent(new Event.TaskEnded(now, end.fencingToken().id(), end.next()));
        }
    }
}
