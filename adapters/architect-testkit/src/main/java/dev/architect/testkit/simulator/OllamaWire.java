package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The native API of Ollama: {@code /api/chat}, which streams unless told not to, and its small probes. */
final class OllamaWire implements ProviderWire {

    private static final ChatFormat CHAT = new OllamaFormat();
    private static final String VERSION = "0.33.0";

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        return error(401, CallAction.BAD_KEY, "Unauthorized");
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        switch (request.method() + " " + request.path()) {
            case "POST /api/chat":
                return chat(object(request), script);
            case "GET /api/tags":
                return models(script);
            case "GET /api/version":
                return Wanted.Document.of(Json.object().put("version", VERSION));
            default:
                throw error(404, CallAction.NOT_FOUND, "404 page not found");
        }
    }

    private static Wanted chat(ObjectNode body, ProviderScript script) throws Refusal {
        String id = body.path("model").asText("");
        if (id.isEmpty()) {
            throw error(400, CallAction.BAD_REQUEST, "model is required");
        }
        String name = id.endsWith(":latest") ? id.substring(0, id.length() - ":latest".length()) : id;
        SimulatedModel model = script.models().getOrDefault(id, script.models().get(name));
        if (model == null) {
            throw error(404, CallAction.UNKNOWN_MODEL, "model '" + id + "' not found");
        }
        Prompt prompt = new Prompt();
        for (JsonNode message : body.path("messages")) {
            prompt.add(message.path("role").asText(), message.path("content").asText(""));
        }
        if (prompt.tokens() == 0) {
            return loaded(id);
        }
        JsonNode limit = body.path("options").path("num_predict");
        boolean limited = limit.isIntegralNumber() && limit.longValue() > 0;
        return new Wanted.Chat(
                CHAT,
                script.models().containsKey(id) ? id : name,
                model,
                prompt,
                limited ? limit.longValue() : Long.MAX_VALUE,
                body.path("stream").asBoolean(true),
                true,
                0);
    }

    /** Without messages the model is only loaded. */
    private static Wanted loaded(String id) {
        ObjectNode answer =
                Json.object().put("model", id).put("created_at", Instant.now().toString());
        answer.set("message", Json.object().put("role", "assistant").put("content", ""));
        return Wanted.Document.of(answer.put("done_reason", "load").put("done", true));
    }

    private static Wanted models(ProviderScript script) {
        ArrayNode models = Json.array();
        new TreeMap<>(script.models()).keySet().forEach(id -> {
            String name = id.contains(":") ? id : id + ":latest";
            ObjectNode entry = Json.object()
                    .put("name", name)
                    .put("model", name)
                    .put("modified_at", "2026-01-01T00:00:00Z")
                    .put("size", 2_019_393_189L)
                    .put("digest", Integer.toHexString(name.hashCode()).repeat(8));
            entry.set(
                    "details",
                    Json.object()
                            .put("format", "gguf")
                            .put("family", "simulated")
                            .put("parameter_size", "8B")
                            .put("quantization_level", "Q4_K_M"));
            models.add(entry);
        });
        ObjectNode list = Json.object();
        list.set("models", models);
        return Wanted.Document.of(list);
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
        String message = switch (status) {
            case 400 -> "invalid character in request body";
            case 429 -> "too many requests";
            case 503 -> "server busy, please try again.  maximum pending requests exceeded";
            default -> status >= 500 ? "llama runner process has terminated" : "the request was refused";
        };
        return error(status, action, message);
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

    private static Refusal error(int status, CallAction action, String message) {
        return new Refusal(status, action, Json.object().put("error", message));
    }
}
