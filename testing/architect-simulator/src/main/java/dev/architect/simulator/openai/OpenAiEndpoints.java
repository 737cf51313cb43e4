package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The OpenAI API: Chat Completions, Responses, embeddings and the list of models. */
public final class OpenAiEndpoints implements ProviderEndpoints {

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public ErrorResponseException invalidKey(@Nullable String key) {
        String message = key == null
                ? "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                        + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
                : "Incorrect API key provided. You can find your API key at"
                        + " https://platform.openai.com/account/api-keys.";
        return OpenAiErrorWriter.error(
                401,
                CallAction.BAD_KEY,
                message,
                "invalid_request_error",
                null,
                key == null ? null : "invalid_api_key");
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        if (request.method().equals("POST")) {
            switch (request.path()) {
                case "/v1/chat/completions":
                    return OpenAiChatRequestReader.read(jsonObject(request), script);
                case "/v1/responses":
                    return OpenAiResponsesRequestReader.readAnswerRequest(jsonObject(request), script);
                case "/v1/responses/input_tokens":
                    long tokens = OpenAiResponsesRequestReader.readCountRequest(jsonObject(request), script)
                            .prompt()
                            .tokens();
                    return ParsedRequest.FixedAnswer.of(SimulatorJson.object()
                            .put("object", "response.input_tokens")
                            .put("input_tokens", tokens));
                case "/v1/embeddings":
                    return OpenAiEmbeddingEndpoint.read(jsonObject(request), script);
                default:
            }
        } else if (request.method().equals("GET") && request.path().equals("/v1/models")) {
            return models(script);
        }
        throw OpenAiErrorWriter.error(
                404,
                CallAction.NOT_FOUND,
                "Invalid URL (" + request.method() + " " + request.path() + ")",
                "invalid_request_error",
                null,
                null);
    }

    private static ParsedRequest models(ProviderScript script) {
        ArrayNode data = SimulatorJson.array();
        new TreeMap<>(script.models())
                .keySet()
                .forEach(id -> data.add(SimulatorJson.object()
                        .put("id", id)
                        .put("object", "model")
                        .put("created", 1_767_225_600)
                        .put("owned_by", "system")));
        ObjectNode list = SimulatorJson.object().put("object", "list");
        list.set("data", data);
        return ParsedRequest.FixedAnswer.of(list);
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        Map<String, String> headers = ErrorResponseException.retryAfterHeader(retryAfter);
        JsonNode body = switch (status) {
            case 400 ->
                OpenAiErrorWriter.body(
                        "We could not parse the JSON body of your request.", "invalid_request_error", null, null);
            case 401 ->
                OpenAiErrorWriter.body("Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key");
            case 429 ->
                OpenAiErrorWriter.body(
                        "Rate limit reached for requests." + again(retryAfter),
                        "requests",
                        null,
                        "rate_limit_exceeded");
            case 503 ->
                OpenAiErrorWriter.body(
                        "The server is overloaded or not ready yet.",
                        "service_unavailable_error",
                        null,
                        "server_is_overloaded");
            default ->
                status >= 500
                        ? OpenAiErrorWriter.body(
                                "The server had an error while processing your request. Sorry about that!",
                                "server_error",
                                null,
                                null)
                        : OpenAiErrorWriter.body("The request was refused.", "invalid_request_error", null, null);
        };
        return new ErrorResponseException(status, action, body, headers);
    }

    private static String again(@Nullable Duration retryAfter) {
        return retryAfter == null ? "" : " Please try again in " + duration(retryAfter) + ".";
    }

    @Override
    public ErrorResponseException noCredit() {
        return OpenAiErrorWriter.error(
                429,
                CallAction.NO_CREDIT,
                "You exceeded your current quota, please check your plan and billing details.",
                "insufficient_quota",
                null,
                "insufficient_quota");
    }

    @Override
    public ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return OpenAiErrorWriter.error(
                400,
                CallAction.BAD_REQUEST,
                "This model's maximum context length is " + contextTokens
                        + " tokens. However, your messages resulted in " + promptTokens + " tokens.",
                "invalid_request_error",
                "messages",
                "context_length_exceeded");
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        headers.put("x-request-id", ids.request());
        headers.put("openai-version", "2020-10-01");
        headers.put("openai-processing-ms", "12");
        headers.put("x-ratelimit-limit-requests", Long.toString(window.requestLimit()));
        headers.put("x-ratelimit-limit-tokens", Long.toString(window.tokenLimit()));
        headers.put("x-ratelimit-remaining-requests", Long.toString(window.requestsRemaining()));
        headers.put("x-ratelimit-remaining-tokens", Long.toString(window.tokensRemaining()));
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
}
