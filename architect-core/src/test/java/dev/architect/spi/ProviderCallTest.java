package dev.architect.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.architect.chat.ChatRequest;
import dev.architect.request.CallLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderCallTest {

    private static final CallLimits LIMITS = CallLimits.within(Duration.ofSeconds(1));

    @Test
    void showsNoTextOfTheAnswer() {
        ProviderCall call = new ProviderCall("m", ChatRequest.of("Hi"), LIMITS, "a secret");

        assertThat(call.isPrefilled()).isTrue();
        assertThat(call.toString()).contains("8 characters").doesNotContain("secret");
        assertThat(new ProviderCall("m", ChatRequest.of("Hi"), LIMITS).isPrefilled())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a beginning ", "a line\n", " "})
    void refusesABeginningThatVendorsRefuse(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProviderCall("m", ChatRequest.of("Hi"), LIMITS, prefix))
                .withMessage("prefix ends in white space, expected text");
    }
}
