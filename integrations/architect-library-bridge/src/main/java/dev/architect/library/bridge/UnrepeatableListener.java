package dev.architect.library.bridge;

import dev.architect.chat.ChatListener;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Passes a stream on to a reader that cannot take deltas back. An answer that starts again after something was delivered ends the
 * stream: the request is cancelled, what still comes is dropped, and {@link #call} fails. Used by one thread at a time.
 */
public abstract class UnrepeatableListener implements ChatListener {

    private final StreamDelivery delivery;
    private final Cancellation cancellation = Cancellation.create();
    private List<Runnable> buffered = new ArrayList<>();
    private boolean isComplete;
    private boolean anyEmitted;
    private @Nullable RuntimeException restartFailure;

    /** For subclasses. */
    protected UnrepeatableListener(StreamDelivery delivery) {
        this.delivery = Objects.requireNonNull(delivery, "delivery is null, expected a value");
    }

    /** Whether the reader has cancelled the stream. */
    protected abstract boolean isCancelled();

    /** Returns the failure that ends a stream whose answer started again. */
    protected abstract RuntimeException restartFailure(String explanation);

    /** Forgets what was gathered of an answer that is void. */
    protected void onVoid() {}

    /**
     * Makes a request with this listener, and delivers what was buffered. Blocks until the answer is complete.
     *
     * @param request makes the request in the given scope, and returns the answer
     * @throws RuntimeException what the request throws, or {@link #restartFailure} when the answer started again after its first delta
     */
    public final <T> T call(BiFunction<RequestScope, ChatListener, T> request) {
        T answer;
        try {
            answer = request.apply(RequestScope.create().withCancellation(cancellation), this);
        } catch (RuntimeException failure) {
            // The cancellation is our own doing; its cause says more.
            throw restartFailure == null ? failure : restartFailure;
        }
        if (restartFailure != null) {
            throw restartFailure;
        }
        isComplete = true;
        List<Runnable> deliveries = buffered;
        buffered = List.of();
        deliveries.forEach(this::emit);
        return answer;
    }

    /**
     * Runs what passes a delta on, now or when the answer is complete.
     *
     * @throws CancellationException when the reader has cancelled the stream
     */
    protected final void emit(Runnable delta) {
        if (isCancelled()) {
            throw new CancellationException("the stream was cancelled by its reader");
        }
        if (restartFailure != null) {
            return;
        }
        if (delivery == StreamDelivery.BUFFERED && !isComplete) {
            buffered.add(delta);
            return;
        }
        // Before the delivery: a reader that fails may have used the delta.
        anyEmitted = true;
        delta.run();
    }

    @Override
    public final void onRestart() {
        buffered.clear();
        onVoid();
        if (anyEmitted && restartFailure == null) {
            restartFailure =
                    restartFailure("the answer broke after its first delta and the next one differs from what was "
                            + "delivered, expected an answer that repeats it, or buffered delivery");
            // Not thrown: a listener that fails looks like a broken reader, and this one only needs no more of the
            // answer.
            cancellation.cancel();
        }
    }
}
