package dev.architect.spring.ai;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Tool;
import dev.architect.model.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultStructuredOutputChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Reads Spring AI's prompts. What Architect has no word for is refused by name. */
final class SpringAiRequestReader {

    private static final String SCHEMA_NAME = "answer";

    private static final Set<Class<?>> KNOWN_OPTIONS = Set.of(
            DefaultChatOptions.class,
            DefaultToolCallingChatOptions.class,
            DefaultStructuredOutputChatOptions.class,
            ArchitectSpringAiChatOptions.class);

    private final UnaryOperator<ChatRequest.Builder> more;

    /** Creates a reader; {@code more} adds what Spring AI has no word for. */
    SpringAiRequestReader(UnaryOperator<ChatRequest.Builder> more) {
        this.more = more;
    }

    /**
     * Returns the prompt in Architect's words.
     *
     * @throws IllegalArgumentException when Architect has no word for something, or a field has a value that it does not take
     */
    ChatRequest of(Prompt prompt) {
        List<String> system = new ArrayList<>();
        List<org.springframework.ai.chat.messages.Message> turns = new ArrayList<>();
        for (org.springframework.ai.chat.messages.Message message : prompt.getInstructions()) {
            if (!(message instanceof SystemMessage)) {
                turns.add(message);
            } else if (turns.isEmpty()) {
                system.add(String.valueOf(message.getText()));
            } else {
                throw refused("a system message stands after " + turns.size() + " turns, expected it before");
            }
        }
        List<Message> messages = SpringAiMessageReader.of(turns);
        if (messages.isEmpty()) {
            throw refused("messages has 0 turns, expected 1 or more");
        }
        ChatRequest.Builder builder = more.apply(ChatRequest.builder(messages.get(messages.size() - 1)))
                .earlier(messages.subList(0, messages.size() - 1));
        if (!String.join("", system).isBlank()) {
            builder.system(String.join("\n\n", system));
        }
        if (prompt.getOptions() != null) {
            options(prompt.getOptions(), builder);
        }
        return builder.build();
    }

    private static void options(ChatOptions given, ChatRequest.Builder builder) {
        refuse("topP", given.getTopP());
        refuse("topK", given.getTopK());
        refuse("frequencyPenalty", given.getFrequencyPenalty());
        refuse("presencePenalty", given.getPresencePenalty());
        if (!KNOWN_OPTIONS.contains(given.getClass())) {
            throw refused("options is of " + given.getClass().getSimpleName()
                    + ", expected ArchitectChatOptions or one of Spring AI's own");
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

    private static void refuse(String field, @Nullable Object value) {
        if (value != null) {
            throw refused(field + " is " + value + ", expected it unset");
        }
    }

    static IllegalArgumentException refused(String words) {
        return new IllegalArgumentException(words);
    }
}
