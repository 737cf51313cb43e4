package dev.architect.benchmarks.parse;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** LangChain4j's interface for HTTP clients, answered from memory. */
record LangChain4jMemoryTransport(byte[] body) implements HttpClientBuilder, HttpClient {

    static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Go on.")).build();

    private static final Map<String, List<String>> HEADERS = Map.of("content-type", List.of("application/json"));

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        return SuccessfulHttpResponse.builder()
                .statusCode(200)
                .headers(HEADERS)
                .body(body)
                .build();
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        listener.onOpen(SuccessfulHttpResponse.builder()
                .statusCode(200)
                .headers(HEADERS)
                .build());
        parser.parse(new ByteArrayInputStream(body), listener);
        listener.onClose();
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
        return this;
    }

    @Override
    public Duration readTimeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
        return this;
    }

    @Override
    public HttpClient build() {
        return this;
    }
}
