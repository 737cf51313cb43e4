package dev.architect.langchain4j;

import static dev.architect.langchain4j.LangChain4jRequestReader.unsupported;

import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.library.bridge.EmbeddedContent;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads LangChain4j's messages as turns. Results of tools that follow each other are one turn. */
final class LangChain4jMessageReader {

    private static final String PDF_NAME = "document.pdf";

    private LangChain4jMessageReader() {}

    static List<Message> of(List<ChatMessage> given) {
        List<Message> turns = new ArrayList<>();
        List<Part.ToolResult> results = new ArrayList<>();
        for (ChatMessage message : given) {
            if (message instanceof ToolExecutionResultMessage result) {
                results.add(result(result));
                continue;
            }
            flush(results, turns);
            if (message instanceof UserMessage user) {
                turns.add(user(user));
            } else if (message instanceof AiMessage answer) {
                turns.add(new Message(Role.ASSISTANT, assistant(answer)));
            } else {
                throw unsupported("a message is of type " + message.type()
                        + ", expected SYSTEM, USER, AI or TOOL_EXECUTION_RESULT");
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

    private static Part.ToolResult result(ToolExecutionResultMessage message) {
        if (!message.hasSingleText()) {
            throw unsupported("result of tool " + message.toolName() + " has "
                    + message.contents().size() + " contents, expected one text");
        }
        return new Part.ToolResult(
                idOr(message.id(), message.toolName()),
                message.toolName(),
                message.text(),
                Boolean.TRUE.equals(message.isError()));
    }

    private static Message user(UserMessage message) {
        if (message.name() != null) {
            throw unsupported("name of a user message is set, expected none");
        }
        return new Message(
                Role.USER,
                message.contents().stream().map(LangChain4jMessageReader::part).toList());
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
                    throw unsupported("detailLevel of an image is " + image.detailLevel() + ", expected LOW or AUTO");
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
        throw unsupported("content is of type " + content.type() + ", expected TEXT, IMAGE or PDF");
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

    private static List<Part> assistant(AiMessage message) {
        if (!message.images().isEmpty()) {
            throw unsupported("an AI message holds images, expected text, thinking and tool calls");
        }
        String text = message.text() == null ? "" : message.text();
        List<Part.ToolCall> calls = message.toolExecutionRequests().stream()
                .map(LangChain4jMessageReader::call)
                .toList();
        return EmbeddedContent.read(message.attributes().get(EmbeddedContent.KEY), text, calls)
                .orElseGet(() -> {
                    List<Part> parts = new ArrayList<>();
                    if (message.thinking() != null) {
                        parts.add(new Part.Reasoning(message.thinking(), Optional.empty()));
                    }
                    if (!text.isEmpty() || calls.isEmpty()) {
                        parts.add(new Part.Text(text));
                    }
                    parts.addAll(calls);
                    return parts;
                });
    }

    private static Part.ToolCall call(ToolExecutionRequest request) {
        return Part.ToolCall.of(
                idOr(request.id(), request.name()),
                request.name(),
                request.arguments() == null ? "{}" : request.arguments());
    }

    /** Models without ids of their own leave them out; then the tool's name ties a result to its call. */
    private static String idOr(@Nullable String id, String tool) {
        return id == null || id.isBlank() ? tool : id;
    }
}
