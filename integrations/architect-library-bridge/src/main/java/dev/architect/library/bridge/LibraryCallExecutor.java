package dev.architect.library.bridge;

import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.request.CallLimits;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes calls into another library keep what a provider promises. The library runs on a thread of its own, so that deadline and
 * interruption hold at once whether or not it heeds them, and the listener is called on the calling thread only.
 *
 * <p>A library that ignores its interruption keeps its thread until it returns; what it delivers then is dropped. Safe for use by
 * several threads.
 */
public final class LibraryCallExecutor implements AutoCloseable {

    private final TimeSource time;
    private final FailureReader failures;
    private final ThreadRunner runner;

    /**
     * Creates the calls of one provider.
     *
     * @param provider the provider's name in model ids
     * @param time by which deadlines are kept
     * @param failures what failures of the library mean, read before everything else
     */
    public LibraryCallExecutor(String provider, TimeSource time, FailureReader failures) {
        this.time = time;
        this.failures = failures;
        this.runner = new ThreadRunner("architect-" + provider);
    }

    /**
     * Makes one call and waits for its end, within its limits. The head of a reply cannot be seen through a library, so its limit
     * and that of the first token are one: the sum of both.
     *
     * @param answer what the answer's deltas are appended to; a failure carries what it has
     * @param start the library's part: runs on another thread, and completes or fails the call before or after it returns.
     *     What it throws fails the call.
     * @throws ProviderException when it fails, is late, or this thread is interrupted; what a delivery throws comes out as it is
     */
    public <T> T execute(ProviderCall call, AnswerAssembler answer, Consumer<LibraryCall<T>> start) {
        if (Thread.currentThread().isInterrupted()) {
            throw endedEarly(answer, FailureKind.CANCELLED, DeliveryStatus.NOT_SENT);
        }
        long startedAt = time.nanoTime();
        LibraryCall<T> running = new LibraryCall<>(time.newWakeUp());
        try {
            runner.run("call", () -> running.runLibrarySide(start));
        } catch (IllegalStateException closed) {
            // The runner was closed with the provider; its exception would not show the router that another provider
            // may answer.
            throw endedEarly(answer, FailureKind.UNAVAILABLE, DeliveryStatus.NOT_SENT);
        }
        try {
            deliverUntilDone(running, answer, call.limits(), startedAt);
        } finally {
            // Always, also after success: it releases threads of the library that still deliver.
            running.cancel();
        }
        Throwable failure = running.failure();
        if (failure == null) {
            return running.result();
        }
        throw LibraryFailureMapper.of(failure, failures, answer);
    }

    private void deliverUntilDone(LibraryCall<?> running, AnswerAssembler answer, CallLimits limits, long startedAt) {
        // Moved on by what a delivery takes: the time of a listener is no silence.
        long silentSince = startedAt;
        while (!running.isOver()) {
            Duration timeLeft = limits.total().minusNanos(time.nanoTime() - startedAt);
            if (isOver(timeLeft)) {
                throw late(
                        answer,
                        FailureKind.TIMEOUT,
                        running,
                        "answer not complete within " + limits.total() + " (total)");
            }
            // Checked in each round, because a listener that keeps this thread busy would hide the interrupt from the
            // wait.
            if (Thread.currentThread().isInterrupted()) {
                throw endedEarly(answer, FailureKind.CANCELLED, running.delivery());
            }
            Runnable delivery = running.next();
            if (delivery == null) {
                Duration silence = Duration.ofNanos(time.nanoTime() - silentSince);
                await(running, shorter(timeLeft, silenceLeft(running, answer, limits, silence)));
            } else {
                long before = time.nanoTime();
                delivery.run();
                long after = time.nanoTime();
                silentSince = answer.hasContent() ? after : silentSince + (after - before);
            }
        }
    }

    /** Returns how long the silence may go on, or fails. */
    private static Duration silenceLeft(
            LibraryCall<?> running, AnswerAssembler answer, CallLimits limits, Duration silence) {
        boolean begun = answer.hasContent();
        Duration longest = begun ? limits.idle() : firstContent(limits);
        if (longest.compareTo(limits.total()) >= 0 || !isOver(longest.minus(silence))) {
            return longest.minus(silence);
        }
        throw begun
                ? late(answer, FailureKind.PROTOCOL, running, "answer fell silent for " + longest + " (idle)")
                : late(
                        answer,
                        FailureKind.TIMEOUT,
                        running,
                        "no content within " + longest + " (headers + firstToken)");
    }

    private static Duration firstContent(CallLimits limits) {
        // Not their sum at once: it may be longer than a duration can be.
        return limits.headers().compareTo(limits.total()) < 0
                        && limits.firstToken().compareTo(limits.total()) < 0
                ? limits.headers().plus(limits.firstToken())
                : limits.total();
    }

    private static boolean isOver(Duration left) {
        return left.isNegative() || left.isZero();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Waits for a delivery, the end or an interrupt, which stays set for the caller to see. */
    private static void await(LibraryCall<?> running, Duration atMost) {
        try {
            running.await(atMost);
        } catch (InterruptedException interrupted) {
            // Not thrown from here: the loop sees the flag and builds the failure with what was delivered so far.
            Thread.currentThread().interrupt();
        }
    }

    private static ProviderException late(
            AnswerAssembler answer, FailureKind kind, LibraryCall<?> running, String explanation) {
        return answer.failure(kind)
                .delivery(running.delivery())
                .explanation(explanation)
                .build();
    }

    private static ProviderException endedEarly(AnswerAssembler answer, FailureKind kind, DeliveryStatus delivery) {
        return answer.failure(kind).delivery(delivery).build();
    }

    /** Returns what runs a library's own work on threads of these calls, which end with them. */
    public Executor executor() {
        return work -> runner.run("work", work);
    }

    /** Interrupts calls in flight, which fail. Calling it twice does nothing more. */
    @Override
    public void close() {
        runner.close();
    }
}
