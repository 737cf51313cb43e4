package dev.architect.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.testkit.replay.ReplyServer;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where a stream of Chat Completions may end. */
@Timeout(30)
class OpenAiStreamEndTest {

    private static final String TEXT = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}";
    private static final String FINISH = "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";

    private interface End {
        void of(ReplyServer.Connection connection) throws IOException;
    }

    @Test
    void aReasonAndTheEndOfTheBodyCompleteAnAnswerWithoutCounts() throws Exception {
        ProviderAnswer answer = streamed(List.of(TEXT, FINISH), ReplyServer.Connection::end);

        assertThat(answer.text()).isEqualTo("hello");
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.usage().isUnknown()).isTrue();
        assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void countsAfterTheReasonAreStillRead() throws Exception {
        ProviderAnswer answer = streamed(
                List.of(TEXT, FINISH, "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}"),
                ReplyServer.Connection::end);

        assertThat(answer.usage().toString()).isEqualTo("INPUT=7,OUTPUT=2");
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void theEndOfTheBodyBeforeTheReasonIsACut() {
        assertThat(cut(List.of(TEXT), ReplyServer.Connection::end).receivedCharacters())
                .isEqualTo(5);
    }

    @Test
    void aConnectionThatBreaksIsACut() {
        assertThat(cut(List.of(TEXT), ReplyServer.Connection::close).receivedCharacters())
                .isEqualTo(5);
        assertThat(cut(List.of(TEXT, FINISH), ReplyServer.Connection::close).receivedCharacters())
                .isEqualTo(5);
    }

    private static ProviderException cut(List<String> events, End end) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, () -> streamed(events, end));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        return failure;
    }

    private static ProviderAnswer streamed(List<String> events, End end) throws IOException {
        byte[] body = ("data: " + String.join("\n\ndata: ", events) + "\n\n").getBytes(StandardCharsets.UTF_8);
        try (ReplyServer server = ReplyServer.start(connection -> {
                    connection.begin(200, Map.of("content-type", "text/event-stream"));
                    connection.sendChunk(body, 0, body.length);
                    end.of(connection);
                });
                OpenAiProvider provider = OpenAiProvider.builder(name -> Optional.of("sk-test"))
                        .baseUrl(server.url())
                        .build()) {
            return provider.stream(
                    new ProviderCall("gpt-4o-mini", ChatRequest.of("Hello?"), Duration.ofSeconds(20)), delta -> {});
        }
    }
}
