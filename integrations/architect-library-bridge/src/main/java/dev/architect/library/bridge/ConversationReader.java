package dev.architect.library.bridge;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Collects the messages of another library, in order, as a conversation: system text before all turns, results of tools that follow
 * each other in one turn, and the content of earlier answers as it was embedded in their messages. Used by one thread.
 */
public final class ConversationReader {

    private final Function<String, ? extends RuntimeException> refusal;
    private final List<String> system = new ArrayList<>();
    private final List<Message> turns = new ArrayList<>();
    private final List<Part.ToolResult> results = new ArrayList<>();

    /**
     * Creates a conversation without messages.
     *
     * @param refusal makes the failure for what a request cannot express
     */
    public ConversationReader(Function<String, ? extends RuntimeException> refusal) {
        this.refusal = refusal;
    }

    /** Adds system text; a blank one is left out, several are joined by a blank line. It must come before all turns. */
    public void system(String text) {
        endResults();
        if (!turns.isEmpty()) {
            throw refusal.apply("a system message stands after " + turns.size() + " turns, expected it before");
        }
        if (!text.isBlank()) {
            system.add(text);
        }
    }

    /** Adds a turn of the user. */
    public void user(List<Part> parts) {
        endResults();
        turns.add(new Message(Role.USER, parts));
    }

    /**
     * Adds an earlier answer.
     *
     * @param reasoningOrNull its reasoning, which is unsigned
     * @param embeddedOrNull what its message has under {@link EmbeddedContent#METADATA_KEY}; it counts if text and calls still agree with it
     */
    public void assistant(
            String text, @Nullable String reasoningOrNull, List<Part.ToolCall> calls, @Nullable Object embeddedOrNull) {
        endResults();
        turns.add(new Message(
                Role.ASSISTANT,
                EmbeddedContent.decode(embeddedOrNull, text, calls)
                        .orElseGet(() -> parts(text, reasoningOrNull, calls))));
    }

    /** Adds the result of a tool. */
    public void toolResult(Part.ToolResult result) {
        results.add(result);
    }

    /**
     * Returns a builder of the request, whose prompt is the last turn.
     *
     * @param customizer sets what the library cannot express; system text and turns are set after it
     * @throws IllegalArgumentException when there is no turn
     */
    public ChatRequest.Builder toRequest(UnaryOperator<ChatRequest.Builder> customizer) {
        endResults();
        if (turns.isEmpty()) {
            throw new IllegalArgumentException("messages has 0 turns, expected 1 or more");
        }
        int last = turns.size() - 1;
        ChatRequest.Builder request =
                customizer.apply(ChatRequest.builder(turns.get(last))).earlier(turns.subList(0, last));
        return system.isEmpty() ? request : request.system(String.join("\n\n", system));
    }

    /**
     * Checks that a parameter that no request has is not set.
     *
     * @param refusal makes the failure when it is
     */
    public static void requireUnset(
            String field, @Nullable Object value, Function<String, ? extends RuntimeException> refusal) {
        if (value != null) {
            throw refusal.apply(field + " is " + value + ", expected it unset");
        }
    }

    /** Returns the id of a call. Models without ids of their own leave it out; then the tool's name ties a result to its call. */
    public static String idOrToolName(@Nullable String id, String tool) {
        return id == null || id.isBlank() ? tool : id;
    }

    private static List<Part> parts(String text, @Nullable String reasoningOrNull, List<Part.ToolCall> calls) {
        List<Part> parts = new ArrayList<>();
        if (reasoningOrNull != null && !reasoningOrNull.isEmpty()) {
            parts.add(new Part.Reasoning(reasoningOrNull, Optional.empty()));
        }
        if (!text.isEmpty() || calls.isEmpty()) {
            parts.add(new Part.Text(text));
        }
        parts.addAll(calls);
        return parts;
    }

    private void endResults() {
        if (!results.isEmpty()) {
            turns.add(Message.toolResults(results));
            results.clear();
        }
    }
}
