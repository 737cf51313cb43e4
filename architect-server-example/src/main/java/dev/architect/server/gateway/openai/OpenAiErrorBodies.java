package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.FailureClass;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.rest.JsonResponseWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Errors as OpenAI's clients read them: all four fields are always there. */
public final class OpenAiErrorBodies implements ErrorDialect {

    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    /** The fields of chat completions for those of a request. */
    private static final Map<String, String> CHAT = Map.of(
            "maxOutputTokens", "max_completion_tokens",
            "stopSequences", "stop",
            "toolChoice", "tool_choice",
            "parallelToolCalls", "parallel_tool_calls",
            "outputSchema", "response_format",
            "effort", "reasoning_effort");

    /** The fields of responses for those of a request. */
    private static final Map<String, String> RESPONSES = Map.of(
            "messages", "input",
            "system", "instructions",
            "maxOutputTokens", "max_output_tokens",
            "toolChoice", "tool_choice",
            "parallelToolCalls", "parallel_tool_calls",
            "outputSchema", "text.format",
            "effort", "reasoning.effort");

    /** The fields of embeddings for those of a request. */
    private static final Map<String, String> EMBEDDINGS = Map.of("texts", "input", "needs", "model");

    private final Map<String, String> fields;

    private OpenAiErrorBodies(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Returns the errors of chat completions, and of whatever is no request to a model. */
    public static OpenAiErrorBodies ofChat() {
        return new OpenAiErrorBodies(CHAT);
    }

    /** Returns the errors of responses. */
    static OpenAiErrorBodies ofResponses() {
        return new OpenAiErrorBodies(RESPONSES);
    }

    /** Returns the errors of embeddings. */
    static OpenAiErrorBodies ofEmbeddings() {
        return new OpenAiErrorBodies(EMBEDDINGS);
    }

    /** Returns the client's name of a field. */
    @Nullable
    String param(@Nullable String field) {
        return field == null ? null : fields.getOrDefault(field, field);
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }

    @Override
    public int status(FailureClass kind) {
        return switch (kind) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_REFUSED -> 400;
            case UNAUTHORIZED -> 401;
            case FORBIDDEN -> 403;
            case UNKNOWN_MODEL, NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_SLOW -> 408;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case RATE_LIMITED, BUDGET_EXCEEDED -> 429;
            case INTERNAL -> 500;
            case NO_ROUTE, UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    @Override
    public ObjectNode body(GatewayFailure failure, String requestId) {
        ObjectNode whole = JsonResponseWriter.object();
        whole.set("error", error(failure));
        return whole;
    }

    ObjectNode error(GatewayFailure failure) {
        return JsonResponseWriter.object()
                .put("message", failure.message())
                .put("type", type(failure.kind()))
                .put("param", param(failure.param()))
                .put("code", code(failure.kind()));
    }

    private static String type(FailureClass kind) {
        return switch (kind) {
            case BUDGET_EXCEEDED -> "insufficient_quota";
            case RATE_LIMITED -> "rate_limit_error";
            case NO_ROUTE, TIMEOUT, UNAVAILABLE, INTERNAL -> SERVER;
            default -> INVALID;
        };
    }

    static @Nullable String code(FailureClass kind) {
        return switch (kind) {
            case UNAUTHORIZED -> "invalid_api_key";
            case UNKNOWN_MODEL -> "model_not_found";
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case CONTENT_REFUSED -> "content_policy_violation";
            case RATE_LIMITED -> "rate_limit_exceeded";
            case BUDGET_EXCEEDED -> "insufficient_quota";
            case NO_ROUTE -> "no_route";
            case TIMEOUT -> "timeout";
            case UNAVAILABLE -> "server_unavailable";
            case INTERNAL -> SERVER;
            default -> null;
        };
    }
}
