package dev.architect.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderExceptionTest {

    private static final ModelId MODEL = new ModelId("claude", "large");

    @Test
    void whatWasNotReportedIsAbsent() {
        ProviderException failure =
                ProviderException.builder(MODEL, FailureKind.TIMEOUT).build();

        assertThat(failure.answeringModel()).isEmpty();
        assertThat(failure.serviceTier()).isEmpty();
        assertThat(failure.statedCostPicoUsd()).isEmpty();
        assertThat(failure.status()).isEmpty();
    }

    @Test
    void keepsModelTierAndCostThatWereKnown() {
        ProviderException failure = ProviderException.builder(MODEL, FailureKind.PROTOCOL)
                .answeringModel("large-2026")
                .serviceTier("priority")
                .statedCostPicoUsd(0L)
                .build();

        assertThat(failure.model()).isEqualTo(MODEL);
        assertThat(failure.answeringModel()).contains("large-2026");
        assertThat(failure.serviceTier()).contains("priority");
        assertThat(failure.statedCostPicoUsd()).as("zero is a cost").hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, false, not to be retried", "INVALID_REQUEST, true, may be retried"})
    void whatTheProviderSaysOfARetryCountsBeforeTheKind(FailureKind kind, boolean stated, String words) {
        ProviderException failure =
                ProviderException.builder(MODEL, kind).isTransient(stated).build();

        assertThat(failure.isTransient()).isEqualTo(stated);
        assertThat(failure).hasMessage("claude/large failed: " + kind + ", " + words);
        ProviderException unsaid =
                ProviderException.builder(MODEL, kind).isTransient(null).build();
        assertThat(unsaid.isTransient()).isEqualTo(kind.isTransient());
        assertThat(unsaid).hasMessage("claude/large failed: " + kind);
    }

    @Test
    void refusesACostBelowZero() {
        assertThatThrownBy(() ->
                        ProviderException.builder(MODEL, FailureKind.PROTOCOL).statedCostPicoUsd(-1L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("statedCostPicoUsd is -1");
    }
}
