package dev.architect.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.request.CallLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CapabilityGuardTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final EmbeddingCall TWO_TEXTS =
            new EmbeddingCall("vectors", List.of("a", "b"), Optional.empty(), TIMEOUT);

    private final CapabilityGuard guard = new CapabilityGuard("stub");

    @Test
    void namesEverythingThatIsLacking() {
        ProviderCall call =
                call(ChatRequest.builder("Secret").system("Be brief.").temperature(0.5));

        assertThatCode(() -> guard.require(
                        call,
                        Set.of(Capability.SYSTEM_TEXT, Capability.TEMPERATURE, Capability.STREAMING),
                        Capability.STREAMING))
                .doesNotThrowAnyException();
        ProviderException failure =
                failure(() -> guard.require(call, Set.of(Capability.SYSTEM_TEXT), Capability.STREAMING));

        assertThat(failure).hasMessage("stub/large failed: UNSUPPORTED (model lacks [STREAMING, TEMPERATURE])");
        assertUnsent(failure, FailureKind.UNSUPPORTED);
    }

    @Test
    void aBeginningOfTheAnswerNeedsAModelThatContinuesIt() {
        ProviderCall call = new ProviderCall("large", ChatRequest.of("Secret"), CallLimits.within(TIMEOUT), "Well");

        assertThatCode(() -> guard.require(call, Set.of(Capability.PREFILL))).doesNotThrowAnyException();
        assertThat(failure(() -> guard.require(call, Set.of())))
                .hasMessage("stub/large failed: UNSUPPORTED (model lacks [PREFILL])");
    }

    @Test
    void embeddingsNeedTheCapabilityAndHaveAMaximum() {
        assertThatCode(() -> guard.require(TWO_TEXTS, Set.of(Capability.EMBEDDINGS), 2))
                .doesNotThrowAnyException();
        assertThat(failure(() -> guard.require(TWO_TEXTS, Set.of(), 2)))
                .hasMessage("stub/vectors failed: UNSUPPORTED (model lacks [EMBEDDINGS])");
        assertThat(failure(() -> guard.require(TWO_TEXTS, Set.of(Capability.EMBEDDINGS), 1)))
                .hasMessage("stub/vectors failed: UNSUPPORTED (texts has 2 entries, expected 1..1)");
    }

    @Test
    void returnsTheOptionsOfItsOwnProvider() {
        ProviderCall call =
                call(ChatRequest.builder("Hi").option("stub.depth", "3").option("other.depth", "4"));

        assertThat(guard.options(call, Set.of("depth", "width"))).isEqualTo(Map.of("depth", "3"));
    }

    @Test
    void rejectsAnOptionThatTheAdapterDoesNotKnow() {
        ProviderCall call = call(ChatRequest.builder("Hi").option("stub.dept", "Secret"));

        ProviderException failure = failure(() -> guard.options(call, Set.of("width", "depth")));

        assertThat(failure)
                .hasMessage("stub/large failed: UNSUPPORTED (option is 'stub.dept', expected one of [depth, width])");
        assertUnsent(failure, FailureKind.UNSUPPORTED);
    }

    @Test
    void aProviderWithoutOptionsRejectsThemAll() {
        ProviderCall call = call(ChatRequest.builder("Hi").option("stub.b", "1").option("stub.a", "2"));

        assertThat(failure(() -> guard.options(call, Set.of())))
                .hasMessage("stub/large failed: UNSUPPORTED (provider has no options, seen [a, b])");
        assertThat(guard.options(call(ChatRequest.builder("Hi")), Set.of())).isEmpty();
    }

    @Test
    void failuresNameTheModelAndStateThatNothingWasSent() {
        ProviderCall call = call(ChatRequest.builder("Hi"));

        assertUnsent(guard.unsupported("list", "provider lists no models"), FailureKind.UNSUPPORTED);
        assertThat(guard.unsupported(call, "no audio")).hasMessage("stub/large failed: UNSUPPORTED (no audio)");
        assertThat(guard.unsupported(TWO_TEXTS, "no vectors"))
                .hasMessage("stub/vectors failed: UNSUPPORTED (no vectors)");
        assertThat(guard.invalid(call, "schema is no object"))
                .hasMessage("stub/large failed: INVALID_REQUEST (schema is no object)");
        assertUnsent(guard.invalid(call, "schema is no object"), FailureKind.INVALID_REQUEST);
    }

    private static void assertUnsent(ProviderException failure, FailureKind kind) {
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure.getMessage()).doesNotContain("Secret");
    }

    private static ProviderCall call(ChatRequest.Builder request) {
        return new ProviderCall("large", request.build(), TIMEOUT);
    }

    private static ProviderException failure(ThrowingCallable call) {
        return catchThrowableOfType(ProviderException.class, call);
    }
}
