package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.CitedSource;
import dev.architect.simulator.answer.ReasoningSignature;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;

/** Answers of the Perplexity Agent API: a list of items, search results before the text, usage with its cost. */
final class PerplexityAgentAnswerWriter implements ChatAnswerWriter {

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        return SimulatorJson.bytes(finished(request, answer));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new PerplexityAgentAnswerStreamWriter(request, answer);
    }

    @Override
    public boolean argumentsInChunks() {
        return false;
    }

    @Override
    public String callId(ResponseIds ids, int index) {
        String prefix = "call" + index + "_";
        return "call_" + ids.uuid(prefix).substring(prefix.length());
    }

    @Override
    public CallCost cost(SimulatedPrices prices, TokenCounts counts) {
        return CallCost.of(prices, counts).roundedToFiveDecimals();
    }

    static ObjectNode finished(ParsedRequest.Chat request, ChatAnswer answer) {
        ObjectNode response = response(answer, answer.truncated() ? "incomplete" : "completed")
                .put("completed_at", answer.createdAt().getEpochSecond());
        if (answer.truncated()) {
            response.set("incomplete_details", SimulatorJson.object().put("reason", "max_output_tokens"));
        }
        ArrayNode output = SimulatorJson.array();
        if (request.searches() > 0) {
            output.add(searchResults());
        }
        if (!answer.text().isEmpty()) {
            output.add(message(answer));
        }
        answer.calls().forEach(call -> output.add(call(request, answer, call)));
        response.set("output", output);
        if (!request.stream() || request.usageInStream()) {
            response.set("usage", usage(request, answer));
        } else {
            response.putNull("usage");
        }
        return response;
    }

    /** A call of one of the caller's tools; signed when the model reasons. */
    static ObjectNode call(ParsedRequest.Chat request, ChatAnswer answer, ToolCall call) {
        ObjectNode item = SimulatorJson.object()
                .put("arguments", call.json())
                .put("call_id", call.id())
                .put("id", answer.ids().uuid("fc_" + call.name() + "_"))
                .put("name", call.name())
                .put("status", "completed")
                .put("type", "function_call");
        String signed = PerplexityAgentRequestInputReader.signed(call.id(), call.name(), call.json());
        return request.reasons() ? item.put("thought_signature", ReasoningSignature.of(signed)) : item;
    }

    private static ObjectNode usage(ParsedRequest.Chat request, ChatAnswer answer) {
        TokenCounts counts = answer.counts();
        CallCost cost = answer.cost();
        ObjectNode stated = SimulatorJson.object()
                .put("currency", "USD")
                .put("input_cost", CallCost.usd(cost.input()))
                .put("output_cost", CallCost.usd(cost.output()))
                .put("cache_read_cost", CallCost.usd(cost.cacheRead()));
        if (cost.cacheWrite() > 0) {
            stated.put("cache_creation_cost", CallCost.usd(cost.cacheWrite()));
        }
        if (cost.request() > 0) {
            stated.put("request_cost", CallCost.usd(cost.request()));
        }
        ObjectNode usage = SimulatorJson.object().put("input_tokens", counts.prompt());
        usage.set(
                "input_tokens_details",
                SimulatorJson.object()
                        .put("cache_creation_input_tokens", counts.cacheWrite())
                        .put("cache_read_input_tokens", counts.cacheRead())
                        .put("cached_tokens", counts.cacheRead()));
        usage.put("output_tokens", counts.output());
        usage.set("output_tokens_details", SimulatorJson.object().put("reasoning_tokens", counts.reasoning()));
        usage.put("total_tokens", counts.prompt() + counts.output());
        if (request.searches() > 0) {
            stated.put("tool_calls_cost", CallCost.usd(cost.searches()));
            stated.set(
                    "tool_calls_cost_details", SimulatorJson.object().put("search_web", CallCost.usd(cost.searches())));
            ObjectNode tools = SimulatorJson.object();
            tools.set(
                    "search_web",
                    SimulatorJson.object()
                            .put("cost_usd", CallCost.usd(cost.searches()))
                            .put("invocation", request.searches()));
            usage.set("tool_calls_details", tools);
        }
        usage.set("cost", stated.put("total_cost", CallCost.usd(cost.total())));
        return usage;
    }

    static ObjectNode response(ChatAnswer answer, String status) {
        return SimulatorJson.object()
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
        ObjectNode text = SimulatorJson.object().put("text", answer.text()).put("type", "output_text");
        text.set("annotations", SimulatorJson.array());
        ObjectNode message = item(answer);
        message.set("content", SimulatorJson.array(text));
        return message;
    }

    static ObjectNode item(ChatAnswer answer) {
        return SimulatorJson.object()
                .put("id", answer.ids().uuid("msg_"))
                .put("role", "assistant")
                .put("status", "completed")
                .put("type", "message");
    }

    static ObjectNode searchResults() {
        ObjectNode item = SimulatorJson.object().put("type", "search_results");
        item.set("queries", SimulatorJson.array().add("handbook"));
        item.set("results", results());
        return item;
    }

    static ArrayNode results() {
        ArrayNode results = SimulatorJson.array();
        CitedSource.FOUND.forEach(source -> results.add(result(source)));
        return results;
    }

    /** Only the first source has a date, because clients must expect sources without one. */
    private static ObjectNode result(CitedSource source) {
        ObjectNode result = SimulatorJson.object()
                .put("id", source.number())
                .put("last_updated", "2026-09-25")
                .put("snippet", source.quote())
                .put("source", "web")
                .put("title", source.title())
                .put("url", source.url());
        return source.number() == 1 ? result.put("date", "2026-01-15") : result;
    }
}
