package dev.architect.router.execution;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import java.time.Duration;
import java.time.Instant;

/**
 * One call that has ended.
 *
 * @param context the request that it was made for
 * @param id its id in the ledger
 * @param position the place of its candidate on the route, from 0
 * @param requested the model that was called
 * @param startedAt when it started
 * @param duration how long it took
 * @param prefixCharacters the length of the beginning of the answer that it was given, 0 for none
 */
record CompletedCall(
        RequestContext context,
        String id,
        int position,
        ModelId requested,
        Instant startedAt,
        Duration duration,
        int prefixCharacters) {

    ChatRequest request() {
        return context.request();
    }
}
