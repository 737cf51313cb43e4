package dev.architect.spi;

import dev.architect.chat.ChatListener;
import dev.architect.check.Check;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.EventListener;
import dev.architect.project.ProjectId;
import dev.architect.task.FencingToken;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is made, and who hears of it.
 *
 * @param project what its cost is filed under
 * @param fencingTokenOrNull the attempt that makes it; null for a direct request
 * @param listenerOrNull hears the answer as it comes; null asks for the whole answer at once
 * @param timeout the longest time for the whole request, failovers included
 * @param ledger takes what the ledger keeps of each call, as soon as the call has ended and before anything else is tried
 * @param events hears of routes, calls and failovers
 */
public record RequestScope(
        ProjectId project,
        @Nullable FencingToken fencingTokenOrNull,
        @Nullable ChatListener listenerOrNull,
        Duration timeout,
        Consumer<LedgerEntry> ledger,
        EventListener events) {

    /** Checks the timeout. */
    public RequestScope {
        Check.positive("timeout", timeout);
    }

    /** The attempt that makes the request. */
    public Optional<FencingToken> fencingToken() {
        return Optional.ofNullable(fencingTokenOrNull);
    }

    /** Who hears the answer as it comes. */
    public Optional<ChatListener> listener() {
        return Optional.ofNullable(listenerOrNull);
    }
}
