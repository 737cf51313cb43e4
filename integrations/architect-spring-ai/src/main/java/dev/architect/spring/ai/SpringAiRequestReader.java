package dev.architect.spring.ai;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Tool;
import dev.architect.library.bridge.ConversationReader;
import dev.architect.model.ModelId;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultStructuredOutputChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Reads Spring AI's prompts. What Architect cannot express is refused by name. */
final class SpringAiRequestReader {

    private static final String SCHEMA_NAME = "answer";

    private static final Set<Class<?>> KNOWN_OPTIONS = Set.of(
            DefaultChatOptions.class,
            DefaultToolCallingChatOptions.class,
            DefaultStructuredOutputChatOptions.class,
            ArchitectSpringAiChatOptions.class);

    private final UnaryOperator<ChatRequest.Builder> customizer;

    /** Creates a reader; {@code customizer} sets what Spring AI cannot express. */
    SpringAiRequestReader(UnaryOperator<ChatRequest.Builder> customizer) {
        this.customizer = customizer;
    }

    /**
     * Returns the prompt as a request of Architect.
     *
     * @throws IllegalArgumentException when Architect cannot express something, or a field has a value that it does not take
     */
    ChatRequest read(Prompt prompt) {
        ConversationReader conversation = new ConversationReader(SpringAiRequestReader::unsupportedFailure);
        prompt.getInstructions().forEach(message -> SpringAiMessageReader.read(message, conversation));
        ChatRequest.Builder builder = conversation.toRequest(customizer);
        if (prompt.getOptions() != null) {
            options(prompt.getOptions(), builder);
        }
        return builder.build();
    }

    private static void options(ChatOptions given, ChatRequest.Builder builder) {
        requireUnset("topP", given.getTopP());
        requireUnset("topK", given.getTopK());
        requireUnset("frequencyPenalty", given.getFrequencyPenalty());
        requireUnset("presencePenalty", given.getPresencePenalty());
        if (!KNOWN_OPTIONS.contains(given.getClass())) {
            throw unsupportedFailure("options is of " + given.getClass().getSimpleName()
                    + ", expected ArchitectSpringAiChatOptions or one of Spring AI's own");
        }
        if (given.getMaxTokens() != null) {
            builder.maxOutputTokens(given.getMaxTokens());
        }
        if (given.getTemperature() != null) {
            builder.temperature(given.getTemperature());
        }
        if (given.getStopSequences() != null) {
            builder.stopSequences(given.getStopSequences());
        }
        if (given.getModel() != null) {
            builder.model(ModelId.parse(given.getModel()));
        }
        if (given instanceof ToolCallingChatOptions calling && calling.getToolCallbacks() != null) {
            builder.tools(calling.getToolCallbacks().stream()
                    .map(callback -> tool(callback.getToolDefinition()))
                    .toList());
        }
        if (given instanceof StructuredOutputChatOptions structured && structured.getOutputSchema() != null) {
            builder.outputSchema(new OutputSchema(SCHEMA_NAME, structured.getOutputSchema()));
        }
        if (given instanceof ArchitectSpringAiChatOptions own) {
            own(own, builder);
        }
    }

    private static void own(ArchitectSpringAiChatOptions own, ChatRequest.Builder builder) {
        if (own.getToolChoice() != null) {
            builder.toolChoice(own.getToolChoice());
        }
        if (own.getQuality() != null) {
            builder.quality(own.getQuality());
        }
        if (own.getEffort() != null) {
            builder.effort(own.getEffort());
        }
    }

    private static Tool tool(ToolDefinition tool) {
        return new Tool(tool.name(), tool.description(), tool.inputSchema());
    }

    private static void requireUnset(String field, @Nullable Object value) {
        ConversationReader.requireUnset(field, value, SpringAiRequestReader::unsupportedFailure);
    }

    static IllegalArgumentException unsupportedFailure(String explanation) {
        return new IllegalArgumentException(explanation);
    }
}
