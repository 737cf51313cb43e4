package dev.architect.spring.ai;

import dev.architect.model.Capability;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/** A model of Spring AI and what it can do. */
record SpringAiModelEntry(ChatModel chatModel, Set<Capability> capabilities) {

    /** A model with the capabilities that its options can express. */
    static SpringAiModelEntry withDefaultCapabilities(ChatModel chatModel) {
        EnumSet<Capability> capabilities = EnumSet.of(
                Capability.SYSTEM_TEXT,
                Capability.MULTI_TURN,
                Capability.MAX_OUTPUT_TOKENS,
                Capability.TEMPERATURE,
                Capability.STOP_SEQUENCES,
                Capability.IMAGES,
                Capability.DOCUMENT_INPUT,
                Capability.MEDIA_LINKS);
        ChatOptions options = chatModel.getOptions();
        if (options instanceof ToolCallingChatOptions) {
            capabilities.add(Capability.TOOLS);
        }
        if (options instanceof StructuredOutputChatOptions) {
            capabilities.add(Capability.JSON_SCHEMA);
        }
        if (supportsStreaming(chatModel)) {
            capabilities.add(Capability.STREAMING);
        }
        return new SpringAiModelEntry(chatModel, Set.copyOf(capabilities));
    }

    /** Every chat model has the method; that of one that does not stream is the interface's own, which throws. */
    private static boolean supportsStreaming(ChatModel chatModel) {
        try {
            return chatModel.getClass().getMethod("stream", Prompt.class).getDeclaringClass() != ChatModel.class;
        } catch (NoSuchMethodException impossible) {
            return false;
        }
    }
}
