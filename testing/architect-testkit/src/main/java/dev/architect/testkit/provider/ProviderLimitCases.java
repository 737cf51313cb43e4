package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.request.CallLimits;
import dev.architect.simulator.script.Latency;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The limits of a call: its head, its first token, silence, and the whole. */
abstract class ProviderLimitCases extends ProviderCases {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofMinutes(2);

    ProviderLimitCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void aStreamWithoutAHeadEndsInTime() {
        configure(script -> script.withOutage(Outage.SILENT));

        ProviderException failure = streamFailure(new CallLimits(SHORT, LONG, LONG, LONG), new StringBuilder());

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
        assertThat(failure).hasMessageContaining("no answer within PT0.15S (headers)");
    }

    @Test
    void aStreamWithoutContentEndsInTime() throws Exception {
        configure(script -> script.withOutage(Outage.MUTE));

        ProviderException failure = streamFailure(new CallLimits(LONG, SHORT, LONG, LONG), new StringBuilder());

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(failure.receivedCharacters()).isZero();
        assertThat(failure).hasMessageContaining("no content within PT0.15S after the head (firstToken)");
        assertHungUp();
    }

    @Test
    void aStreamThatFallsSilentIsBroken() throws Exception {
        String answering = provider().stream(call(), delta -> {}).model();
        simulator().clearLog();
        configure(script -> script.withOutage(Outage.STALL));
        StringBuilder streamed = new StringBuilder();

        ProviderException failure = streamFailure(new CallLimits(LONG, LONG, SHORT, LONG), streamed);

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(streamed).isNotEmpty();
        assertThat(failure.receivedCharacters()).isEqualTo(streamed.length());
        assertThat(failure.answeringModel())
                .isEqualTo(contract.streamsBeginWithTheModel() ? Optional.of(answering) : Optional.empty());
        assertThat(failure).hasMessageContaining("answer fell silent for PT0.15S (idle)");
        assertHungUp();
    }

    @Test
    void theWholeOfAStreamEndsInTime() throws Exception {
        configure(script -> script.withOutage(Outage.STALL));

        ProviderException failure = streamFailure(new CallLimits(LONG, LONG, LONG, SHORT), new StringBuilder());

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure).hasMessageContaining("answer not complete within PT0.15S (total)");
        assertHungUp();
    }

    @Test
    void aStreamThatGoesOnMayTakeLongerThanItsLimitOfSilence() {
        configure(script -> script.withTokensPerChunk(1).withPerToken(Duration.ofMillis(40)));
        Duration limit = Duration.ofMillis(300);
        long start = System.nanoTime();

        ProviderAnswer answer = provider().stream(call(new CallLimits(limit, LONG, limit, LONG)), delta -> {});

        assertThat(answer.text()).isNotBlank();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(limit);
    }

    @Test
    void aWholeAnswerHasTheLastLimitAlone() {
        configure(script -> script.withLatency(Latency.fixed(SHORT)));
        Duration tiny = Duration.ofMillis(1);

        assertThat(provider().chat(call(new CallLimits(tiny, tiny, tiny, LONG))).text())
                .isNotBlank();
    }

    private ProviderException streamFailure(CallLimits limits, StringBuilder streamed) {
        return failure(() -> provider().stream(call(limits), streamed::append));
    }

    private ProviderCall call(CallLimits limits) {
        return new ProviderCall(contract.model(), ChatRequest.of(PROMPT), limits);
    }

    private void assertHungUp() throws InterruptedException {
        assertThat(simulator().awaitFinished(1, TIMEOUT)).isTrue();
        assertThat(loggedCall().clientHungUp()).isTrue();
    }
}
