package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.provider.http.message.HttpRequest;
import java.util.List;

/** Writes calls as {@code POST /responses}. */
final class OpenAiResponsesRequestWriter {

    static final String PATH = "/responses";
    // The Responses API answers 400 below it; raising the caller's limit in silence would bill more than was allowed.
    private static final int LEAST_OUTPUT_TOKENS = 16;
    private static final String NO_SUMMARY = "none";

    /** What a request to count tokens has no field for. */
    private static final List<String> NOT_COUNTED = List.of(
            "include", "temperature", "service_tier", "prompt_cache_key", "prompt_cache_options", "safety_identifier");

    private final OpenAiCall call;
    private final OpenAiContentWriter content;

    private OpenAiResponsesRequestWriter(OpenAiCall call) {
        this.call = call;
        this.content = new OpenAiContentWriter(call, OpenAiApi.RESPONSES);
    }

    static HttpRequest whole(OpenAiCall call) {
        return HttpRequest.post(PATH, new OpenAiResponsesRequestWriter(call).answered());
    }

    static HttpRequest streamed(OpenAiCall call) {
        return HttpRequest.post(
                PATH, new OpenAiResponsesRequestWriter(call).answered().put("stream", true));
    }

    /** A request to count the tokens of the prompt, which serves both wires. */
    static HttpRequest count(OpenAiCall call) {
        return HttpRequest.post(
                PATH + "/input_tokens",
                new OpenAiResponsesRequestWriter(call).body().remove(NOT_COUNTED));
    }

    private ObjectNode answered() {
        // OpenAI stores responses by default; a conversation kept there would be state, and prompts would stay with the
        // vendor.
        ObjectNode body = body().put("store", false);
        call.request().generation().maxOutputTokens().ifPresent(tokens -> {
            if (tokens < LEAST_OUTPUT_TOKENS) {
                throw call.unsupported("maxOutputTokens is " + tokens + ", expected " + LEAST_OUTPUT_TOKENS
                        + " or more with the Responses API");
            }
            body.put("max_output_tokens", tokens);
        });
        return body;
    }

    private ObjectNode body() {
        ChatRequest request = call.request();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        call.writeShared(body);
        List<OpenAiTurn> turns = OpenAiTurn.of(call);
        ArrayNode input = body.putArray("input");
        // "instructions" is plain text without a place for a breakpoint; a developer message has one.
        boolean marksSystem = turns.get(0).parts().stream().findFirst().orElse(null) instanceof Part.CacheBreakpoint;
        request.system().ifPresent(text -> {
            if (marksSystem) {
                ArrayNode open = input.addObject().put("role", "developer").putArray("content");
                content.addText(open, text);
            } else {
                body.put("instructions", text);
            }
        });
        OpenAiResponsesInputWriter items = new OpenAiResponsesInputWriter(
                call.http().provider(), content, input, call.family().hasReasoning());
        turns.forEach(items::add);
        OpenAiContentWriter.simplify(input);
        writeReasoning(body);
        OpenAiToolWriter.write(call, OpenAiApi.RESPONSES, body);
        writeText(body);
        content.writeCacheOptions(body);
        return body;
    }

    /** What the model thinks comes encrypted, to be sent back, for nothing is stored. */
    private void writeReasoning(ObjectNode body) {
        String effort = call.effort();
        String summary = call.options().getOrDefault(OpenAiCall.REASONING_SUMMARY, NO_SUMMARY);
        if (!call.family().hasReasoning()) {
            if (!summary.equals(NO_SUMMARY)) {
                throw call.unsupported("option " + call.http().provider() + ".reasoning_summary is '" + summary
                        + "', expected a reasoning model");
            }
            return;
        }
        body.putArray("include").add("reasoning.encrypted_content");
        if (!effort.isEmpty()) {
            body.withObjectProperty("reasoning").put("effort", effort);
        }
        if (!summary.equals(NO_SUMMARY)) {
            body.withObjectProperty("reasoning").put("summary", summary);
        }
    }

    private void writeText(ObjectNode body) {
        call.request()
                .generation()
                .outputSchema()
                .ifPresent(schema -> OpenAiToolWriter.writeSchema(
                        call,
                        OpenAiApi.RESPONSES,
                        schema,
                        body.withObjectProperty("text").putObject("format")));
        if (call.options().containsKey(OpenAiCall.VERBOSITY)) {
            body.withObjectProperty("text").put("verbosity", call.options().get(OpenAiCall.VERBOSITY));
        }
    }
}
