package dev.architect.langchain4j;

import dev.architect.model.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A model of LangChain4j and what it can do. */
record LangChain4jModelEntry(
        ChatModel chatModel, Optional<StreamingChatModel> streamingChatModel, Set<Capability> capabilities) {

    LangChain4jModelEntry {
        if (streamingChatModel.isEmpty() && capabilities.contains(Capability.STREAMING)) {
            throw new IllegalArgumentException("streaming is null, expected a model because it can do STREAMING");
        }
    }

    /** A model with the capabilities that its library can express; the model itself declares whether it takes a schema. */
    static LangChain4jModelEntry withDefaultCapabilities(
            ChatModel chatModel, Optional<StreamingChatModel> streamingChatModel) {
        EnumSet<Capability> capabilities = EnumSet.of(
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
        if (chatModel
                .supportedCapabilities()
                .contains(dev.langchain4j.model.chat.Capability.RESPONSE_FORMAT_JSON_SCHEMA)) {
            capabilities.add(Capability.JSON_SCHEMA);
        }
        if (streamingChatModel.isPresent()) {
            capabilities.add(Capability.STREAMING);
        }
        return new LangChain4jModelEntry(chatModel, streamingChatModel, Set.copyOf(capabilities));
    }
}
