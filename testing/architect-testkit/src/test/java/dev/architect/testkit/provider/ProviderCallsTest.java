package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.FailureKind;
import dev.architect.usage.TokenUsage;
import org.junit.jupiter.api.Test;

class ProviderCallsTest {

    private final ScriptedProvider provider = ScriptedProvider.named("p")
            .then(ScriptedStep.fail(FailureKind.OVERLOADED))
            .always(ScriptedStep.answer("fine", TokenUsage.of(1, 1)));

    @Test
    void returnsTheFailureOfACall() {
        assertThat(ProviderCalls.failure(() -> provider.chat(ProviderCalls.of("Hi")))
                        .kind())
                .isEqualTo(FailureKind.OVERLOADED);
        assertThat(provider.calls()).containsExactly(ProviderCalls.of("Hi"));
    }

    @Test
    void rejectsACallThatSucceeds() {
        ProviderCalls.failure(() -> provider.chat(ProviderCalls.of("Hi")));

        assertThatThrownBy(() -> ProviderCalls.failure(() -> provider.chat(ProviderCalls.of("Hi"))))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the call succeeded, expected a ProviderException");
    }
}
