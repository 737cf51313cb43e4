package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;
import java.util.Locale;

/** Writes calls as {@code POST /api/chat}. Ollama streams by default, so both cases set the field. */
final class OllamaRequestWriter {

    private final ProviderHttp http;
    private final OllamaMessageWriter messages;

    OllamaRequestWriter(ProviderHttp http) {
        this.http = http;
        this.messages = new OllamaMessageWriter(http);
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post("/api/chat", body(call).put("stream", false));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post("/api/chat", body(call).put("stream", true));
    }

    static HttpRequest embed(EmbeddingCall call) {
        // Otherwise the server cuts a text that is too long in silence, and the vector is one of its beginning only.
        ObjectNode body = named(call.model()).put("truncate", false);
        ArrayNode input = body.putArray("input");
        call.texts().forEach(input::add);
        call.dimensions().ifPresent(length -> body.put("dimensions", length));
        return HttpRequest.post("/api/embed", body);
    }

    static HttpRequest show(String model) {
        return HttpRequest.post("/api/show", named(model));
    }

    static HttpRequest pull(String model) {
        return HttpRequest.post("/api/pull", named(model).put("stream", true));
    }

    private static ObjectNode named(String model) {
        return JsonNodeFactory.instance.objectNode().put("model", model);
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ObjectNode body = named(call.model());
        body.set("messages", messages.write(call));
        tools(call, body);
        request.generation()
                .outputSchema()
                .ifPresent(schema -> body.set("format", http.object(call, "output schema", schema.schema())));
        request.generation().effort().ifPresent(effort -> writeReasoning(call, effort, body));
        OllamaOptionsWriter own = new OllamaOptionsWriter(http, call);
        ObjectNode options = options(request);
        own.writeModelOptions(options);
        if (!options.isEmpty()) {
            body.set("options", options);
        }
        own.writeTopLevel(body);
        return body;
    }

    private void tools(ProviderCall call, ObjectNode body) {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Tool tool : call.request().toolset().tools()) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name()).put("description", tool.description());
            function.set("parameters", http.toolSchema(call, tool));
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
    }

    /** Levels mean "on" where a model has no levels; the reasoning of gpt-oss cannot be switched off. */
    private void writeReasoning(ProviderCall call, ReasoningEffort effort, ObjectNode body) {
        boolean alwaysThinks = call.model().startsWith("gpt-oss");
        switch (effort) {
            case LOW, MEDIUM, HIGH, MAX -> body.put("think", effort.name().toLowerCase(Locale.ROOT));
            case NONE -> {
                if (alwaysThinks) {
                    throw http.unsupported(call, "effort is NONE, expected one of [LOW, MEDIUM, HIGH, MAX]");
                }
                body.put("think", false);
            }
            case MINIMAL, VERY_HIGH ->
                throw http.unsupported(
                        call, "effort is " + effort + ", expected one of [NONE, LOW, MEDIUM, HIGH, MAX]");
        }
    }

    private static ObjectNode options(ChatRequest request) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        request.generation().maxOutputTokens().ifPresent(tokens -> options.put("num_predict", tokens));
        request.generation().temperature().ifPresent(value -> options.put("temperature", value));
        if (!request.generation().stopSequences().isEmpty()) {
            ArrayNode stops = options.putArray("stop");
            request.generation().stopSequences().forEach(stops::add);
        }
        return options;
    }
}
