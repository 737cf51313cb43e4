package dev.architect.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Answers of the older Sonar Chat Completions: CRLF, citations repeated in every event, cumulative usage, no
 * {@code [DONE]}; only the last event has the request fee.
 */
final class PerplexitySonarFormat implements PieceFormat {

    @Override
    public Bill bill(SimulatedPrices prices, TokenCounts counts) {
        return Bill.exact(prices, counts).rounded();
    }

    @Override
    public byte[] plain(Wanted.Chat wanted, ChatAnswer answer) {
        return Json.bytes(body(wanted, answer, "chat.completion", answer.text(), "", answer.counts(), true));
    }

    @Override
    public byte[] open(Wanted.Chat wanted, ChatAnswer answer) {
        return new byte[0];
    }

    @Override
    public byte[] piece(Wanted.Chat wanted, ChatAnswer answer, int index, int from, int to) {
        TokenCounts soFar = answer.counts().withText(TokenCounts.of(to));
        ObjectNode body = body(
                wanted,
                answer,
                "chat.completion.chunk",
                answer.text().substring(0, to),
                answer.text().substring(from, to),
                soFar,
                false);
        return Json.event("", body, "", "\r\n");
    }

    @Override
    public byte[] close(Wanted.Chat wanted, ChatAnswer answer, int index, int from) {
        byte[] text = from < answer.text().length()
                ? piece(wanted, answer, index, from, answer.text().length())
                : new byte[0];
        ObjectNode last = body(wanted, answer, "chat.completion.done", answer.text(), "", answer.counts(), true);
        return Json.join(text, Json.event("", last, "", "\r\n"));
    }

    @Override
    public byte[] fail(Wanted.Chat wanted, ChatAnswer answer, int index, int from, JsonNode error) {
        return Json.event("", error, "", "\r\n");
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
        body.set("citations", Json.array().add("https://example.com/handbook/1").add("https://example.com/handbook/2"));
        body.set("search_results", searchResults());
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
        usage.set("cost", cost);
        return usage;
    }

    private static ArrayNode searchResults() {
        return Json.array(result(1).put("date", "2026-01-15"), result(2));
    }

    private static ObjectNode result(int number) {
        return Json.object()
                .put("title", "The handbook, part " + number)
                .put("url", "https://example.com/handbook/" + number)
                .put("last_updated", "2026-06-08")
                .put("snippet", "The handbook describes how the parts work together.")
                .put("source", "web");
    }
}
