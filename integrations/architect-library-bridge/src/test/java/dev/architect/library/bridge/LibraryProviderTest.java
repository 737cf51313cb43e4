package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import dev.architect.model.StopReason;
import dev.architect.spi.AnswerAssembler;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LibraryProviderTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void listsItsModelsAndWhatTheyCanDo() {
        try (StubProvider provider = new StubBuilder("stub")
                .model("large", Set.of(Capability.STREAMING))
                .model("basic", Set.of())
                .build()) {
            assertThat(provider.name()).isEqualTo("stub");
            assertThat(provider.models(TIMEOUT)).containsExactly(ModelInfo.hosted("basic"), ModelInfo.hosted("large"));
            assertThat(provider.capabilities("large")).containsExactly(Capability.STREAMING);
            assertThat(provider.capabilities("other")).isEmpty();
            assertThat(provider.probe()).isEqualTo(ProviderHealth.up());
        }
    }

    @Test
    void appendsTheDeltasOfAStreamToItsListener() {
        try (StubProvider provider = new StubBuilder("stub")
                .model("large", Set.of(Capability.STREAMING))
                .build()) {
            List<String> delivered = new ArrayList<>();

            assertThat(provider.stream(call("large", ChatRequest.of("Hi")), delivered::add)
                            .text())
                    .isEqualTo("streamed");
            assertThat(provider.chat(call("large", ChatRequest.of("Hi"))).text())
                    .isEqualTo("whole");
            assertThat(delivered).containsExactly("streamed");
        }
    }

    @Test
    void refusesBeforeTheLibraryIsCalled() {
        try (StubProvider provider =
                new StubBuilder("stub").model("basic", Set.of()).build()) {
            assertRefused(() -> provider.chat(call("other", ChatRequest.of("Hi"))), "model is not one of the 1");
            assertRefused(() -> provider.stream(call("basic", ChatRequest.of("Hi")), delta -> {}), "STREAMING");
            assertRefused(
                    () -> provider.chat(call(
                            "basic",
                            ChatRequest.builder("Hi").option("stub.depth", "1").build())),
                    "provider has no options, seen [depth]");
            assertThat(provider.calls).isZero();
        }
    }

    @Test
    void aFailureIsReadByTheBuildersReaderFirst() {
        try (StubProvider provider = new StubBuilder("stub")
                .model("basic", Set.of())
                .failures(failure ->
                        Optional.of(FailureKind.OVERLOADED).filter(kind -> "busy".equals(failure.getMessage())))
                .build()) {
            provider.failure = new IllegalStateException("busy");
            assertThat(failure(() -> provider.chat(call("basic", ChatRequest.of("Hi"))))
                            .kind())
                    .isEqualTo(FailureKind.OVERLOADED);

            provider.failure = new IllegalStateException("other");
            assertThat(failure(() -> provider.chat(call("basic", ChatRequest.of("Hi"))))
                            .kind())
                    .as("the library's own reader")
                    .isEqualTo(FailureKind.RATE_LIMITED);
        }
    }

    @Test
    void checksNamesWhenTheyAreGiven() {
        assertThatThrownBy(() -> new StubBuilder("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name is 'a/b', expected one without a slash");
        assertThatThrownBy(() -> new StubBuilder(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new StubBuilder("stub").model("large", Set.of()).model("large", Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("model is 'large', expected a name that was not given before");
        assertThatThrownBy(() -> new StubBuilder("stub").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("provider 'stub' has 0 models, expected 1 or more");
    }

    @Test
    void theReaderOfCountsCanBeReplaced() {
        assertThat(new StubBuilder("stub").usage(text -> TokenUsage.of(7, 7)).usageOf("1"))
                .isEqualTo(TokenUsage.of(7, 7));
        assertThat(new StubBuilder("stub").usageOf("1")).isEqualTo(TokenUsage.UNKNOWN);
    }

    private static void assertRefused(Runnable call, String explanation) {
        ProviderException failure = failure(call);
        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure).hasMessageContaining(explanation);
    }

    private static ProviderException failure(Runnable call) {
        return catchThrowableOfType(ProviderException.class, call::run);
    }

    private static ProviderCall call(String model, ChatRequest request) {
        return new ProviderCall(model, request, TIMEOUT);
    }

    private static final class StubProvider extends LibraryProvider {
        private RuntimeException failure;
        private int calls;

        StubProvider(StubBuilder builder) {
            super(builder, failure -> Optional.of(FailureKind.RATE_LIMITED));
        }

        @Override
        protected ProviderAnswer chat(ProviderCall call, AnswerAssembler answer) {
            return answer(call, answer, "whole");
        }

        @Override
        protected ProviderAnswer stream(ProviderCall call, AnswerAssembler answer) {
            return answer(call, answer, "streamed");
        }

        private ProviderAnswer answer(ProviderCall call, AnswerAssembler answer, String text) {
            calls++;
            answer.appendText(calls().execute(call, answer, running -> {
                if (failure != null) {
                    throw failure;
                }
                running.complete(text);
            }));
            return answer.answer(StopReason.COMPLETE).build();
        }
    }

    private static final class StubBuilder extends LibraryProvider.Builder<String, StubBuilder> {
        StubBuilder(String name) {
            super(name, text -> TokenUsage.UNKNOWN);
        }

        StubBuilder model(String id, Set<Capability> capabilities) {
            return add(id, capabilities);
        }

        TokenUsage usageOf(String counts) {
            return usageReader().apply(counts);
        }

        StubProvider build() {
            return new StubProvider(this);
        }
    }
}
