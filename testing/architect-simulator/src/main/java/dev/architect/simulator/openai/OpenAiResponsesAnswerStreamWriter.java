package dev.architect.simulator.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;

/** A stream of the Responses API: named, numbered events, one output item after another, and the whole response at the end. */
final class OpenAiResponsesAnswerStreamWriter implements AnswerStreamWriter {

    private static final byte[] NOTHING = {};

    private final OpenAiResponsesAnswerWriter format;
    private final ChatAnswer answer;
    private int number;
    private int item;

    OpenAiResponsesAnswerStreamWriter(OpenAiResponsesAnswerWriter format, ChatAnswer answer) {
        this.format = format;
        this.answer = answer;
    }

    @Override
    public byte[] open() {
        JsonNode begun = OpenAiResponsesAnswerWriter.wrap(format.response(answer, "in_progress"));
        byte[] head = SimulatorJson.join(event("response.created", begun), event("response.in_progress", begun));
        boolean isHidden = OpenAiResponsesAnswerWriter.hasReasoning(answer)
                && answer.reasoning().isEmpty();
        return isHidden ? SimulatorJson.join(head, added(reasoningItem()), done(reasoningItem())) : head;
    }

    @Override
    public byte[] reasoning(Chunk chunk) {
        boolean isShown = !format.summary(answer).isEmpty();
        byte[] head = chunk.first() ? added(reasoningItem()) : NOTHING;
        if (chunk.first() && isShown) {
            ObjectNode part = at("rs_").put("summary_index", 0);
            part.set("part", OpenAiResponsesAnswerWriter.summaryText(""));
            head = SimulatorJson.join(head, event("response.reasoning_summary_part.added", part));
        }
        byte[] text = isShown
                ? event(
                        "response.reasoning_summary_text.delta",
                        at("rs_").put("summary_index", 0).put("delta", chunk.text()))
                : NOTHING;
        if (!chunk.last()) {
            return SimulatorJson.join(head, text);
        }
        byte[] summary = NOTHING;
        if (isShown) {
            ObjectNode part = at("rs_").put("summary_index", 0);
            part.set("part", OpenAiResponsesAnswerWriter.summaryText(answer.reasoning()));
            summary = SimulatorJson.join(
                    event(
                            "response.reasoning_summary_text.done",
                            at("rs_").put("summary_index", 0).put("text", answer.reasoning())),
                    event("response.reasoning_summary_part.done", part));
        }
        return SimulatorJson.join(head, text, summary, done(format.reasoning(answer, format.summary(answer))));
    }

    @Override
    public byte[] text(Chunk chunk) {
        byte[] head = NOTHING;
        if (chunk.first()) {
            ObjectNode begun = OpenAiResponsesAnswerWriter.item(answer, "in_progress");
            begun.set("content", SimulatorJson.array());
            head = SimulatorJson.join(added(begun), event("response.content_part.added", part("")));
        }
        ObjectNode delta = at("msg_").put("content_index", 0).put("delta", chunk.text());
        delta.set("logprobs", SimulatorJson.array());
        byte[] text = event("response.output_text.delta", delta);
        if (!chunk.last()) {
            return SimulatorJson.join(head, text);
        }
        ObjectNode whole = at("msg_").put("content_index", 0).put("text", answer.text());
        whole.set("logprobs", SimulatorJson.array());
        return SimulatorJson.join(
                head,
                text,
                event("response.output_text.done", whole),
                event("response.content_part.done", part(answer.text())),
                done(OpenAiResponsesAnswerWriter.message(answer)));
    }

    @Override
    public byte[] call(int index, ToolCall call, Chunk arguments) {
        ObjectNode whole = OpenAiResponsesAnswerWriter.call(answer, index, call.json());
        byte[] head = arguments.first()
                ? added(OpenAiResponsesAnswerWriter.call(answer, index, "").put("status", "in_progress"))
                : NOTHING;
        ObjectNode place =
                SimulatorJson.object().put("item_id", whole.path("id").asText()).put("output_index", item);
        byte[] chunk =
                event("response.function_call_arguments.delta", place.deepCopy().put("delta", arguments.text()));
        if (!arguments.last()) {
            return SimulatorJson.join(head, chunk);
        }
        byte[] complete = event(
                "response.function_call_arguments.done",
                place.put("name", call.name()).put("arguments", call.json()));
        return SimulatorJson.join(head, chunk, complete, done(whole));
    }

    @Override
    public byte[] close() {
        String terminal = answer.truncated() ? "response.incomplete" : "response.completed";
        return event(terminal, OpenAiResponsesAnswerWriter.wrap(format.finished(answer)));
    }

    @Override
    public byte[] fail(JsonNode error) {
        ObjectNode response = format.response(answer, "failed");
        response.set(
                "error",
                SimulatorJson.object()
                        .put("code", error.path("error").path("code").asText("server_error"))
                        .put("message", error.path("error").path("message").asText()));
        return event("response.failed", OpenAiResponsesAnswerWriter.wrap(response));
    }

    private ObjectNode reasoningItem() {
        return format.reasoning(answer, "");
    }

    private byte[] added(JsonNode begun) {
        return event("response.output_item.added", placed(begun));
    }

    private byte[] done(JsonNode whole) {
        byte[] bytes = event("response.output_item.done", placed(whole));
        item++;
        return bytes;
    }

    private ObjectNode placed(JsonNode one) {
        ObjectNode data = SimulatorJson.object().put("output_index", item);
        data.set("item", one);
        return data;
    }

    private ObjectNode part(String text) {
        ObjectNode data = at("msg_").put("content_index", 0);
        data.set("part", OpenAiResponsesAnswerWriter.part(text));
        return data;
    }

    private ObjectNode at(String prefix) {
        return SimulatorJson.object().put("item_id", answer.ids().of(prefix)).put("output_index", item);
    }

    private byte[] event(String type, JsonNode data) {
        ObjectNode event = SimulatorJson.object().put("type", type);
        event.setAll((ObjectNode) data);
        return SimulatorJson.event(type, event.put("sequence_number", number++), "", "\n");
    }
}
