package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.Map;
import java.util.Set;

/** Writes calls as {@code POST /v1/messages}, and questions for their size as {@code POST /v1/messages/count_tokens}. */
final class ClaudeRequests {

    private static final String MESSAGES = "/v1/messages";
    private static final String COUNT = "/v1/messages/count_tokens";

    /** The SDKs refuse whole answers that may be longer than this: they would take over ten minutes (anthropic-java 3.12.0). */
    private static final int LONGEST_WHOLE_ANSWER = 21_333;

    private static final String SERVICE_TIER = "service_tier";
    private static final String CITATIONS = "citations";
    private static final String USER = "user";
    private static final Set<String> OPTIONS = Set.of(SERVICE_TIER, CITATIONS, USER);

    private final ProviderHttp http;
    private final int defaultMaxOutputTokens;

    ClaudeRequests(ProviderHttp http, int defaultMaxOutputTokens) {
        this.http = http;
        this.defaultMaxOutputTokens = defaultMaxOutputTokens;
    }

    /** Whether an answer may be so long that it must be streamed. */
    boolean isLong(ProviderCall call) {
        return maxTokens(call) > LONGEST_WHOLE_ANSWER;
    }

    HttpRequest whole(ProviderCall call) {
        return HttpRequest.post(MESSAGES, body(call));
    }

    HttpRequest streamed(ProviderCall call) {
        return HttpRequest.post(MESSAGES, body(call).put("stream", true));
    }

    HttpRequest count(ProviderCall call) {
        return HttpRequest.post(COUNT, prompt(call, options(call)));
    }

    private ObjectNode body(ProviderCall call) {
        ChatRequest request = call.request();
        Map<String, String> options = options(call);
        ObjectNode body = prompt(call, options);
        body.put("max_tokens", maxTokens(call));
        request.temperature().ifPresent(value -> body.put("temperature", value));
        if (!request.stopSequences().isEmpty()) {
            ArrayNode stops = body.putArray("stop_sequences");
            request.stopSequences().forEach(stops::add);
        }
        if (options.containsKey(SERVICE_TIER)) {
            body.put("service_tier", options.get(SERVICE_TIER));
        }
        if (options.containsKey(USER)) {
            body.putObject("metadata").put("user_id", options.get(USER));
        }
        return body;
    }

    /** Everything that is read before the answer, which is also what is counted. */
    private ObjectNode prompt(ProviderCall call, Map<String, String> options) {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", call.model());
        ClaudePrompt prompt = new ClaudePrompt(http, call, cites(call, options));
        if (!request.tools().isEmpty()) {
            ArrayNode tools = body.putArray("tools");
            request.tools().forEach(tool -> tools.add(prompt.tool(tool(call, tool))));
            toolChoice(body, request.toolChoice());
        }
        prompt.system().ifPresent(system -> body.set("system", system));
        body.set("messages", prompt.messages());
        request.outputSchema()
                .ifPresent(form -> body.withObjectProperty("output_config")
                        .putObject("format")
                        .put("type", "json_schema")
                        .set("schema", http.object(call, "schema of outputSchema " + form.name(), form.schema())));
        request.effort().ifPresent(effort -> ClaudeThinking.write(http, call, effort, maxTokens(call), body));
        return body;
    }

    private ObjectNode tool(ProviderCall call, Tool tool) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", tool.name()).put("description", tool.description());
        json.set("input_schema", http.object(call, "inputSchema of tool " + tool.name(), tool.inputSchema()));
        return json;
    }

    private static void toolChoice(ObjectNode body, ToolChoice choice) {
        if (choice.equals(ToolChoice.AUTO)) {
            return;
        }
        ObjectNode json = body.putObject("tool_choice");
        switch (choice.mode()) {
            case AUTO -> json.put("type", "auto");
            case REQUIRED -> json.put("type", "any");
            case NONE -> json.put("type", "none");
            case NAMED -> json.put("type", "tool").put("name", choice.name().orElseThrow());
        }
        if (choice.parallel() == ToolChoice.Parallel.FORBIDDEN && choice.mode() != ToolChoice.Mode.NONE) {
            json.put("disable_parallel_tool_use", true);
        }
    }

    private Map<String, String> options(ProviderCall call) {
        return http.options(call, OPTIONS);
    }

    private boolean cites(ProviderCall call, Map<String, String> options) {
        String asked = options.getOrDefault(CITATIONS, "false");
        if (!asked.equals("true") && !asked.equals("false")) {
            throw http.unsupported(call, "option claude.citations is '" + asked + "', expected true or false");
        }
        return asked.equals("true");
    }

    private int maxTokens(ProviderCall call) {
        return call.request().maxOutputTokens().orElse(defaultMaxOutputTokens);
    }
}
