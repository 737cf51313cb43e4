package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Perplexity Agent API with its strict bodies, the older Sonar Chat Completions, and embeddings.
 *
 * <p>Models of the script with a slash in their id answer on the Agent API, the others on Sonar Chat. A preset or an
 * effort without a model runs {@code perplexity/sonar} with one search.
 */
public final class PerplexityEndpoints implements ProviderEndpoints {

    @Override
    public boolean needsKey(RawRequest request) {
        return !request.path().equals("/v1/models");
    }

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public ErrorResponseException invalidKey(@Nullable String key) {
        return PerplexityErrorWriter.error(
                401,
                CallAction.BAD_KEY,
                "Invalid API key provided. Ensure your API key is correct and active.",
                "invalid_api_key",
                null);
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        switch (request.method() + " " + request.path()) {
            case "POST /v1/agent", "POST /v1/responses":
                return new PerplexityAgentRequestReader(jsonObject(request), script).read();
            case "POST /chat/completions", "POST /v1/sonar":
                return new PerplexitySonarRequestReader(jsonObject(request), script).read();
            case "POST /v1/embeddings":
                return PerplexityEmbeddingEndpoint.read(jsonObject(request), script);
            case "GET /v1/models":
                return models(script);
            default:
                throw PerplexityErrorWriter.error(404, CallAction.NOT_FOUND, "Not found", "not_found", null);
        }
    }

    private static ParsedRequest models(ProviderScript script) {
        ArrayNode data = SimulatorJson.array();
        new TreeMap<>(script.models()).forEach((id, model) -> {
            if (id.contains("/")) {
                SimulatedPrices prices = model.prices();
                ObjectNode entry = SimulatorJson.object()
                        .put("id", id)
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", id.substring(0, id.indexOf('/')));
                entry.set(
                        "pricing",
                        SimulatorJson.object()
                                .put("input", CallCost.usd(prices.inputPicoUsd() * 1_000_000))
                                .put("output", CallCost.usd(prices.outputPicoUsd() * 1_000_000))
                                .put("cache_read", CallCost.usd(prices.cacheReadPicoUsd() * 1_000_000))
                                .put("unit", "per_1m_tokens"));
                data.add(entry);
            }
        });
        ObjectNode list = SimulatorJson.object().put("object", "list");
        list.set("data", data);
        return ParsedRequest.FixedAnswer.of(list);
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        String type = switch (status) {
            case 400 -> "invalid_request";
            case 401, 403 -> "forbidden";
            case 404 -> "not_found";
            case 413 -> "payload_too_large";
            case 424 -> "external_connector_error";
            case 429 -> "request_rate_limit_exceeded";
            case 502 -> "bad_gateway";
            case 504 -> "gateway_timeout";
            default -> status >= 500 ? "internal_error" : "invalid_request";
        };
        String message =
                status == 429 ? "Request rate limit exceeded" : status >= 500 ? "Internal error" : "Invalid request";
        Map<String, String> headers = ErrorResponseException.retryAfterHeader(retryAfter);
        return new ErrorResponseException(
                status, action, PerplexityErrorWriter.body(status, message, type, null), headers);
    }

    @Override
    public ErrorResponseException noCredit() {
        return PerplexityErrorWriter.error(
                401,
                CallAction.NO_CREDIT,
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota",
                null);
    }

    @Override
    public ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return PerplexityErrorWriter.error(
                400,
                CallAction.BAD_REQUEST,
                "Your prompt has " + promptTokens + " tokens, more than the limit of " + contextTokens + ".",
                "too_many_prompt_tokens",
                null);
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        headers.put("x-request-id", ids.request());
        headers.put("x-ratelimit-limit", Long.toString(window.requestLimit()));
        headers.put("x-ratelimit-remaining", Long.toString(window.requestsRemaining()));
        headers.put("x-ratelimit-reset", Long.toString(window.untilReset().toSeconds()));
    }
}
