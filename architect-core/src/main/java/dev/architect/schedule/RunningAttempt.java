package dev.architect.schedule;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.gateway.ChatGateway;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.request.RequestScope;
import dev.architect.spi.TaskContext;
import dev.architect.task.ClaimedTask;
import dev.architect.task.FencingToken;
import dev.architect.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt while it runs, and the reason to stop it if there is one. The first reason wins, and a worker that has already
 * returned is not interrupted any more. Safe for use by several threads.
 */
final class RunningAttempt implements TaskContext {

    /** Why a running attempt is interrupted. */
    enum Stop {
        CANCELLED,
        TIMED_OUT,
        /** The node stops and gives its work back. */
        SHUT_DOWN,
        /** The node lost its right to the task. */
        FENCED
    }

    private final ClaimedTask claimed;
    private final SessionPool.Session session;
    private final Instant startedAt;
    private final long deadline;
    private final long startedNanos;
    private final ChatGateway gateway;
    private @Nullable Thread thread;
    private @Nullable Stop stop;
    private boolean returned;
    /** Of the last answer; null without one. */
    private volatile @Nullable StopReason answerStopReason;

    RunningAttempt(
            ClaimedTask claimed,
            SessionPool.Session session,
            Instant startedAt,
            long startedNanos,
            ChatGateway gateway) {
        this.claimed = claimed;
        this.session = session;
        this.startedAt = startedAt;
        this.startedNanos = startedNanos;
        this.deadline = startedNanos + claimed.request().timeout().toNanos();
        this.gateway = gateway;
    }

    @Override
    public TaskRequest request() {
        return claimed.request();
    }

    @Override
    public FencingToken fencingToken() {
        return claimed.fencingToken();
    }

    @Override
    public int attempt() {
        return claimed.attempt();
    }

    @Override
    public synchronized boolean isCancelled() {
        return stop == Stop.CANCELLED;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        answerStopReason = null;
        try {
            ChatResponse answer = gateway.chat(request, scope(), fencingToken(), null);
            answerStopReason = answer.stopReason();
            return answer;
        } catch (ProviderException failure) {
            // Some providers report a refusal as an error, others as an answer.
            if (failure.kind() == FailureKind.CONTENT_REFUSED) {
                answerStopReason = StopReason.REFUSED;
            }
            throw failure;
        }
    }

    /** Why the last answer that this attempt received ended; empty without one. */
    Optional<StopReason> answerStopReason() {
        return Optional.ofNullable(answerStopReason);
    }

    private RequestScope scope() {
        // The whole timeout, although a part of it may be over: the dispatcher interrupts at the attempt's deadline.
        return RequestScope.create()
                .withAttribution(request().attribution())
                .withTimeout(request().timeout());
    }

    ClaimedTask claimed() {
        return claimed;
    }

    SessionPool.Session session() {
        return session;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** The time until this attempt times out, seen at {@code nanoTime}; zero or less when it is overdue. */
    Duration timeLeft(long nanoTime) {
        return Duration.ofNanos(deadline - nanoTime);
    }

    Duration elapsed(long nanoTime) {
        return Duration.ofNanos(nanoTime - startedNanos);
    }

    /** The worker is about to be called on this thread; false when the attempt was stopped before. */
    synchronized boolean begin() {
        // Under the lock of stop(), so that a stop either finds the thread or is seen here.
        thread = Thread.currentThread();
        return stop == null;
    }

    /** The worker has returned or thrown: from now on the thread is not interrupted, and an interrupt that came late is cleared. */
    synchronized void end() {
        returned = true;
        thread = null;
        // stop() interrupts under this lock, so no interrupt can come after this line and reach the write of the
        // result.
        Thread.interrupted();
    }

    /** Interrupts the worker, once. */
    synchronized void stop(Stop reason) {
        if (stop == null && !returned) {
            stop = reason;
            // Null before begin(), which then returns false.
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Why the worker was to stop, null when it was not. */
    synchronized @Nullable Stop stopReason() {
        return stop;
    }
}
