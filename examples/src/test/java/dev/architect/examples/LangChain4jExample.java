package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.chat.Quality;
import dev.architect.cost.Cost;
import dev.architect.langchain4j.ArchitectLangChain4jChatModel;
import dev.architect.langchain4j.ArchitectLangChain4jResponseMetadata;
import dev.architect.langchain4j.ArchitectLangChain4jStreamingChatModel;
import dev.architect.langchain4j.LangChain4jProvider;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.spi.ModelProvider;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;

/** The examples of {@code docs/how-to/coming-from-langchain4j.md}. */
final class LangChain4jExample {

    private LangChain4jExample() {}

    static Cost asTheirModel(Architect architect) {
        ChatModel model = ArchitectLangChain4jChatModel.of(architect, request -> request.quality(Quality.STANDARD));
        ChatResponse answer = model.chat(UserMessage.from("Why is the sky blue?"));
        Cost cost = ((ArchitectLangChain4jResponseMetadata) answer.metadata()).cost();
        return cost;
    }

    static StreamingChatModel bufferedStream(Architect architect) {
        StreamingChatModel model = ArchitectLangChain4jStreamingChatModel.builder(architect)
                .delivery(StreamDelivery.BUFFERED)
                .build();
        return model;
    }

    static ModelProvider theirModelAsProvider(ChatModel chatModel, StreamingChatModel streamingChatModel) {
        ModelProvider mistral = LangChain4jProvider.builder("mistral")
                .model("mistral-large-latest", chatModel, streamingChatModel)
                .build();
        return mistral;
    }
}
