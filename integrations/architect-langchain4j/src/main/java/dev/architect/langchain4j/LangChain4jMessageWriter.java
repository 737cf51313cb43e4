package dev.architect.langchain4j;

import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.library.bridge.AssistantTurn;
import dev.architect.model.ProviderException;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.pdf.PdfFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes turns as LangChain4j's messages. A turn with results of tools becomes one message for each result, and the rest of it
 * another. The name of a document has no place there and is left out.
 */
final class LangChain4jMessageWriter {

    private static final String PDF = "application/pdf";

    private final String provider;
    private final Function<String, ProviderException> unsupported;

    LangChain4jMessageWriter(String provider, Function<String, ProviderException> unsupported) {
        this.provider = provider;
        this.unsupported = unsupported;
    }

    List<ChatMessage> write(Message message) {
        return message.role() == Role.USER
                ? user(message.parts())
                : List.of(assistant(AssistantTurn.forProvider(message, provider, unsupported)));
    }

    private List<ChatMessage> user(List<Part> parts) {
        List<ChatMessage> messages = new ArrayList<>();
        List<Content> contents = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.ToolResult) {
                // What the user wrote before the result stays before it.
                flush(contents, messages);
                Part.ToolResult result = (Part.ToolResult) part;
                messages.add(ToolExecutionResultMessage.builder()
                        .id(result.callId())
                        .toolName(result.name())
                        .text(result.text())
                        .isError(result.isError())
                        .build());
            } else {
                contents.add(content(part));
            }
        }
        flush(contents, messages);
        return messages;
    }

    private static void flush(List<Content> contents, List<ChatMessage> messages) {
        if (!contents.isEmpty()) {
            messages.add(UserMessage.from(List.copyOf(contents)));
            contents.clear();
        }
    }

    private Content content(Part part) {
        if (part instanceof Part.Text text) {
            return TextContent.from(text.text());
        }
        if (part instanceof Part.Image image) {
            return ImageContent.from(image(image.media()), ImageContent.DetailLevel.AUTO);
        }
        if (part instanceof Part.Document document) {
            return PdfFileContent.from(pdf(document.media()));
        }
        throw unsupported.apply("message of the user holds " + part + ", expected text, images, PDFs and tool results");
    }

    private static Image image(Media media) {
        Image.Builder image = Image.builder().mimeType(media.type().orElse(null));
        return media instanceof Media.Inline inline
                ? image.base64Data(inline.base64()).build()
                : image.url(((Media.Link) media).url()).build();
    }

    private PdfFile pdf(Media media) {
        if (!media.type().orElse(PDF).equals(PDF)) {
            throw unsupported.apply("document is of type " + media.type().get() + ", expected " + PDF);
        }
        PdfFile.Builder file = PdfFile.builder();
        return media instanceof Media.Inline inline
                ? file.base64Data(inline.base64()).build()
                : file.url(((Media.Link) media).url()).build();
    }

    /** A message has text, or else calls: LangChain4j takes no empty text beside calls. */
    static AiMessage assistant(AssistantTurn turn) {
        return AiMessage.builder()
                .text(turn.text().isEmpty() && !turn.calls().isEmpty() ? null : turn.text())
                .thinking(turn.reasoning().isEmpty() ? null : turn.reasoning())
                .toolExecutionRequests(turn.calls().stream()
                        .map(LangChain4jMessageWriter::toolCall)
                        .toList())
                .attributes(turn.metadata())
                .build();
    }

    private static ToolExecutionRequest toolCall(Part.ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(call.arguments())
                .build();
    }
}
