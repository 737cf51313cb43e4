package dev.architect.benchmarks.parse;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import org.jspecify.annotations.Nullable;

/** LangChain4j's client of a wire over bytes in memory; its handler takes every piece, and the response holds all of them. */
final class LangChain4jClient implements ClientUnderTest {

    private final ChatModel ofResponse;
    private final StreamingChatModel ofStream;

    private LangChain4jClient(ChatModel ofResponse, StreamingChatModel ofStream) {
        this.ofResponse = ofResponse;
        this.ofStream = ofStream;
    }

    static ClientUnderTest of(WireSample wire) {
        HttpClientBuilder response = new LangChain4jMemoryTransport(wire.response());
        HttpClientBuilder stream = new LangChain4jMemoryTransport(wire.stream());
        return switch (wire.name()) {
            case "openai" -> openAi(response, stream);
            case "openai-responses" -> openAiResponses(response, stream);
            case "claude" -> claude(response, stream);
            case "gemini" -> gemini(response, stream);
            case "ollama" -> ollama(response, stream);
            default -> throw new IllegalArgumentException("wire is " + wire.name() + ", expected one of LangChain4j");
        };
    }

    @Override
    public ParsedAnswer response() {
        return parsed(ofResponse.chat(LangChain4jMemoryTransport.REQUEST));
    }

    @Override
    public ParsedAnswer stream() {
        Pieces pieces = new Pieces();
        ofStream.chat(LangChain4jMemoryTransport.REQUEST, pieces);
        if (pieces.complete == null) {
            throw new IllegalStateException("stream did not complete", pieces.failure);
        }
        return parsed(pieces.complete);
    }

    private static ParsedAnswer parsed(ChatResponse response) {
        return new ParsedAnswer(
                response.aiMessage().text(), response.tokenUsage().inputTokenCount());
    }

    private static ClientUnderTest openAi(HttpClientBuilder response, HttpClientBuilder stream) {
        return new LangChain4jClient(
                OpenAiChatModel.builder()
                        .httpClientBuilder(response)
                        .apiKey("key")
                        .modelName("model")
                        .maxRetries(0)
                        .build(),
                OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(stream)
                        .apiKey("key")
                        .modelName("model")
                        .build());
    }

    private static ClientUnderTest openAiResponses(HttpClientBuilder response, HttpClientBuilder stream) {
        return new LangChain4jClient(
                OpenAiResponsesChatModel.builder()
                        .httpClientBuilder(response)
                        .apiKey("key")
                        .modelName("model")
                        .build(),
                OpenAiResponsesStreamingChatModel.builder()
                        .httpClientBuilder(stream)
                        .apiKey("key")
                        .modelName("model")
                        .build());
    }

    private static ClientUnderTest claude(HttpClientBuilder response, HttpClientBuilder stream) {
        return new LangChain4jClient(
                AnthropicChatModel.builder()
                        .httpClientBuilder(response)
                        .apiKey("key")
                        .modelName("model")
                        .maxRetries(0)
                        .build(),
                AnthropicStreamingChatModel.builder()
                        .httpClientBuilder(stream)
                        .apiKey("key")
                        .modelName("model")
                        .build());
    }

    private static ClientUnderTest gemini(HttpClientBuilder response, HttpClientBuilder stream) {
        return new LangChain4jClient(
                GoogleAiGeminiChatModel.builder()
                        .httpClientBuilder(response)
                        .apiKey("key")
                        .modelName("model")
                        .maxRetries(0)
                        .build(),
                GoogleAiGeminiStreamingChatModel.builder()
                        .httpClientBuilder(stream)
                        .apiKey("key")
                        .modelName("model")
                        .build());
    }

    private static ClientUnderTest ollama(HttpClientBuilder response, HttpClientBuilder stream) {
        return new LangChain4jClient(
                OllamaChatModel.builder()
                        .httpClientBuilder(response)
                        .baseUrl("http://localhost")
                        .modelName("model")
                        .maxRetries(0)
                        .build(),
                OllamaStreamingChatModel.builder()
                        .httpClientBuilder(stream)
                        .baseUrl("http://localhost")
                        .modelName("model")
                        .build());
    }

    private static final class Pieces implements StreamingChatResponseHandler {
        private final StringBuilder received = new StringBuilder();
        private @Nullable ChatResponse complete;
        private @Nullable Throwable failure;

        @Override
        public void onPartialResponse(String piece) {
            received.append(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            complete = response;
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
        }
    }
}
