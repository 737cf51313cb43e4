package dev.architect.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.error.ArchitectException;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.MessageAggregator;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Architect's streams as Spring AI's. */
@Timeout(60)
final class ArchitectSpringAiStreamTest {

    @TempDir
    private Path directory;

    private ArchitectFixture fixture;
    private ChatModel model;

    @BeforeEach
    void open() {
        fixture = ArchitectSpringAiChatModelTest.fixture(directory);
        model = ArchitectSpringAiChatModel.of(fixture.architect());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void streamsEveryKindOfDeltaSoThatSpringAiCanAggregateThem() {
        fixture.openai().always((id, call, listener) -> {
            listener.onReasoning("It may");
            listener.onReasoning(" rain.");
            listener.onText("Let me ");
            listener.onText("see.");
            listener.onToolCall(new ToolCallDelta(0, "c1", "weather", "{}"));
            return ArchitectSpringAiChatModelTest.answer(
                    List.of(
                            new Part.Reasoning("It may rain.", Optional.empty()),
                            new Part.Text("Let me see."),
                            Part.ToolCall.of("c1", "weather", "{}")),
                    StopReason.TOOL_CALLS);
        });
        AtomicReference<ChatResponse> whole = new AtomicReference<>();

        List<ChatResponse> chunks = new MessageAggregator()
                .aggregate(model.stream(new Prompt("Rain?")), whole::set)
                .collectList()
                .block();

        assertThat(chunks)
                .extracting(chunk -> chunk.getResult().getOutput().getText())
                .containsExactly("", "", "Let me ", "see.", "");
        AssistantMessage message = whole.get().getResult().getOutput();
        assertThat(message.getText()).isEqualTo("Let me see.");
        assertThat(message.getMetadata()).containsEntry("reasoningContent", "It may rain.");
        assertThat(message.getToolCalls())
                .containsExactly(new AssistantMessage.ToolCall("c1", "function", "weather", "{}"));
        assertThat(whole.get().getMetadata().getUsage().getPromptTokens()).isEqualTo(1000);
        assertThat(whole.get().getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
        assertThat(ArchitectSpringAiResponseMetadata.cost(chunks.get(4))).isPresent();
    }

    @Test
    void callsAgainForEachSubscriber() {
        fixture.openai().always(ScriptedStep.answer("hi", TokenUsage.of(10, 1)));
        Flux<String> stream = model.stream("Hi");

        assertThat(fixture.openai().callCount()).isZero();
        assertThat(String.join("", stream.collectList().block())).isEqualTo("hi");
        assertThat(String.join("", stream.collectList().block())).isEqualTo("hi");
        assertThat(fixture.openai().callCount()).isEqualTo(2);
    }

    @Test
    void failsOverBeforeTheFirstDelta() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.OVERLOADED));
        fixture.claude().always(ScriptedStep.answer("saved", TokenUsage.of(10, 1)));

        assertThat(String.join("", model.stream("Hi").collectList().block())).isEqualTo("saved");
    }

    @Test
    void goesOnWhereAStreamWasCutWhenTheNextAnswerRepeatsIt() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.answer("Half and whole", TokenUsage.of(10, 1)));

        assertThat(text(model)).isEqualTo("Half and whole");
    }

    @Test
    void bufferedDeliveryHidesWhateverTheFirstAnswerWas() {
        fixture.openai().always((id, call, listener) -> {
            listener.onReasoning("Wrong.");
            return ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1))
                    .perform(id, call, listener);
        });
        fixture.claude().always((id, call, listener) -> {
            listener.onReasoning("Right.");
            return ScriptedStep.answer("quite another", TokenUsage.of(10, 1)).perform(id, call, listener);
        });
        AtomicReference<ChatResponse> whole = new AtomicReference<>();

        new MessageAggregator()
                .aggregate(buffered().stream(new Prompt("Hi")), whole::set)
                .blockLast();

        AssistantMessage message = whole.get().getResult().getOutput();
        assertThat(message.getText()).isEqualTo("quite another");
        assertThat(message.getMetadata()).containsEntry("reasoningContent", "Right.");
    }

    @Test
    void bufferedDeliveryOfAnAnswerThatFailsIsTheFailureAlone() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        List<String> received = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> buffered().stream("Hi").doOnNext(received::add).blockLast())
                .isInstanceOf(ArchitectException.class);
        assertThat(received).isEmpty();
    }

    @Test
    void bufferedDeliveryGoesNoFasterThanItsReader() {
        fixture.openai().always(ScriptedStep.answer("one two three", TokenUsage.of(10, 1)));

        assertThat(buffered().stream("Hi").limitRate(1).collectList().block())
                .containsExactly("one ", "two ", "three", "");
    }

    @Test
    void streamsThatEndBecauseTheNextAnswerDiffersLeaveBothModelsInUse() {
        for (int i = 0; i < 20; i++) {
            fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
            fixture.claude().always(ScriptedStep.answer("whole", TokenUsage.of(10, 1)));
            List<String> received = new CopyOnWriteArrayList<>();
            assertThatThrownBy(() -> model.stream("Hi").doOnNext(received::add).blockLast())
                    .isInstanceOf(ArchitectException.class);
            assertThat(received).containsExactly("Half ");

            // Enough good answers that no circuit breaker opens: what is looked for are permits.
            fixture.openai().always(ScriptedStep.answer("fine", TokenUsage.of(10, 1)));
            assertThat(text(model)).isEqualTo("fine");
            assertThat(text(model)).isEqualTo("fine");
        }
        fixture.openai().always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));

        assertThat(text(model)).isEqualTo("whole");
        assertThat(fixture.architect().providers().statuses())
                .allSatisfy(status -> assertThat(status.inFlight()).isZero());
    }

    private static String text(ChatModel model) {
        return String.join("", model.stream("Hi").collectList().block());
    }

    private ChatModel buffered() {
        return ArchitectSpringAiChatModel.builder(fixture.architect())
                .delivery(StreamDelivery.BUFFERED)
                .build();
    }

    @Test
    void failsAfterTheFirstDeltaBecauseItCannotBeTakenBack() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.answer("whole", TokenUsage.of(10, 1)));
        List<String> received = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> model.stream("Hi").doOnNext(received::add).blockLast())
                .isInstanceOf(ArchitectException.class)
                .hasMessageContaining("broke after its first delta");
        assertThat(received).containsExactly("Half ");
    }

    @Test
    void failuresEndTheStream() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));

        assertThatThrownBy(() -> model.stream("Hi").blockLast()).isInstanceOf(ProviderException.class);
    }

    @Test
    void subscriberThatRequestsLittleSlowsTheModel() throws InterruptedException {
        AtomicInteger said = new AtomicInteger();
        fixture.openai().always((id, call, listener) -> {
            for (int i = 0; i < 100; i++) {
                listener.onText("x");
                said.incrementAndGet();
            }
            return ArchitectSpringAiChatModelTest.answer(List.of(new Part.Text("x".repeat(100))), StopReason.COMPLETE);
        });
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger received = new AtomicInteger();
        BaseSubscriber<ChatResponse> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatResponse chunk) {
                received.incrementAndGet();
                first.countDown();
            }

            @Override
            protected void hookOnComplete() {
                end.countDown();
            }
        };

        model.stream(new Prompt("Long?")).subscribe(slow);
        first.await();
        int ahead = said.get();
        slow.request(Long.MAX_VALUE);
        end.await();

        assertThat(ahead).isLessThanOrEqualTo(1);
        assertThat(received.get()).isEqualTo(101);
    }

    @Test
    void subscriberThatCancelsEndsTheCallAtOnce() throws InterruptedException {
        CountDownLatch silent = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        fixture.openai().always((id, call, listener) -> {
            silent.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException asked) {
                interrupted.countDown();
                Thread.currentThread().interrupt();
            }
            throw ProviderException.builder(id, FailureKind.CANCELLED).build();
        });
        Disposable subscription = model.stream(new Prompt("Hi")).subscribe();
        silent.await();

        subscription.dispose();

        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void subscriberThatCancelsWhileTheModelWaitsForItFreesTheModel() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        fixture.openai().always((id, call, listener) -> {
            try {
                listener.onText("one");
                listener.onText("two");
                throw new AssertionError("two was not asked for");
            } finally {
                ended.countDown();
            }
        });

        String only = model.stream("Hi").take(1).blockFirst();

        assertThat(only).isEqualTo("one");
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
