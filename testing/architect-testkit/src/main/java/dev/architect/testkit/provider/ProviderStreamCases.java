package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.simulator.script.ErrorRate;
import dev.architect.simulator.script.Outage;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
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

/** Streamed answers. */
abstract class ProviderStreamCases extends ProviderCases {

    private static final int STREAMS_AT_ONCE = 16;

    ProviderStreamCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void joinedChunksEqualTheAnswer() {
        List<String> chunks = new ArrayList<>();

        ProviderAnswer answer = provider().stream(call(), chunks::add);

        assertThat(chunks).hasSizeGreaterThan(1).doesNotContain("");
        assertThat(String.join("", chunks)).isEqualTo(answer.text());
        assertThat(answer.text()).isEqualTo(chat().text());
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
    }

    @Test
    void reportsTheUsageOfTheProvider() {
        ProviderAnswer answer = provider().stream(call(), chunk -> {});

        assertThat(loggedCall().stream()).isTrue();
        assertUsage(answer, loggedCall());
    }

    @Test
    void reportsCacheReadsSeparately() {
        configure(script -> script.withCacheHitShare(1));

        assertUsage(provider().stream(call(), chunk -> {}), loggedCall());
    }

    @Test
    void reportsTruncationAtTheTokenLimit() {
        streamIfSupported(
                        Capability.MAX_OUTPUT_TOKENS,
                        ChatRequest.builder(PROMPT).maxOutputTokens(16).build(),
                        chunk -> {})
                .ifPresent(answer -> assertThat(answer.stopReason()).isEqualTo(StopReason.LENGTH));
    }

    @Test
    void reportsUsageAndStopReason() {
        List<String> streamed = new ArrayList<>();

        ProviderAnswer answer = provider().stream(call(), new ChatListener() {
            @Override
            public void onText(String chunk) {
                streamed.add("text");
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                streamed.add(soFar.toString());
            }

            @Override
            public void onStop(StopReason reason) {
                streamed.add(reason.name());
            }
        });

        assertThat(streamed).contains("text", answer.usage().toString()).endsWith(StopReason.COMPLETE.name());
        assertThat(streamed).containsOnlyOnce(StopReason.COMPLETE.name());
    }

    @Test
    void reportsAnErrorWithinAStream() {
        configure(script -> script.withErrors(ErrorRate.midStream(503, 1)));
        StringBuilder streamed = new StringBuilder();

        ProviderException failure = failure(() -> provider().stream(call(), streamed::append));

        assertThat(failure.kind()).isIn(FailureKind.OVERLOADED, FailureKind.UNAVAILABLE);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(failure.receivedCharacters()).isEqualTo(streamed.length());
    }

    @Test
    void rejectsATruncatedStream() {
        configure(script -> script.withOutage(Outage.CUT));
        StringBuilder streamed = new StringBuilder();

        ProviderException failure = failure(() -> provider().stream(call(), streamed::append));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
        assertThat(streamed).isNotEmpty();
        assertThat(failure.receivedCharacters()).isEqualTo(streamed.length());
    }

    /** Of a vendor whose counts are estimates nothing proves that the answer is whole. */
    @Test
    void passesOverAnEventThatIsNoPartOfTheAnswer() {
        ProviderAnswer undisturbed = provider().stream(call(), delta -> {});
        configure(script -> script.withOutage(Outage.NOISE));
        if (contract.usageSource() != UsageSource.REPORTED) {
            assertFails(FailureKind.PROTOCOL, () -> provider().stream(call(), delta -> {}));
            return;
        }
        RecordingListener listener = new RecordingListener();

        ProviderAnswer answer = provider().stream(call(), listener);

        assertThat(answer.text()).isEqualTo(undisturbed.text());
        assertThat(answer.transmission().skippedEvents()).isOne();
        assertThat(undisturbed.transmission().skippedEvents()).isZero();
        listener.assertMatches(answer);
    }

    @Test
    void anAnswerWithoutItsBrokenPartIsNoAnswer() {
        String whole = provider().stream(call(), delta -> {}).text();
        configure(script -> script.withOutage(Outage.BROKEN_EVENT));
        StringBuilder streamed = new StringBuilder();

        ProviderException failure = failure(() -> provider().stream(call(), streamed::append));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(streamed).isNotEmpty();
        assertThat(streamed.toString()).isNotEqualTo(whole);
    }

    @Test
    void aStreamThatBreaksNamesTheModelThatWasAnswering() {
        String answering = provider().stream(call(), delta -> {}).model();
        configure(script -> script.withOutage(Outage.CUT));

        ProviderException failure = failure(() -> provider().stream(call(), delta -> {}));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure.answeringModel())
                .isEqualTo(contract.streamsBeginWithTheModel() ? Optional.of(answering) : Optional.empty());
    }

    @Test
    void endsWhenItsListenerThrows() throws Exception {
        configure(script -> script.withPerToken(Duration.ofMillis(50)));
        IllegalStateException thrown = new IllegalStateException("enough");

        assertThatThrownBy(() -> provider().stream(call(), chunk -> {
                    throw thrown;
                }))
                .isSameAs(thrown);

        assertThat(simulator().awaitFinished(1, TIMEOUT)).isTrue();
        assertThat(loggedCall().clientHungUp()).isTrue();
    }

    @Test
    void doesNotMixConcurrentStreams() throws Exception {
        List<String> expected = IntStream.range(0, STREAMS_AT_ONCE)
                .mapToObj(number -> provider().chat(numbered(number)).text())
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(STREAMS_AT_ONCE);
        try {
            CountDownLatch barrier = new CountDownLatch(STREAMS_AT_ONCE);
            List<Future<String>> answers = IntStream.range(0, STREAMS_AT_ONCE)
                    .mapToObj(number -> threads.submit(() -> {
                        barrier.countDown();
                        barrier.await();
                        return provider().stream(numbered(number), chunk -> {}).text();
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
