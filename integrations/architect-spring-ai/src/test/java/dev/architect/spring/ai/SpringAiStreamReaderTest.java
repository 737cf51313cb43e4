package dev.architect.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.ProviderCalls;
import dev.architect.testkit.provider.RecordingListener;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.Flux;

/** Streams of chat models of Spring AI. */
@Timeout(60)
final class SpringAiStreamReaderTest {

    private static final int MOST_TIMES = Boolean.getBoolean("architect.slow") ? 1 : 8;

    @Test
    void deliversEveryDeltaOnTheCallersThread() {
        Flux<ChatResponse> chunks = Flux.just(
                FakeChatModel.chunk("", Map.of("reasoningContent", "It may")),
                FakeChatModel.chunk("", Map.of("reasoningContent", "It may rain.")),
                FakeChatModel.chunk("Let "),
                FakeChatModel.chunk("me see."),
                FakeChatModel.answer(
                        AssistantMessage.builder()
                                .content("")
                                .properties(Map.of("reasoningContent", "It may rain.", "proof", "p"))
                                .toolCalls(List.of(
                                        new AssistantMessage.ToolCall("c1", "function", "weather", "{\"unit\":\"C\"}")))
                                .build(),
                        "TOOL_CALLS"));
        RecordingListener listener = new RecordingListener();
        AtomicReference<Thread> heardOn = new AtomicReference<>();

        SpringAiProvider provider = provider(chunks);
        ProviderAnswer answer = provider.stream(ProviderCalls.of("Rain?"), listener);
        provider.stream(ProviderCalls.of("Rain?"), (ChatListener) piece -> heardOn.set(Thread.currentThread()));

        assertThat(heardOn.get()).isSameAs(Thread.currentThread());
        assertThat(listener.lines())
                .containsExactly(
                        "reasoning It may",
                        "reasoning  rain.",
                        "text Let ",
                        "text me see.",
                        "usage INPUT=12,OUTPUT=3",
                        "call 0 c1 weather {\"unit\":\"C\"}",
                        "stop TOOL_CALLS");
        assertThat(answer.text()).isEqualTo("Let me see.");
        assertThat(answer.toolCalls()).containsExactly(Part.ToolCall.of("c1", "weather", "{\"unit\":\"C\"}"));
        assertThat(answer.content().get(0)).isInstanceOfSatisfying(Part.Reasoning.class, part -> {
            assertThat(part.text()).isEqualTo("It may rain.");
            assertThat(part.signature()).isPresent();
        });
    }

    @Test
    void taggedAndStreamedThinkingIsReasoning() {
        Flux<ChatResponse> chunks = Flux.just(
                FakeChatModel.chunk("Hm ", Map.of("isThought", true)),
                FakeChatModel.chunk("", Map.of("thinking", "well")),
                FakeChatModel.chunk("", Map.of("thinking", ", no")),
                FakeChatModel.chunk("No.", Map.of("isThought", false)));
        RecordingListener listener = new RecordingListener();

        ProviderAnswer answer = provider(chunks).stream(ProviderCalls.of("Rain?"), listener);

        assertThat(listener.lines())
                .containsExactly("reasoning Hm ", "reasoning well", "reasoning , no", "text No.", "stop OTHER");
        assertThat(answer.text()).isEqualTo("No.");
        assertThat(answer.stopReason()).isEqualTo(StopReason.OTHER);
    }

    @Test
    void aFailureAfterTheFirstDeltaCarriesWhatCame() {
        Flux<ChatResponse> chunks =
                Flux.just(FakeChatModel.chunk("Half")).concatWith(Flux.error(new IOException("connection lost")));

        ProviderException failure = ProviderCalls.failure(
                () -> provider(chunks).stream(ProviderCalls.of("Rain?"), new RecordingListener()));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
    }

    @Test
    void slowListenerHoldsTheModelBack() throws InterruptedException {
        AtomicLong made = new AtomicLong();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Flux<ChatResponse> chunks =
                Flux.range(0, 500).doOnNext(i -> made.incrementAndGet()).map(i -> FakeChatModel.chunk("x"));
        AtomicReference<ProviderAnswer> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(provider(chunks).stream(ProviderCalls.of("Long?"), piece -> {
            waiting.countDown();
            try {
                goOn.await();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        })));

        asking.start();
        waiting.await();
        long ahead = made.get();
        goOn.countDown();
        asking.join();

        assertThat(ahead).isLessThan(100);
        assertThat(answer.get().text()).hasSize(500);
    }

    @Test
    void whatTheListenerThrowsEndsTheCallAndCancelsTheModel() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        Flux<ChatResponse> chunks =
                Flux.just(FakeChatModel.chunk("x")).concatWith(Flux.never()).doOnCancel(cancelled::countDown);

        assertThatThrownBy(() -> provider(chunks).stream(ProviderCalls.of("Long?"), piece -> {
                    throw new IllegalStateException("enough");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptionEndsTheCallAtOnceAndCancelsTheModel() throws InterruptedException {
        // Beside other modules the fastest counts, since a busy machine only makes it slower; where the slow tests run
        // alone, the first.
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < MOST_TIMES && fastest.compareTo(Duration.ofMillis(100)) >= 0; i++) {
            Duration took = interruptSilentModel();
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }

        assertThat(fastest).isLessThan(Duration.ofMillis(100));
    }

    /** How long a call goes on after its interruption. */
    private static Duration interruptSilentModel() throws InterruptedException {
        CountDownLatch subscribed = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Flux<ChatResponse> chunks = Flux.<ChatResponse>never()
                .doOnSubscribe(subscription -> subscribed.countDown())
                .doOnCancel(cancelled::countDown);
        AtomicReference<ProviderException> failure = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        AtomicLong ended = new AtomicLong();
        SpringAiProvider provider = provider(chunks);
        Thread asking = new Thread(() -> {
            failure.set(ProviderCalls.failure(() -> provider.stream(ProviderCalls.of("Hi"), piece -> {})));
            ended.set(System.nanoTime());
            flag.set(Thread.currentThread().isInterrupted());
        });
        asking.start();
        subscribed.await();

        long asked = System.nanoTime();
        asking.interrupt();
        asking.join();

        assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(flag.get()).isTrue();
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
        return Duration.ofNanos(ended.get() - asked);
    }

    @Test
    void deadlineHolds() throws InterruptedException {
        ManualTime time = new ManualTime();
        CountDownLatch subscribed = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        SpringAiProvider provider = SpringAiProvider.builder("mistral")
                .model(
                        "large",
                        FakeChatModel.streaming(Flux.<ChatResponse>never()
                                .doOnSubscribe(subscription -> subscribed.countDown())
                                .doOnCancel(cancelled::countDown)))
                .time(time)
                .build();
        AtomicReference<ProviderException> failure = new AtomicReference<>();
        Thread asking = new Thread(
                () -> failure.set(ProviderCalls.failure(() -> provider.stream(ProviderCalls.of("Hi"), piece -> {}))));
        asking.start();
        subscribed.await();

        time.awaitWaiting(1);
        time.advance(Duration.ofSeconds(30));
        asking.join();

        assertThat(failure.get().kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.get().delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static SpringAiProvider provider(Flux<ChatResponse> chunks) {
        return SpringAiProviderTest.provider(FakeChatModel.streaming(chunks));
    }
}
