package dev.architect.gateway;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.embedding.EmbeddingRequest;
import dev.architect.embedding.EmbeddingResponse;
import dev.architect.event.EventListener;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.spi.CallAdmission;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request and its scope into an answer and ledger entries. The facade, the scheduler's attempts and workers share one.
 * Safe for use by several threads.
 */
public final class ChatGateway {

    private final Router router;
    private final LedgerWriter ledger;
    private final EventListener events;
    private final boolean recordsBeforeAnswer;

    /**
     * Creates a gateway; all three stay their owner's to close.
     *
     * @param recordsBeforeAnswer whether a direct request returns only when its calls are in the ledger
     */
    public ChatGateway(Router router, LedgerWriter ledger, EventListener events, boolean recordsBeforeAnswer) {
        this.router = router;
        this.recordsBeforeAnswer = recordsBeforeAnswer;
        this.ledger = ledger;
        this.events = events;
    }

    /** As {@link #chat(ChatRequest, RequestScope, FencingToken, ChatListener, CallAdmission)}, with the default admission. */
    public ChatResponse chat(
            ChatRequest request,
            RequestScope scope,
            @Nullable FencingToken tokenOrNull,
            @Nullable ChatListener listenerOrNull) {
        return chat(request, scope, tokenOrNull, listenerOrNull, CallAdmission.DEFAULT);
    }

    /**
     * Answers a request. Blocks until the answer is complete, the time of the scope is over, or it is cancelled.
     *
     * @param tokenOrNull the attempt on whose behalf it is made; null for a direct request
     * @param listenerOrNull receives the answer as it comes; null for the whole answer at once
     * @param admission how it waits for its first call
     * @throws dev.architect.route.UnservableRequestException when no configured model could ever answer it; nothing was called
     * @throws dev.architect.error.ArchitectException as {@link Router#chat}; when the scope was cancelled, a {@link
     *     dev.architect.model.ProviderException} of kind {@code CANCELLED} without the thread's interrupt flag
     */
    public ChatResponse chat(
            ChatRequest request,
            RequestScope scope,
            @Nullable FencingToken tokenOrNull,
            @Nullable ChatListener listenerOrNull,
            CallAdmission admission) {
        return chat(request, scope, tokenOrNull, listenerOrNull, admission, null);
    }

    /**
     * As {@link #chat(ChatRequest, RequestScope, FencingToken, ChatListener, CallAdmission)}.
     *
     * @param ownOrNull receives the events of this request as well, before all others, and must not throw; null for none
     */
    public ChatResponse chat(
            ChatRequest request,
            RequestScope scope,
            @Nullable FencingToken tokenOrNull,
            @Nullable ChatListener listenerOrNull,
            CallAdmission admission,
            @Nullable EventListener ownOrNull) {
        router.check(request);
        boolean flushes = tokenOrNull == null && recordsBeforeAnswer;
        return calling(
                scope,
                flushes,
                () -> router.chat(
                        request,
                        new RoutingContext(
                                scope,
                                Optional.ofNullable(tokenOrNull),
                                Optional.ofNullable(listenerOrNull),
                                // Handed over when the call ends, not with the answer: a call may be billed although
                                // its request fails.
                                flushes ? ledger::recordBeforeFlush : ledger::record,
                                ownOrNull == null ? events : both(ownOrNull),
                                admission,
                                ledger.notesCalls() ? ledger::begin : RoutingContext.UNNOTED)));
    }

    /**
     * Turns texts into vectors. Blocks until they are there, the time of the scope is over, or it is cancelled.
     *
     * @throws dev.architect.route.UnservableRequestException when the model could never do that; nothing was called
     * @throws dev.architect.error.ArchitectException as {@link #chat(ChatRequest, RequestScope, FencingToken, ChatListener)}
     */
    public EmbeddingResponse embed(EmbeddingRequest request, RequestScope scope) {
        return calling(
                scope,
                recordsBeforeAnswer,
                () -> router.embed(
                        request,
                        new RoutingContext(
                                scope,
                                Optional.empty(),
                                Optional.empty(),
                                recordsBeforeAnswer ? ledger::recordBeforeFlush : ledger::record,
                                events,
                                CallAdmission.DEFAULT,
                                ledger.notesCalls() ? ledger::begin : RoutingContext.UNNOTED)));
    }

    private <T> T calling(RequestScope scope, boolean flushes, Supplier<T> work) {
        InterruptibleCaller caller = new InterruptibleCaller(Thread.currentThread());
        Cancellation.Registration registration = scope.cancellation().onCancel(caller::interrupt);
        try {
            return work.get();
        } finally {
            registration.close();
            // Also needed after the registration is closed: the action may be about to run.
            caller.leave();
            // After both: a cancellation would interrupt the write.
            if (flushes) {
                ledger.flush();
            }
        }
    }

    private EventListener both(EventListener own) {
        return event -> {
            own.onEvent(event);
            events.onEvent(event);
        };
    }

    /** Returns when the calls that have ended are in the ledger, or kept for it. An attempt that made them may end after that. */
    public void flushLedger() {
        ledger.flush();
    }

    /** A thread inside the router, which a cancellation interrupts there and nowhere else. */
    private static final class InterruptibleCaller {
        private final Thread thread;
        private boolean interrupted;
        private boolean left;

        InterruptibleCaller(Thread thread) {
            this.thread = thread;
        }

        synchronized void interrupt() {
            if (!left) {
                interrupted = true;
                // Under the lock: otherwise the thread could leave in between, and its next work would be interrupted.
                thread.interrupt();
            }
        }

        /** From now on the thread is not interrupted, and what it got here does not follow it outside. */
        synchronized void leave() {
            left = true;
            // An interruption that came from elsewhere stays set for the caller.
            if (interrupted) {
                Thread.interrupted();
            }
        }
    }
}
