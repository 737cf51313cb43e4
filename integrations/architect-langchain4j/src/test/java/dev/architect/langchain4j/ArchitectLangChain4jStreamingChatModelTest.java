package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.library.bridge.StreamDelivery;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.testkit.provider.ArchitectFixture;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.thread.ThreadRunner;
import dev.architect.usage.TokenUsage;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Architect as a streaming chat model of LangChain4j. */
@Timeout(60)
final class ArchitectLangChain4jStreamingChatModelTest {

    @TempDir
    private Path directory;

    private ArchitectFixture fixture;
    private StreamingChatModel model;

    @BeforeEach
    void open() {
        fixture = ArchitectLangChain4jChatModelTest.fixture(directory);
        model = ArchitectLangChain4jStreamingChatModel.of(fixture.architect());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void streamsEveryKindOfDelta() {
        fixture.openai().always((id, call, listener) -> {
            listener.onReasoning("Hm.");
            listener.onText("Let me ");
            listener.onText("see.");
            listener.onToolCall(new ToolCallDelta(0, "c1", "weather", "{}"));
            return ArchitectLangChain4jChatModelTest.answer(
                    List.of(
                            new Part.Reasoning("Hm.", Optional.empty()),
                            new Part.Text("Let me see."),
                            Part.ToolCall.of("c1", "weather", "{}")),
                    StopReason.TOOL_CALLS);
        });
        Notes notes = new Notes();

        model.chat("Rain?", notes);

        assertThat(notes.lines)
                .containsExactly(
                        "thinking Hm.",
                        "text Let me ",
                        "text see.",
                        "partial 0 c1 weather {}",
                        "call 0 c1 weather {}",
                        "complete Let me see.");
        assertThat(notes.response.get().metadata()).isInstanceOf(ArchitectLangChain4jResponseMetadata.class);
    }

    @Test
    void failsOverBeforeTheFirstDelta() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.OVERLOADED));
        fixture.claude().always(ScriptedStep.answer("saved", TokenUsage.of(10, 1)));
        Notes notes = new Notes();

        model.chat("Hi", notes);

        assertThat(notes.lines).containsExactly("text saved", "complete saved");
    }

    @Test
    void goesOnWhereAStreamWasCutWhenTheNextAnswerRepeatsIt() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.answer("Half and whole", TokenUsage.of(10, 1)));
        Notes notes = new Notes();

        model.chat("Hi", notes);

        assertThat(String.join("", notes.lines)).isEqualTo("text Half text and text wholecomplete Half and whole");
        assertThat(notes.failure.get()).isNull();
    }

    @Test
    void bufferedDeliveryHidesWhateverTheFirstAnswerWas() {
        fixture.openai().always((id, call, listener) -> {
            listener.onReasoning("Hm.");
            return ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1))
                    .perform(id, call, listener);
        });
        fixture.claude().always(ScriptedStep.answer("quite another", TokenUsage.of(10, 1)));
        Notes notes = new Notes();

        buffered().chat("Hi", notes);

        assertThat(notes.lines).containsExactly("text quite ", "text another", "complete quite another");
    }

    @Test
    void bufferedDeliveryOfAnAnswerThatFailsIsTheFailureAlone() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        Notes notes = new Notes();

        buffered().chat("Hi", notes);

        assertThat(notes.lines).containsExactly("error InternalServerException");
    }

    private StreamingChatModel buffered() {
        return ArchitectLangChain4jStreamingChatModel.builder(fixture.architect())
                .delivery(StreamDelivery.BUFFERED)
                .build();
    }

    @Test
    void streamsThatEndBecauseTheNextAnswerDiffersLeaveBothModelsInUse() {
        for (int i = 0; i < 20; i++) {
            fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
            fixture.claude().always(ScriptedStep.answer("whole", TokenUsage.of(10, 1)));
            Notes cut = new Notes();
            model.chat("Hi", cut);
            assertThat(cut.lines).containsExactly("text Half ", "error InternalServerException");

            // Enough good answers that no circuit breaker opens: what is looked for are permits.
            fixture.openai().always(ScriptedStep.answer("fine", TokenUsage.of(10, 1)));
            for (int good = 0; good < 2; good++) {
                Notes fine = new Notes();
                model.chat("Hi", fine);
                assertThat(fine.lines).containsExactly("text fine", "complete fine");
            }
        }
        fixture.openai().always(ScriptedStep.fail(FailureKind.CONTEXT_TOO_LONG));
        Notes notes = new Notes();

        model.chat("Hi", notes);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(fixture.architect().providers().statuses())
                .allSatisfy(status -> assertThat(status.inFlight()).isZero());
        assertThat(notes.lines).containsExactly("text whole", "complete whole");
    }

    @Test
    void failsAfterTheFirstDeltaBecauseItCannotBeTakenBack() {
        fixture.openai().always(ScriptedStep.breakAfter("Half ", FailureKind.UNAVAILABLE, TokenUsage.of(10, 1)));
        fixture.claude().always(ScriptedStep.answer("whole", TokenUsage.of(10, 1)));
        Notes notes = new Notes();

        model.chat("Hi", notes);

        assertThat(notes.lines).containsExactly("text Half ", "error InternalServerException");
        assertThat(notes.failure.get())
                .isInstanceOf(InternalServerException.class)
                .hasMessageContaining("broke after its first delta");
    }

    @Test
    void failuresGoToTheHandler() {
        fixture.openai().always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));
        Notes notes = new Notes();

        model.chat("Hi", notes);

        assertThat(notes.failure.get()).isInstanceOf(ContentFilteredException.class);
    }

    @Test
    void whatTheHandlerThrowsReachesItsOnErrorAndTheStreamGoesOn() {
        fixture.openai().always(ScriptedStep.answer("one two", TokenUsage.of(10, 1)));
        Notes notes = new Notes() {
            @Override
            public void onPartialResponse(String piece) {
                super.onPartialResponse(piece);
                throw new IllegalStateException("clumsy");
            }
        };

        model.chat("Hi", notes);

        assertThat(notes.lines)
                .containsExactly(
                        "text one ",
                        "error IllegalStateException",
                        "text two",
                        "error IllegalStateException",
                        "complete one two");
    }

    @Test
    void handlerCanCancelFromItsOwnThread() {
        fixture.openai().always(ScriptedStep.answer("one two three", TokenUsage.of(10, 1)));
        Notes notes = new Notes() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece, context);
                context.streamingHandle().cancel();
            }
        };

        model.chat("Hi", notes);

        assertThat(notes.lines).containsExactly("text one ");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void handlerCanCancelFromOutsideWhileTheModelIsSilent() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        fixture.openai().always((id, call, listener) -> {
            listener.onText("one");
            return ScriptedStep.blockUntil(silent, never, ScriptedStep.answer("two", TokenUsage.of(1, 1)))
                    .perform(id, call, listener);
        });
        CompletableFuture<StreamingHandle> handle = new CompletableFuture<>();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Notes notes = new Notes() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                super.onPartialResponse(piece, context);
                handle.complete(context.streamingHandle());
            }
        };
        try (ThreadRunner runner = new ThreadRunner("test")) {
            ArchitectLangChain4jStreamingChatModel.of(
                            fixture.architect(),
                            request -> request,
                            work -> runner.run("stream", () -> {
                                work.run();
                                ended.complete(Thread.currentThread().isInterrupted());
                            }))
                    .chat("Hi", notes);
            silent.await();

            handle.get(60, TimeUnit.SECONDS).cancel();

            assertThat(ended.get(60, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(notes.lines).containsExactly("text one");
        assertThat(handle.get().isCancelled()).isTrue();
    }

    /** Records what it receives. */
    private static class Notes implements StreamingChatResponseHandler {
        final List<String> lines = new CopyOnWriteArrayList<>();
        final AtomicReference<ChatResponse> response = new AtomicReference<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        public void onPartialResponse(String piece) {
            lines.add("text " + piece);
        }

        @Override
        public void onPartialThinking(PartialThinking piece) {
            lines.add("thinking " + piece.text());
        }

        @Override
        public void onPartialToolCall(PartialToolCall piece) {
            lines.add("partial " + piece.index() + " " + piece.id() + " " + piece.name() + " "
                    + piece.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            lines.add("call " + call.index() + " " + call.toolExecutionRequest().id() + " "
                    + call.toolExecutionRequest().name() + " "
                    + call.toolExecutionRequest().arguments());
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            lines.add("complete " + complete.aiMessage().text());
            response.set(complete);
        }

        @Override
        public void onError(Throwable error) {
            lines.add("error " + error.getClass().getSimpleName());
            failure.set(error);
        }
    }
}
