package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Answers of the Perplexity Agent API: unnamed events, search results before the text, usage and stated cost in the
 * terminal event, no {@code [DONE]}.
 */
final class PerplexityAgentFormat implements PieceFormat {

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        ObjectNode response = response(answer, "failed");
        response.set("error", error.path("error"));
        response.set("output", Json.array());
        response.putNull("usage");
        ObjectNode failed = wrap(response);
        failed.set("error", error.path("error"));
        return event("response.failed", FIRST_PIECE + index, failed);
    }

    private static final int FIRST_PIECE = 8;

    @Override
    public Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts).rounded();
    }

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.bytes(finished(wanted, answer));
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode response = response(answer, "in_progress");
        response.set("output", Json.array());
        response.putNull("usage");
        ObjectNode added = Json.object().put("output_index", textIndex(wanted));
        added.set("item", item(answer).putNull("content"));
        return Json.join(
                event("response.created", 0, wrap(response)),
                event("response.in_progress", 1, wrap(response)),
                wanted.searches() > 0 ? search(answer) : new byte[0],
                event("response.output_item.added", FIRST_PIECE - 1, added));
    }

    /** The search first appears as a function call; its end at the same index is the results. */
    private static byte[] search(ChatAnswer answer) {
        String callId = answer.ids().uuid("call_");
        ObjectNode item = Json.object()
                .put("arguments", "{\"queries\": [\"handbook\"]}")
                .put("call_id", callId)
                .put("id", answer.ids().uuid("fc_"))
                .put("name", "search_web")
                .put("status", "completed")
                .put("type", "function_call");
        ObjectNode added = Json.object().put("output_index", 0);
        added.set("item", item);
        ObjectNode queries = Json.object().put("call_id", callId);
        queries.set("queries", Json.array().add("handbook"));
        ObjectNode results = Json.object().put("call_id", callId);
        results.set("results", results());
        ObjectNode done = Json.object().put("output_index", 0);
        done.set("item", searchResults());
        return Json.join(
                event("response.output_item.added", 3, added),
                event("response.reasoning.search_queries", 4, queries.put("thought", "Searching the web...")),
                event("response.reasoning.search_results", 5, results.put("thought", "Found 2 results")),
                event("response.output_item.done", 6, done));
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        ObjectNode delta = at(wanted, answer).put("delta", answer.text().substring(from, to));
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
        ObjectNode done = Json.object().put("output_index", textIndex(wanted));
        done.set("item", message(answer));
        String terminal = answer.cutByLimit() ? "response.incomplete" : "response.completed";
        return Json.join(
                text,
                event("response.output_text.done", number, at(wanted, answer).put("text", answer.text())),
                event("response.output_item.done", number + 1, done),
                event(terminal, number + 2, wrap(finished(wanted, answer))));
    }

    private static ObjectNode finished(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode response = response(answer, answer.cutByLimit() ? "incomplete" : "completed")
                .put("completed_at", answer.createdAt().getEpochSecond());
        if (answer.cutByLimit()) {
            response.set("incomplete_details", Json.object().put("reason", "max_output_tokens"));
        }
        ArrayNode output = Json.array();
        if (wanted.searches() > 0) {
            output.add(searchResults());
        }
        response.set("output", output.add(message(answer)));
        if (!wanted.stream() || wanted.usageInStream()) {
            response.set("usage", usage(wanted, answer));
        } else {
            response.putNull("usage");
        }
        return response;
    }

    private static ObjectNode usage(Wanted.Chat wanted, ChatAnswer answer) {
        TokenCounts counts = answer.counts();
        Bill bill = answer.bill();
        ObjectNode cost = Json.object()
                .put("currency", "USD")
                .put("input_cost", Bill.usd(bill.input()))
                .put("output_cost", Bill.usd(bill.output()))
                .put("cache_read_cost", Bill.usd(bill.cacheRead()));
        if (bill.cacheWrite() > 0) {
            cost.put("cache_creation_cost", Bill.usd(bill.cacheWrite()));
        }
        if (bill.request() > 0) {
            cost.put("request_cost", Bill.usd(bill.request()));
        }
        ObjectNode usage = Json.object().put("input_tokens", counts.prompt());
        usage.set(
                "input_tokens_details",
                Json.object()
                        .put("cache_creation_input_tokens", counts.cacheWrite())
                        .put("cache_read_input_tokens", counts.cacheRead())
                        .put("cached_tokens", counts.cacheRead()));
        usage.put("output_tokens", counts.output());
        usage.set("output_tokens_details", Json.object().put("reasoning_tokens", counts.reasoning()));
        usage.put("total_tokens", counts.prompt() + counts.output());
        if (wanted.searches() > 0) {
            cost.put("tool_calls_cost", Bill.usd(bill.searches()));
            cost.set("tool_calls_cost_details", Json.object().put("search_web", Bill.usd(bill.searches())));
            ObjectNode tools = Json.object();
            tools.set(
                    "search_web",
                    Json.object().put("cost_usd", Bill.usd(bill.searches())).put("invocation", wanted.searches()));
            usage.set("tool_calls_details", tools);
        }
        usage.set("cost", cost.put("total_cost", Bill.usd(bill.total())));
        return usage;
    }

    private static ObjectNode response(ChatAnswer answer, String status) {
        return Json.object()
                .put("id", answer.ids().uuid("resp_"))
                .put("object", "response")
                .put("created_at", answer.createdAt().getEpochSecond())
                .putNull("completed_at")
                .put("model", answer.model())
                .put("status", status)
                .putNull("error")
                .putNull("incomplete_details")
                .put("background", false)
                .putNull("previous_response_id");
    }

    private static ObjectNode message(ChatAnswer answer) {
        ObjectNode text = Json.object().put("text", answer.text()).put("type", "output_text");
        text.set("annotations", Json.array());
        ObjectNode message = item(answer);
        message.set("content", Json.array(text));
        return message;
    }

    private static ObjectNode item(ChatAnswer answer) {
        return Json.object()
                .put("id", answer.ids().uuid("msg_"))
                .put("role", "assistant")
                .put("status", "completed")
                .put("type", "message");
    }

    private static ObjectNode searchResults() {
        ObjectNode item = Json.object().put("type", "search_results");
        item.set("queries", Json.array().add("handbook"));
        item.set("results", results());
        return item;
    }

    private static ArrayNode results() {
        return Json.array(result(1, "The handbook").put("date", "2026-01-15"), result(2, "Notes on the handbook"));
    }

    private static ObjectNode result(int id, String title) {
        return Json.object()
                .put("id", id)
                .put("last_updated", "2026-09-25")
                .put("snippet", "The handbook describes how the parts work together.")
                .put("source", "web")
                .put("title", title)
                .put("url", "https://example.com/handbook/" + id);
    }

    private static int textIndex(Wanted.Chat wanted) {
        return wanted.searches() > 0 ? 1 : 0;
    }

    private static ObjectNode at(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.object()
                .put("content_index", 0)
                .put("item_id", answer.ids().uuid("msg_"))
                .put("output_index", textIndex(wanted));
    }

    private static ObjectNode wrap(JsonNode response) {
        ObjectNode event = Json.object();
        event.set("response", response);
        return event;
    }

    private static byte[] event(String type, int number, ObjectNode data) {
        return Json.event("", data.put("sequence_number", number).put("type", type), "", "\n");
    }
}
