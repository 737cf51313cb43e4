package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.cost.Money;
import dev.architect.model.StopReason;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.StopWordReader;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import org.jspecify.annotations.Nullable;

/** Reads the response that a whole answer is, and that a stream ends with. The model it names is the one that is billed. */
final class PerplexityResponseReader {

    private PerplexityResponseReader() {}

    /**
     * Returns the answer whose content was already taken, or fails as the response's status requires.
     *
     * @param calls whether the content has tool calls
     */
    static ProviderAnswer read(JsonNode response, Exchange exchange, boolean calls) {
        report(response, exchange);
        return exchange.answer(stopReason(response, exchange, calls))
                .requestId(exchange.requestIdOr(response.path("id")))
                .build();
    }

    /** Reports what a response has beside its content, as far as it has it already. */
    static void report(JsonNode response, Exchange exchange) {
        exchange.reportModel(response.path("model").asText(""));
        exchange.reportServiceTier(response.path("service_tier").asText(""));
        exchange.reportUsage(usage(response.path("usage")));
        exchange.reportCost(statedCost(response.path("usage").path("cost")));
    }

    /** All texts of the messages among {@code items}, in order. */
    static String text(JsonNode items) {
        StringBuilder text = new StringBuilder();
        items.forEach(item -> text.append(itemText(item)));
        return text.toString();
    }

    /** The text of a message; other items have none. */
    static String itemText(JsonNode item) {
        StringBuilder text = new StringBuilder();
        if (item.path("type").asText("").equals("message")) {
            item.path("content").forEach(part -> text.append(partText(part)));
        }
        return text.toString();
    }

    /** The text of a part of a message; parts of other kinds have none that belongs to the answer. */
    static String partText(JsonNode part) {
        return part.path("type").asText("").equals("output_text")
                ? part.path("text").asText("")
                : "";
    }

    /** Perplexity counts cached tokens as part of {@code input_tokens}, and reasoning as part of {@code output_tokens}. */
    static UsageReader usage(JsonNode counts) {
        JsonNode input = counts.path("input_tokens_details");
        JsonNode tools = counts.path("tool_calls_details");
        return new UsageReader()
                .put(UsageBucket.CACHE_READ, input.path("cached_tokens"))
                // The same count under its second name; where both are given they replace each other.
                .put(UsageBucket.CACHE_READ, input.path("cache_read_input_tokens"))
                .put(UsageBucket.CACHE_WRITE, input.path("cache_creation_input_tokens"))
                .putRest(
                        UsageBucket.INPUT, counts.path("input_tokens"), UsageBucket.CACHE_READ, UsageBucket.CACHE_WRITE)
                .put(UsageBucket.OUTPUT, counts.path("output_tokens"))
                .put(
                        UsageBucket.REASONING_IN_OUTPUT,
                        counts.path("output_tokens_details").path("reasoning_tokens"))
                .put(UsageBucket.WEB_SEARCH, tools.path("search_web").path("invocation"))
                .put(UsageBucket.WEB_FETCH, tools.path("fetch_url").path("invocation"));
    }

    private static StopReason stopReason(JsonNode response, Exchange exchange, boolean calls) {
        String status = response.path("status").asText("");
        return switch (status) {
            case "completed" -> StopReason.COMPLETE;
            // Without a call there is nothing that the caller could do: the run of Perplexity's own tools has paused.
            case "requires_action" -> calls ? StopReason.TOOL_CALLS : StopReason.PAUSED;
            case "incomplete" ->
                StopWordReader.read(
                        response.path("incomplete_details").path("reason").asText(""), exchange);
            case "failed", "cancelled" ->
                throw exchange.failure(PerplexityErrorReader.inAnswer(response.path("error")))
                        .build();
            case "queued", "in_progress", "" -> throw exchange.protocolFailure("answer is not finished");
            default -> exchange.unknownStopReason(status);
        };
    }

    /** The cost in dollars that the response states; null when it states none, or one that is not an amount. */
    static @Nullable Money statedCost(JsonNode cost) {
        JsonNode total = cost.path("total_cost");
        if (!total.isNumber()
                || total.decimalValue().signum() < 0
                || !cost.path("currency").asText("USD").equals("USD")) {
            return null;
        }
        try {
            return Money.ofUsd(total.decimalValue());
        } catch (ArithmeticException notAnAmount) {
            // Not a failure of the call: the ledger computes the cost from the counts instead.
            return null;
        }
    }
}
