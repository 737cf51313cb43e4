package dev.architect.spring.ai;

import static dev.architect.spring.ai.SpringAiRequestReader.refused;

import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.library.bridge.EmbeddedContent;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.util.MimeType;

/** Reads Spring AI's messages as turns. Results of tools that follow each other are one turn. */
final class SpringAiMessageReader {

    private SpringAiMessageReader() {}

    static List<Message> of(List<org.springframework.ai.chat.messages.Message> given) {
        List<Message> turns = new ArrayList<>();
        List<Part.ToolResult> results = new ArrayList<>();
        for (org.springframework.ai.chat.messages.Message message : given) {
            if (message instanceof ToolResponseMessage responses) {
                results.addAll(results(responses));
                continue;
            }
            flush(results, turns);
            if (message instanceof UserMessage user) {
                turns.add(user(user));
            } else if (message instanceof AssistantMessage answer) {
                turns.add(new Message(Role.ASSISTANT, assistant(answer)));
            } else {
                throw refused("a message is of " + message.getClass().getSimpleName()
                        + ", expected a system, user, assistant or tool response message");
            }
        }
        flush(results, turns);
        return turns;
    }

    private static void flush(List<Part.ToolResult> results, List<Message> turns) {
        if (!results.isEmpty()) {
            turns.add(Message.toolResults(results));
            results.clear();
        }
    }

    private static List<Part.ToolResult> results(ToolResponseMessage message) {
        Object failed = message.getMetadata().getOrDefault(SpringAiMessageWriter.FAILED_CALLS, List.of());
        return message.getResponses().stream()
                .map(response -> new Part.ToolResult(
                        idOr(response.id(), response.name()),
                        response.name(),
                        response.responseData(),
                        failed instanceof List<?> ids && ids.contains(response.id())))
                .toList();
    }

    private static Message user(UserMessage message) {
        List<Part> parts = new ArrayList<>();
        String text = String.valueOf(message.getText());
        if (!text.isEmpty() || message.getMedia().isEmpty()) {
            parts.add(new Part.Text(text));
        }
        message.getMedia().forEach(media -> parts.add(part(media)));
        return new Message(Role.USER, parts);
    }

    private static Part part(org.springframework.ai.content.Media media) {
        MimeType type = media.getMimeType();
        return switch (type.getType()) {
            case "image" -> new Part.Image(media(media, type));
            case "application", "text" -> new Part.Document(media(media, type), media.getName());
            default -> throw refused("media is of type " + type + ", expected an image, application or text");
        };
    }

    private static Media media(org.springframework.ai.content.Media media, MimeType type) {
        String name = type.getType() + "/" + type.getSubtype();
        Object data = media.getData();
        if (data instanceof byte[] bytes) {
            return Media.of(name, bytes);
        }
        boolean isLink = data instanceof URL || String.valueOf(data).matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
        return isLink
                ? new Media.Link(
                        URI.create(data.toString()), Optional.ofNullable(type.isWildcardSubtype() ? null : name))
                : new Media.Inline(name, data.toString());
    }

    private static List<Part> assistant(AssistantMessage message) {
        if (!message.getMedia().isEmpty()) {
            throw refused("an assistant message holds media, expected text, reasoning and tool calls");
        }
        String text = message.getText() == null ? "" : message.getText();
        List<Part.ToolCall> calls = message.getToolCalls().stream()
                .map(call -> Part.ToolCall.of(idOr(call.id(), call.name()), call.name(), call.arguments()))
                .toList();
        return EmbeddedContent.read(message.getMetadata().get(EmbeddedContent.KEY), text, calls)
                .orElseGet(() -> {
                    List<Part> parts = new ArrayList<>();
                    if (message.getMetadata().get(SpringAiMessageWriter.REASONING) instanceof String words
                            && !words.isEmpty()) {
                        parts.add(new Part.Reasoning(words, Optional.empty()));
                    }
                    if (!text.isEmpty() || calls.isEmpty()) {
                        parts.add(new Part.Text(text));
                    }
                    parts.addAll(calls);
                    return parts;
                });
    }

    /** Models without ids of their own leave them out; then the tool's name ties a result to its call. */
    private static String idOr(String id, String tool) {
        return id == null || id.isBlank() ? tool : id;
    }
}
