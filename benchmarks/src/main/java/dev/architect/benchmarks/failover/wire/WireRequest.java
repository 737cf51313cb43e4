package dev.architect.benchmarks.failover.wire;

import java.util.List;

/**
 * What a call asks for, whatever the dialect.
 *
 * @param model the model as it was named
 * @param isStreamed whether the answer shall come in pieces
 * @param wantsUsage whether a stream shall end with the tokens used
 * @param turns the messages, oldest first
 */
public record WireRequest(String model, boolean isStreamed, boolean wantsUsage, List<Turn> turns) {

    private static final int TOKENS_OF_A_MESSAGE = 4;

    /**
     * One message.
     *
     * @param role {@code user}, {@code assistant} or {@code system}
     * @param text its text
     */
    public record Turn(String role, String text) {}

    /** Copies the messages. */
    public WireRequest {
        turns = List.copyOf(turns);
    }

    /** The words of all messages, and four tokens for each message. */
    public int promptTokens() {
        return turns.stream()
                .mapToInt(turn -> words(turn.text()) + TOKENS_OF_A_MESSAGE)
                .sum();
    }

    /** The role of the last message; empty when there is none. */
    public String lastRole() {
        return turns.isEmpty() ? "" : turns.get(turns.size() - 1).role();
    }

    /** The text of the last message of the user; empty when there is none. */
    public String prompt() {
        String prompt = "";
        for (Turn turn : turns) {
            prompt = turn.role().equals("user") ? turn.text() : prompt;
        }
        return prompt;
    }

    /** The text of the last message when it is the assistant's; else empty. */
    public String prefill() {
        return lastRole().equals("assistant") ? turns.get(turns.size() - 1).text() : "";
    }

    /** The number of words, which are separated by blanks. */
    public static int words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+").length;
    }
}
