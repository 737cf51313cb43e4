package dev.architect.provider.perplexity;

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
import java.util.Map;
import java.util.Optional;

/** Asks the adapter while a server gives one reply. */
final class PerplexityReplay {

    static final Path RECORDINGS = Path.of("src/test/resources/recordings/perplexity");

    private PerplexityReplay() {}

    static ProviderAnswer ask(RecordedReply reply, int pieces) throws IOException {
        try (ReplyServer server = ReplyServer.replaying(reply, pieces);
                PerplexityProvider provider = open(server)) {
            if (!reply.isStreamed()) {
                return provider.chat(call());
            }
            StringBuilder heard = new StringBuilder();
            ProviderAnswer answer = provider.stream(call(), heard::append);
            assertThat(heard).hasToString(answer.text());
            return answer;
        }
    }

    static ProviderAnswer whole(String body) throws IOException {
        return ask(new RecordedReply("", "", false, 200, Map.of(), body), 1000);
    }

    static ProviderAnswer streamed(String... events) throws IOException {
        StringBuilder body = new StringBuilder();
        for (String event : events) {
            body.append("data: ").append(event).append("\n\n");
        }
        return ask(new RecordedReply("", "", true, 200, Map.of(), body.toString()), 9);
    }

    static ProviderException error(int status, String body) {
        return failure(() -> ask(new RecordedReply("", "", false, status, Map.of(), body), 1000));
    }

    static ProviderException failure(Asking asking) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, asking::ask);
        assertThat(failure).isNotNull();
        return failure;
    }

    static PerplexityProvider open(ReplyServer server) {
        return PerplexityProvider.builder(name -> Optional.of("key-replay"))
                .baseUrl(server.url())
                .build();
    }

    static ProviderCall call() {
        return new ProviderCall("perplexity/sonar", ChatRequest.of("Hello?"), Duration.ofSeconds(20));
    }

    /** Something that may fail. */
    interface Asking {
        void ask() throws IOException;
    }
}
