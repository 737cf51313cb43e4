package dev.architect.benchmarks.parse;

import dev.architect.chat.ChatRequest;
import dev.architect.provider.anythingllm.AnythingLlmProvider;
import dev.architect.provider.claude.ClaudeProvider;
import dev.architect.provider.gemini.GeminiProvider;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.provider.http.message.ReplySource;
import dev.architect.provider.ollama.OllamaProvider;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.provider.perplexity.PerplexityProvider;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Optional;

/** Our adapter of a wire; the listener takes every piece, and the answer holds all of them. */
final class ArchitectClient implements ClientUnderTest {

    private static final SecretSource KEY = name -> Optional.of("key");
    private static final ReplyHeaders JSON = ReplyHeaders.of("content-type", "application/json");
    private static final ReplyHeaders EVENTS = ReplyHeaders.of("content-type", "text/event-stream");

    private final ProviderCall call = new ProviderCall("model", ChatRequest.of("Go on."), Duration.ofMinutes(1));
    private final ModelProvider ofResponse;
    private final ModelProvider ofStream;

    ArchitectClient(WireSample wire) {
        ofResponse = provider(wire.name(), request -> new Reply(200, JSON, new ByteArrayInputStream(wire.response())));
        ofStream = provider(wire.name(), request -> new Reply(200, EVENTS, new ByteArrayInputStream(wire.stream())));
    }

    @Override
    public ParsedAnswer response() {
        return parsed(ofResponse.chat(call));
    }

    @Override
    public ParsedAnswer stream() {
        // A piece that is not delivered would make reading look faster than it is.
        StringBuilder received = new StringBuilder();
        ProviderAnswer answer = ofStream.stream(call, received::append);
        if (received.length() != answer.text().length()) {
            throw new IllegalStateException(
                    "listener received " + received.length() + " characters, expected the answer's");
        }
        return parsed(answer);
    }

    private static ParsedAnswer parsed(ProviderAnswer answer) {
        return new ParsedAnswer(answer.text(), answer.usage().promptTokens());
    }

    private static ModelProvider provider(String wire, ReplySource replies) {
        return switch (wire) {
            case "openai" -> OpenAiProvider.builder(KEY).replies(replies).build();
            case "openai-responses" ->
                OpenAiProvider.builder(KEY)
                        .api(OpenAiApi.RESPONSES)
                        .replies(replies)
                        .build();
            case "claude" -> ClaudeProvider.builder(KEY).replies(replies).build();
            case "gemini" -> GeminiProvider.builder(KEY).replies(replies).build();
            case "ollama" -> OllamaProvider.builder().replies(replies).build();
            case "anythingllm" ->
                AnythingLlmProvider.builder(KEY).replies(replies).build();
            case "perplexity" ->
                PerplexityProvider.builder(KEY).replies(replies).build();
            default -> throw new IllegalArgumentException("wire is " + wire + ", expected one of an adapter");
        };
    }
}
