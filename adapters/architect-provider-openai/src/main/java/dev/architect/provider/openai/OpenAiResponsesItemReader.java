package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.provider.http.reading.Exchange;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Says the output items of a response, each part once: what came in pieces is not said again when the finished item repeats
 * it. Items of other kinds than text, reasoning and calls are passed over.
 */
final class OpenAiResponsesItemReader {

    private static final String BETWEEN_THOUGHTS = "\n\n";

    private final Exchange exchange;
    private final Map<Integer, Integer> heard = new HashMap<>();
    private boolean refused;
    private boolean newThought;

    OpenAiResponsesItemReader(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Whether the model refused in its own words. */
    boolean isRefused() {
        return refused;
    }

    void say(int index, String piece) {
        hear(index, piece);
        exchange.appendText(piece);
    }

    void refuse(int index, String piece) {
        refused = true;
        say(index, piece);
    }

    void reason(int index, String piece) {
        boolean isNext = newThought && !piece.isEmpty();
        String words = isNext && heard.containsKey(index) ? BETWEEN_THOUGHTS + piece : piece;
        newThought &= !isNext;
        hear(index, words);
        exchange.appendReasoning(words);
    }

    /** Reasoning has several parts, which are paragraphs; an empty one is none. */
    void startThought() {
        newThought = true;
    }

    void call(int index, String id, String name, String arguments) {
        hear(index, arguments);
        exchange.appendToolCall(index, id, name, arguments);
    }

    /** An item has begun. */
    void begin(int index, JsonNode item) {
        if (item.path("type").asText("").equals("function_call")) {
            call(index, item.path("call_id").asText(""), item.path("name").asText(""), "");
        }
    }

    /** Says what has not been heard of an item that is complete. */
    void finish(int index, JsonNode item) {
        switch (item.path("type").asText("")) {
            case "message" -> finishMessage(index, item.path("content"));
            case "reasoning" -> {
                newThought = false;
                reason(index, unheard(index, thoughts(item)));
                exchange.signReasoning(item.path("encrypted_content").asText(""));
            }
            case "function_call" ->
                call(
                        index,
                        item.path("call_id").asText(""),
                        item.path("name").asText(""),
                        unheard(index, item.path("arguments").asText("")));
            default -> {}
        }
    }

    private static String thoughts(JsonNode item) {
        StringJoiner thoughts = new StringJoiner(BETWEEN_THOUGHTS);
        for (String field : new String[] {"summary", "content"}) {
            for (JsonNode part : item.path(field)) {
                String text = part.path("text").asText("");
                if (!text.isEmpty()) {
                    thoughts.add(text);
                }
            }
        }
        return thoughts.toString();
    }

    private void finishMessage(int index, JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText(""));
            String refusal = part.path("refusal").asText("");
            refused |= !refusal.isEmpty();
            text.append(refusal);
            part.path("annotations").forEach(source -> OpenAiCitationReader.cite(source, exchange));
        }
        say(index, unheard(index, text.toString()));
    }

    private String unheard(int index, String whole) {
        return whole.substring(Math.min(whole.length(), heard.getOrDefault(index, 0)));
    }

    private void hear(int index, String piece) {
        if (!piece.isEmpty()) {
            heard.merge(index, piece.length(), Integer::sum);
        }
    }
}
