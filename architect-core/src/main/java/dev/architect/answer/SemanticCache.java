package dev.architect.answer;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import java.util.Optional;

/**
 * A cache of the host's own that knows when two differently worded requests ask the same. How it compares them, by embeddings for example,
 * is its own affair. It is asked after the exact cache and before any model, and gets only what the exact cache would store:
 * complete answers without tool calls. Called on the thread of the request, by many threads at a time; its time is part of
 * the request.
 *
 * <p>What it throws, an {@link Error} included, is logged by its class and counts as nothing found.
 */
public interface SemanticCache {

    /**
     * Returns the answer to an equivalent request, empty when there is none.
     *
     * @param request the request
     * @param scope what the answer may be shared within, such as the name of a project: an answer that was stored under another
     *     scope must not be returned. Begins with the version of the policy
     */
    Optional<ChatResponse> lookup(ChatRequest request, String scope);

    /** Keeps an answer for requests of the same scope; for how long is its own affair. */
    void store(ChatRequest request, String scope, ChatResponse answer);
}
