package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.model.RateLimit;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Services besides answers: list of models, token counts, embeddings, provider-specific options and rate limits. */
abstract class ProviderServiceCases extends ProviderCases {

    ProviderServiceCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void listsItsModels() {
        if (!contract.listsModels()) {
            assertFails(FailureKind.UNSUPPORTED, () -> provider().models(TIMEOUT));
            assertThat(simulator().log()).isEmpty();
            return;
        }
        assertThat(provider().models(TIMEOUT)).extracting(ModelInfo::id).contains(contract.model());
        assertThat(simulator().log()).noneMatch(call -> call.billedPicoUsd() > 0);
    }

    @Test
    void failsToListModelsWhenTheProviderIsDown() throws Exception {
        ModelProvider unreachable = openAt(closedPort(), name -> Optional.of(KEY));

        assertFails(
                contract.listsModels() ? FailureKind.UNAVAILABLE : FailureKind.UNSUPPORTED,
                () -> unreachable.models(TIMEOUT));
    }

    @Test
    void countsTokensOfARequest() {
        ProviderCall call =
                call(Capability.TOKEN_COUNT, ChatRequest.builder(PROMPT).build());
        if (!supports(Capability.TOKEN_COUNT)) {
            assertUnsupported(Set.of(Capability.TOKEN_COUNT), () -> provider().countTokens(call));
            assertThat(simulator().log()).isEmpty();
            return;
        }

        long counted = provider().countTokens(call);

        assertThat(simulator().log()).noneMatch(one -> one.billedPicoUsd() > 0);
        assertThat(counted).isEqualTo(provider().chat(call).usage().promptTokens());
    }

    @Test
    void embedsTexts() {
        EmbeddingCall call = new EmbeddingCall(
                contract.model(Capability.EMBEDDINGS), List.of("a fox", "a dog", "a fox"), Optional.empty(), TIMEOUT);
        if (!supports(Capability.EMBEDDINGS)) {
            assertUnsupported(Set.of(Capability.EMBEDDINGS), () -> provider().embed(call));
            assertThat(simulator().log()).isEmpty();
            return;
        }

        EmbeddingAnswer answer = provider().embed(call);

        assertThat(answer.vectors()).hasSize(3);
        assertThat(answer.vectors().get(0))
                .isEqualTo(answer.vectors().get(2))
                .isNotEqualTo(answer.vectors().get(1));
        if (answer.usage().isUnknown()) {
            assertThat(answer.usageSource()).isEqualTo(UsageSource.ESTIMATED);
        } else {
            assertThat(answer.usage().count(UsageBucket.INPUT))
                    .isEqualTo(loggedCall().promptTokens());
        }
    }

    @Test
    void rejectsUnknownOptionsOfItsOwn() {
        ChatRequest request = ChatRequest.builder(PROMPT)
                .option(contract.provider() + ".unknown_option", "x")
                .build();

        ProviderException failure = failure(() -> provider().chat(call(request)));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure).hasMessageContaining("unknown_option");
        assertFails(FailureKind.UNSUPPORTED, () -> provider().stream(call(request), chunk -> {}));
        assertThat(simulator().log()).isEmpty();
    }

    @Test
    void ignoresOptionsOfOtherProviders() {
        ChatRequest request =
                ChatRequest.builder(PROMPT).option("elsewhere.anything", "x").build();

        assertThat(provider().chat(call(request)).text()).isNotBlank();
    }

    @Test
    void reportsItsRateLimits() {
        configure(script -> script.withRequestsPerMinute(1_000));

        List<RateLimit> limits = chat().rateLimits();

        assertThat(!limits.isEmpty()).isEqualTo(contract.statesRateLimits());
        for (RateLimit limit : limits) {
            assertThat(limit.name()).isIn("requests", "tokens", "input-tokens", "output-tokens");
            assertThat(limit.limit().orElse(1L)).isPositive();
            assertThat(limit.remaining().orElse(0L)).isBetween(0L, limit.limit().orElse(Long.MAX_VALUE));
            assertThat(limit.resetAfter().orElse(Duration.ZERO)).isBetween(Duration.ZERO, Duration.ofMinutes(2));
        }
        if (contract.statesRateLimits()) {
            assertThat(limits)
                    .anyMatch(limit -> limit.name().equals("requests")
                            && limit.remaining().orElse(-1L) < limit.limit().orElse(-1L));
        }
    }

    @Test
    void reportsItsRateLimitsWithAnError() {
        configure(script -> script.withErrors(ErrorRate.rateLimited(1, Duration.ofSeconds(2))));

        assertThat(!failure(this::chat).rateLimits().isEmpty()).isEqualTo(contract.statesRateLimits());
    }
}
