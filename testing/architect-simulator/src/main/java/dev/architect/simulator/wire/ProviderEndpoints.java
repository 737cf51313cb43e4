package dev.architect.simulator.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HTTP endpoints of one provider: how requests are read, and what its error responses look like. */
public interface ProviderEndpoints {

    /** Whether a request needs the key; some probes do not. */
    default boolean needsKey(RawRequest request) {
        return true;
    }

    /** The key that a request carries, or null. */
    @Nullable
    String key(RawRequest request);

    /** The error response to a request whose key is wrong, or missing when {@code key} is null. */
    ErrorResponseException invalidKey(@Nullable String key);

    /** Parses a request; throws the error response when it is invalid. */
    ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException;

    /** The provider's error response with a status; used by error rates, rate limits and outages. */
    ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action);

    /** The provider's error response to a call whose account has no credit. */
    ErrorResponseException noCredit();

    /** The error response to a prompt over the context window of its model; null when the provider truncates it silently. */
    @Nullable
    ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens);

    /** Adds the headers that every answer of the provider carries. */
    void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window);

    /** Completes an error body for providers that repeat the request id in it. */
    default JsonNode errorBody(JsonNode body, ResponseIds ids) {
        return body;
    }

    /** The request body as a JSON object; anything else gets the provider's own 400. */
    default ObjectNode jsonObject(RawRequest request) throws ErrorResponseException {
        try {
            if (SimulatorJson.MAPPER.readTree(request.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Answered below with the same error as JSON that is no object.
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes in memory failed", e);
        }
        throw error(400, null, CallAction.BAD_REQUEST);
    }
}
