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
 * {@code [DONE]}; only the last event has the request fee. What a model thinks stands at the start of the text.
 */
final class PerplexitySonarAnswerWriter implements ChatAnswerWriter {

    @Override
    public CallCost bill(SimulatedPrices prices, TokenCounts counts) {
        return CallCost.exact(prices, counts).rounded();
    }

    @Override
    public byte[] plain(ParsedRequest.Chat wanted, ChatAnswer answer) {
        String text = answer.reasoning().isEmpty() ? "" : Writer.OPEN + answer.reasoning() + Writer.CLOSE;
        return SimulatorJson.bytes(
                body(wanted, answer, "chat.completion", text + answer.text(), "", answer.counts(), true));
    }

    @Override
    public AnswerStreamWriter stream(ParsedRequest.Chat wanted, ChatAnswer answer) {
        return new Writer(wanted, answer);
    }

    private ObjectNode body(
            ParsedRequest.Chat wanted,
            ChatAnswer answer,
            String object,
            String whole,
            String piece,
            TokenCounts counts,
            boolean last) {
        ObjectNode body = SimulatorJson.object()
                .put("id", answer.ids().uuid(""))
                .put("model", answer.model())
                .put("created", answer.createdAt().getEpochSecond());
        body.set("usage", usage(wanted, counts, last));
        ArrayNode citations = body.putArray("citations");
        ArrayNode results = body.putArray("search_results");
        CitedSource.FOUND.forEach(source -> {
            citations.add(source.url());
            results.add(result(source));
        });
        ObjectNode choice = SimulatorJson.object().put("index", 0);
        choice.set("message", SimulatorJson.object().put("role", "assistant").put("content", whole));
        choice.set("delta", SimulatorJson.object().put("role", "assistant").put("content", piece));
        if (last) {
            choice.put("finish_reason", answer.cutByLimit() ? "length" : "stop");
        }
        body.put("object", object).set("choices", SimulatorJson.array(choice));
        return body;
    }

    private ObjectNode usage(ParsedRequest.Chat wanted, TokenCounts counts, boolean last) {
        CallCost bill = bill(wanted.model().prices(), counts);
        ObjectNode cost = SimulatorJson.object()
                .put("input_tokens_cost", CallCost.usd(bill.input()))
                .put("output_tokens_cost", CallCost.usd(bill.output()));
        if (last) {
            cost.put("request_cost", CallCost.usd(bill.request()));
        }
        cost.put("total_cost", CallCost.usd(last ? bill.total() : bill.input() + bill.output()));
        ObjectNode usage = SimulatorJson.object()
                .put("prompt_tokens", counts.prompt())
                .put("completion_tokens", counts.output())
                .put("total_tokens", counts.prompt() + counts.output())
                .put("search_context_size", "low");
        if (counts.reasoning() > 0) {
            usage.put("reasoning_tokens", counts.reasoning());
        }
        usage.set("cost", cost);
        return usage;
    }

    /** Not every source has a date. */
    private static ObjectNode result(CitedSource source) {
        ObjectNode result = SimulatorJson.object()
                .put("title", source.title())
                .put("url", source.url())
                .put("last_updated", "2026-06-08")
                .put("snippet", source.quote())
                .put("source", "web");
        return source.mark() == 1 ? result.put("date", "2026-01-15") : result;
    }

    /** One stream, which remembers what it has said. */
    private final class Writer implements AnswerStreamWriter {

        static final String OPEN = "<think>";
        static final String CLOSE = "</think>\n\n";

        private final ParsedRequest.Chat wanted;
        private final ChatAnswer answer;
        private final StringBuilder said = new StringBuilder();
        private int thought;
        private int told;

        Writer(ParsedRequest.Chat wanted, ChatAnswer answer) {
            this.wanted = wanted;
            this.answer = answer;
        }

        @Override
        public byte[] open() {
            return new byte[0];
        }

        @Override
        public byte[] reasoning(Piece piece) {
            thought += piece.text().length();
            return chunk((piece.first() ? OPEN : "") + piece.text() + (piece.last() ? CLOSE : ""));
        }

        @Override
        public byte[] text(Piece piece) {
            told += piece.text().length();
            return chunk(piece.text());
        }

        @Override
        public byte[] call(int index, ToolCall call, Piece arguments) {
            throw new IllegalStateException("Sonar Chat has no tools");
        }

        @Override
        public byte[] close() {
            ObjectNode last = body(wanted, answer, "chat.completion.done", said.toString(), "", answer.counts(), true);
            return SimulatorJson.event("", last, "", "\r\n");
        }

        @Override
        public byte[] fail(JsonNode error) {
            return SimulatorJson.event("", error, "", "\r\n");
        }

        private byte[] chunk(String piece) {
            said.append(piece);
            TokenCounts soFar = answer.counts().withOutput(TokenCounts.of(told), TokenCounts.of(thought));
            ObjectNode body = body(wanted, answer, "chat.completion.chunk", said.toString(), piece, soFar, false);
            return SimulatorJson.event("", body, "", "\r\n");
        }
    }
}
