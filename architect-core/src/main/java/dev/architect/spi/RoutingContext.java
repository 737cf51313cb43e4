package dev.architect.spi;

import dev.architect.attempt.FencingToken;
import dev.architect.chat.ChatListener;
import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.EventListener;
import dev.architect.request.RequestScope;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a router needs besides the request: its scope, and where calls, answers and events go.
 *
 * @param scope on whose behalf the request is made, and how long it may take
 * @param fencingToken the attempt that makes it; empty for a direct request
 * @param listener receives the answer as it comes; empty for the whole answer at once
 * @param ledger takes what the ledger keeps of each call, as soon as the call has ended and before anything else is tried
 * @param events receives routes, calls and failovers
 * @param admission how the request waits for its first call
 * @param begun takes what the ledger is to keep of a call should this process end before the call does, right before the call is
 *     sent; the entry in {@code ledger} has the same call id
 */
public record RoutingContext(
        RequestScope scope,
        Optional<FencingToken> fencingToken,
        Optional<ChatListener> listener,
        Consumer<LedgerEntry> ledger,
        EventListener events,
        CallAdmission admission,
        Consumer<LedgerEntry> begun) {

    /** For {@code begun}: nothing is kept of a call before it has ended. */
    public static final Consumer<LedgerEntry> UNNOTED = unrecorded -> {};

    /** Creates a context that takes no calls before they end. */
    public RoutingContext(
            RequestScope scope,
            Optional<FencingToken> fencingToken,
            Optional<ChatListener> listener,
            Consumer<LedgerEntry> ledger,
            EventListener events,
            CallAdmission admission) {
        this(scope, fencingToken, listener, ledger, events, admission, UNNOTED);
    }

    /** Creates a context with the default admission that takes no calls before they end. */
    public RoutingContext(
            RequestScope scope,
            Optional<FencingToken> fencingToken,
            Optional<ChatListener> listener,
            Consumer<LedgerEntry> ledger,
            EventListener events) {
        this(scope, fencingToken, listener, ledger, events, CallAdmission.DEFAULT);
    }

    /** Checks every field. */
    public RoutingContext {
        Check.notNull("scope", scope);
        Check.notNull("fencingToken", fencingToken);
        Check.notNull("listener", listener);
        Check.notNull("ledger", ledger);
        Check.notNull("events", events);
        Check.notNull("admission", admission);
        Check.notNull("begun", begun);
    }

    /** Whether {@code begun} takes calls before they are sent; when not, nothing need be made for it. */
    @SuppressWarnings("ReferenceEquality") // The constant is known by its identity.
    public boolean notesCalls() {
        return begun != UNNOTED;
    }
}
