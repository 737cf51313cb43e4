package dev.architect.server.gateway.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.gateway.dialect.ErrorDialect;
import dev.architect.server.gateway.dialect.FailureClass;
import dev.architect.server.gateway.dialect.GatewayFailure;
import dev.architect.server.rest.JsonResponseWriter;

/** Errors as Anthropic's clients read them. */
public final class AnthropicErrorBodies implements ErrorDialect {

    private static final int OVERLOADED = 529;

    @Override
    public String requestIdHeader() {
        return "request-id";
    }

    @Override
    public int status(FailureClass kind) {
        return switch (kind) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_REFUSED -> 400;
            case UNAUTHORIZED -> 401;
            case BUDGET_EXCEEDED -> 402;
            case FORBIDDEN -> 403;
            case UNKNOWN_MODEL, NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case TOO_SLOW -> 408;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case RATE_LIMITED -> 429;
            case INTERNAL -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
            case NO_ROUTE -> OVERLOADED;
        };
    }

    @Override
    public ObjectNode body(GatewayFailure failure, String requestId) {
        ObjectNode whole = JsonResponseWriter.object().put("type", "error");
        whole.putObject("error").put("type", type(failure.kind())).put("message", failure.message());
        return whole.put("request_id", requestId);
    }

    private static String type(FailureClass kind) {
        return switch (kind) {
            case UNAUTHORIZED -> "authentication_error";
            case BUDGET_EXCEEDED -> "billing_error";
            case FORBIDDEN -> "permission_error";
            case UNKNOWN_MODEL, NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case RATE_LIMITED -> "rate_limit_error";
            case TOO_SLOW, TIMEOUT -> "timeout_error";
            case NO_ROUTE -> "overloaded_error";
            case INTERNAL, UNAVAILABLE -> "api_error";
            case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_REFUSED, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE ->
                "invalid_request_error";
        };
    }
}
