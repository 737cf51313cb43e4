package dev.architect.spring.ai;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** A scripted chat model of Spring AI that records its requests. */
final class FakeChatModel implements ChatModel {

    final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    private final Function<Prompt, ChatResponse> whole;
    private final Function<Prompt, Flux<ChatResponse>> chunks;
    private ChatOptions options = ArchitectSpringAiChatOptions.builder()
            .model("large-2")
            .topP(0.9)
            .maxTokens(500)
            .build();

    FakeChatModel(Function<Prompt, ChatResponse> whole, Function<Prompt, Flux<ChatResponse>> chunks) {
        this.whole = whole;
        this.chunks = chunks;
    }

    static FakeChatModel answering(Function<Prompt, ChatResponse> whole) {
        return new FakeChatModel(
                whole, prompt -> Flux.error(new AssertionError("a stream was requested, expected none")));
    }

    static FakeChatModel saying(String text) {
        return answering(prompt -> answer(new AssistantMessage(text), "STOP"));
    }

    static FakeChatModel streaming(Flux<ChatResponse> chunks) {
        return new FakeChatModel(
                prompt -> {
                    throw new AssertionError("everybody streams here");
                },
                prompt -> chunks);
    }

    static FakeChatModel failing(RuntimeException failure) {
        return answering(prompt -> {
            throw failure;
        });
    }

    FakeChatModel options(ChatOptions defaults) {
        this.options = defaults;
        return this;
    }

    static ChatResponse answer(AssistantMessage message, String reason) {
        return new ChatResponse(
                List.of(new Generation(
                        message,
                        ChatGenerationMetadata.builder().finishReason(reason).build())),
                ChatResponseMetadata.builder()
                        .id("answer-1")
                        .model("large-2")
                        .usage(new DefaultUsage(12, 3))
                        .build());
    }

    static ChatResponse chunk(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }

    static ChatResponse chunk(String text, Map<String, Object> metadata) {
        return new ChatResponse(List.of(new Generation(
                AssistantMessage.builder().content(text).properties(metadata).build())));
    }

    Prompt only() {
        if (prompts.size() != 1) {
            throw new AssertionError(prompts.size() + " prompts came, expected 1");
        }
        return prompts.get(0);
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        prompts.add(prompt);
        return whole.apply(prompt);
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        prompts.add(prompt);
        return chunks.apply(prompt);
    }

    @Override
    public ChatOptions getOptions() {
        return options;
    }
}
