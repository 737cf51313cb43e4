package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.answer.CallCost;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.CitedSource;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.SimulatedPrices;
import dev.architect.simulator.wire.AnswerStreamWriter;
import dev.architect.simulator.wire.ChatAnswerWriter;
import dev.architect.simulator.wire.ParsedRequest;

/**
 * Answers of the older Sonar Chat Completions: CRLF, citations repeated in every event, cumulative usage, no
 * {@code [DONE]}; only the last event has the request fee. Reasoning is put at the start of the text.
 */
final class PerplexitySonarAnswerWriter implements ChatAnswerWriter {

    @Override
    public CallCost cost(SimulatedPrices prices, TokenCounts counts) {
        return CallCost.of(prices, counts).roundedToFiveDecimals();
    }

    @Override
    public byte[] whole(ParsedRequest.Chat request, ChatAnswer answer) {
        String text = answer.reasoning().isEmpty() ? "" : Writer.OPEN + answer.reasoning() + Writer.CLOSE;
        return SimulatorJson.bytes(
                body(request, answer, "chat.completion", text + answer.text(), "", answer.counts(), true));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat request, ChatAnswer answer) {
        return new Writer(request, answer);
    }

    private ObjectNode body(
            ParsedRequest.Chat request,
            ChatAnswer answer,
            String object,
            String whole,
            String chunk,
            TokenCounts counts,
            boolean last) {
        ObjectNode body = SimulatorJson.object()
                .put("id", answer.ids().uuid(""))
                .put("model", answer.model())
                .put("created", answer.createdAt().getEpochSecond());
        body.set("usage", usage(request, counts, last));
        ArrayNode citations = body.putArray("citations");
        ArrayNode results = body.putArray("search_results");
        CitedSource.FOUND.forEach(source -> {
            citations.add(source.url());
            results.add(result(source));
        });
        ObjectNode choice = SimulatorJson.object().put("index", 0);
        choice.set("message", SimulatorJson.object().put("role", "assistant").put("content", whole));
        choice.set("delta", SimulatorJson.object().put("role", "assistant").put("content", chunk));
        if (last) {
            choice.put("finish_reason", answer.truncated() ? "length" : "stop");
        }
        body.put("object", object).set("choices", SimulatorJson.array(choice));
        return body;
    }

    private ObjectNode usage(ParsedRequest.Chat request, TokenCounts counts, boolean last) {
        CallCost cost = cost(request.model().prices(), counts);
        ObjectNode stated = SimulatorJson.object()
                .put("input_tokens_cost", CallCost.usd(cost.input()))
                .put("output_tokens_cost", CallCost.usd(cost.output()));
        if (last) {
            stated.put("request_cost", CallCost.usd(cost.request()));
        }
        stated.put("total_cost", CallCost.usd(last ? cost.total() : cost.input() + cost.output()));
        ObjectNode usage = SimulatorJson.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output())
                .put("search_context_size", "low");
        if (counts.reasoning() > 0) {
            usage.put("reasoning_tokens", counts.reasoning());
        }
        usage.set("cost", stated);
        return usage;
    }

    /** Only the first source has a date, because clients must expect sources without one. */
    private static ObjectNode result(CitedSource source) {
        ObjectNode result = SimulatorJson.object()
                .put("title", source.title())
                .put("url", source.url())
                .put("last_updated", "2026-06-08")
                .put("snippet", source.quote())
                .put("source", "web");
        return source.number() == 1 ? result.put("date", "2026-01-15") : result;
    }

    /** Writes one stream; keeps the text sent so far, which every event repeats. */
    private final class Writer implements AnswerStreamWriter {

        static final String OPEN = "<think>";
        static final String CLOSE = "</think>\n\n";

        private final ParsedRequest.Chat request;
        private final ChatAnswer answer;
        private final StringBuilder sent = new StringBuilder();
        private int reasoningCharacters;
        private int textCharacters;

        Writer(ParsedRequest.Chat request, ChatAnswer answer) {
            this.request = request;
            this.answer = answer;
        }

        @Override
        public byte[] open() {
            return new byte[0];
        }

        @Override
        public byte[] reasoning(Chunk chunk) {
            reasoningCharacters += chunk.text().length();
            return chunk((chunk.first() ? OPEN : "") + chunk.text() + (chunk.last() ? CLOSE : ""));
        }

        @Override
        public byte[] text(Chunk chunk) {
            textCharacters += chunk.text().length();
            return chunk(chunk.text());
        }

        @Override
        public byte[] call(int index, ToolCall call, Chunk arguments) {
            throw new IllegalStateException("Sonar Chat has no tools");
        }

        @Override
        public byte[] close() {
            ObjectNode last = body(request, answer, "chat.completion.done", sent.toString(), "", answer.counts(), true);
            return SimulatorJson.event("", last, "", "\r\n");
        }

        @Override
        public byte[] fail(JsonNode error) {
            return SimulatorJson.event("", error, "", "\r\n");
        }

        private byte[] chunk(String chunk) {
            sent.append(chunk);
            TokenCounts soFar =
                    answer.counts().withOutput(TokenCounts.of(textCharacters), TokenCounts.of(reasoningCharacters));
            ObjectNode body = body(request, answer, "chat.completion.chunk", sent.toString(), chunk, soFar, false);
            return SimulatorJson.event("", body, "", "\r\n");
        }
    }
}
