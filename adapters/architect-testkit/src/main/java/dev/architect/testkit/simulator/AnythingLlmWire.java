package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The native API of AnythingLLM. The models of its script are workspaces, named by their slugs. */
final class AnythingLlmWire implements ProviderWire {

    private static final ChatFormat CHAT = new AnythingLlmFormat();
    private static final String WORKSPACE = "/api/v1/workspace/";
    private static final List<String> MODES = List.of("automatic", "chat", "query");

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
            default:
        }
        String path = request.path();
        int slash = path.lastIndexOf('/');
        if (request.method().equals("POST") && path.startsWith(WORKSPACE) && slash > WORKSPACE.length()) {
            String slug = path.substring(WORKSPACE.length(), slash);
            switch (path.substring(slash + 1)) {
                case "chat":
                    return chat(object(request), slug, script, false);
                case "stream-chat":
                    return chat(object(request), slug, script, true);
                default:
            }
        }
        throw new Refusal(404, CallAction.NOT_FOUND, Json.object().put("error", "Not Found"));
    }

    private static Wanted.Chat chat(ObjectNode body, String slug, ProviderScript script, boolean stream)
            throws Refusal {
        SimulatedModel model = script.models().get(slug);
        if (model == null) {
            throw abort(400, CallAction.UNKNOWN_MODEL, "Workspace " + slug + " is not a valid workspace.");
        }
        String message = body.path("message").asText("");
        String mode = body.path("mode").asText("chat");
        if (message.isEmpty()) {
            throw abort(400, CallAction.BAD_REQUEST, "Message is empty");
        }
        if (!MODES.contains(mode)) {
            throw abort(400, CallAction.BAD_REQUEST, mode + " is not a valid mode.");
        }
        Prompt prompt = new Prompt();
        prompt.add("user", message);
        return new Wanted.Chat(CHAT, slug, model, prompt, Long.MAX_VALUE, stream, true, 0);
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
        return abort(status, action, status == 400 ? "Invalid request body" : "The model behind the workspace failed.");
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

    private static Refusal abort(int status, CallAction action, String message) {
        ObjectNode body = Json.object().put("type", "abort").putNull("textResponse");
        body.set("sources", Json.array());
        return new Refusal(status, action, body.put("close", true).put("error", message));
    }
}
