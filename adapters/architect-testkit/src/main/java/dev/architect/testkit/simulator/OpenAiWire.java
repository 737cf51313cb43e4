package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The OpenAI API: Chat Completions and Responses. */
final class OpenAiWire implements ProviderWire {

    private static final ChatFormat CHAT = new OpenAiChatFormat();
    private static final ChatFormat RESPONSES = new OpenAiResponsesFormat();

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        String message = key == null
                ? "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                        + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
                : "Incorrect API key provided. You can find your API key at"
                        + " https://platform.openai.com/account/api-keys.";
        return error(
                401,
                CallAction.BAD_KEY,
                message,
                "invalid_request_error",
                null,
                key == null ? null : "invalid_api_key");
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        boolean post = request.method().equals("POST");
        switch (request.path()) {
            case "/v1/chat/completions":
                if (post) {
                    return chat(object(request), script);
                }
                break;
            case "/v1/responses":
                if (post) {
                    return responses(object(request), script);
                }
                break;
            case "/v1/responses/input_tokens":
                if (post) {
                    long tokens = responses(object(request), script).prompt().tokens();
                    return Wanted.Document.of(
                            Json.object().put("object", "response.input_tokens").put("input_tokens", tokens));
                }
                break;
            case "/v1/models":
                if (request.method().equals("GET")) {
                    return models(script);
                }
                break;
            default:
        }
        throw error(
                404,
                CallAction.NOT_FOUND,
                "Invalid URL (" + request.method() + " " + request.path() + ")",
                "invalid_request_error",
                null,
                null);
    }

    private static Wanted.Chat chat(ObjectNode body, ProviderScript script) throws Refusal {
        String id = model(body);
        JsonNode messages = required(body, "messages");
        SimulatedModel model = known(script, id, 404);
        if (model.strictParameters() && body.hasNonNull("max_tokens")) {
            throw error(
                    400,
                    CallAction.BAD_REQUEST,
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'"
                            + " instead.",
                    "invalid_request_error",
                    "max_tokens",
                    "unsupported_parameter");
        }
        Prompt prompt = new Prompt();
        for (JsonNode message : messages) {
            prompt.add(message.path("role").asText(), text(message.path("content")));
        }
        String limit = body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        boolean usage = body.path("stream_options").path("include_usage").asBoolean();
        return new Wanted.Chat(
                CHAT, id, model, prompt, limit(body, limit), body.path("stream").asBoolean(), usage, 0);
    }

    private static Wanted.Chat responses(ObjectNode body, ProviderScript script) throws Refusal {
        String id = model(body);
        JsonNode input = required(body, "input");
        SimulatedModel model = known(script, id, 400);
        Prompt prompt = new Prompt();
        if (body.hasNonNull("instructions")) {
            prompt.add("system", body.get("instructions").asText());
        }
        if (input.isTextual()) {
            prompt.add("user", input.textValue());
        } else {
            for (JsonNode item : input) {
                prompt.add(
                        item.path("role").asText("item"),
                        item.has("content")
                                ? text(item.path("content"))
                                : item.path("output").asText(""));
            }
        }
        return new Wanted.Chat(
                RESPONSES,
                id,
                model,
                prompt,
                limit(body, "max_output_tokens"),
                body.path("stream").asBoolean(),
                true,
                0);
    }

    private static String model(ObjectNode body) throws Refusal {
        if (body.path("model").asText("").isEmpty()) {
            throw error(
                    400,
                    CallAction.BAD_REQUEST,
                    "you must provide a model parameter",
                    "invalid_request_error",
                    null,
                    null);
        }
        return body.path("model").asText();
    }

    private static JsonNode required(ObjectNode body, String field) throws Refusal {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull() || (value.isEmpty() && !value.isTextual())) {
            throw error(
                    400,
                    CallAction.BAD_REQUEST,
                    "Missing required parameter: '" + field + "'.",
                    "invalid_request_error",
                    field,
                    "missing_required_parameter");
        }
        return value;
    }

    private static SimulatedModel known(ProviderScript script, String id, int status) throws Refusal {
        SimulatedModel model = script.models().get(id);
        if (model == null) {
            throw error(
                    status,
                    CallAction.UNKNOWN_MODEL,
                    "The model `" + id + "` does not exist or you do not have access to it.",
                    "invalid_request_error",
                    status == 400 ? "model" : null,
                    "model_not_found");
        }
        return model;
    }

    private static long limit(ObjectNode body, String field) throws Refusal {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Long.MAX_VALUE;
        }
        if (!value.isIntegralNumber() || value.longValue() < 1) {
            throw error(
                    400,
                    CallAction.BAD_REQUEST,
                    "Invalid '" + field + "': integer below minimum value. Expected a value >= 1.",
                    "invalid_request_error",
                    field,
                    "integer_below_min_value");
        }
        return value.longValue();
    }

    /** The text of a content field: a string, or parts of which those with text count. */
    static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static Wanted models(ProviderScript script) {
        ArrayNode data = Json.array();
        new TreeMap<>(script.models())
                .keySet()
                .forEach(id -> data.add(Json.object()
                        .put("id", id)
                        .put("object", "model")
                        .put("created", 1_767_225_600)
                        .put("owned_by", "system")));
        ObjectNode list = Json.object().put("object", "list");
        list.set("data", data);
        return Wanted.Document.of(list);
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
        Map<String, String> headers =
                retryAfter == null ? Map.of() : Map.of("retry-after", Refusal.seconds(retryAfter));
        JsonNode body = switch (status) {
            case 400 -> body("We could not parse the JSON body of your request.", "invalid_request_error", null, null);
            case 401 -> body("Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key");
            case 429 ->
                body("Rate limit reached for requests." + again(retryAfter), "requests", null, "rate_limit_exceeded");
            case 503 ->
                body(
                        "The server is overloaded or not ready yet.",
                        "service_unavailable_error",
                        null,
                        "server_is_overloaded");
            default ->
                status >= 500
                        ? body(
                                "The server had an error while processing your request. Sorry about that!",
                                "server_error",
                                null,
                                null)
                        : body("The request was refused.", "invalid_request_error", null, null);
        };
        return new Refusal(status, action, body, headers);
    }

    private static String again(@Nullable Duration retryAfter) {
        return retryAfter == null ? "" : " Please try again in " + duration(retryAfter) + ".";
    }

    @Override
    public Refusal tooLong(long promptTokens, long contextTokens) {
        return error(
                400,
                CallAction.BAD_REQUEST,
                "This model's maximum context length is " + contextTokens
                        + " tokens. However, your messages resulted in " + promptTokens + " tokens.",
                "invalid_request_error",
                "messages",
                "context_length_exceeded");
    }

    @Override
    public void headers(Map<String, String> headers, Ids ids, RateWindow.View window) {
        headers.put("x-request-id", ids.request());
        headers.put("openai-version", "2020-10-01");
        headers.put("openai-processing-ms", "12");
        headers.put("x-ratelimit-limit-requests", Long.toString(window.requestLimit()));
        headers.put("x-ratelimit-limit-tokens", Long.toString(window.tokenLimit()));
        headers.put("x-ratelimit-remaining-requests", Long.toString(window.requestsLeft()));
        headers.put("x-ratelimit-remaining-tokens", Long.toString(window.tokensLeft()));
        headers.put("x-ratelimit-reset-requests", duration(window.untilReset()));
        headers.put("x-ratelimit-reset-tokens", duration(window.untilReset()));
    }

    /** A duration as OpenAI writes it: {@code 12ms}, {@code 8.64s}, {@code 6m0s}. */
    private static String duration(Duration time) {
        if (time.toMillis() < 1000) {
            return time.toMillis() + "ms";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + "m" + time.toSecondsPart() + "s"
                : BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
    }

    private static Refusal error(
            int status, CallAction action, String message, String type, @Nullable String param, @Nullable String code) {
        return new Refusal(status, action, body(message, type, param, code));
    }

    private static JsonNode body(String message, String type, @Nullable String param, @Nullable String code) {
        ObjectNode body = Json.object();
        body.set(
                "error",
                Json.object()
                        .put("message", message)
                        .put("type", type)
                        .put("param", param)
                        .put("code", code));
        return body;
    }
}
