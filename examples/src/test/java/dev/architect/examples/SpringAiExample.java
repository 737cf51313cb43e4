package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.cost.Cost;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.spi.ModelProvider;
import dev.architect.spring.ai.ArchitectSpringAiChatModel;
import dev.architect.spring.ai.ArchitectSpringAiResponseMetadata;
import dev.architect.spring.ai.SpringAiProvider;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/** The examples of {@code docs/how-to/coming-from-spring-ai.md}. */
final class SpringAiExample {

    private SpringAiExample() {}

    static Cost asTheirModel(Architect architect) {
        ChatModel model = ArchitectSpringAiChatModel.of(architect);
        ChatResponse answer = model.call(new Prompt("Why is the sky blue?"));
        Cost cost = ArchitectSpringAiResponseMetadata.cost(answer).orElseThrow();
        return cost;
    }

    static ChatModel bufferedStream(Architect architect) {
        ChatModel model = ArchitectSpringAiChatModel.builder(architect)
                .delivery(StreamDelivery.BUFFERED)
                .build();
        return model;
    }

    static ModelProvider theirModelAsProvider(ChatModel chatModel) {
        ModelProvider mistral = SpringAiProvider.builder("mistral")
                .model("mistral-large-latest", chatModel)
                .build();
        return mistral;
    }
}
