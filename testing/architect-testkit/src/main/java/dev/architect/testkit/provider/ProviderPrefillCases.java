package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.request.CallLimits;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls that continue an answer whose beginning is known. A model that cannot rejects them before anything is sent. */
abstract class ProviderPrefillCases extends ProviderCases {

    ProviderPrefillCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void aWholeAnswerIsWhatFollowsTheBeginning() {
        ProviderCall call = call("The answer so far");
        if (!supports(Capability.PREFILL)) {
            assertUnsupported(Set.of(Capability.PREFILL), () -> provider().chat(call));
            assertThat(simulator().log()).isEmpty();
            return;
        }
        String whole = provider()
                .chat(call(Capability.PREFILL, ChatRequest.of(PROMPT)))
                .text();
        String beginning = beginningOf(whole);

        ProviderAnswer rest = provider().chat(call(beginning));

        assertThat(beginning + rest.text()).isEqualTo(whole);
        assertUsage(rest, simulator().log().get(1));
        assertThat(rest.usage().promptTokens())
                .as("the beginning is a part of the prompt")
                .isGreaterThan(simulator().log().get(0).promptTokens());
    }

    @Test
    void aStreamIsWhatFollowsTheBeginning() {
        ProviderCall call = call("The answer so far");
        if (!supports(Capability.PREFILL)) {
            assertUnsupported(Set.of(Capability.PREFILL), () -> provider().stream(call, delta -> {}));
            assertThat(simulator().log()).isEmpty();
            return;
        }
        String whole = provider()
                .chat(call(Capability.PREFILL, ChatRequest.of(PROMPT)))
                .text();
        String beginning = beginningOf(whole);
        RecordingListener listener = new RecordingListener();

        ProviderAnswer rest = provider().stream(call(beginning), listener);

        assertThat(beginning + rest.text()).isEqualTo(whole);
        listener.assertMatches(rest);
    }

    private ProviderCall call(String beginning) {
        return new ProviderCall(
                contract.model(Capability.PREFILL), ChatRequest.of(PROMPT), CallLimits.within(TIMEOUT), beginning);
    }

    /** Vendors refuse one that ends in white space. */
    private static String beginningOf(String whole) {
        return whole.substring(0, whole.length() / 2).stripTrailing();
    }
}
