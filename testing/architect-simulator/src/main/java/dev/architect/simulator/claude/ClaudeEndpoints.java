package dev.architect.simulator.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Anthropic Messages API, versions 2023-06-01 and 2026-10-21. */
public final class ClaudeEndpoints implements ProviderEndpoints {

    private static final String VERSION_2026 = "2026-10-21";
    private static final Set<String> VERSIONS = Set.of("2023-06-01", VERSION_2026);

    @Override
    public @Nullable String key(RawRequest request) {
        String key = request.header("x-api-key");
        return key != null ? key : request.bearer();
    }

    @Override
    public ErrorResponseException invalidKey(@Nullable String key) {
        return ClaudeErrorWriter.error(
                401,
                CallAction.BAD_KEY,
                "authentication_error",
                key == null ? "x-api-key header is required" : "invalid x-api-key");
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        boolean post = request.method().equals("POST");
        if (request.path().equals("/v1/messages") && post) {
            return messages(request, script, true);
        }
        if (request.path().equals("/v1/messages/count_tokens") && post) {
            ParsedRequest.Chat chat = messages(request, script, false);
            return ParsedRequest.FixedAnswer.of(
                    SimulatorJson.object().put("input_tokens", chat.prompt().tokens()));
        }
        if (request.path().equals("/v1/models") && request.method().equals("GET")) {
            return models(request, script);
        }
        throw ClaudeErrorWriter.error(404, CallAction.NOT_FOUND, "not_found_error", "Not Found");
    }

    private ParsedRequest.Chat messages(RawRequest request, ProviderScript script, boolean answer)
            throws ErrorResponseException {
        String version = request.header("anthropic-version");
        if (version == null) {
            throw ClaudeErrorWriter.invalid("anthropic-version: header is required");
        }
        if (!VERSIONS.contains(version)) {
            throw ClaudeErrorWriter.invalid("anthropic-version: \"" + version + "\" is not a valid version");
        }
        return new ClaudeRequestReader(jsonObject(request), script, version.equals(VERSION_2026), answer).read();
    }

    /** A page of the models, from the one after {@code after_id} on. */
    private static ParsedRequest models(RawRequest request, ProviderScript script) throws ErrorResponseException {
        int limit = limit(request.query().getOrDefault("limit", "20"));
        SortedMap<String, SimulatedModel> remaining = new TreeMap<>(script.models());
        String after = request.query().get("after_id");
        if (after != null) {
            remaining = remaining.tailMap(after + '\0');
        }
        ArrayNode data = SimulatorJson.array();
        remaining.entrySet().stream()
                .limit(limit)
                .forEach(model -> data.add(SimulatorJson.object()
                        .put("type", "model")
                        .put("id", model.getKey())
                        .put("display_name", model.getKey())
                        .put("created_at", "2026-01-01T00:00:00Z")
                        .put("max_input_tokens", model.getValue().contextTokens())
                        .put("max_tokens", 64_000)
                        .put("lifecycle", "active")));
        ObjectNode list = SimulatorJson.object();
        list.set("data", data);
        list.put("has_more", data.size() < remaining.size());
        list.set("first_id", data.path(0).path("id"));
        list.set("last_id", data.path(data.size() - 1).path("id"));
        return ParsedRequest.FixedAnswer.of(list);
    }

    private static int limit(String text) throws ErrorResponseException {
        if (!text.matches("[1-9]\\d{0,2}|1000")) {
            throw ClaudeErrorWriter.invalid("limit: Input should be a whole number from 1 to 1000");
        }
        return Integer.parseInt(text);
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        String type = switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
        String message = switch (status) {
            case 429 -> "This request would exceed the rate limit of your organization.";
            case 503, 529 -> "Overloaded";
            case 400 -> "The request body is not valid JSON.";
            default -> status >= 500 ? "Internal server error" : "The request was refused.";
        };
        Map<String, String> headers = ErrorResponseException.retryAfterHeader(retryAfter);
        return new ErrorResponseException(status, action, ClaudeErrorWriter.body(type, message), headers);
    }

    @Override
    public ErrorResponseException noCredit() {
        // A bad request by its status and its type: only the message tells.
        return ClaudeErrorWriter.error(
                400,
                CallAction.NO_CREDIT,
                "invalid_request_error",
                "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or"
                        + " purchase credits.");
    }

    @Override
    public ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return ClaudeErrorWriter.invalid(
                "prompt is too long: " + promptTokens + " tokens > " + contextTokens + " maximum");
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        headers.put("request-id", ids.request());
        String reset = window.resetAt().truncatedTo(ChronoUnit.SECONDS).toString();
        String prefix = "anthropic-ratelimit-";
        headers.put(prefix + "requests-limit", Long.toString(window.requestLimit()));
        headers.put(prefix + "requests-remaining", Long.toString(window.requestsRemaining()));
        headers.put(prefix + "requests-reset", reset);
        headers.put(prefix + "input-tokens-limit", Long.toString(window.tokenLimit()));
        headers.put(prefix + "input-tokens-remaining", Long.toString(window.tokensRemaining()));
        headers.put(prefix + "input-tokens-reset", reset);
    }

    @Override
    public JsonNode errorBody(JsonNode body, ResponseIds ids) {
        return ((ObjectNode) body.deepCopy()).put("request_id", ids.request());
    }
}
