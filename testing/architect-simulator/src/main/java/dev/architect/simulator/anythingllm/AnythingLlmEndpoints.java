package dev.architect.simulator.anythingllm;

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
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The native API of AnythingLLM. The models of its script are workspaces, named by their slugs. */
public final class AnythingLlmEndpoints implements ProviderEndpoints {

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
    public ErrorResponseException invalidKey(@Nullable String key) {
        return new ErrorResponseException(
                403, CallAction.BAD_KEY, SimulatorJson.object().put("error", "No valid api key found."));
    }

    @Override
    public ParsedRequest read(RawRequest request, ProviderScript script) throws ErrorResponseException {
        switch (request.method() + " " + request.path()) {
            case "GET /api/ping":
                return ParsedRequest.FixedAnswer.of(SimulatorJson.object().put("online", true));
            case "GET /api/v1/auth":
                return ParsedRequest.FixedAnswer.of(SimulatorJson.object().put("authenticated", true));
            case "GET /api/v1/workspaces":
                return workspaces(script);
            case "GET /api/v1/openai/models":
                return models(script);
            case "POST /api/v1/openai/embeddings":
                return new AnythingLlmRequestReader(script).embed(jsonObject(request));
            default:
        }
        Matcher chat = CHAT.matcher(request.path());
        if (request.method().equals("POST") && chat.matches()) {
            AnythingLlmRequestReader reader = new AnythingLlmRequestReader(script);
            boolean stream = chat.group(3) != null;
            return chat.group(2) == null
                    ? reader.chat(jsonObject(request), chat.group(1), stream)
                    : reader.chat(jsonObject(request), chat.group(1), chat.group(2), stream);
        }
        throw new ErrorResponseException(
                404, CallAction.NOT_FOUND, SimulatorJson.object().put("error", "Not Found"));
    }

    private static ParsedRequest workspaces(ProviderScript script) {
        ArrayNode workspaces = SimulatorJson.array();
        new TreeMap<>(script.models())
                .forEach((slug, model) -> workspaces.add(SimulatorJson.object()
                        .put("id", workspaces.size() + 1)
                        .put("name", slug)
                        .put("slug", slug)
                        .put("chatProvider", model.servedProvider())
                        .put("chatModel", model.servedModel())
                        .put("chatMode", "chat")));
        ObjectNode list = SimulatorJson.object();
        list.set("workspaces", workspaces);
        return ParsedRequest.FixedAnswer.of(list);
    }

    private static ParsedRequest models(ProviderScript script) {
        ArrayNode data = SimulatorJson.array();
        new TreeMap<>(script.models())
                .keySet()
                .forEach(slug -> data.add(SimulatorJson.object()
                        .put("id", slug)
                        .put("object", "model")
                        .put("created", 1_767_225_600)
                        .put("owned_by", "ollama")));
        ObjectNode list = SimulatorJson.object().put("object", "list");
        list.set("data", data);
        return ParsedRequest.FixedAnswer.of(list);
    }

    @Override
    public ErrorResponseException error(int status, @Nullable Duration retryAfter, CallAction action) {
        return AnythingLlmErrorWriter.abort(
                status, action, status == 400 ? "Invalid request body" : "The model behind the workspace failed.");
    }

    @Override
    public ErrorResponseException noCredit() {
        // The account is that of the model behind the workspace, whose provider's message is passed on.
        return AnythingLlmErrorWriter.abort(
                500,
                CallAction.NO_CREDIT,
                "400 {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance"
                        + " is too low to access the Anthropic API.\"}}");
    }

    @Override
    public @Nullable ErrorResponseException contextLengthExceeded(long promptTokens, long contextTokens) {
        return null;
    }

    @Override
    public void addHeaders(Map<String, String> headers, ResponseIds ids, RateWindow.View window) {
        // AnythingLLM adds no headers of its own.
        headers.computeIfPresent(
                "content-type", (name, type) -> type.equals("application/json") ? type + "; charset=utf-8" : type);
    }

    @Override
    public JsonNode errorBody(JsonNode body, ResponseIds ids) {
        return body.has("type") ? SimulatorJson.object().put("id", ids.uuid("")).setAll((ObjectNode) body) : body;
    }
}
