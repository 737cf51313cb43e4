package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.spi.ProviderCall;

/** Writes calls as {@code POST /v1/messages}, and questions for their size as {@code POST /v1/messages/count_tokens}. */
final class ClaudeRequestWriter {

    private static final String MESSAGES = "/v1/messages";
    private static final String COUNT = "/v1/messages/count_tokens";

    /** The SDKs refuse whole answers that may be longer than this: they would take over ten minutes (anthropic-java 3.12.0). */
    private static final int LONGEST_WHOLE_ANSWER = 21_333;

    private final ProviderHttp http;
    private final int defaultMaxOutputTokens;

    ClaudeRequestWriter(ProviderHttp http, int defaultMaxOutputTokens) {
        this.http = http;
        this.defaultMaxOutputTokens = defaultMaxOutputTokens;
    }

    /** Whether an answer may be so long that it must be streamed. */
    boolean isLong(ProviderCall call) {
        // What a client wrote itself is answered in the form that it wants.
        return call.request().wireBody().isEmpty() && maxTokens(call) > LONGEST_WHOLE_ANSWER;
    }

    HttpRequest whole(ProviderCall call) {
        return call.request()
                .wireBody()
                .map(own -> http.wireRequest(MESSAGES, http.wireBody(call, own, false), own))
                .orElseGet(() -> HttpRequest.post(MESSAGES, body(call)));
    }

    HttpRequest streamed(ProviderCall call) {
        return call.request()
                .wireBody()
                .map(own -> http.wireRequest(MESSAGES, http.wireBody(call, own, true), own))
                .orElseGet(() -> HttpRequest.post(MESSAGES, body(call).put("stream", true)));
    }

    HttpRequest count(ProviderCall call) {
        // Without max_tokens and sampling: the counting endpoint takes the prompt's fields alone.
        return HttpRequest.post(COUNT, prompt(call, ClaudeOptions.read(http, call)));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        ClaudeOptions options = ClaudeOptions.read(http, call);
        ObjectNode body = prompt(call, options);
        body.put("max_tokens", maxTokens(call));
        request.generation().temperature().ifPresent(value -> body.put("temperature", value));
        if (!request.generation().stopSequences().isEmpty()) {
            ArrayNode stops = body.putArray("stop_sequences");
            request.generation().stopSequences().forEach(stop -> stops.add(visible(call, stop)));
        }
        options.serviceTier().ifPresent(tier -> body.put("service_tier", tier));
        options.user().ifPresent(user -> body.putObject("metadata").put("user_id", user));
        return body;
    }

    /** Everything that is read before the answer, which is also what is counted. */
    private ObjectNode prompt(ProviderCall call, ClaudeOptions options) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        ClaudePromptWriter prompt = new ClaudePromptWriter(http, call, options.withCitations());
        // Tools, system text, messages: the order in which Claude caches, so a marker covers what was written before
        // it.
        if (!request.toolset().tools().isEmpty()) {
            ArrayNode tools = body.putArray("tools");
            request.toolset().tools().forEach(tool -> tools.add(prompt.tool(ClaudeToolWriter.tool(http, call, tool))));
            ClaudeToolWriter.choice(request.toolset().choice()).ifPresent(choice -> body.set("tool_choice", choice));
        }
        prompt.system().ifPresent(system -> body.set("system", system));
        body.set("messages", prompt.messages());
        request.generation()
                .outputSchema()
                .ifPresent(form -> body.withObjectProperty("output_config")
                        .putObject("format")
                        .put("type", "json_schema")
                        .set("schema", http.object(call, "schema of outputSchema " + form.name(), form.schema())));
        request.generation()
                .effort()
                .ifPresent(effort -> new ClaudeThinkingWriter(http, call).write(effort, maxTokens(call), body));
        return body;
    }

    /** Claude does not stop at what is nothing but space. */
    private String visible(ProviderCall call, String stop) {
        if (stop.isBlank()) {
            throw http.unsupported(call, "stop sequence is blank, expected one with more than white space");
        }
        return stop;
    }

    /** Thinking counts as part of the answer: where neither is limited, it comes on top. */
    private int maxTokens(ProviderCall call) {
        return call.request()
                .generation()
                .maxOutputTokens()
                .orElseGet(() -> defaultMaxOutputTokens + new ClaudeThinkingWriter(http, call).budget());
    }
}
