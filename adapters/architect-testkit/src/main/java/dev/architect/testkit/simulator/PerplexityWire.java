package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Perplexity Agent API with its strict bodies, and the older Sonar Chat Completions.
 *
 * <p>Models of the script with a slash in their id answer on the Agent API, the others on Sonar Chat. A preset or an
 * effort without a model runs {@code perplexity/sonar} with one search.
 */
final class PerplexityWire implements ProviderWire {

    private static final ChatFormat AGENT = new PerplexityAgentFormat();
    private static final ChatFormat SONAR = new PerplexitySonarFormat();
    private static final String PRESET_MODEL = "perplexity/sonar";
    private static final Set<String> PRESETS =
            Set.of("fast", "low", "medium", "high", "xhigh", "wide-research", "pro-search", "deep-research");
    private static final Set<String> AGENT_FIELDS = Set.of(
            "input",
            "model",
            "models",
            "preset",
            "effort",
            "instructions",
            "tools",
            "tool_choice",
            "max_steps",
            "max_tool_calls",
            "reasoning",
            "max_output_tokens",
            "temperature",
            "top_p",
            "response_format",
            "previous_response_id",
            "store",
            "stream",
            "stream_options",
            "background",
            "language_preference",
            "skills",
            "metadata");

    @Override
    public boolean needsKey(RawRequest request) {
        return !request.path().equals("/v1/models");
    }

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        return error(
                401,
                CallAction.BAD_KEY,
                "Invalid API key provided. Ensure your API key is correct and active.",
                "invalid_api_key",
                null);
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        switch (request.method() + " " + request.path()) {
            case "POST /v1/agent", "POST /v1/responses":
                return agent(object(request), script);
            case "POST /chat/completions", "POST /v1/sonar":
                return sonar(object(request), script);
            case "GET /v1/models":
                return models(script);
            default:
                throw error(404, CallAction.NOT_FOUND, "Not found", "not_found", null);
        }
    }

    private static Wanted agent(ObjectNode body, ProviderScript script) throws Refusal {
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!AGENT_FIELDS.contains(name)) {
                throw invalid("unknown field \"" + name + "\"", name);
            }
        }
        JsonNode input = body.path("input");
        if (!input.isTextual() && (!input.isArray() || input.isEmpty())) {
            throw invalid("input is required", "input");
        }
        String preset = body.path("preset").asText(body.path("effort").asText(""));
        String id = agentModel(body, preset, script);
        SimulatedModel model = script.models().get(id);
        if (!id.contains("/") || model == null) {
            throw error(400, CallAction.UNKNOWN_MODEL, "Model '" + id + "' is not supported", "invalid_model", "model");
        }
        Prompt prompt = new Prompt();
        if (body.hasNonNull("instructions")) {
            prompt.add("system", body.get("instructions").asText());
        }
        if (input.isTextual()) {
            prompt.add("user", input.textValue());
        }
        for (JsonNode item : input) {
            prompt.add(
                    item.path("role").asText("item"),
                    item.has("content")
                            ? OpenAiWire.text(item.get("content"))
                            : item.path("output").asText(""));
        }
        JsonNode limit = body.path("max_output_tokens");
        return new Wanted.Chat(
                AGENT,
                id,
                model,
                prompt,
                limit.isIntegralNumber() ? Math.max(limit.longValue(), 16) : Long.MAX_VALUE,
                body.path("stream").asBoolean(),
                body.path("stream_options").path("include_usage").asBoolean(true),
                searches(body, preset));
    }

    private static String agentModel(ObjectNode body, String preset, ProviderScript script) throws Refusal {
        for (JsonNode candidate : body.path("models")) {
            if (script.models().containsKey(candidate.asText())) {
                return candidate.asText();
            }
        }
        if (body.hasNonNull("model")) {
            return body.get("model").asText();
        }
        if (preset.isEmpty()) {
            throw invalid("one of model, models or preset is required", "model");
        }
        if (!PRESETS.contains(preset)) {
            throw invalid("unknown preset \"" + preset + "\"", "preset");
        }
        return PRESET_MODEL;
    }

    private static long searches(ObjectNode body, String preset) {
        if (body.path("max_tool_calls").isIntegralNumber()
                && body.path("max_tool_calls").longValue() == 0) {
            return 0;
        }
        for (JsonNode tool : body.path("tools")) {
            if (tool.path("type").asText().equals("web_search")) {
                return 1;
            }
        }
        return preset.isEmpty() ? 0 : 1;
    }

    private static Wanted sonar(ObjectNode body, ProviderScript script) throws Refusal {
        String id = body.path("model").asText("");
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw invalid("messages is required", null);
        }
        SimulatedModel model = script.models().get(id);
        if (id.contains("/") || model == null) {
            throw error(
                    400,
                    CallAction.UNKNOWN_MODEL,
                    "Invalid model '" + id + "'. Permitted models can be found in the documentation.",
                    "invalid_model",
                    null);
        }
        Prompt prompt = new Prompt();
        for (JsonNode message : messages) {
            prompt.add(message.path("role").asText(), OpenAiWire.text(message.path("content")));
        }
        JsonNode limit = body.path("max_tokens");
        return new Wanted.Chat(
                SONAR,
                id,
                model,
                prompt,
                limit.isIntegralNumber() ? Math.max(limit.longValue(), 1) : Long.MAX_VALUE,
                body.path("stream").asBoolean(),
                true,
                0);
    }

    private static Wanted models(ProviderScript script) {
        ArrayNode data = Json.array();
        new TreeMap<>(script.models()).forEach((id, model) -> {
            if (id.contains("/")) {
                SimulatedPrices prices = model.prices();
                ObjectNode entry = Json.object()
                        .put("id", id)
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", id.substring(0, id.indexOf('/')));
                entry.set(
                        "pricing",
                        Json.object()
                                .put("input", Bill.usd(prices.inputPicoUsd() * 1_000_000))
                                .put("output", Bill.usd(prices.outputPicoUsd() * 1_000_000))
                                .put("cache_read", Bill.usd(prices.cacheReadPicoUsd() * 1_000_000))
                                .put("unit", "per_1m_tokens"));
                data.add(entry);
            }
        });
        ObjectNode list = Json.object().put("object", "list");
        list.set("data", data);
        return Wanted.Document.of(list);
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
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
        Map<String, String> headers =
                retryAfter == null ? Map.of() : Map.of("retry-after", Refusal.seconds(retryAfter));
        return new Refusal(status, action, body(status, message, type, null), headers);
    }

    @Override
    public Refusal tooLong(long promptTokens, long contextTokens) {
        return error(
                400,
                CallAction.BAD_REQUEST,
                "Your prompt has " + promptTokens + " tokens, more than the limit of " + contextTokens + ".",
                "too_many_prompt_tokens",
                null);
    }

    @Override
    public void headers(Map<String, String> headers, Ids ids, RateWindow.View window) {
        headers.put("x-request-id", ids.request());
        headers.put("x-ratelimit-limit", Long.toString(window.requestLimit()));
        headers.put("x-ratelimit-remaining", Long.toString(window.requestsLeft()));
        headers.put("x-ratelimit-reset", Long.toString(window.untilReset().toSeconds()));
    }

    private static Refusal invalid(String message, @Nullable String param) {
        return error(400, CallAction.BAD_REQUEST, message, "invalid_request", param);
    }

    private static Refusal error(int status, CallAction action, String message, String type, @Nullable String param) {
        return new Refusal(status, action, body(status, message, type, param));
    }

    private static JsonNode body(int status, String message, String type, @Nullable String param) {
        ObjectNode error =
                Json.object().put("message", message).put("type", type).put("code", status);
        if (param != null) {
            error.put("param", param);
        }
        ObjectNode body = Json.object();
        body.set("error", error);
        return body;
    }
}
