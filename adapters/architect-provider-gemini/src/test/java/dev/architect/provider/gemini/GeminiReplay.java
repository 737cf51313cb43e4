package dev.architect.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.RecordedReply;
import dev.architect.testkit.ReplyServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the adapter while a server gives one reply. */
final class GeminiReplay {

    static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    private GeminiReplay() {}

    static ProviderAnswer ask(RecordedReply reply, int pieces) throws IOException {
        try (ReplyServer server = ReplyServer.replaying(reply, pieces);
                GeminiProvider provider = open(server)) {
            if (!isStreamed(reply)) {
                return provider.chat(call());
            }
            StringBuilder heard = new StringBuilder();
            ProviderAnswer answer = provider.stream(call(), heard::append);
            assertThat(heard).hasToString(answer.text());
            return answer;
        }
    }

    static ProviderAnswer whole(String body) throws IOException {
        return ask(new RecordedReply("", "", false, 200, Map.of("content-type", "application/json"), body), 1000);
    }

    /** Streams events that each hold one of {@code bodies}. */
    static ProviderAnswer streamed(String... bodies) throws IOException {
        return ask(events(bodies), 9);
    }

    static RecordedReply events(String... bodies) {
        StringBuilder events = new StringBuilder();
        for (String body : bodies) {
            events.append("data: ").append(body).append("\r\n\r\n");
        }
        return new RecordedReply("", "", true, 200, Map.of("content-type", "text/event-stream"), events.toString());
    }

    static ProviderException error(int status, String body) {
        return failure(() -> ask(new RecordedReply("", "", false, status, Map.of(), body), 1000));
    }

    static ProviderException failure(Asking asking) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, asking::ask);
        assertThat(failure).isNotNull();
        return failure;
    }

    static List<RecordedReply> replies(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("gemini/" + name + ".json"));
    }

    static Path fixture(String name) {
        return RECORDINGS.resolve("gemini/chunk-fixtures/" + name);
    }

    static GeminiProvider open(ReplyServer server) {
        return GeminiProvider.builder(name -> Optional.of("key-replay"))
                .baseUrl(server.url())
                .build();
    }

    static ProviderCall call() {
        return new ProviderCall("gemini-2.5-flash", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
    }

    private static boolean isStreamed(RecordedReply reply) {
        return reply.isStreamed() || reply.path().endsWith(":streamGenerateContent");
    }

    /** Something that may fail. */
    interface Asking {
        void ask() throws IOException;
    }
}
