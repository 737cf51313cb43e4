package dev.architect.library.bridge;

import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.CapabilityGuard;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes calls into another library keep what a provider promises. The library runs on a thread of its own, so that deadline and
 * interruption hold at once whether or not it heeds them, and the listener hears everything on the thread that asked.
 *
 * <p>A library that ignores its interruption keeps its thread until it returns; what it says then is not heard. Safe for use by
 * several threads.
 */
public final class LibraryCallExecutor implements AutoCloseable {

    private final CapabilityGuard guard;
    private final TimeSource time;
    private final FailureReader failures;
    private final ThreadRunner runner;

    /**
     * Creates the calls of one provider.
     *
     * @param provider the provider's name in model ids
     * @param time by which deadlines are kept
     * @param failures what failures of the library mean, asked before everything else
     */
    public LibraryCallExecutor(String provider, TimeSource time, FailureReader failures) {
        this.guard = new CapabilityGuard(provider);
        this.time = time;
        this.failures = failures;
        this.runner = new ThreadRunner("architect-" + provider);
    }

    /**
     * Checks that the model can do what the request needs, before anything is sent.
     *
     * @param capabilities what the model can do
     * @param also what the call needs beyond its request, for example {@link Capability#STREAMING}
     * @throws ProviderException of kind {@code UNSUPPORTED} when it cannot, or when the request has options of this provider
     */
    public void require(ProviderCall call, Set<Capability> capabilities, Capability... also) {
        guard.require(call, capabilities, also);
        guard.options(call, Set.of());
    }

    /** Returns a failure of kind {@code UNSUPPORTED}; the explanation is without prompt text. */
    public ProviderException unsupported(String model, String explanation) {
        return guard.unsupported(model, explanation);
    }

    /**
     * Makes one call and waits for its end.
     *
     * @param answer what the answer's deltas are appended to; says what came before a failure
     * @param start the foreign side's part: runs on another thread, and completes or fails the call before or after it returns.
     *     What it throws fails the call.
     * @throws ProviderException when it fails, is late, or this thread is interrupted; what a told piece throws comes out as it is
     */
    public <T> T run(ProviderCall call, AnswerAssembler answer, Consumer<LibraryCall<T>> start) {
        if (Thread.currentThread().isInterrupted()) {
            throw ended(answer, FailureKind.CANCELLED, DeliveryStatus.NOT_SENT);
        }
        long begun = time.nanoTime();
        LibraryCall<T> flight = new LibraryCall<>(time.newWakeUp());
        try {
            runner.run("call", () -> flight.work(start));
        } catch (IllegalStateException closed) {
            throw ended(answer, FailureKind.UNAVAILABLE, DeliveryStatus.NOT_SENT);
        }
        try {
            hearAll(flight, answer, call.timeout(), begun);
        } finally {
            flight.leave();
        }
        Throwable failure = flight.failure();
        if (failure == null) {
            return flight.result();
        }
        throw LibraryFailureMapper.of(failure, failures, answer);
    }

    private void hearAll(LibraryCall<?> flight, AnswerAssembler answer, Duration timeout, long begun) {
        while (!flight.isOver()) {
            Duration left = timeout.minusNanos(time.nanoTime() - begun);
            if (left.isNegative() || left.isZero()) {
                throw ended(answer, FailureKind.TIMEOUT, flight.delivery());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw ended(answer, FailureKind.CANCELLED, flight.delivery());
            }
            Runnable piece = flight.next();
            if (piece == null) {
                await(flight, left);
            } else {
                piece.run();
            }
        }
    }

    /** Waits for a piece, the end or an interrupt, which stays set for the caller to see. */
    private static void await(LibraryCall<?> flight, Duration atMost) {
        try {
            flight.await(atMost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProviderException ended(AnswerAssembler answer, FailureKind kind, DeliveryStatus delivery) {
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
