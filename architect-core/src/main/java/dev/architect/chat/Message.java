package dev.architect.chat;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts what is said, in order, at least one piece
 */
public record Message(Role role, List<Part> parts) {

    /** Copies the parts and checks that there is one. */
    public Message {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("message has 0 parts, expected 1 or more");
        }
    }

    /** Returns a user's text. */
    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)));
    }

    /** Returns a model's text. */
    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
    }

    /** Returns all text parts joined. */
    public String text() {
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .map(part -> ((Part.Text) part).text())
                .collect(Collectors.joining());
    }
}
