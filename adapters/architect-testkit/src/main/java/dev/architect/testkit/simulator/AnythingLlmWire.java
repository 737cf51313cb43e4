package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The native API of AnythingLLM. The models of its script are workspaces, named by their slugs. */
final class AnythingLlmWire implements ProviderWire {

    private static final Pattern CHAT = Pattern.compile("/api/v1/workspace/([^/]+)(?:/thread/([^/]+))?/(stream-)?chat");

    @Override
    public boolean needsKey(RawRequest request) {
        return !request.path().equals("/api/ping");
    }

    @Override
    public @Nullable String key(RawRequest request) {
        return request.bearer();
    }

    @Override
    public Refusal badKey(@Nullable String key) {
        return new Refusal(403, CallAction.BAD_KEY, Json.object().put("error", "No valid api key found."));
    }

    @Override
    public Wanted read(RawRequest request, ProviderScript script) throws Refusal {
        switch (request.method() + " " + request.path()) {
            case "GET /api/ping":
                return Wanted.Document.of(Json.object().put("online", true));
            case "GET /api/v1/auth":
                return Wanted.Document.of(Json.object().put("authenticated", true));
            case "GET /api/v1/workspaces":
                return workspaces(script);
            case "GET /api/v1/openai/models":
                return models(script);
            case "POST /api/v1/openai/embeddings":
                return new AnythingLlmReader(script).embed(object(request));
            default:
        }
        Matcher chat = CHAT.matcher(request.path());
        if (request.method().equals("POST") && chat.matches()) {
            AnythingLlmReader reader = new AnythingLlmReader(script);
            boolean stream = chat.group(3) != null;
            return chat.group(2) == null
                    ? reader.chat(object(request), chat.group(1), stream)
                    : reader.chat(object(request), chat.group(1), chat.group(2), stream);
        }
        throw new Refusal(404, CallAction.NOT_FOUND, Json.object().put("error", "Not Found"));
    }

    private static Wanted workspaces(ProviderScript script) {
        ArrayNode workspaces = Json.array();
        new TreeMap<>(script.models())
                .forEach((slug, model) -> workspaces.add(Json.object()
                        .put("id", workspaces.size() + 1)
                        .put("name", slug)
                        .put("slug", slug)
                        .put("chatProvider", model.servedProvider())
                        .put("chatModel", model.servedModel())
                        .put("chatMode", "chat")));
        ObjectNode list = Json.object();
        list.set("workspaces", workspaces);
        return Wanted.Document.of(list);
    }

    private static Wanted models(ProviderScript script) {
        ArrayNode data = Json.array();
        new TreeMap<>(script.models())
                .keySet()
                .forEach(slug -> data.add(Json.object()
                        .put("id", slug)
                        .put("object", "model")
                        .put("created", 1_767_225_600)
                        .put("owned_by", "ollama")));
        ObjectNode list = Json.object().put("object", "list");
        list.set("data", data);
        return Wanted.Document.of(list);
    }

    @Override
    public Refusal failure(int status, @Nullable Duration retryAfter, CallAction action) {
        return AnythingLlmFields.abort(
                status, action, status == 400 ? "Invalid request body" : "The model behind the workspace failed.");
    }

    @Override
    public @Nullable Refusal tooLong(long promptTokens, long contextTokens) {
        return null;
    }

    @Override
    public void headers(Map<String, String> headers, Ids ids, RateWindow.View window) {
        // AnythingLLM adds no headers of its own.
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=utf-8" : type);
    }

    @Override
    public JsonNode refusalBody(JsonNode body, Ids ids) {
        return body.has("type") ? Json.object().put("id", ids.uuid("")).setAll((ObjectNode) body) : body;
    }
}
