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

/** The wire format of one provider: what requests mean, and how the provider says no. */
public interface ProviderEndpoints {

    /** Whether a request needs the key; some probes do not. */
    default boolean needsKey(RawRequest request) {
        return true;
    }

    /** The key that a request carries, or null. */
    @Nullable
    String key(RawRequest request);

    /** The refusal of a request whose key is wrong, or missing when {@code key} is null. */
    ErrorResponseException invalidKey(@Nullable String key);

    /** What a request asks for. */
    ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException;

    /** The provider's answer to a call that fails with a status; used by error rates, rate limits and outages. */
    ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action);

    /** The refusal of a prompt over the window of its model; null when the provider shortens it without a word. */
    @Nullable
    ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens);

    /** Puts the headers that every answer of the provider carries. */
    void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window);

    /** Finishes the body of a refusal for providers that repeat the request id in it. */
    default JsonNode errorBody(JsonNode body, ResponseIds ids) {
        return body;
    }

    /** The request body as a JSON object; the refusal of anything else is the provider's own 400. */
    default ObjectNode jsonObject(RawRequest request) throws ErrorResponseException {
        try {
            if (SimulatorJson.MAPPER.readTree(request.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Said below, the same for every way in which it is no object.
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes in memory failed", e);
        }
        throw error(400, null, CallAction.BAD_REQUEST);
    }
}
