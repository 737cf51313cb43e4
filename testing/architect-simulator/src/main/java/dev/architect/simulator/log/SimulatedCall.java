package dev.architect.simulator.log;

import java.time.Duration;
import java.time.Instant;

/**
 * One request that the simulator received, and how it was answered. Contains no prompt and no answer text.
 *
 * @param number the position in order of arrival, from 1, since the simulator started
 * @param sinceStart the time from the start of the simulator to the arrival, on the monotonic clock
 * @param arrivedAt the wall time of arrival
 * @param took the time from arrival to the end of the answer; zero while the call is open
 * @param provider the provider whose base path was called
 * @param path the path below the base path, without the query
 * @param model the requested model or workspace; empty when the request was no model call or was rejected
 *     before its model was known
 * @param stream whether a streamed answer was requested
 * @param status the HTTP status that was sent; 0 when none was
 * @param action what the simulator did
 * @param promptTokens all prompt tokens, cached ones included; 0 when nothing was answered
 * @param cacheReadTokens the part of the prompt that was read from the cache
 * @param cacheWriteTokens the part of the prompt that was written to the cache, for any time
 * @param outputTokens the output tokens that were sent, reasoning included
 * @param reasoningTokens the part of the output that was reasoning
 * @param searches the number of web searches
 * @param billedPicoUsd what the call costs in pico-dollars
 * @param clientHungUp whether the client was seen to hang up before the end of the answer
 * @param requestId the id that was sent to the client
 * @param longCacheWriteTokens the part of {@code cacheWriteTokens} that was written for the longer time
 * @param toolsOffered the number of tools that the request offered
 * @param toolCalls the number of tool calls in the answer; 0 when it was not complete
 * @param mediaParts the number of images and documents in the request
 * @param effort the requested reasoning effort, as the provider names it; empty when none was requested
 */
public record SimulatedCall(
        long number,
        Duration sinceStart,
        Instant arrivedAt,
        Duration took,
        String provider,
        String path,
        String model,
        boolean stream,
        int status,
        CallAction action,
        long promptTokens,
        long cacheReadTokens,
        long cacheWriteTokens,
        long outputTokens,
        long reasoningTokens,
        long searches,
        long billedPicoUsd,
        boolean clientHungUp,
        String requestId,
        long longCacheWriteTokens,
        int toolsOffered,
        int toolCalls,
        int mediaParts,
        String effort) {

    /** Whether the call was answered in full. */
    public boolean isAnswered() {
        return action == CallAction.OK;
    }

    /** Whether this was a request to a model, not a probe or a list. */
    public boolean isModelCall() {
        return !model.isEmpty();
    }
}
