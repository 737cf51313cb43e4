package dev.architect.server.gateway.dialect;

import dev.architect.chat.ChatRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request of a client, read from its dialect.
 *
 * @param chat the request
 * @param model what the client named as the model
 * @param isStreamed whether the answer is wanted as it comes
 * @param wantsUsage whether a stream ends with the usage, in dialects where that is a choice
 * @param user the client's own user, for the ledger; empty when it names none
 * @param tags what else the client wants to find in the ledger
 * @param ignored fields that change nothing about the answer and were not followed, by path
 */
public record GatewayRequest(
        ChatRequest chat,
        String model,
        boolean isStreamed,
        boolean wantsUsage,
        Optional<String> user,
        Map<String, String> tags,
        List<String> ignored) {

    /** Copies the collections. */
    public GatewayRequest {
        tags = Map.copyOf(tags);
        ignored = List.copyOf(ignored);
    }

    /** Returns this request with {@code more} that was not followed. */
    public GatewayRequest ignoring(Collection<String> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>(ignored);
        all.addAll(more);
        return new GatewayRequest(chat, model, isStreamed, wantsUsage, user, tags, all);
    }
}
