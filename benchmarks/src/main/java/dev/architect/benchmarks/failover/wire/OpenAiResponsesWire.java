package dev.architect.benchmarks.failover.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's Responses. The event that ends a stream also carries its counts, so there is no other ending. */
final class OpenAiResponsesWire extends WireDialect {

    private static final String ITEM = "msg_1";

    OpenAiResponsesWire() {
        super("openai-responses");
    }

    @Override
    public boolean serves(String path) {
        return path.endsWith("/responses");
    }

    @Override
    public WireRequest read(String path, JsonNode body) {
        List<WireRequest.Turn> turns = new ArrayList<>();
        if (!body.path("instructions").asText("").isEmpty()) {
            turns.add(new WireRequest.Turn("system", body.path("instructions").asText()));
        }
        JsonNode input = body.path("input");
        if (input.isTextual()) {
            turns.add(new WireRequest.Turn("user", input.asText()));
        }
        input.forEach(
                item -> turns.add(new WireRequest.Turn(item.path("role").asText(""), text(item.path("content")))));
        return new WireRequest(
                body.path("model").asText(""), body.path("stream").asBoolean(false), true, turns);
    }

    @Override
    public String begin(WireAnswer answer) {
        ObjectNode created = event("response.created", 0);
        created.set("response", response(answer, "in_progress"));
        ObjectNode item = event("response.output_item.added", 1).put("output_index", 0);
        item.set("item", item("in_progress"));
        ObjectNode part = event("response.content_part.added", 2);
        place(part).set("part", part(""));
        return named(created) + named(item) + named(part);
    }

    @Override
    public String token(WireAnswer answer, int index, String token) {
        ObjectNode event = event("response.output_text.delta", 3 + index);
        place(event).put("delta", token).putArray("logprobs");
        return named(event);
    }

    @Override
    public String end(WireAnswer answer) {
        int number = 3 + answer.completionTokens();
        ObjectNode text = event("response.output_text.done", number);
        place(text).put("text", answer.text()).putArray("logprobs");
        ObjectNode part = event("response.content_part.done", number + 1);
        place(part).set("part", part(answer.text()));
        ObjectNode item = event("response.output_item.done", number + 2).put("output_index", 0);
        item.set("item", finishedItem(answer));
        ObjectNode completed = event("response.completed", number + 3);
        completed.set("response", whole(answer));
        return named(text) + named(part) + named(item) + named(completed);
    }

    @Override
    public String terminator(WireAnswer answer) {
        return "";
    }

    @Override
    public String broken() {
        return "event: response.output_text.delta\n" + data("{\"type\":\"response.output_text.delta\",\"del");
    }

    @Override
    public String errorEvent(WireError error) {
        ObjectNode event = event("error", 9)
                .put("code", OpenAiChatWire.code(error))
                .put("message", error.message())
                .putNull("param");
        return named(event);
    }

    @Override
    public String brokenToolCall(WireAnswer answer) {
        ObjectNode added = event("response.output_item.added", 8).put("output_index", 1);
        added.putObject("item")
                .put("id", "fc_1")
                .put("type", "function_call")
                .put("status", "in_progress")
                .put("call_id", "call_1")
                .put("name", "lookup")
                .put("arguments", "");
        ObjectNode delta = event("response.function_call_arguments.delta", 9)
                .put("item_id", "fc_1")
                .put("output_index", 1)
                .put("delta", "{\"place\": \"Lis");
        return named(added) + named(delta);
    }

    @Override
    public ObjectNode whole(WireAnswer answer) {
        ObjectNode response = response(answer, "completed");
        response.putArray("output").add(finishedItem(answer));
        if (!answer.hasUsage()) {
            return response;
        }
        ObjectNode usage = response.putObject("usage")
                .put("input_tokens", answer.promptTokens())
                .put("output_tokens", answer.completionTokens())
                .put("total_tokens", answer.totalTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", 0);
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        return response;
    }

    @Override
    public ObjectNode error(WireError error) {
        ObjectNode body = object();
        body.putObject("error")
                .put("message", error.message())
                .put("type", OpenAiChatWire.type(error))
                .putNull("param")
                .put("code", OpenAiChatWire.code(error));
        return body;
    }

    private static ObjectNode event(String type, int number) {
        return object().put("type", type).put("sequence_number", number);
    }

    private static ObjectNode place(ObjectNode event) {
        return event.put("item_id", ITEM).put("output_index", 0).put("content_index", 0);
    }

    private static ObjectNode part(String text) {
        ObjectNode part = object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private static ObjectNode item(String status) {
        ObjectNode item = object().put("id", ITEM)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
        item.putArray("content");
        return item;
    }

    private static ObjectNode finishedItem(WireAnswer answer) {
        ObjectNode item = item("completed");
        item.putArray("content").add(part(answer.text()));
        return item;
    }

    private static ObjectNode response(WireAnswer answer, String status) {
        ObjectNode response = object().put("id", "resp_1")
                .put("object", "response")
                .put("created_at", 1_787_150_061)
                .put("status", status)
                .put("model", answer.model())
                .put("parallel_tool_calls", true)
                .put("tool_choice", "auto")
                .putNull("error")
                .putNull("incomplete_details")
                .putNull("instructions")
                .putNull("metadata")
                .putNull("temperature")
                .putNull("top_p");
        response.putArray("output");
        response.putArray("tools");
        return response;
    }
}
