package dev.architect.provider.gemini;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.CannedReply;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.testkit.replay.ReplayRunner;
import dev.architect.testkit.replay.ReplyServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Calls the adapter while the transport returns one given reply. */
final class GeminiReplay {

    static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    private static final ReplayRunner REPLAYS = new ReplayRunner(call(), GeminiReplay::open);

    private GeminiReplay() {}

    static ProviderAnswer ask(RecordedReply reply, int pieces) {
        return REPLAYS.call(reply, reply.isStreamed() || reply.path().endsWith(":streamGenerateContent"), pieces);
    }

    static ProviderAnswer whole(String body) {
        return REPLAYS.chat(body);
    }

    /** Streams events that each hold one of {@code bodies}. */
    static ProviderAnswer streamed(String... bodies) {
        return REPLAYS.stream(ReplayRunner.events(bodies));
    }

    static ProviderException error(int status, String body) {
        return REPLAYS.failureOf(status, body);
    }

    static ProviderException failure(ReplayRunner.ProviderAction asking) {
        return ReplayRunner.failureOf(asking);
    }

    static List<RecordedReply> replies(String name) throws IOException {
        return RecordedReply.load(RECORDINGS.resolve("gemini/" + name + ".json"));
    }

    static Path fixture(String name) {
        return RECORDINGS.resolve("gemini/chunk-fixtures/" + name);
    }

    static GeminiProvider open(ReplyServer server) {
        return builder().baseUrl(server.url()).build();
    }

    static GeminiProvider open(Supplier<CannedReply> replies) {
        return builder()
                .replies(request -> {
                    CannedReply reply = replies.get();
                    return new Reply(reply.status(), ReplyHeaders.of(reply.headers()), reply.body());
                })
                .build();
    }

    static ProviderCall call() {
        return new ProviderCall("gemini-2.5-flash", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
    }

    private static GeminiProvider.Builder builder() {
        return GeminiProvider.builder(name -> Optional.of("key-replay"));
    }
}
