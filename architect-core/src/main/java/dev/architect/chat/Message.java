package dev.architect.chat;

import dev.architect.check.Check;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One turn of a conversation. Images, documents and tool results stand in turns of {@link Role#USER}, tool calls and reasoning
 * in those of {@link Role#ASSISTANT}.
 *
 * @param role the author
 * @param parts the content, in order, at least one part
 */
public record Message(Role role, List<Part> parts) {

    /** Copies the parts and checks that there is one, and that each stands where it belongs. */
    public Message {
        Check.notNull("role", role);
        parts = List.copyOf(Check.noNulls("parts", parts));
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("message has 0 parts, expected 1 or more");
        }
        for (Part part : parts) {
            boolean isUsers =
                    part instanceof Part.Image || part instanceof Part.Document || part instanceof Part.ToolResult;
            boolean isModels = part instanceof Part.ToolCall || part instanceof Part.Reasoning;
            if (role == Role.USER ? isModels : isUsers) {
                throw new IllegalArgumentException("message of " + role + " has a part " + part
                        + ", expected it in one of " + (role == Role.USER ? Role.ASSISTANT : Role.USER));
            }
        }
    }

    /** Returns a user's text. */
    public static Message user(String text) {
        return new Message(Role.USER, List.of(new Part.Text(text)));
    }

    /** Returns a user's message of several parts. */
    public static Message user(Part... parts) {
        return new Message(Role.USER, List.of(Check.noNulls("parts", parts)));
    }

    /** Returns a user's message with the results of tools. */
    public static Message toolResults(List<Part.ToolResult> results) {
        return new Message(Role.USER, List.copyOf(Check.noNulls("results", results)));
    }

    /** Returns a model's text. */
    public static Message assistant(String text) {
        return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
    }

    /** Returns the tool calls, in order. */
    public List<Part.ToolCall> toolCalls() {
        return toolCalls(parts);
    }

    /** Returns all text parts joined. */
    public String text() {
        return text(parts);
    }

    /** Returns all text among {@code parts} joined. */
    public static String text(List<Part> parts) {
        Check.noNulls("parts", parts);
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text only) {
            return only.text();
        }
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .map(part -> ((Part.Text) part).text())
                .collect(Collectors.joining());
    }

    /** Returns the tool calls among {@code parts}, in order. */
    public static List<Part.ToolCall> toolCalls(List<Part> parts) {
        return Check.noNulls("parts", parts).stream()
                .filter(Part.ToolCall.class::isInstance)
                .map(Part.ToolCall.class::cast)
                .toList();
    }
}
