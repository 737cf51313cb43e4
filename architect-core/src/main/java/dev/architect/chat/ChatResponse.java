package dev.architect.chat;

import dev.architect.cost.Cost;
import dev.architect.cost.MoneyTotal;
import dev.architect.model.ModelId;
import dev.architect.route.Route;
import dev.architect.usage.TokenUsage;
import java.util.List;

/**
 * An answer, who gave it, and what it cost.
 *
 * @param content what the model said, thought and asked for, in order; may be empty
 * @param stopReason why it ended
 * @param model the model that answered, as the provider named it
 * @param usage what the answering call used
 * @param cost the cost of the answering call
 * @param baseline what the same usage would have cost on the baseline model
 * @param spent the cost of all calls of this request, failed ones included; unpriced calls add nothing
 * @param route the candidates and why they were in that order
 * @param position place of the answering candidate on the route, 0 is the first choice
 * @param citations the sources of the answer
 */
public record ChatResponse(
        List<Part> content,
        StopReason stopReason,
        ModelId model,
        TokenUsage usage,
        Cost cost,
        Cost baseline,
        MoneyTotal spent,
        Route route,
        int position,
        List<Citation> citations) {

    /** Copies the lists. */
    public ChatResponse {
        content = List.copyOf(content);
        citations = List.copyOf(citations);
    }

    /** The whole text. */
    public String text() {
        return Message.text(content);
    }

    /** The tools that shall be called, in order. */
    public List<Part.ToolCall> toolCalls() {
        return Message.toolCalls(content);
    }

    /**
     * Returns the answer as a turn of the conversation, for the next request.
     *
     * @throws IllegalStateException when the answer is empty
     */
    public Message message() {
        if (content.isEmpty()) {
            throw new IllegalStateException("answer is empty (" + stopReason + "), expected content");
        }
        return new Message(Role.ASSISTANT, content);
    }

    /** Shows everything but the text. */
    @Override
    public String toString() {
        return "ChatResponse[" + model + ", " + text().length() + " characters, " + stopReason + ", cost " + cost
                + ", position " + position + "]";
    }
}
