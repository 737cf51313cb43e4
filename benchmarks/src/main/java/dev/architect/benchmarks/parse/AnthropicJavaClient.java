package dev.architect.benchmarks.parse;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** {@code anthropic-java} over bytes in memory. */
final class AnthropicJavaClient implements ClientUnderTest {

    private final MessageCreateParams request = MessageCreateParams.builder()
            .model("model")
            .maxTokens(1_024)
            .addUserMessage("Go on.")
            .build();
    private final AnthropicClient ofResponse;
    private final AnthropicClient ofStream;

    AnthropicJavaClient(WireSample wire) {
        ofResponse = client(wire.response());
        ofStream = client(wire.stream());
    }

    @Override
    public ParsedAnswer response() {
        Message answer = ofResponse.messages().create(request);
        StringBuilder text = new StringBuilder();
        answer.content().forEach(block -> block.text().ifPresent(part -> text.append(part.text())));
        return new ParsedAnswer(text.toString(), answer.usage().inputTokens());
    }

    @Override
    public ParsedAnswer stream() {
        StringBuilder text = new StringBuilder();
        long[] promptTokens = {-1};
        try (StreamResponse<RawMessageStreamEvent> stream = ofStream.messages().createStreaming(request)) {
            stream.stream().forEach(event -> {
                event.messageStart()
                        .ifPresent(start ->
                                promptTokens[0] = start.message().usage().inputTokens());
                event.contentBlockDelta()
                        .flatMap(block -> block.delta().text())
                        .ifPresent(delta -> text.append(delta.text()));
            });
        }
        return new ParsedAnswer(text.toString(), promptTokens[0]);
    }

    private static AnthropicClient client(byte[] body) {
        return new AnthropicClientImpl(ClientOptions.builder()
                .httpClient(new Memory(body))
                .maxRetries(0)
                .build());
    }

    private record Memory(byte[] body) implements HttpClient {

        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            return new Answer(new ByteArrayInputStream(body));
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            return CompletableFuture.completedFuture(execute(request, options));
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private record Answer(InputStream body) implements HttpResponse {

        private static final Headers NONE = Headers.builder().build();

        @Override
        public int statusCode() {
            return 200;
        }

        @Override
        public Headers headers() {
            return NONE;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
