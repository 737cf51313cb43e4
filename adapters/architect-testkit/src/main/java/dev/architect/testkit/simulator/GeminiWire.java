package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Gemini API: {@code generateContent}, its streams with and without {@code alt=sse}, token counting and models. */
final class GeminiWire implements ProviderWire {

    private static final String MODELS = "/v1beta/models";
    private static final ChatFormat EVENTS = new GeminiFormat(true);
    private static final ChatFormat ARRAY = new GeminiFormat(false);

    @Override
    public @Nullable String key(RawRequest request) {
        String key = request.header("x-goog-api-key");
        return key != null ? key : request.query().get("key");
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        if (key == null) {
            return error(
                    403,
                    CallAction.BAD_KEY,
                    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key"
                            + " or other form of API consumer identity to call this API.",
                    "PERMISSION_DENIED");
        }
        String message = "API key not valid. Please pass a valid API key.";
        ObjectNode info = Json.object()
                .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", "API_KEY_INVALID")
                .put("domain", "googleapis.com");
        info.set("metadata", Json.object().put("service", "generativelanguage.googleapis.com"));
        ObjectNode localized = Json.object()
                .put("@type", "type.googleapis.com/google.rpc.LocalizedMessage")
                .put("locale", "en-US")
                .put("message", message);
        return new Refusal(
                400, CallAction.BAD_KEY, body(400, message, "INVALID_ARGUMENT", Json.array(info, localized)));
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        String path = request.path();
        if (path.equals(MODELS) && request.method().equals("GET")) {
            return models(script);
        }
        int colon = path.lastIndexOf(':');
        if (path.startsWith(MODELS + "/") && colon > 0 && request.method().equals("POST")) {
            String id = path.substring(MODELS.length() + 1, colon);
            switch (path.substring(colon + 1)) {
                case "generateContent":
                    return chat(object(request), id, script, EVENTS, false);
                case "streamGenerateContent":
                    boolean events = "sse".equals(request.query().get("alt"));
                    return chat(object(request), id, script, events ? EVENTS : ARRAY, true);
                case "countTokens":
                    ObjectNode body = object(request);
                    JsonNode inner = body.path("generateContentRequest");
                    return count(chat(inner instanceof ObjectNode given ? given : body, id, script, EVENTS, false));
                default:
            }
        }
        throw error(404, CallAction.NOT_FOUND, "Requested entity was not found.", "NOT_FOUND");
    }

    private static Wanted.Chat chat(
            ObjectNode body, String id, ProviderScript script, ChatFormat format, boolean stream) throws Refusal {
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw error(
                    404,
                    CallAction.UNKNOWN_MODEL,
                    "models/" + id
                            + " is not found for API version v1beta, or is not supported for generateContent. Call"
                            + " ListModels to see the list of available models and their supported methods.",
                    "NOT_FOUND");
        }
        JsonNode contents = body.path("contents");
        if (!contents.isArray() || contents.isEmpty()) {
            throw invalid("* GenerateContentRequest.contents: contents is not specified\n");
        }
        Prompt prompt = new Prompt();
        JsonNode system = either(body, "systemInstruction", "system_instruction");
        if (system.isObject()) {
            prompt.add("system", text(system));
        }
        for (JsonNode content : contents) {
            prompt.add(content.path("role").asText("user"), text(content));
        }
        JsonNode config = either(body, "generationConfig", "generation_config");
        JsonNode max = either(config, "maxOutputTokens", "max_output_tokens");
        if (max.isNumber() && max.longValue() < 1) {
            throw invalid("max_output_tokens must be positive.");
        }
        return new Wanted.Chat(
                format, id, model, prompt, max.isNumber() ? max.longValue() : Long.MAX_VALUE, stream, true, 0);
    }

    private static JsonNode either(JsonNode node, String camel, String snake) {
        return node.has(camel) ? node.path(camel) : node.path(snake);
    }

    private static String text(JsonNode content) {
        StringBuilder text = new StringBuilder();
        content.path("parts").forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static Wanted count(Wanted.Chat chat) {
        long tokens = chat.prompt().tokens();
        ObjectNode count = Json.object().put("totalTokens", tokens);
        count.set(
                "promptTokensDetails",
                Json.array(Json.object().put("modality", "TEXT").put("tokenCount", tokens)));
        return new Wanted.Document(Json.pretty(count));
    }

    private static Wanted models(ProviderScript script) {
        ArrayNode models = Json.array();
        new TreeMap<>(script.models()).forEach((id, model) -> {
            ObjectNode entry = Json.object()
                    .put("name", "models/" + id)
                    .put("displayName", id)
                    .put("inputTokenLimit", model.contextTokens())
                    .put("outputTokenLimit", 65_536);
            ArrayNode methods = Json.array().add("generateContent").add("countTokens");
            entry.set("supportedGenerationMethods", methods);
            models.add(entry.put("thinking", model.reasoningShare() > 0));
        });
        ObjectNode list = Json.object();
        list.set("models", models);
        return new Wanted.Document(Json.pretty(list));
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
        String name = switch (status) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            case 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 500 ? "INTERNAL" : "FAILED_PRECONDITION";
        };
        String message = switch (status) {
            case 400 -> "Invalid JSON payload received.";
            case 429 -> "Resource has been exhausted (e.g. check quota).";
            case 503 -> "The model is overloaded. Please try again later.";
            default -> status >= 500 ? "An internal error has occurred." : "The request was refused.";
        };
        ArrayNode details = Json.array();
        if (status == 429 && retryAfter != null) {
            ObjectNode quota = Json.object().put("@type", "type.googleapis.com/google.rpc.QuotaFailure");
            quota.set(
                    "violations",
                    Json.array(Json.object()
                            .put("quotaMetric", "generativelanguage.googleapis.com/generate_content_requests")
                            .put("quotaId", "GenerateRequestsPerMinutePerProjectPerModel")));
            details.add(quota);
        }
        if (retryAfter != null) {
            String delay = BigDecimal.valueOf(retryAfter.toMillis(), 3)
                    .stripTrailingZeros()
                    .toPlainString();
            details.add(Json.object()
                    .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
                    .put("retryDelay", delay + "s"));
        }
        return new Refusal(status, action, body(status, message, name, details));
    }

    @Override
    public Refusal tooLong(long promptTokens, long contextTokens) {
        return invalid("The input token count (" + promptTokens + ") exceeds the maximum number of tokens allowed ("
                + contextTokens + ").");
    }

    @Override
    public void headers(Map<String, String> headers, Ids ids, RateWindow.View window) {
        // Gemini states neither limits nor a request id in headers.
        headers.put("x-gemini-service-tier", "standard");
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=UTF-8" : type);
    }

    private static Refusal invalid(String message) {
        return error(400, CallAction.BAD_REQUEST, message, "INVALID_ARGUMENT");
    }

    private static Refusal error(int status, CallAction action, String message, String name) {
        return new Refusal(status, action, body(status, message, name, Json.array()));
    }

    private static JsonNode body(int status, String message, String name, ArrayNode details) {
        ObjectNode error =
                Json.object().put("code", status).put("message", message).put("status", name);
        if (!details.isEmpty()) {
            error.set("details", details);
        }
        ObjectNode body = Json.object();
        body.set("error", error);
        return body;
    }
}
