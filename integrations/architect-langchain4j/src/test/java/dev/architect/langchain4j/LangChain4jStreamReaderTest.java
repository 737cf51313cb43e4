package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.ProviderCalls;
import dev.architect.testkit.provider.RecordingListener;
import dev.architect.testkit.time.ManualTime;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of chat models of LangChain4j. */
@Timeout(60)
final class LangChain4jStreamReaderTest {

    private static final int MOST_TIMES = Boolean.getBoolean("architect.slow") ? 1 : 8;

    private static final ToolExecutionRequest WEATHER = ToolExecutionRequest.builder()
            .id("c1")
            .name("weather")
            .arguments("{\"unit\":\"C\"}")
            .build();
    private static final ToolExecutionRequest CLOCK =
            ToolExecutionRequest.builder().id("c2").name("clock").build();

    @Test
    void deliversEveryDeltaOnTheCallersThread() {
        FakeStreamingChatModel stream = new FakeStreamingChatModel(handler -> {
            handler.onPartialThinking(new PartialThinking("It may"));
            handler.onPartialThinking(new PartialThinking(" rain."));
            handler.onPartialResponse("Let ");
            handler.onPartialResponse("me see.");
            handler.onPartialToolCall(partial("{\"unit\""));
            handler.onPartialToolCall(partial(":\"C\"}"));
            handler.onCompleteToolCall(new CompleteToolCall(0, WEATHER));
            handler.onCompleteToolCall(new CompleteToolCall(1, CLOCK));
            handler.onCompleteResponse(FakeChatModel.answer(
                    AiMessage.builder()
                            .text("Let me see.")
                            .thinking("It may rain.")
                            .toolExecutionRequests(List.of(WEATHER, CLOCK))
                            .build(),
                    FinishReason.TOOL_EXECUTION));
        });
        RecordingListener listener = new RecordingListener();
        AtomicReference<Thread> heardOn = new AtomicReference<>();

        ProviderAnswer answer = provider(stream).stream(ProviderCalls.of("Rain?"), new ChatListener() {
            @Override
            public void onText(String piece) {
                heardOn.set(Thread.currentThread());
            }
        });
        provider(stream).stream(ProviderCalls.of("Rain?"), listener);

        assertThat(heardOn.get()).isSameAs(Thread.currentThread());
        assertThat(listener.lines())
                .containsExactly(
                        "reasoning It may",
                        "reasoning  rain.",
                        "text Let ",
                        "text me see.",
                        "call 0 c1 weather {\"unit\":\"C\"}",
                        "usage INPUT=12,OUTPUT=3",
                        "call 1 c2 clock {}",
                        "stop TOOL_CALLS");
        assertThat(answer.text()).isEqualTo("Let me see.");
        assertThat(answer.toolCalls())
                .containsExactly(
                        Part.ToolCall.of("c1", "weather", "{\"unit\":\"C\"}"), Part.ToolCall.of("c2", "clock", "{}"));
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_CALLS);
    }

    @Test
    void anAnswerThatCameAtOnceIsDelivered() {
        FakeStreamingChatModel stream = new FakeStreamingChatModel(
                handler -> handler.onCompleteResponse(FakeChatModel.answer(AiMessage.from("All."), FinishReason.STOP)));
        RecordingListener listener = new RecordingListener();

        provider(stream).stream(ProviderCalls.of("Rain?"), listener);

        assertThat(listener.lines()).containsExactly("text All.", "usage INPUT=12,OUTPUT=3", "stop COMPLETE");
    }

    @Test
    void aFailureAfterTheFirstDeltaCarriesWhatCame() {
        FakeStreamingChatModel stream = new FakeStreamingChatModel(handler -> {
            handler.onPartialResponse("Half");
            handler.onError(new RateLimitException("slow down"));
        });

        ProviderException failure = ProviderCalls.failure(
                () -> provider(stream).stream(ProviderCalls.of("Rain?"), new RecordingListener()));

        assertThat(failure.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(failure.receivedCharacters()).isEqualTo(4);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.ANSWERED);
    }

    @Test
    void slowListenerHoldsTheModelBack() throws InterruptedException {
        AtomicInteger said = new AtomicInteger();
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeStreamingChatModel stream = new FakeStreamingChatModel(handler -> {
            for (int i = 0; i < 200; i++) {
                handler.onPartialResponse("x");
                said.incrementAndGet();
            }
            handler.onCompleteResponse(FakeChatModel.answer(AiMessage.from("x".repeat(200)), FinishReason.STOP));
        });
        AtomicReference<ProviderAnswer> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(provider(stream).stream(ProviderCalls.of("Long?"), piece -> {
            waiting.countDown();
            try {
                goOn.await();
            } catch (InterruptedException unexpected) {
                Thread.currentThread().interrupt();
            }
        })));

        asking.start();
        waiting.await();
        int ahead = said.get();
        goOn.countDown();
        asking.join();

        assertThat(ahead).isLessThan(40);
        assertThat(answer.get().text()).hasSize(200);
    }

    @Test
    void whatTheListenerThrowsEndsTheCallAndCancelsTheModel() throws InterruptedException {
        FakeStreamingChatModel[] self = new FakeStreamingChatModel[1];
        self[0] = new FakeStreamingChatModel(handler -> {
            for (int i = 0; i < 1000 && !self[0].handle.isCancelled(); i++) {
                self[0].say(handler, "x");
            }
        });

        assertThatThrownBy(() -> provider(self[0]).stream(ProviderCalls.of("Long?"), piece -> {
                    throw new IllegalStateException("enough");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(self[0].handle.awaitCancel()).isTrue();
    }

    @Test
    void interruptionEndsTheCallAtOnceAlthoughTheModelIgnoresIt() throws InterruptedException {
        // Beside other modules the fastest counts, since a busy machine only makes it slower; where the slow tests run
        // alone, the first.
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < MOST_TIMES && fastest.compareTo(Duration.ofMillis(100)) >= 0; i++) {
            Duration took = interruptDeafModel();
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }

        assertThat(fastest).isLessThan(Duration.ofMillis(100));
    }

    /** How long a call goes on after its interruption. */
    private static Duration interruptDeafModel() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        FakeChatModel deaf = new FakeChatModel(request -> {
            begun.countDown();
            while (true) {
                try {
                    if (never.await(1, TimeUnit.HOURS)) {
                        throw new IllegalStateException("released");
                    }
                } catch (InterruptedException ignored) {
                    // As models do whose client cannot be interrupted.
                }
            }
        });
        AtomicReference<ProviderException> failure = new AtomicReference<>();
        AtomicReference<Long> ended = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread asking = new Thread(() -> {
            failure.set(ProviderCalls.failure(
                    () -> LangChain4jProviderTest.provider(deaf).chat(ProviderCalls.of("Hi"))));
            ended.set(System.nanoTime());
            flag.set(Thread.currentThread().isInterrupted());
        });
        asking.start();
        begun.await();

        long cancelled = System.nanoTime();
        asking.interrupt();
        asking.join();
        never.countDown();

        assertThat(failure.get().kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(failure.get().delivery()).isEqualTo(DeliveryStatus.UNKNOWN);
        assertThat(flag.get()).isTrue();
        return Duration.ofNanos(ended.get() - cancelled);
    }

    @Test
    void deadlineHoldsAndInterruptsTheModel() throws InterruptedException {
        ManualTime time = new ManualTime();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeChatModel slow = new FakeChatModel(request -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException asked) {
                interrupted.countDown();
            }
            throw new IllegalStateException("interrupted");
        });
        LangChain4jProvider provider = LangChain4jProvider.builder("mistral")
                .model("large", slow)
                .time(time)
                .build();
        AtomicReference<ProviderException> failure = new AtomicReference<>();
        Thread asking =
                new Thread(() -> failure.set(ProviderCalls.failure(() -> provider.chat(ProviderCalls.of("Hi")))));
        asking.start();

        begun.await();
        time.awaitWaiting(1);
        time.advance(Duration.ofSeconds(30));
        asking.join();

        assertThat(failure.get().kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void interruptedCallerSendsNothing() {
        FakeChatModel model = FakeChatModel.saying("never");
        Thread.currentThread().interrupt();

        ProviderException failure = ProviderCalls.failure(
                () -> LangChain4jProviderTest.provider(model).chat(ProviderCalls.of("Hi")));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(FailureKind.CANCELLED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(model.requests).isEmpty();
    }

    @Test
    void closedProviderFailsClearly() {
        LangChain4jProvider provider = LangChain4jProviderTest.provider(FakeChatModel.saying("never"));
        provider.close();

        ProviderException failure = ProviderCalls.failure(() -> provider.chat(ProviderCalls.of(ChatRequest.of("Hi"))));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
    }

    private static PartialToolCall partial(String arguments) {
        return PartialToolCall.builder()
                .index(0)
                .id("c1")
                .name("weather")
                .partialArguments(arguments)
                .build();
    }

    private static LangChain4jProvider provider(FakeStreamingChatModel stream) {
        return LangChain4jProvider.builder("mistral")
                .model("large", FakeChatModel.saying("never"), stream)
                .build();
    }
}
