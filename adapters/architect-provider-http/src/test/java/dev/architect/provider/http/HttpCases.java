package dev.architect.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Short ways to call a stub of a provider. */
@Timeout(30)
public abstract class HttpCases {

    /** Longer than any case may take. */
    static final Duration LONG_TIMEOUT = Duration.ofMinutes(5);

    static final String KEY = "sk-very-secret";
    static final String PROMPT = "what did the fox say";

    static final AnswerReader READER =
            (json, exchange) -> answer(json.path("text").asText(), exchange);

    static ProviderAnswer answer(String text, Exchange exchange) {
        return ProviderAnswer.builder(exchange.model().model(), text, StopReason.COMPLETE)
                .usage(TokenUsage.of(1, 2), UsageSource.REPORTED)
                .requestId(exchange.requestId().orElse(null))
                .build();
    }

    static ProviderAnswer chat(ProviderHttp http) {
        return http.chat(call(LONG_TIMEOUT), request(), READER);
    }

    static ProviderAnswer stream(ProviderHttp http, List<String> pieces) {
        return http.stream(
                call(LONG_TIMEOUT),
                request(),
                StreamFormat.SSE,
                pieces::add,
                exchange -> reader(exchange, StreamReader.Progress.OPEN));
    }

    static StreamReader reader(Exchange exchange, StreamReader.Progress afterEachEvent) {
        return new StreamReader() {
            @Override
            public Progress accept(StreamEvent event) {
                if (event.is("[DONE]")) {
                    return Progress.DONE;
                }
                exchange.appendText(event.json().path("t").asText());
                return afterEachEvent;
            }

            @Override
            public ProviderAnswer answer() {
                return HttpCases.answer(exchange.text(), exchange);
            }
        };
    }

    static ReplyServer stream(String body) throws IOException {
        return ReplyServer.replying(200, "text/event-stream", body);
    }

    static ReplyServer replying(int status, String header, String value, String body) throws IOException {
        return ReplyServer.start(connection -> connection.reply(status, Map.of(header, value), body));
    }

    static ProviderCall call(Duration timeout) {
        return new ProviderCall("model", ChatRequest.of(PROMPT), timeout);
    }

    static HttpRequest request() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prompt", PROMPT);
        return HttpRequest.post("/chat", body);
    }

    static ProviderHttp http(URI url) {
        return builder(url).build();
    }

    static ProviderHttp.Builder builder(URI url) {
        return ProviderHttp.builder("stub", url).key("authorization", "Bearer ", name -> Optional.of(KEY), "STUB_KEY");
    }

    static ProviderException failure(Runnable work) {
        return catchThrowableOfType(ProviderException.class, work::run);
    }

    /** Connects until the queue of connections that are never accepted is full, so that the next one hangs. */
    static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int count = 0; count < 20; count++) {
                Socket socket = new Socket();
                sockets.add(socket);
                socket.connect(server.getLocalSocketAddress(), 100);
            }
            throw new IllegalStateException("queue is not full after 20 connections, expected full");
        } catch (SocketTimeoutException full) {
            return sockets;
        }
    }

    static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    static void awaitInVain(CountDownLatch never, Duration time) {
        try {
            assertThat(never.await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
