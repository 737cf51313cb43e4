package dev.architect.benchmarks.failover.subject;

import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** LangChain4j's streaming models. They have a timeout; retries are only for whole answers, and there is no second model. */
final class LangChain4jSubject implements Subject {

    private static final String PROMPT = "Describe a river.";

    private final StreamingChatModel primary;
    private final StreamingChatModel healthy;

    LangChain4jSubject(SubjectSetup setup) {
        this.primary = model(setup, setup.primary());
        this.healthy = model(setup, SubjectSetup.HEALTHY);
    }

    private static StreamingChatModel model(SubjectSetup setup, String model) {
        // Null leaves a builder at its default.
        Duration timeout = setup.settings() == SubjectSettings.COMPARABLE ? SubjectSettings.LIMIT : null;
        String address = setup.address().toString();
        return switch (setup.dialect()) {
            case "openai" ->
                OpenAiStreamingChatModel.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("key")
                        .modelName(model)
                        .timeout(timeout)
                        .build();
            case "claude" ->
                AnthropicStreamingChatModel.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("key")
                        .modelName(model)
                        .timeout(timeout)
                        .build();
            case "gemini" ->
                GoogleAiGeminiStreamingChatModel.builder()
                        .baseUrl(address + "/v1beta")
                        .apiKey("key")
                        .modelName(model)
                        .timeout(timeout)
                        .build();
            case "ollama" ->
                OllamaStreamingChatModel.builder()
                        .baseUrl(address)
                        .modelName(model)
                        .timeout(timeout)
                        .build();
            case "openai-responses" ->
                OpenAiResponsesStreamingChatModel.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("key")
                        .modelName(model)
                        .build();
            default -> throw new IllegalArgumentException("dialect is '" + setup.dialect() + "', expected a known one");
        };
    }

    @Override
    public SubjectOutcome ask() {
        return ask(primary);
    }

    @Override
    public SubjectOutcome askHealthy() {
        return ask(healthy);
    }

    private static SubjectOutcome ask(StreamingChatModel model) {
        Pieces pieces = new Pieces();
        try {
            model.chat(PROMPT, pieces);
            ChatResponse response = pieces.end.get();
            String whole = response.aiMessage().text() == null
                    ? ""
                    : response.aiMessage().text();
            Integer tokens =
                    response.tokenUsage() == null ? null : response.tokenUsage().outputTokenCount();
            return SubjectOutcome.answered(
                    whole,
                    Optional.ofNullable(response.modelName()),
                    tokens == null ? OptionalLong.empty() : OptionalLong.of(tokens));
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            return SubjectOutcome.failed(pieces.text.toString(), cause == null ? failure : cause);
        } catch (InterruptedException | RuntimeException failure) {
            return SubjectOutcome.failed(pieces.text.toString(), failure);
        }
    }

    /** There is nothing to close: its HTTP client ends with its last call. */
    @Override
    public void close() {
        // Nothing is open.
    }

    private static final class Pieces implements StreamingChatResponseHandler {
        private final StringBuffer text = new StringBuffer();
        private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            text.append(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }
}
