package dev.architect.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An adapter whose calls are answered from memory, and what it has sent. JSON is written with single quotes. */
final class StubbedOllama {

    static final Duration TIMEOUT = Duration.ofSeconds(20);

    static final String DONE = "{'model':'qwen3:8b','message':{'role':'assistant','content':'hi'},'done_reason':'stop',"
            + "'done':true,'prompt_eval_count':5,'eval_count':2}";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<HttpRequest> sent = new CopyOnWriteArrayList<>();
    private final OllamaProvider provider;

    /** Answers every call with {@code reply}. */
    StubbedOllama(String reply) {
        this(Map.of("", reply));
    }

    /** Answers with the reply whose key the path ends with. */
    StubbedOllama(Map<String, String> replies) {
        provider = OllamaProvider.builder()
                .replies(request -> {
                    sent.add(request);
                    String body = replies.entrySet().stream()
                            .filter(reply -> request.path().endsWith(reply.getKey()))
                            .findFirst()
                            .orElseThrow()
                            .getValue();
                    return Reply.of(200, ReplyHeaders.none(), json(body));
                })
                .build();
    }

    OllamaProvider provider() {
        return provider;
    }

    List<HttpRequest> sent() {
        return sent;
    }

    ProviderAnswer ask(String model, ChatRequest request) {
        return provider.chat(new ProviderCall(model, request, TIMEOUT));
    }

    /** The body that a request leads to. */
    static JsonNode body(String model, ChatRequest request) {
        StubbedOllama stub = new StubbedOllama(DONE);
        stub.ask(model, request);
        assertThat(stub.sent).hasSize(1);
        assertThat(stub.sent.get(0).path()).isEqualTo("/api/chat");
        return tree(String.valueOf(stub.sent.get(0).body().orElseThrow()));
    }

    /** Asserts that a request is refused before anything is sent, whole and streamed, and returns the failure. */
    static ProviderException refused(String model, ChatRequest request) {
        StubbedOllama stub = new StubbedOllama(DONE);
        ProviderCall call = new ProviderCall(model, request, TIMEOUT);
        ProviderException streamed = failure(() -> stub.provider.stream(call, piece -> {}));
        ProviderException whole = failure(() -> stub.provider.chat(call));
        assertThat(stub.sent).isEmpty();
        assertThat(whole.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(streamed).hasMessage(whole.getMessage());
        return whole;
    }

    static ProviderException unsupported(String model, ChatRequest request) {
        ProviderException failure = refused(model, request);
        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        return failure;
    }

    static ProviderException failure(Runnable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    static JsonNode tree(String singleQuoted) {
        try {
            return MAPPER.readTree(json(singleQuoted));
        } catch (IOException e) {
            throw new AssertionError(singleQuoted, e);
        }
    }
}
