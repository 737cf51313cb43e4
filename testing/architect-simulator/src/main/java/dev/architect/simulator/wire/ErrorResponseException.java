package dev.architect.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.CallAction;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error answer of a simulated provider. */
public final class ErrorResponseException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final CallAction action;
    private final transient JsonNode body;
    private final transient Map<String, String> headers;

    public ErrorResponseException(int status, CallAction action, JsonNode body) {
        this(status, action, body, Map.of());
    }

    public ErrorResponseException(int status, CallAction action, JsonNode body, Map<String, String> headers) {
        super(action.name(), null, false, false);
        this.status = status;
        this.action = action;
        this.body = body;
        this.headers = headers;
    }

    public int status() {
        return status;
    }

    public CallAction action() {
        return action;
    }

    public JsonNode body() {
        return body;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The action that a status of an error rate is logged as. */
    public static CallAction actionFor(int status) {
        return switch (status) {
            case 429 -> CallAction.RATE_LIMITED;
            case 503, 529 -> CallAction.OVERLOADED;
            case 401, 403 -> CallAction.BAD_KEY;
            case 404 -> CallAction.NOT_FOUND;
            default -> status >= 500 ? CallAction.SERVER_ERROR : CallAction.BAD_REQUEST;
        };
    }

    /** A {@code retry-after} header in whole seconds, rounded up so that no client retries too early; none for null. */
    public static Map<String, String> retryAfterHeader(@Nullable Duration retryAfter) {
        return retryAfter == null
                ? Map.of()
                : Map.of(
                        "retry-after",
                        Long.toString(retryAfter.plusNanos(999_999_999).toSeconds()));
    }
}
