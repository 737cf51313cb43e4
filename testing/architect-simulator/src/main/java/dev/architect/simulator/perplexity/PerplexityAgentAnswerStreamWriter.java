package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ParsedRequest;

/**
 * A stream of the Agent API: unnamed events with rising numbers, the text again at the end of its part, of its item and of the
 * stream, and no {@code [DONE]}. Reasoning is the {@code thought} of an event and part of no item.
 */
final class PerplexityAgentAnswerStreamWriter implements AnswerStreamWriter {

    private static final byte[] NOTHING = {};

    private final ParsedRequest.Chat request;
    private final ChatAnswer answer;
    private int number;
    private int item;

    PerplexityAgentAnswerStreamWriter(ParsedRequest.Chat request, ChatAnswer answer) {
        this.request = request;
        this.answer = answer;
    }

    @Override
    public byte[] open() {
        ObjectNode response = PerplexityAgentAnswerWriter.response(answer, "in_progress");
        response.set("output", SimulatorJson.array());
        response.putNull("usage");
        byte[] begun = SimulatorJson.join(
                event("response.created", wrap(response)), event("response.in_progress", wrap(response.deepCopy())));
        // The recorded streams skip one sequence number here.
        number++;
        return request.searches() > 0 ? SimulatorJson.join(begun, search()) : begun;
    }

    /** The search first appears as a function call; its end at the same index is the results. */
    private byte[] search() {
        String callId = answer.ids().uuid("call_");
        ObjectNode added = SimulatorJson.object()
                .put("arguments", "{\"queries\": [\"handbook\"]}")
                .put("call_id", callId)
                .put("id", answer.ids().uuid("fc_"))
                .put("name", "search_web")
                .put("status", "completed")
                .put("type", "function_call");
        ObjectNode queries = SimulatorJson.object().put("call_id", callId).put("thought", "Searching the web...");
        queries.set("queries", SimulatorJson.array().add("handbook"));
        ObjectNode results = SimulatorJson.object().put("call_id", callId).put("thought", "Found 2 results");
        results.set("results", PerplexityAgentAnswerWriter.results());
        byte[] events = SimulatorJson.join(
                itemEvent("added", added),
                event("response.reasoning.search_queries", queries),
                event("response.reasoning.search_results", results),
                itemEvent("done", PerplexityAgentAnswerWriter.searchResults()));
        item++;
        return events;
    }

    @Override
    public byte[] reasoning(Chunk chunk) {
        byte[] started = chunk.first()
                ? event("response.reasoning.started", SimulatorJson.object().put("thought", answer.reasoning()))
                : NOTHING;
        return chunk.last()
                ? SimulatorJson.join(started, event("response.reasoning.stopped", SimulatorJson.object()))
                : started;
    }

    @Override
    public byte[] text(Chunk chunk) {
        byte[] added = chunk.first()
                ? itemEvent("added", PerplexityAgentAnswerWriter.item(answer).putNull("content"))
                : NOTHING;
        byte[] delta = event("response.output_text.delta", at().put("delta", chunk.text()));
        if (!chunk.last()) {
            return SimulatorJson.join(added, delta);
        }
        byte[] done = SimulatorJson.join(
                event("response.output_text.done", at().put("text", answer.text())),
                itemEvent("done", PerplexityAgentAnswerWriter.message(answer)));
        item++;
        return SimulatorJson.join(added, delta, done);
    }

    @Override
    public byte[] call(int index, ToolCall call, Chunk arguments) {
        ObjectNode whole = PerplexityAgentAnswerWriter.call(request, answer, call);
        ObjectNode begun = whole.deepCopy().put("arguments", "").put("status", "in_progress");
        byte[] events = SimulatorJson.join(itemEvent("added", begun), itemEvent("done", whole));
        item++;
        return events;
    }

    @Override
    public byte[] close() {
        String terminal = answer.truncated() ? "response.incomplete" : "response.completed";
        return event(terminal, wrap(PerplexityAgentAnswerWriter.finished(request, answer)));
    }

    @Override
    public byte[] fail(JsonNode error) {
        ObjectNode response = PerplexityAgentAnswerWriter.response(answer, "failed");
        response.set("error", error.path("error"));
        response.set("output", SimulatorJson.array());
        response.putNull("usage");
        ObjectNode failed = wrap(response);
        failed.set("error", error.path("error"));
        return event("response.failed", failed);
    }

    private ObjectNode at() {
        return SimulatorJson.object()
                .put("content_index", 0)
                .put("item_id", answer.ids().uuid("msg_"))
                .put("output_index", item);
    }

    private byte[] itemEvent(String what, ObjectNode node) {
        ObjectNode data = SimulatorJson.object().put("output_index", item);
        data.set("item", node);
        return event("response.output_item." + what, data);
    }

    private static ObjectNode wrap(JsonNode response) {
        ObjectNode event = SimulatorJson.object();
        event.set("response", response);
        return event;
    }

    private byte[] event(String type, ObjectNode data) {
        return SimulatorJson.event("", data.put("sequence_number", number++).put("type", type), "", "\n");
    }
}
