package dev.architect.langchain4j;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.ToolChoice;
import dev.architect.library.bridge.ConversationReader;
import dev.architect.model.ModelId;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads LangChain4j's requests. What Architect cannot express is refused by name. */
final class LangChain4jRequestReader {

    private final UnaryOperator<ChatRequest.Builder> customizer;

    /** Creates a reader; {@code customizer} sets what LangChain4j cannot express. */
    LangChain4jRequestReader(UnaryOperator<ChatRequest.Builder> customizer) {
        this.customizer = customizer;
    }

    /**
     * Returns the request as one of Architect.
     *
     * @throws UnsupportedFeatureException when Architect cannot express something
     * @throws IllegalArgumentException when a field has a value that Architect does not take
     */
    ChatRequest read(dev.langchain4j.model.chat.request.ChatRequest request) {
        // First, so that a request which cannot be expressed fails before its messages are converted.
        refuseUnknown(request.parameters());
        ConversationReader conversation = new ConversationReader(LangChain4jRequestReader::unsupportedFailure);
        request.messages().forEach(message -> LangChain4jMessageReader.read(message, conversation));
        ChatRequest.Builder builder = conversation.toRequest(customizer).stopSequences(request.stopSequences());
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
            throw unsupportedFailure("strict of tool " + tool.name() + " is true, expected it unset");
        }
        return tool;
    }

    private static @Nullable OutputSchema schema(ResponseFormat format) {
        if (format.type() == ResponseFormatType.TEXT) {
            return null;
        }
        if (format.jsonSchema() == null) {
            throw unsupportedFailure("responseFormat is JSON without a schema, expected one with a schema");
        }
        return new OutputSchema(
                format.jsonSchema().name() == null
                        ? "answer"
                        : format.jsonSchema().name(),
                LangChain4jSchemaConverter.text(format.jsonSchema().rootElement()));
    }

    private static void refuseUnknown(ChatRequestParameters given) {
        requireUnset("topP", given.topP());
        requireUnset("topK", given.topK());
        requireUnset("frequencyPenalty", given.frequencyPenalty());
        requireUnset("presencePenalty", given.presencePenalty());
        // A vendor's subclass may have fields that would be lost in silence.
        if (given.getClass() != DefaultChatRequestParameters.class) {
            throw unsupportedFailure("parameters is of " + given.getClass().getSimpleName()
                    + ", expected DefaultChatRequestParameters, which no vendor adds to");
        }
    }

    private static void requireUnset(String field, @Nullable Object value) {
        ConversationReader.requireUnset(field, value, LangChain4jRequestReader::unsupportedFailure);
    }

    static UnsupportedFeatureException unsupportedFailure(String explanation) {
        return new UnsupportedFeatureException(explanation);
    }
}
