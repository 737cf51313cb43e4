package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.provider.http.reading.WebCitationReader;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Appends the output items of a response, each part once: what came in deltas is not appended again when the finished item
 * repeats it. Items of other kinds than text, reasoning and calls are passed over.
 */
final class OpenAiResponsesItemReader {

    private static final String BETWEEN_PARAGRAPHS = "\n\n";

    private final Exchange exchange;
    private final Map<Integer, Integer> appended = new HashMap<>();
    private boolean refused;
    private boolean newParagraph;

    OpenAiResponsesItemReader(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether the model refused with a text of its own. */
    boolean isRefused() {
        return refused;
    }

    void appendText(int index, String delta) {
        count(index, delta);
        exchange.appendText(delta);
    }

    void appendRefusal(int index, String delta) {
        refused = true;
        appendText(index, delta);
    }

    void appendReasoning(int index, String delta) {
        boolean isNext = newParagraph && !delta.isEmpty();
        String text = isNext && appended.containsKey(index) ? BETWEEN_PARAGRAPHS + delta : delta;
        newParagraph &= !isNext;
        count(index, text);
        exchange.appendReasoning(text);
    }

    /** Reasoning has several parts, which are paragraphs; an empty one is none. */
    void startReasoning() {
        newParagraph = true;
    }

    void appendToolCall(int index, String id, String name, String arguments) {
        count(index, arguments);
        exchange.appendToolCall(index, id, name, arguments);
    }

    /** An item has begun. */
    void begin(int index, JsonNode item) {
        if (item.path("type").asText("").equals("function_call")) {
            appendToolCall(
                    index, item.path("call_id").asText(""), item.path("name").asText(""), "");
        }
    }

    /** Appends what is missing of an item that is complete. */
    void finish(int index, JsonNode item) {
        switch (item.path("type").asText("")) {
            case "message" -> finishMessage(index, item.path("content"));
            case "reasoning" -> {
                newParagraph = false;
                appendReasoning(index, remainder(index, reasoning(item)));
                exchange.signReasoning(item.path("encrypted_content").asText(""));
            }
            case "function_call" ->
                appendToolCall(
                        index,
                        item.path("call_id").asText(""),
                        item.path("name").asText(""),
                        remainder(index, item.path("arguments").asText("")));
            default -> {}
        }
    }

    private static String reasoning(JsonNode item) {
        StringJoiner paragraphs = new StringJoiner(BETWEEN_PARAGRAPHS);
        for (String field : new String[] {"summary", "content"}) {
            for (JsonNode part : item.path(field)) {
                String text = part.path("text").asText("");
                if (!text.isEmpty()) {
                    paragraphs.add(text);
                }
            }
        }
        return paragraphs.toString();
    }

    private void finishMessage(int index, JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText(""));
            String refusal = part.path("refusal").asText("");
            refused |= !refusal.isEmpty();
            text.append(refusal);
            part.path("annotations").forEach(source -> WebCitationReader.cite(source, exchange));
        }
        appendText(index, remainder(index, text.toString()));
    }

    private String remainder(int index, String whole) {
        return whole.substring(Math.min(whole.length(), appended.getOrDefault(index, 0)));
    }

    private void count(int index, String delta) {
        if (!delta.isEmpty()) {
            appended.merge(index, delta.length(), Integer::sum);
        }
    }
}
