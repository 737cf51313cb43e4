package dev.architect.gateway;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.error.CapacityException;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.thread.ThreadRunner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Runs chat requests on threads of the runner, a bounded number at a time. Safe for use by several threads. */
public final class AsyncChats {

    private final ChatGateway gateway;
    private final ThreadRunner runner;
    private final int limit;
    private final Semaphore permits;

    /** Creates the runner of at most {@code limit} requests at a time. */
    public AsyncChats(ChatGateway gateway, ThreadRunner runner, int limit) {
        this.gateway = gateway;
        this.runner = runner;
        this.limit = limit;
        this.permits = new Semaphore(limit);
    }

    /**
     * Starts a request and returns at once. Cancelling the future cancels the request; so does the cancellation of the scope.
     *
     * @throws CapacityException when as many requests run as are allowed
     */
    public CompletableFuture<ChatResponse> chat(
            ChatRequest request, RequestScope scope, @Nullable ChatListener listenerOrNull) {
        // Does not wait: the method promises to return at once.
        if (!permits.tryAcquire()) {
            throw new CapacityException("asynchronous requests", limit);
        }
        Cancellation own = Cancellation.create();
        CancellingFuture answer = new CancellingFuture(own);
        boolean started = false;
        try {
            runner.run("chat", () -> answer(request, scope, listenerOrNull, own, answer));
            started = true;
            return answer;
        } finally {
            if (!started) {
                // The runner rejects work when it is closed; then nothing else releases the permit.
                permits.release();
            }
        }
    }

    private void answer(
            ChatRequest request,
            RequestScope scope,
            @Nullable ChatListener listenerOrNull,
            Cancellation own,
            CompletableFuture<ChatResponse> answer) {
        Cancellation.Registration linked = scope.cancellation().onCancel(own::cancel);
        ChatResponse response = null;
        Throwable failure = null;
        try {
            response = gateway.chat(request, scope.withCancellation(own), null, listenerOrNull);
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            linked.close();
            // Before the future completes: a waiting caller may start the next request at once.
            permits.release();
        }
        if (failure == null) {
            answer.complete(response);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private static final class CancellingFuture extends CompletableFuture<ChatResponse> {
        private final Cancellation cancellation;

        CancellingFuture(Cancellation cancellation) {
            this.cancellation = cancellation;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            // The future first, so that it ends as cancelled and not with the failure that the request then has.
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            cancellation.cancel();
            return cancelled;
        }
    }
}
