package dev.architect.provider.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.provider.http.message.Reply;
import dev.architect.provider.http.message.ReplyHeaders;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an adapter written after the page makes of replies that the simulator never gives. */
class AcmeAnswerTest {

    @Test
    void successWithoutAnAnswerIsAFailure() {
        try (AcmeProvider acme = AcmeProvider.builder(name -> Optional.of("key"))
                .replies(request -> Reply.of(200, ReplyHeaders.none(), "{\"error\":{\"code\":\"overloaded\"}}"))
                .build()) {
            ProviderException failure = catchThrowableOfType(
                    ProviderException.class,
                    () -> acme.chat(new ProviderCall("a-1", ChatRequest.of("Hi"), Duration.ofSeconds(1))));

            assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
            assertThat(failure).hasMessageContaining("answer has no choice");
        }
    }
}
