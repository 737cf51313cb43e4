package dev.architect.langchain4j;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ToolChoice;
import dev.architect.model.ModelId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads LangChain4j's requests. What Architect has no word for is refused by name. */
final class LangChain4jRequestReader {

    private final UnaryOperator<ChatRequest.Builder> more;

    /** Creates a reader; {@code more} adds what LangChain4j has no word for. */
    LangChain4jRequestReader(UnaryOperator<ChatRequest.Builder> more) {
        this.more = more;
    }

    /**
     * Returns the request in Architect's words.
     *
     * @throws UnsupportedFeatureException when Architect has no word for something
     * @throws IllegalArgumentException when a field has a value that Architect does not take
     */
    ChatRequest of(dev.langchain4j.model.chat.request.ChatRequest request) {
        refuseUnknown(request.parameters());
        List<String> system = new ArrayList<>();
        List<ChatMessage> turns = new ArrayList<>();
        for (ChatMessage message : request.messages()) {
            if (!(message instanceof SystemMessage instructions)) {
                turns.add(message);
            } else if (turns.isEmpty()) {
                system.add(instructions.text());
            } else {
                throw unsupported("a system message stands after " + turns.size() + " turns, expected it before");
            }
        }
        List<Message> messages = LangChain4jMessageReader.of(turns);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages has 0 turns, expected 1 or more");
        }
        ChatRequest.Builder builder = more.apply(ChatRequest.builder(messages.get(messages.size() - 1)))
                .earlier(messages.subList(0, messages.size() - 1))
                .stopSequences(request.stopSequences());
        if (!system.isEmpty()) {
            builder.system(String.join("\n\n", system));
        }
        parameters(request.parameters(), builder);
        return builder.build();
    }

    private static void parameters(ChatRequestParameters given, ChatRequest.Builder builder) {
        if (given.maxOutputTokens() != null) {
            builder.maxOutputTokens(given.maxOutputTokens());
        }
        if (given.temperature() != null) {
            builder.temperature(given.temperature());
        }
        if (given.modelName() != null) {
            builder.model(ModelId.parse(given.modelName()));
        }
        if (!given.toolSpecifications().isEmpty()) {
            builder.tools(given.toolSpecifications().stream()
                    .map(LangChain4jRequestReader::strictless)
                    .map(LangChain4jSchemaConverter::tool)
                    .toList());
        }
        if (given.toolChoice() != null) {
            builder.toolChoice(
                    switch (given.toolChoice()) {
                        case AUTO -> ToolChoice.AUTO;
                        case REQUIRED -> ToolChoice.REQUIRED;
                        case NONE -> ToolChoice.NONE;
                    });
        }
        if (given.responseFormat() != null) {
            builder.outputSchema(schema(given.responseFormat()));
        }
    }

    private static ToolSpecification strictless(ToolSpecification tool) {
        if (Boolean.TRUE.equals(tool.strict())) {
            throw unsupported("strict of tool " + tool.name() + " is true, expected it unset");
        }
        return tool;
    }

    private static @Nullable OutputSchema schema(ResponseFormat format) {
        if (format.type() == ResponseFormatType.TEXT) {
            return null;
        }
        if (format.jsonSchema() == null) {
            throw unsupported("responseFormat is JSON without a schema, expected one with a schema");
        }
        return new OutputSchema(
                format.jsonSchema().name() == null
                        ? "answer"
                        : format.jsonSchema().name(),
                LangChain4jSchemaConverter.text(format.jsonSchema().rootElement()));
    }

    private static void refuseUnknown(ChatRequestParameters given) {
        refuse("topP", given.topP());
        refuse("topK", given.topK());
        refuse("frequencyPenalty", given.frequencyPenalty());
        refuse("presencePenalty", given.presencePenalty());
        if (given.getClass() != DefaultChatRequestParameters.class) {
            throw unsupported("parameters is of " + given.getClass().getSimpleName()
                    + ", expected DefaultChatRequestParameters, which no vendor adds to");
        }
    }

    private static void refuse(String field, @Nullable Object value) {
        if (value != null) {
            throw unsupported(field + " is " + String.valueOf(value).toLowerCase(Locale.ROOT) + ", expected it unset");
        }
    }

    static UnsupportedFeatureException unsupported(String words) {
        return new UnsupportedFeatureException(words);
    }
}
