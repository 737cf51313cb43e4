package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers of the OpenAI Responses API: named events with sequence numbers, usage in the terminal event. */
final class OpenAiResponsesFormat implements PieceFormat {

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        ObjectNode response = response(answer, "failed");
        String message = error.path("error").path("message").asText();
        response.set("error", Json.object().put("code", "server_error").put("message", message));
        response.set("output", Json.array());
        response.putNull("usage");
        return event("response.failed", FIRST_PIECE + index, wrap(response));
    }

    private static final int FIRST_PIECE = 4;

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.pretty(finished(answer));
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode response = response(answer, "in_progress");
        response.set("output", Json.array());
        response.putNull("usage");
        ObjectNode item = item(answer, "in_progress");
        item.set("content", Json.array());
        ObjectNode added = Json.object().put("output_index", 0);
        added.set("item", item);
        ObjectNode part = at(answer).put("content_index", 0);
        part.set("part", part(""));
        return Json.join(
                event("response.created", 0, wrap(response)),
                event("response.in_progress", 1, wrap(response)),
                event("response.output_item.added", 2, added),
                event("response.content_part.added", 3, part));
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        ObjectNode delta =
                at(answer).put("content_index", 0).put("delta", answer.text().substring(from, to));
        delta.set("logprobs", Json.array());
        return event("response.output_text.delta", FIRST_PIECE + index, delta);
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        int number = FIRST_PIECE + index;
        byte[] text = new byte[0];
        if (from < answer.text().length()) {
            text = piece(wanted, answer, index, from, answer.text().length());
            number++;
        }
        ObjectNode textDone = at(answer).put("content_index", 0).put("text", answer.text());
        textDone.set("logprobs", Json.array());
        ObjectNode partDone = at(answer).put("content_index", 0);
        partDone.set("part", part(answer.text()));
        ObjectNode itemDone = Json.object().put("output_index", 0);
        itemDone.set("item", message(answer));
        String terminal = answer.cutByLimit() ? "response.incomplete" : "response.completed";
        return Json.join(
                text,
                event("response.output_text.done", number, textDone),
                event("response.content_part.done", number + 1, partDone),
                event("response.output_item.done", number + 2, itemDone),
                event(terminal, number + 3, wrap(finished(answer))));
    }

    private static ObjectNode finished(ChatAnswer answer) {
        ObjectNode response = response(answer, answer.cutByLimit() ? "incomplete" : "completed");
        if (answer.cutByLimit()) {
            response.set("incomplete_details", Json.object().put("reason", "max_output_tokens"));
        }
        response.set("output", Json.array(message(answer)));
        TokenCounts counts = answer.counts();
        ObjectNode usage = Json.object().put("input_tokens", counts.prompt());
        usage.set(
                "input_tokens_details",
                Json.object().put("cache_write_tokens", counts.cacheWrite()).put("cached_tokens", counts.cacheRead()));
        usage.put("output_tokens", counts.output());
        usage.set("output_tokens_details", Json.object().put("reasoning_tokens", counts.reasoning()));
        response.set("usage", usage.put("total_tokens", counts.prompt() + counts.output()));
        return response;
    }

    private static ObjectNode response(ChatAnswer answer, String status) {
        ObjectNode response = Json.object()
                .put("id", answer.ids().of("resp_"))
                .put("object", "response")
                .put("created_at", answer.createdAt().getEpochSecond())
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .putNull("incomplete_details")
                .putNull("instructions")
                .put("model", answer.model())
                .put("parallel_tool_calls", true)
                .put("service_tier", "default")
                .put("temperature", 1.0)
                .put("tool_choice", "auto")
                .put("top_p", 1.0);
        response.set("metadata", Json.object());
        response.set("tools", Json.array());
        return response;
    }

    private static ObjectNode message(ChatAnswer answer) {
        ObjectNode item = item(answer, answer.cutByLimit() ? "incomplete" : "completed");
        item.set("content", Json.array(part(answer.text())));
        return item;
    }

    private static ObjectNode item(ChatAnswer answer, String status) {
        return Json.object()
                .put("id", answer.ids().of("msg_"))
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant");
    }

    private static ObjectNode part(String text) {
        ObjectNode part = Json.object().put("type", "output_text");
        part.set("annotations", Json.array());
        part.set("logprobs", Json.array());
        return part.put("text", text);
    }

    private static ObjectNode at(ChatAnswer answer) {
        return Json.object().put("item_id", answer.ids().of("msg_")).put("output_index", 0);
    }

    private static ObjectNode wrap(ObjectNode response) {
        ObjectNode event = Json.object();
        event.set("response", response);
        return event;
    }

    private static byte[] event(String type, int number, ObjectNode data) {
        ObjectNode event = Json.object().put("type", type);
        event.setAll(data);
        return Json.event(type, event.put("sequence_number", number), "", "\n");
    }
}
