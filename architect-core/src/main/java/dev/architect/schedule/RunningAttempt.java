package dev.architect.schedule;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.ClaimedTask;
import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.gateway.ChatGateway;
import dev.architect.gateway.RouteNotes;
import dev.architect.graph.ParentOutcome;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.pool.SessionPool;
import dev.architect.request.RequestScope;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TaskStore;
import dev.architect.spi.TimeSource;
import dev.architect.step.AttemptLostException;
import dev.architect.step.StepBody;
import dev.architect.task.TaskRequest;
import dev.architect.task.TimeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt while it runs, and the reason to stop it if there is one. The first reason wins, but for the loss of the
 * task, and a worker that has already
 * returned is not interrupted any more. Safe for use by several threads.
 *
 * <p>Its time limit starts when the worker is called, and stands still while a request of it waits for a free permit.
 */
final class RunningAttempt implements TaskContext {

    /** Why a running attempt is interrupted. */
    enum Stop {
        CANCELLED,
        TIMED_OUT,
        /** It gave no sign of life for longer than it may. */
        SILENT,
        /** The limit over all tries of its task has passed. */
        EXPIRED,
        /** The node stops and gives its work back. */
        SHUT_DOWN,
        /** The node lost its right to the task. */
        FENCED
    }

    /** How long a request waits for a free permit before its attempt is snoozed. */
    static final Duration ADMISSION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration NEVER = Duration.ofDays(10_000);

    private final ClaimedTask claimed;
    private final SessionPool.Session session;
    private final TimeSource time;
    private final ChatGateway gateway;
    private final AttemptNotes notes;
    private final AttemptBasis basis;
    private final RouteNotes routes = new RouteNotes();
    private final Supplier<List<ParentOutcome>> parents;
    private final Instant claimedAt;
    private final long claimedNanos;
    // The others are guarded by this object's lock.
    private @Nullable Thread thread;
    private @Nullable Stop stop;
    private boolean begun;
    private boolean returned;
    private boolean ended;
    private @Nullable AtomicInteger beforeRequest;
    private boolean awaitsAdmission;
    private long deadline;
    private long softDeadline;
    private long stoppedNanos;
    private long awaitingSince;
    /** Of the last answer; null without one. */
    private volatile @Nullable StopReason answerStopReason;

    RunningAttempt(
            ClaimedTask claimed,
            SessionPool.Session session,
            TimeSource time,
            ChatGateway gateway,
            AttemptNotes notes,
            AttemptBasis basis,
            Supplier<List<ParentOutcome>> parents) {
        this.claimed = claimed;
        this.session = session;
        this.time = time;
        this.gateway = gateway;
        this.notes = notes;
        this.basis = basis;
        this.parents = parents;
        this.claimedAt = time.wallTime();
        this.claimedNanos = time.nanoTime();
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
    public Optional<String> input() {
        return claimed.input();
    }

    @Override
    public List<ParentOutcome> parents() {
        // Nearly all tasks have none, and need not look.
        return request().options().parents().isEmpty() ? List.of() : parents.get();
    }

    @Override
    public synchronized boolean isCancelled() {
        return stop == Stop.CANCELLED;
    }

    @Override
    public synchronized boolean isEndRequested() {
        return stop != null
                || (begun && limits().soft().isPresent() && !awaitsAdmission && time.nanoTime() - softDeadline >= 0);
    }

    private TimeLimits limits() {
        return request().options().timeLimits();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        awaitAdmission();
        answerStopReason = null;
        try {
            ChatResponse answer = gateway.chat(
                    request,
                    scope(),
                    fencingToken(),
                    null,
                    new CallAdmission(Optional.of(ADMISSION_TIMEOUT), this::admitted),
                    routes.begin());
            answerStopReason = answer.stopReason();
            return answer;
        } catch (ProviderException failure) {
            // Some providers report a refusal as an error, others as an answer.
            if (failure.kind() == FailureKind.CONTENT_REFUSED) {
                answerStopReason = StopReason.REFUSED;
            }
            throw failure;
        } finally {
            // Also when no call was made: the time limit goes on.
            admitted();
        }
    }

    @Override
    public <E extends Exception> String step(String name, StepBody<E> body) throws E {
        if (stopReason() == Stop.FENCED) {
            throw new AttemptLostException(fencingToken());
        }
        try {
            return notes.step(name, body);
        } catch (AttemptLostException lost) {
            // Whatever the worker makes of it: nothing of this attempt can be recorded any more.
            stop(Stop.FENCED);
            throw lost;
        }
    }

    @Override
    public void progress(int percent, String note, Map<String, String> data) {
        notes.progress(percent, note, data);
    }

    @Override
    public void output(String chunk) {
        notes.output(chunk);
    }

    @Override
    public void heartbeat() {
        notes.heartbeat();
    }

    AttemptNotes notes() {
        return notes;
    }

    /** Why the last answer that this attempt received ended; empty without one. */
    Optional<StopReason> answerStopReason() {
        return Optional.ofNullable(answerStopReason);
    }

    private RequestScope scope() {
        // The whole timeout, although a part of it may be over: the attempt is interrupted at its own deadline.
        return RequestScope.create()
                .withAttribution(request().attribution())
                .withTimeout(request().timeout())
                .withPriority(request().priority())
                .withTaskType(request().type());
    }

    private synchronized void awaitAdmission() {
        if (ended) {
            throw new IllegalStateException(
                    "the attempt at task " + fencingToken().id() + " has ended, expected no further request of it");
        }
        leaveBeforeRequest();
        notes.heartbeat();
        awaitsAdmission = true;
        awaitingSince = time.nanoTime();
    }

    private synchronized void admitted() {
        if (awaitsAdmission) {
            awaitsAdmission = false;
            deadline += time.nanoTime() - awaitingSince;
            softDeadline += time.nanoTime() - awaitingSince;
        }
        notes.heartbeat();
    }

    ClaimedTask claimed() {
        return claimed;
    }

    /** What decided where it runs, with its requests so far. */
    AttemptBasis basis() {
        return routes.addTo(basis);
    }

    SessionPool.Session session() {
        return session;
    }

    Instant startedAt() {
        return claimedAt;
    }

    /** When it ended if it ends now. By the monotonic clock: the wall clock may be set during an attempt. */
    Instant endedAt() {
        return claimedAt.plusNanos(time.nanoTime() - claimedNanos);
    }

    /** Whether another crash of this task's node would make the task dead. */
    boolean isSuspect() {
        return claimed.history().crashes() == TaskStore.MAX_CRASHES - 1;
    }

    /** Counts this attempt in {@code counter} until it makes its first request, or ends. */
    synchronized void countBeforeRequest(AtomicInteger counter) {
        counter.incrementAndGet();
        beforeRequest = counter;
    }

    /** It has made its first request, or ends without. */
    synchronized void leaveBeforeRequest() {
        if (beforeRequest != null) {
            beforeRequest.decrementAndGet();
            beforeRequest = null;
        }
    }

    /** The time since the claim. */
    long nanosSinceClaim() {
        return time.nanoTime() - claimedNanos;
    }

    /** The time until this attempt is overdue; zero or less when it is, its whole limit while that stands still. */
    synchronized Duration timeLeft() {
        if (stop != null || returned) {
            return request().timeout();
        }
        Duration left = !begun || awaitsAdmission
                ? request().timeout()
                : shorter(Duration.ofNanos(deadline - time.nanoTime()), silenceLeft());
        return shorter(left, totalLeft());
    }

    /** Until it has been silent for too long; longer than anything without such a limit. */
    private Duration silenceLeft() {
        return limits().noHeartbeat().map(limit -> limit.minus(notes.silence())).orElse(NEVER);
    }

    /** Until the limit over all tries passes, whatever the attempt waits for. */
    private Duration totalLeft() {
        return claimed.history()
                .timeLeft()
                .map(left -> left.minusNanos(nanosSinceClaim()))
                .orElse(NEVER);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Interrupts the worker, once, because it is overdue; for the limit that has passed. */
    synchronized void stopOverdue() {
        if (isOver(totalLeft())) {
            stop(Stop.EXPIRED);
        } else if (isOver(silenceLeft())) {
            stop(Stop.SILENT);
        } else {
            stop(Stop.TIMED_OUT);
        }
    }

    private static boolean isOver(Duration left) {
        return left.isZero() || left.isNegative();
    }

    /** How long ago the worker was told to stop; zero when it was not, or has returned. */
    synchronized Duration ignoredStopFor() {
        return stop == null || returned ? Duration.ZERO : Duration.ofNanos(time.nanoTime() - stoppedNanos);
    }

    /** The worker is about to be called on this thread; false when the attempt was stopped before. */
    synchronized boolean begin() {
        // Under the lock of stop(), so that a stop either finds the thread or is seen here.
        thread = Thread.currentThread();
        begun = true;
        deadline = time.nanoTime() + request().timeout().toNanos();
        softDeadline = time.nanoTime() + limits().soft().orElse(Duration.ZERO).toNanos();
        notes.heartbeat();
        return stop == null;
    }

    /** The worker has returned or thrown: from now on the thread is not interrupted, and an interrupt that came late is cleared. */
    synchronized void returned() {
        returned = true;
        leaveBeforeRequest();
        thread = null;
        // stop() interrupts under this lock, so no interrupt can come after this line and reach the write of the
        // result.
        Thread.interrupted();
    }

    /** Decides between the worker that returns and the node that no longer waits for it: true for the first caller only. */
    synchronized boolean tryEnd() {
        boolean isFirst = !ended;
        ended = true;
        return isFirst;
    }

    /** Interrupts the worker, once. */
    synchronized void stop(Stop reason) {
        if (stop != null && !returned && reason == Stop.FENCED) {
            // Whatever it was stopped for, nothing of it can be recorded any more.
            stop = reason;
        }
        if (stop == null && !returned) {
            stop = reason;
            stoppedNanos = time.nanoTime();
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
