package dev.architect.langchain4j;

import dev.architect.model.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model of LangChain4j and what it can do. */
record LangChain4jModelEntry(
        ChatModel whole, @Nullable StreamingChatModel streamingOrNull, Set<Capability> capabilities) {

    LangChain4jModelEntry {
        if (streamingOrNull == null && capabilities.contains(Capability.STREAMING)) {
            throw new IllegalArgumentException("streaming is null, expected a model because it can do STREAMING");
        }
    }

    /** A model that can do what its vocabulary has words for; it says itself whether it takes a schema. */
    static LangChain4jModelEntry assumed(ChatModel whole, @Nullable StreamingChatModel streamingOrNull) {
        EnumSet<Capability> able = EnumSet.of(
                Capability.SYSTEM_TEXT,
                Capability.MULTI_TURN,
                Capability.MAX_OUTPUT_TOKENS,
                Capability.TEMPERATURE,
                Capability.STOP_SEQUENCES,
                Capability.IMAGES,
                Capability.DOCUMENT_INPUT,
                Capability.MEDIA_LINKS,
                Capability.TOOLS,
                Capability.TOOL_CHOICE);
        if (whole.supportedCapabilities().contains(dev.langchain4j.model.chat.Capability.RESPONSE_FORMAT_JSON_SCHEMA)) {
            able.add(Capability.JSON_SCHEMA);
        }
        if (streamingOrNull != null) {
            able.add(Capability.STREAMING);
        }
        return new LangChain4jModelEntry(whole, streamingOrNull, Set.copyOf(able));
    }

    StreamingChatModel streaming() {
        return Objects.requireNonNull(streamingOrNull, "a model that can do STREAMING has one");
    }
}
