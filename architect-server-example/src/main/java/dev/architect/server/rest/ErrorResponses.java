package dev.architect.server.rest;

import dev.architect.error.ArchitectException;
import dev.architect.error.StoreException;
import dev.architect.lane.LaneFullException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into problem details: a code for programs, a message for people, no stack trace. */
public final class ErrorResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);

    private ErrorResponses() {}

    /** Registers the responses to every kind of failure; {@code allowedMethods} are those of a path that exists, {@code special} writes those of its own clients in another form. */
    public static void register(
            RoutesConfig routes, Function<Context, Optional<String>> allowedMethods, ErrorFormat special) {
        ErrorFormat format = (answer, failure) -> special.write(answer, failure) || write(answer, failure);
        routes.exception(ApiException.class, (failure, answer) -> format.write(answer, failure));
        routes.exception(HttpResponseException.class, (failure, answer) -> format.write(answer, fromHttp(failure)));
        routes.exception(StoreException.class, (failure, answer) -> format.write(answer, fromStore(failure)));
        routes.exception(LaneFullException.class, (failure, answer) -> format.write(answer, fromQueue(failure)));
        routes.exception(ArchitectException.class, (failure, answer) -> format.write(answer, fromArchitect(failure)));
        routes.exception(Exception.class, (failure, answer) -> format.write(answer, unexpected(failure, answer)));
        routes.error(404, answer -> writeIfEmpty(answer, 404, format));
        routes.error(405, answer -> {
            allowedMethods.apply(answer).ifPresent(allowed -> answer.header("Allow", allowed));
            writeIfEmpty(answer, 405, format);
        });
    }

    /** Returns a handler that also logs an {@link Error}, which the HTTP library would not. */
    public static Handler loggingErrors(Handler handler) {
        return request -> {
            try {
                handler.handle(request);
            } catch (Error failure) {
                LOG.error(
                        "{} {} ended with {}",
                        request.method(),
                        request.endpoint().path,
                        failure.getClass().getName());
                throw failure;
            }
        };
    }

    /** Returns the body for an error outside every handler. */
    public static byte[] body(int status) {
        return JsonResponseWriter.bytes(ProblemDetails.of(plain(status), RequestNumber.create()));
    }

    /** Not where an error is written already, in whatever form. */
    private static void writeIfEmpty(Context answer, int status, ErrorFormat format) {
        String type = answer.res().getContentType();
        if (type == null || !type.startsWith("application/")) {
            format.write(answer, plain(status));
        }
    }

    static boolean write(Context answer, ApiException failure) {
        failure.retryAfter().ifPresent(wait -> answer.header("Retry-After", Long.toString(seconds(wait))));
        SecurityHeaders.put(answer);
        answer.status(failure.status());
        answer.contentType(ProblemDetails.TYPE)
                .result(JsonResponseWriter.bytes(ProblemDetails.of(failure, RequestNumber.of(answer))));
        return true;
    }

    static long seconds(Duration wait) {
        return Math.max(1, wait.plusMillis(999).toSeconds());
    }

    private static ApiException fromHttp(HttpResponseException failure) {
        return plain(failure.getStatus());
    }

    private static ApiException plain(int status) {
        return switch (status) {
            case 404 -> ApiException.notFound("there is nothing at this path");
            case 405 -> new ApiException(405, "method-not-allowed", "this path does not take that method", null, null);
            case 413 -> ApiException.tooLarge(JsonBodyReader.MAX_BYTES);
            case 400 -> new ApiException(400, "bad-request", "the request is not valid HTTP", null, null);
            case 408 ->
                new ApiException(
                        408, "too-slow", "the request took too long to arrive, expected it at once", null, null);
            case 426 ->
                new ApiException(
                        426,
                        "upgrade-required",
                        "this path takes WebSockets only, expected 'Upgrade: websocket'",
                        null,
                        null);
            case 414 -> refused(414, "the address is too long, expected at most 8 KB");
            case 417 -> refused(417, "Expect is not known, expected 100-continue or none");
            case 431 -> refused(431, "the header is too large, expected at most 8 KB");
            case 505 -> refused(505, "the version of HTTP is not known, expected HTTP/1.1");
            default ->
                new ApiException(
                        status,
                        status < 500 ? "refused" : "failed",
                        "the request ended with status " + status,
                        null,
                        null);
        };
    }

    private static ApiException refused(int status, String message) {
        return new ApiException(status, "refused", message, null, null);
    }

    private static ApiException fromStore(StoreException failure) {
        String code = "store-" + failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        LOG.warn("a request failed: {}", failure.getMessage());
        return switch (failure.kind()) {
            case FULL ->
                new ApiException(507, code, "the store has no room left; nothing of the request was kept", null, null);
            case BUSY ->
                new ApiException(
                        503, code, "the store is busy; nothing of the request was kept", null, Duration.ofSeconds(1));
            case CLOSED -> new ApiException(503, code, "the server is stopping", null, Duration.ofSeconds(5));
            case OUTCOME_UNKNOWN ->
                new ApiException(
                        500, code, "it is unknown whether the request was stored; read to find out", null, null);
            case INACCESSIBLE, CORRUPT, TOO_NEW, FAILED ->
                new ApiException(500, code, "the store failed; the server's log names the reason", null, null);
        };
    }

    private static ApiException fromQueue(LaneFullException failure) {
        return new ApiException(
                failure.isDraining() ? 409 : 429,
                failure.isDraining() ? "queue-draining" : "queue-full",
                String.valueOf(failure.getMessage()),
                null,
                failure.retryAfter().orElse(null));
    }

    private static ApiException fromArchitect(ArchitectException failure) {
        LOG.warn("a request failed: {}", failure.getMessage());
        return new ApiException(
                failure.isTransient() ? 503 : 500,
                "failed",
                failure.getMessage() == null ? "the request failed" : failure.getMessage(),
                null,
                failure.retryAfter().orElse(null));
    }

    /** A bug, or a server that stops. Only the place is logged: a message could quote the request. */
    private static ApiException unexpected(Exception failure, Context answer) {
        StackTraceElement[] trace = failure.getStackTrace();
        LOG.error(
                "{} {} failed with {} at {}",
                answer.method(),
                answer.endpoint().path,
                failure.getClass().getName(),
                trace.length == 0 ? "an unknown place" : trace[0]);
        return new ApiException(500, "internal", "the server failed; its log names the place", null, null);
    }
}
