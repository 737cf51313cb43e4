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
record SpringAiModelEntry(ChatModel chat, Set<Capability> capabilities) {

    /** A model that can do what its options have words for. */
    static SpringAiModelEntry assumed(ChatModel chat) {
        EnumSet<Capability> able = EnumSet.of(
                Capability.SYSTEM_TEXT,
                Capability.MULTI_TURN,
                Capability.MAX_OUTPUT_TOKENS,
                Capability.TEMPERATURE,
                Capability.STOP_SEQUENCES,
                Capability.IMAGES,
                Capability.DOCUMENT_INPUT,
                Capability.MEDIA_LINKS);
        ChatOptions options = chat.getOptions();
        if (options instanceof ToolCallingChatOptions) {
            able.add(Capability.TOOLS);
        }
        if (options instanceof StructuredOutputChatOptions) {
            able.add(Capability.JSON_SCHEMA);
        }
        if (streams(chat)) {
            able.add(Capability.STREAMING);
        }
        return new SpringAiModelEntry(chat, Set.copyOf(able));
    }

    /** Every chat model has the method; that of one that does not stream is the interface's own, which throws. */
    private static boolean streams(ChatModel chat) {
        try {
            return chat.getClass().getMethod("stream", Prompt.class).getDeclaringClass() != ChatModel.class;
        } catch (NoSuchMethodException impossible) {
            return false;
        }
    }
}
