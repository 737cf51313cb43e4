package dev.architect.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A scripted chat model of LangChain4j that records its requests. */
final class FakeChatModel implements ChatModel {

    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final Function<ChatRequest, ChatResponse> answers;

    FakeChatModel(Function<ChatRequest, ChatResponse> answers) {
        this.answers = answers;
    }

    static FakeChatModel saying(String text) {
        return new FakeChatModel(request -> answer(AiMessage.from(text), FinishReason.STOP));
    }

    static FakeChatModel failing(RuntimeException failure) {
        return new FakeChatModel(request -> {
            throw failure;
        });
    }

    static ChatResponse answer(AiMessage message, FinishReason reason) {
        return ChatResponse.builder()
                .aiMessage(message)
                .id("answer-1")
                .modelName("large-2")
                .tokenUsage(new TokenUsage(12, 3))
                .finishReason(reason)
                .build();
    }

    ChatRequest only() {
        if (requests.size() != 1) {
            throw new AssertionError(requests.size() + " requests came, expected 1");
        }
        return requests.get(0);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        requests.add(request);
        return answers.apply(request);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
