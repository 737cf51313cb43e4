package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Answers of the older Sonar Chat Completions: CRLF, citations repeated in every event, cumulative usage, no
 * {@code [DONE]}; only the last event has the request fee. What a model thinks stands at the start of the text.
 */
final class PerplexitySonarFormat implements ChatFormat {

    @Override
    public Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts).rounded();
    }

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        String text = answer.reasoning().isEmpty() ? "" : Writer.OPEN + answer.reasoning() + Writer.CLOSE;
        return Json.bytes(body(wanted, answer, "chat.completion", text + answer.text(), "", answer.counts(), true));
    }

    @Override
    public AnswerStream stream(Wanted.Chat wanted, ChatAnswer answer) {
        return new Writer(wanted, answer);
    }

    private ObjectNode body(
            Wanted.Chat wanted,
            ChatAnswer answer,
            String object,
            String whole,
            String piece,
            TokenCounts counts,
            boolean last) {
        ObjectNode body = Json.object()
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
        ObjectNode choice = Json.object().put("index", 0);
        choice.set("message", Json.object().put("role", "assistant").put("content", whole));
        choice.set("delta", Json.object().put("role", "assistant").put("content", piece));
        if (last) {
            choice.put("finish_reason", answer.cutByLimit() ? "length" : "stop");
        }
        body.put("object", object).set("choices", Json.array(choice));
        return body;
    }

    private ObjectNode usage(Wanted.Chat wanted, TokenCounts counts, boolean last) {
        Bill bill = bill(wanted.model().prices(), counts);
        ObjectNode cost = Json.object()
                .put("input_tokens_cost", Bill.usd(bill.input()))
                .put("output_tokens_cost", Bill.usd(bill.output()));
        if (last) {
            cost.put("request_cost", Bill.usd(bill.request()));
        }
        cost.put("total_cost", Bill.usd(last ? bill.total() : bill.input() + bill.output()));
        ObjectNode usage = Json.object()
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
        ObjectNode result = Json.object()
                .put("title", source.title())
                .put("url", source.url())
                .put("last_updated", "2026-06-08")
                .put("snippet", source.quote())
                .put("source", "web");
        return source.mark() == 1 ? result.put("date", "2026-01-15") : result;
    }

    /** One stream, which remembers what it has said. */
    private final class Writer implements AnswerStream {

        static final String OPEN = "<think>";
        static final String CLOSE = "</think>\n\n";

        private final Wanted.Chat wanted;
        private final ChatAnswer answer;
        private final StringBuilder said = new StringBuilder();
        private int thought;
        private int told;

        Writer(Wanted.Chat wanted, ChatAnswer answer) {
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
            return Json.event("", last, "", "\r\n");
        }

        @Override
        public byte[] fail(JsonNode error) {
            return Json.event("", error, "", "\r\n");
        }

        private byte[] chunk(String piece) {
            said.append(piece);
            TokenCounts soFar = answer.counts().withOutput(TokenCounts.of(told), TokenCounts.of(thought));
            ObjectNode body = body(wanted, answer, "chat.completion.chunk", said.toString(), piece, soFar, false);
            return Json.event("", body, "", "\r\n");
        }
    }
}
