package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.Citation;
import dev.architect.model.StopReason;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.UsageReader;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.UsageBucket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads whole answers, and the parts that streams have in common with them. */
final class ClaudeResponseReader {

    private ClaudeResponseReader() {}

    static ProviderAnswer read(JsonNode message, Exchange exchange) {
        if (message.path("type").asText("").equals("error")) {
            throw ClaudeErrorReader.inAnswer(message, exchange);
        }
        // Before the content is read: a failure there is priced by the model that answered.
        exchange.reportModel(message.path("model").asText(""));
        JsonNode content = message.path("content");
        if (!content.isArray()) {
            throw exchange.protocolFailure("answer has no content");
        }
        int index = 0;
        for (JsonNode block : content) {
            add(index++, block, exchange);
        }
        return answer(message.path("stop_reason"), message.path("usage"), exchange);
    }

    static ProviderAnswer answer(JsonNode stopReason, JsonNode counts, Exchange exchange) {
        report(counts, exchange);
        return exchange.answer(stopReason(stopReason.asText(""), exchange)).build();
    }

    /** The counts name the tier and the region too. Fast mode is billed as a tier of its own, and named apart. */
    static void report(JsonNode counts, Exchange exchange) {
        exchange.reportUsage(usage(counts));
        boolean fast = counts.path("speed").asText("").equals("fast");
        exchange.reportServiceTier(fast ? "fast" : counts.path("service_tier").asText(""));
        exchange.reportRegion(counts.path("inference_geo").asText(""));
    }

    /** Adds a block, or the beginning of one. Blocks of a later version, and of tools that Claude's own side runs, are passed over. */
    static void add(int index, JsonNode block, Exchange exchange) {
        switch (block.path("type").asText("")) {
            case "text" -> {
                exchange.appendText(block.path("text").asText(""));
                block.path("citations").forEach(citation -> cite(citation, exchange));
            }
            case "thinking" -> {
                exchange.appendReasoning(block.path("thinking").asText(""));
                exchange.signReasoning(block.path("signature").asText(""));
            }
            case "redacted_thinking" ->
                exchange.signReasoning(
                        ClaudeContentWriter.REDACTED + block.path("data").asText(""));
            case "tool_use" -> {
                JsonNode input = block.path("input");
                exchange.appendToolCall(
                        index,
                        block.path("id").asText(""),
                        block.path("name").asText(""),
                        // The beginning of a streamed call has an empty object here, whose text would stand before its
                        // deltas.
                        input.isEmpty() ? "" : input.toString());
            }
            default -> {
                // Nothing that belongs to the answer.
            }
        }
    }

    /** A source on the web has a title and an address, one of the request's documents a title of its own. */
    static void cite(JsonNode citation, Exchange exchange) {
        String title =
                citation.path("title").asText(citation.path("document_title").asText(""));
        exchange.addCitation(new Citation(
                "",
                title,
                Optional.ofNullable(textOrNull(citation.path("url"))),
                Optional.ofNullable(textOrNull(citation.path("cited_text")))));
    }

    private static @Nullable String textOrNull(JsonNode text) {
        return text.asText("").isEmpty() ? null : text.asText();
    }

    /** Claude counts cached tokens apart from {@code input_tokens}, and thinking as part of {@code output_tokens}. */
    static UsageReader usage(JsonNode counts) {
        JsonNode writes = counts.path("cache_creation");
        JsonNode tools = counts.path("server_tool_use");
        UsageReader usage = new UsageReader()
                .put(UsageBucket.INPUT, counts.path("input_tokens"))
                .put(UsageBucket.CACHE_READ, counts.path("cache_read_input_tokens"))
                .put(UsageBucket.OUTPUT, counts.path("output_tokens"))
                .put(
                        UsageBucket.REASONING_IN_OUTPUT,
                        counts.path("output_tokens_details").path("thinking_tokens"))
                .put(UsageBucket.WEB_SEARCH, tools.path("web_search_requests"))
                .put(UsageBucket.WEB_FETCH, tools.path("web_fetch_requests"));
        // Only newer answers split cache writes by lifetime, which have different prices.
        if (!writes.isObject()) {
            return usage.put(UsageBucket.CACHE_WRITE, counts.path("cache_creation_input_tokens"));
        }
        return usage.put(UsageBucket.CACHE_WRITE_5M, writes.path("ephemeral_5m_input_tokens"))
                .put(UsageBucket.CACHE_WRITE_1H, writes.path("ephemeral_1h_input_tokens"))
                .putRestIfAny(
                        UsageBucket.CACHE_WRITE,
                        counts.path("cache_creation_input_tokens"),
                        UsageBucket.CACHE_WRITE_5M,
                        UsageBucket.CACHE_WRITE_1H);
    }

    private static StopReason stopReason(String name, Exchange exchange) {
        return switch (name) {
            case "end_turn" -> StopReason.COMPLETE;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> StopReason.LENGTH;
            case "tool_use" -> StopReason.TOOL_CALLS;
            // compaction is of a beta: the answer so far was summed up, and goes on when the summary is sent back.
            case "pause_turn", "compaction" -> StopReason.PAUSED;
            case "refusal" -> StopReason.REFUSED;
            default -> exchange.unknownStopReason(name);
        };
    }
}
