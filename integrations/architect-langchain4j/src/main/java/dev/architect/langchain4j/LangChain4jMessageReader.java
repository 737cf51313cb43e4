package dev.architect.langchain4j;

import static dev.architect.langchain4j.LangChain4jRequestReader.unsupportedFailure;

import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.library.bridge.ConversationReader;
import dev.architect.library.bridge.EmbeddedContent;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads LangChain4j's messages into a conversation. */
final class LangChain4jMessageReader {

    private static final String PDF_NAME = "document.pdf";

    private LangChain4jMessageReader() {}

    static void read(ChatMessage message, ConversationReader conversation) {
        if (message instanceof SystemMessage instructions) {
            conversation.system(instructions.text());
        } else if (message instanceof ToolExecutionResultMessage result) {
            conversation.toolResult(result(result));
        } else if (message instanceof UserMessage user) {
            conversation.user(user(user));
        } else if (message instanceof AiMessage answer) {
            assistant(answer, conversation);
        } else {
            throw unsupportedFailure(
                    "a message is of type " + message.type() + ", expected SYSTEM, USER, AI or TOOL_EXECUTION_RESULT");
        }
    }

    private static Part.ToolResult result(ToolExecutionResultMessage message) {
        if (!message.hasSingleText()) {
            throw unsupportedFailure("result of tool " + message.toolName() + " has "
                    + message.contents().size() + " contents, expected one text");
        }
        return new Part.ToolResult(
                ConversationReader.idOrToolName(message.id(), message.toolName()),
                message.toolName(),
                message.text(),
                Boolean.TRUE.equals(message.isError()));
    }

    private static List<Part> user(UserMessage message) {
        if (message.name() != null) {
            throw unsupportedFailure("name of a user message is set, expected none");
        }
        return message.contents().stream().map(LangChain4jMessageReader::part).toList();
    }

    private static Part part(Content content) {
        if (content instanceof TextContent text) {
            return new Part.Text(text.text());
        }
        if (content instanceof ImageContent image) {
            return switch (image.detailLevel()) {
                case LOW, AUTO ->
                    new Part.Image(media(
                            image.image().base64Data(),
                            image.image().mimeType(),
                            image.image().url()));
                case MEDIUM, HIGH, ULTRA_HIGH ->
                    throw unsupportedFailure(
                            "detailLevel of an image is " + image.detailLevel() + ", expected LOW or AUTO");
            };
        }
        if (content instanceof PdfFileContent pdf) {
            return new Part.Document(
                    media(
                            pdf.pdfFile().base64Data(),
                            pdf.pdfFile().mimeType(),
                            pdf.pdfFile().url()),
                    PDF_NAME);
        }
        throw unsupportedFailure("content is of type " + content.type() + ", expected TEXT, IMAGE or PDF");
    }

    private static Media media(@Nullable String base64, @Nullable String type, @Nullable URI url) {
        if (base64 == null) {
            if (url == null) {
                throw new IllegalArgumentException("media has neither base64Data nor url, expected one");
            }
            return new Media.Link(url, Optional.ofNullable(type));
        }
        if (type == null) {
            throw new IllegalArgumentException(
                    "mimeType of media with base64Data is null, expected one such as image/png");
        }
        return new Media.Inline(type, base64);
    }

    private static void assistant(AiMessage message, ConversationReader conversation) {
        if (!message.images().isEmpty()) {
            throw unsupportedFailure("an AI message holds images, expected text, thinking and tool calls");
        }
        conversation.assistant(
                message.text() == null ? "" : message.text(),
                message.thinking(),
                message.toolExecutionRequests().stream()
                        .map(LangChain4jMessageReader::call)
                        .toList(),
                message.attributes().get(EmbeddedContent.METADATA_KEY));
    }

    private static Part.ToolCall call(ToolExecutionRequest request) {
        return Part.ToolCall.of(
                ConversationReader.idOrToolName(request.id(), request.name()),
                request.name(),
                request.arguments() == null ? "{}" : request.arguments());
    }
}
