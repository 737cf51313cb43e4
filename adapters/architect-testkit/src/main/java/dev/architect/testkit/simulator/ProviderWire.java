package dev.architect.testkit.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire format of one provider: what requests mean, and how the provider says no. */
interface ProviderWire {

    /** Whether a request needs the key; some probes do not. */
    default boolean needsKey(RawRequest request) {
        return true;
    }

    /** The key that a request carries, or null. */
    @Nullable
    String key(RawRequest request);

    /** The refusal of a request whose key is wrong, or missing when {@code key} is null. */
    Refusal badKey(@Nullable String key);

    /** What a request asks for. */
    Wanted read(RawRequest request, ProviderScript script) throws Refusal;

    /** The provider's answer to a call that fails with a status; used by error rates, rate limits and outages. */
    Refusal failure(int status, @Nullable Duration retryAfter, CallAction action);

    /** The refusal of a prompt over the window of its model; null when the provider shortens it without a word. */
    @Nullable
    Refusal tooLong(long promptTokens, long contextTokens);

    /** Puts the headers that every answer of the provider carries. */
    void headers(Map<String, String> headers, Ids ids, RateWindow.View window);

    /** Finishes the body of a refusal for providers that repeat the request id in it. */
    default JsonNode refusalBody(JsonNode body, Ids ids) {
        return body;
    }

    /** The request body as a JSON object; the refusal of anything else is the provider's own 400. */
    default ObjectNode object(RawRequest request) throws Refusal {
        try {
            if (Json.MAPPER.readTree(request.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Said below, the same for every way in which it is no object.
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes in memory failed", e);
        }
        throw failure(400, null, CallAction.BAD_REQUEST);
    }
}
