package dev.architect.simulator.ollama;

import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.ParsedRequest;
import dev.architect.simulator.wire.ProviderEndpoints;
import dev.architect.simulator.wire.RateWindow;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native API of Ollama: {@code /api/chat}, which streams by default, {@code /api/embed}, and the endpoints
 * for its models.
 */
public final class OllamaEndpoints implements ProviderEndpoints {

    private static final String VERSION = "0.33.0";

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public ErrorResponseException invalidKey(@Nullable String key) {
        return OllamaRequestValidator.error(401, CallAction.BAD_KEY, "Unauthorized");
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        return switch (request.method() + " " + request.path()) {
            case "POST /api/chat" -> new OllamaRequestReader(script).chat(jsonObject(request));
            case "POST /api/embed" -> new OllamaRequestReader(script).embed(jsonObject(request));
            case "POST /api/show" -> new OllamaModelStore(script).show(jsonObject(request));
            case "POST /api/pull" -> new OllamaModelStore(script).pull(jsonObject(request));
            case "GET /api/tags" -> new OllamaModelStore(script).listModels();
            case "GET /api/ps" -> new OllamaModelStore(script).listLoadedModels();
            case "GET /api/version" ->
                ParsedRequest.FixedAnswer.of(SimulatorJson.object().put("version", VERSION));
            default -> throw OllamaRequestValidator.error(404, CallAction.NOT_FOUND, "404 page not found");
        };
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        String message = switch (status) {
            case 400 -> "invalid character in request body";
            case 429 -> "too many requests";
            case 503 -> "server busy, please try again.  maximum pending requests exceeded";
            default -> status >= 500 ? "llama runner process has terminated" : "the request was refused";
        };
        return OllamaRequestValidator.error(status, action, message);
    }

    @Override
    public ErrorResponseException noCredit() {
        return OllamaRequestValidator.error(
                429, CallAction.NO_CREDIT, "you have reached your weekly usage limit, please upgrade to continue");
    }

    @Override
    public @Nullable ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return null;
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        // Ollama adds no headers of its own.
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=utf-8" : type);
    }
}
