package dev.architect.spring.ai;

import static dev.architect.spring.ai.SpringAiRequestReader.unsupportedFailure;

import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.library.bridge.ConversationReader;
import dev.architect.library.bridge.EmbeddedContent;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.util.MimeType;

/** Reads Spring AI's messages into a conversation. */
final class SpringAiMessageReader {

    private SpringAiMessageReader() {}

    static void read(Message message, ConversationReader conversation) {
        if (message instanceof SystemMessage) {
            conversation.system(String.valueOf(message.getText()));
        } else if (message instanceof ToolResponseMessage responses) {
            results(responses).forEach(conversation::toolResult);
        } else if (message instanceof UserMessage user) {
            conversation.user(user(user));
        } else if (message instanceof AssistantMessage answer) {
            assistant(answer, conversation);
        } else {
            throw unsupportedFailure("a message is of " + message.getClass().getSimpleName()
                    + ", expected a system, user, assistant or tool response message");
        }
    }

    private static List<Part.ToolResult> results(ToolResponseMessage message) {
        Object failed = message.getMetadata().getOrDefault(SpringAiMessageWriter.FAILED_CALLS, List.of());
        return message.getResponses().stream()
                .map(response -> new Part.ToolResult(
                        ConversationReader.idOrToolName(response.id(), response.name()),
                        response.name(),
                        response.responseData(),
                        failed instanceof List<?> ids && ids.contains(response.id())))
                .toList();
    }

    private static List<Part> user(UserMessage message) {
        List<Part> parts = new ArrayList<>();
        String text = String.valueOf(message.getText());
        if (!text.isEmpty() || message.getMedia().isEmpty()) {
            parts.add(new Part.Text(text));
        }
        message.getMedia().forEach(media -> parts.add(part(media)));
        return parts;
    }

    private static Part part(org.springframework.ai.content.Media media) {
        MimeType type = media.getMimeType();
        return switch (type.getType()) {
            case "image" -> new Part.Image(media(media, type));
            case "application", "text" -> new Part.Document(media(media, type), media.getName());
            default ->
                throw unsupportedFailure("media is of type " + type + ", expected an image, application or text");
        };
    }

    private static Media media(org.springframework.ai.content.Media media, MimeType type) {
        String name = type.getType() + "/" + type.getSubtype();
        Object data = media.getData();
        if (data instanceof byte[] bytes) {
            return Media.of(name, bytes);
        }
        // Spring AI keeps links and base64 text in the same field; base64 has no colon.
        boolean isLink = data instanceof URL || String.valueOf(data).matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
        return isLink
                ? new Media.Link(
                        URI.create(data.toString()), Optional.ofNullable(type.isWildcardSubtype() ? null : name))
                : new Media.Inline(name, data.toString());
    }

    private static void assistant(AssistantMessage message, ConversationReader conversation) {
        if (!message.getMedia().isEmpty()) {
            throw unsupportedFailure("an assistant message holds media, expected text, reasoning and tool calls");
        }
        conversation.assistant(
                message.getText() == null ? "" : message.getText(),
                message.getMetadata().get(SpringAiMessageWriter.REASONING) instanceof String reasoning
                        ? reasoning
                        : null,
                message.getToolCalls().stream()
                        .map(call -> Part.ToolCall.of(
                                ConversationReader.idOrToolName(call.id(), call.name()), call.name(), call.arguments()))
                        .toList(),
                message.getMetadata().get(EmbeddedContent.METADATA_KEY));
    }
}
