package dev.architect.benchmarks.parse;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** OpenAI's own client over bytes in memory. */
final class OpenAiJavaClientFactory {

    private OpenAiJavaClientFactory() {}

    static OpenAIClient client(byte[] body) {
        return new OpenAIClientImpl(ClientOptions.builder()
                .httpClient(new Memory(body))
                .apiKey("key")
                // A retry would hide a failure and be measured as reading.
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
