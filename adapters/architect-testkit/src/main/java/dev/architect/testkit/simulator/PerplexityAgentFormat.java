package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers of the Perplexity Agent API: a list of items, search results before the text, usage with its cost. */
final class PerplexityAgentFormat implements ChatFormat {

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.bytes(finished(wanted, answer));
    }

    @Override
    public AnswerStream stream(Wanted.Chat wanted, ChatAnswer answer) {
        return new PerplexityAgentStream(wanted, answer);
    }

    @Override
    public boolean argumentsInPieces() {
        return false;
    }

    @Override
    public String callId(Ids ids, int index) {
        String prefix = "call" + index + "_";
        return "call_" + ids.uuid(prefix).substring(prefix.length());
    }

    @Override
    public Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts).rounded();
    }

    static ObjectNode finished(Wanted.Chat wanted, ChatAnswer answer) {
        ObjectNode response = response(answer, answer.cutByLimit() ? "incomplete" : "completed")
                .put("completed_at", answer.createdAt().getEpochSecond());
        if (answer.cutByLimit()) {
            response.set("incomplete_details", Json.object().put("reason", "max_output_tokens"));
        }
        ArrayNode output = Json.array();
        if (wanted.searches() > 0) {
            output.add(searchResults());
        }
        if (!answer.text().isEmpty()) {
            output.add(message(answer));
        }
        answer.calls().forEach(call -> output.add(call(wanted, answer, call)));
        response.set("output", output);
        if (!wanted.stream() || wanted.usageInStream()) {
            response.set("usage", usage(wanted, answer));
        } else {
            response.putNull("usage");
        }
        return response;
    }

    /** A call of a tool of the caller; a model that thinks signs it. */
    static ObjectNode call(Wanted.Chat wanted, ChatAnswer answer, ToolCall call) {
        ObjectNode item = Json.object()
                .put("arguments", call.json())
                .put("call_id", call.id())
                .put("id", answer.ids().uuid("fc_" + call.name() + "_"))
                .put("name", call.name())
                .put("status", "completed")
                .put("type", "function_call");
        String signed = PerplexityAgentInput.signed(call.id(), call.name(), call.json());
        return wanted.reasons() ? item.put("thought_signature", Proof.sealed(signed)) : item;
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

    static ObjectNode response(ChatAnswer answer, String status) {
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

    static ObjectNode message(ChatAnswer answer) {
        ObjectNode text = Json.object().put("text", answer.text()).put("type", "output_text");
        text.set("annotations", Json.array());
        ObjectNode message = item(answer);
        message.set("content", Json.array(text));
        return message;
    }

    static ObjectNode item(ChatAnswer answer) {
        return Json.object()
                .put("id", answer.ids().uuid("msg_"))
                .put("role", "assistant")
                .put("status", "completed")
                .put("type", "message");
    }

    static ObjectNode searchResults() {
        ObjectNode item = Json.object().put("type", "search_results");
        item.set("queries", Json.array().add("handbook"));
        item.set("results", results());
        return item;
    }

    static ArrayNode results() {
        ArrayNode results = Json.array();
        CitedSource.FOUND.forEach(source -> results.add(result(source)));
        return results;
    }

    /** Not every source has a date. */
    private static ObjectNode result(CitedSource source) {
        ObjectNode result = Json.object()
                .put("id", source.mark())
                .put("last_updated", "2026-09-25")
                .put("snippet", source.quote())
                .put("source", "web")
                .put("title", source.title())
                .put("url", source.url());
        return source.mark() == 1 ? result.put("date", "2026-01-15") : result;
    }
}
