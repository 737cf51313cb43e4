package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderCall;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys, prompts and answers stay out of everything that could be logged. */
abstract class ProviderSecrecyCases extends ProviderCases {

    private static final String BAD_KEY = "sk-ba\nd-5Ecr3t";

    ProviderSecrecyCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void providerErrorsContainNoSecrets() {
        for (int status : List.of(400, 401, 403, 404, 413, 429, 500, 503)) {
            configure(script -> script.withErrors(ErrorRate.of(status, 1)));

            assertNoSecrets(failure(this::chat));
            assertNoSecrets(failure(() -> provider().stream(call(), chunk -> {})));
        }
    }

    @Test
    void outagesContainNoSecrets() {
        ProviderCall shortCall = new ProviderCall(contract.model(), ChatRequest.of(PROMPT), Duration.ofMillis(500));
        // Whole answers have no events, and the answer beside noise is complete.
        EnumSet<Outage> inStreams = EnumSet.of(Outage.NOISE, Outage.BROKEN_EVENT);
        for (Outage outage : EnumSet.complementOf(inStreams)) {
            configure(script -> script.withOutage(outage));

            assertNoSecrets(failure(() -> provider().chat(shortCall)));
            assertNoSecrets(failure(() -> provider().stream(shortCall, chunk -> {})));
        }
        configure(script -> script.withOutage(Outage.BROKEN_EVENT));
        assertNoSecrets(failure(() -> provider().stream(call(), chunk -> {})));
    }

    @Test
    void aKeyThatIsInvalidInAHeaderIsNotShown() {
        ModelProvider withInvalidKey = open(name -> Optional.of(BAD_KEY));

        assertNoSecrets(failure(() -> withInvalidKey.chat(call())));
        assertThat(withInvalidKey.probe().toString()).doesNotContain("5Ecr3t");
    }

    @Test
    void toStringShowsNeitherTextNorKey() {
        String shown = chat() + " " + provider() + " " + call();

        assertThat(shown).doesNotContain(KEY).doesNotContain("brown fox");
        assertThat(shown).doesNotContain(chat().text());
    }

    private static void assertNoSecrets(ProviderException failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("5Ecr3t").doesNotContain("brown fox");
    }
}
