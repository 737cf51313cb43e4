package dev.architect.testkit.simulator;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native API of Ollama: {@code /api/chat}, which streams unless told not to, {@code /api/embed}, and what there is to know
 * of its models.
 */
final class OllamaWire implements ProviderWire {

    private static final String VERSION = "0.33.0";

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        return OllamaFields.error(401, CallAction.BAD_KEY, "Unauthorized");
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        return switch (request.method() + " " + request.path()) {
            case "POST /api/chat" -> new OllamaReader(script).chat(object(request));
            case "POST /api/embed" -> new OllamaReader(script).embed(object(request));
            case "POST /api/show" -> new OllamaShelf(script).show(object(request));
            case "POST /api/pull" -> new OllamaShelf(script).pull(object(request));
            case "GET /api/tags" -> new OllamaShelf(script).tags();
            case "GET /api/ps" -> new OllamaShelf(script).loaded();
            case "GET /api/version" -> Wanted.Document.of(Json.object().put("version", VERSION));
            default -> throw OllamaFields.error(404, CallAction.NOT_FOUND, "404 page not found");
        };
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
        String message = switch (status) {
            case 400 -> "invalid character in request body";
            case 429 -> "too many requests";
            case 503 -> "server busy, please try again.  maximum pending requests exceeded";
            default -> status >= 500 ? "llama runner process has terminated" : "the request was refused";
        };
        return OllamaFields.error(status, action, message);
    }

    @Override
    public @Nullable Refusal tooLong(long promptTokens, long contextTokens) {
        return null;
    }

    @Override
    public void headers(Map<String, String> headers, Ids ids, RateWindow.View window) {
        // Ollama adds no headers of its own.
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=utf-8" : type);
    }
}
