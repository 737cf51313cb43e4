package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.StopReason;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers that arrive piece by piece. */
abstract class ProviderStreamCases extends ProviderCases {

    private static final int STREAMS_AT_ONCE = 16;

    ProviderStreamCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void piecesJoinedAreTheAnswer() {
        List<String> pieces = new ArrayList<>();

        ProviderAnswer answer = provider().stream(call(), pieces::add);

        assertThat(pieces).hasSizeGreaterThan(1).doesNotContain("");
        assertThat(String.join("", pieces)).isEqualTo(answer.text());
        assertThat(answer.text()).isEqualTo(chat().text());
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void countsWhatTheProviderCounted() {
        ProviderAnswer answer = provider().stream(call(), piece -> {});

        assertThat(received().stream()).isTrue();
        assertUsage(answer, received());
    }

    @Test
    void keepsTokensOfTheCacheApart() {
        given(script -> script.withCacheHitShare(1));

        assertUsage(provider().stream(call(), piece -> {}), received());
    }

    @Test
    void saysThatTheLimitCutTheAnswer() {
        listen(
                        Capability.MAX_OUTPUT_TOKENS,
                        ChatRequest.builder(PROMPT).maxOutputTokens(16).build(),
                        piece -> {})
                .ifPresent(answer -> assertThat(answer.stopReason()).isEqualTo(StopReason.LENGTH));
    }

    @Test
    void tellsCountsAndTheReasonOfTheEnd() {
        List<String> heard = new ArrayList<>();

        ProviderAnswer answer = provider().stream(call(), new ChatListener() {
            @Override
            public void onText(String piece) {
                heard.add("text");
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                heard.add(soFar.encode());
            }

            @Override
            public void onStop(StopReason reason) {
                heard.add(reason.name());
            }
        });

        assertThat(heard).contains("text", answer.usage().encode()).endsWith(StopReason.COMPLETE.name());
        assertThat(heard).containsOnlyOnce(StopReason.COMPLETE.name());
    }

    @Test
    void tellsAnErrorInsideAStream() {
        given(script -> script.withErrors(ErrorRate.midStream(503, 1)));
        StringBuilder heard = new StringBuilder();

        ProviderException failure = failure(() -> provider().stream(call(), heard::append));

        assertThat(failure.kind()).isIn(FailureKind.OVERLOADED, FailureKind.UNAVAILABLE);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(failure.receivedCharacters()).isEqualTo(heard.length());
    }

    @Test
    void neverTakesACutStreamForAnAnswer() {
        given(script -> script.withOutage(Outage.CUT));
        StringBuilder heard = new StringBuilder();

        ProviderException failure = failure(() -> provider().stream(call(), heard::append));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(heard).isNotEmpty();
        assertThat(failure.receivedCharacters()).isEqualTo(heard.length());
    }

    @Test
    void aStreamThatBreaksNamesTheModelThatWasAnswering() {
        String answering = provider().stream(call(), delta -> {}).model();
        given(script -> script.withOutage(Outage.CUT));

        ProviderException failure = failure(() -> provider().stream(call(), delta -> {}));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.answeringModel())
                .isEqualTo(contract.streamsBeginWithTheModel() ? Optional.of(answering) : Optional.empty());
    }

    @Test
    void endsWhenItsListenerThrows() throws Exception {
        given(script -> script.withPerToken(Duration.ofMillis(50)));
        IllegalStateException mine = new IllegalStateException("enough");

        assertThatThrownBy(() -> provider().stream(call(), piece -> {
                    throw mine;
                }))
                .isSameAs(mine);

        assertThat(simulator().awaitFinished(1, PATIENCE)).isTrue();
        assertThat(received().clientHungUp()).isTrue();
    }

    @Test
    void keepsManyStreamsApart() throws Exception {
        List<String> expected = IntStream.range(0, STREAMS_AT_ONCE)
                .mapToObj(number -> provider().chat(numbered(number)).text())
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(STREAMS_AT_ONCE);
        try {
            CountDownLatch together = new CountDownLatch(STREAMS_AT_ONCE);
            List<Future<String>> answers = IntStream.range(0, STREAMS_AT_ONCE)
                    .mapToObj(number -> threads.submit(() -> {
                        together.countDown();
                        together.await();
                        return provider().stream(numbered(number), piece -> {}).text();
                    }))
                    .toList();
            for (int number = 0; number < STREAMS_AT_ONCE; number++) {
                assertThat(answers.get(number).get()).isEqualTo(expected.get(number));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private ProviderCall numbered(int number) {
        return call(ChatRequest.of("Tell me about the number " + number + " and about " + number * 31));
    }
}
