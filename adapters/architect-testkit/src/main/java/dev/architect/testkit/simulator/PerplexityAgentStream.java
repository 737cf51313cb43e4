package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A stream of the Agent API: unnamed events with rising numbers, the text again at the end of its part, of its item and of the
 * stream, and no {@code [DONE]}. What the model thinks is a thought of an event and in no item.
 */
final class PerplexityAgentStream implements AnswerStream {

    private static final byte[] NOTHING = {};

    private final Wanted.Chat wanted;
    private final ChatAnswer answer;
    private int number;
    private int item;

    PerplexityAgentStream(Wanted.Chat wanted, ChatAnswer answer) {
        this.wanted = wanted;
        this.answer = answer;
    }

    @Override
    public byte[] open() {
        ObjectNode response = PerplexityAgentFormat.response(answer, "in_progress");
        response.set("output", Json.array());
        response.putNull("usage");
        byte[] begun = Json.join(
                event("response.created", wrap(response)), event("response.in_progress", wrap(response.deepCopy())));
        // The recorded numbers have a gap here.
        number++;
        return wanted.searches() > 0 ? Json.join(begun, search()) : begun;
    }

    /** The search first appears as a function call; its end at the same index is the results. */
    private byte[] search() {
        String callId = answer.ids().uuid("call_");
        ObjectNode added = Json.object()
                .put("arguments", "{\"queries\": [\"handbook\"]}")
                .put("call_id", callId)
                .put("id", answer.ids().uuid("fc_"))
                .put("name", "search_web")
                .put("status", "completed")
                .put("type", "function_call");
        ObjectNode queries = Json.object().put("call_id", callId).put("thought", "Searching the web...");
        queries.set("queries", Json.array().add("handbook"));
        ObjectNode results = Json.object().put("call_id", callId).put("thought", "Found 2 results");
        results.set("results", PerplexityAgentFormat.results());
        byte[] events = Json.join(
                itemEvent("added", added),
                event("response.reasoning.search_queries", queries),
                event("response.reasoning.search_results", results),
                itemEvent("done", PerplexityAgentFormat.searchResults()));
        item++;
        return events;
    }

    @Override
    public byte[] reasoning(Piece piece) {
        byte[] started = piece.first()
                ? event("response.reasoning.started", Json.object().put("thought", answer.reasoning()))
                : NOTHING;
        return piece.last() ? Json.join(started, event("response.reasoning.stopped", Json.object())) : started;
    }

    @Override
    public byte[] text(Piece piece) {
        byte[] added = piece.first()
                ? itemEvent("added", PerplexityAgentFormat.item(answer).putNull("content"))
                : NOTHING;
        byte[] delta = event("response.output_text.delta", at().put("delta", piece.text()));
        if (!piece.last()) {
            return Json.join(added, delta);
        }
        byte[] done = Json.join(
                event("response.output_text.done", at().put("text", answer.text())),
                itemEvent("done", PerplexityAgentFormat.message(answer)));
        item++;
        return Json.join(added, delta, done);
    }

    @Override
    public byte[] call(int index, ToolCall call, Piece arguments) {
        ObjectNode whole = PerplexityAgentFormat.call(wanted, answer, call);
        ObjectNode begun = whole.deepCopy().put("arguments", "").put("status", "in_progress");
        byte[] events = Json.join(itemEvent("added", begun), itemEvent("done", whole));
        item++;
        return events;
    }

    @Override
    public byte[] close() {
        String terminal = answer.cutByLimit() ? "response.incomplete" : "response.completed";
        return event(terminal, wrap(PerplexityAgentFormat.finished(wanted, answer)));
    }

    @Override
    public byte[] fail(JsonNode error) {
        ObjectNode response = PerplexityAgentFormat.response(answer, "failed");
        response.set("error", error.path("error"));
        response.set("output", Json.array());
        response.putNull("usage");
        ObjectNode failed = wrap(response);
        failed.set("error", error.path("error"));
        return event("response.failed", failed);
    }

    private ObjectNode at() {
        return Json.object()
                .put("content_index", 0)
                .put("item_id", answer.ids().uuid("msg_"))
                .put("output_index", item);
    }

    private byte[] itemEvent(String what, ObjectNode node) {
        ObjectNode data = Json.object().put("output_index", item);
        data.set("item", node);
        return event("response.output_item." + what, data);
    }

    private static ObjectNode wrap(JsonNode response) {
        ObjectNode event = Json.object();
        event.set("response", response);
        return event;
    }

    private byte[] event(String type, ObjectNode data) {
        return Json.event("", data.put("sequence_number", number++).put("type", type), "", "\n");
    }
}
