package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.attempt.AttemptOutcome;
import dev.architect.chat.AcceptedAnswers;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Part;
import dev.architect.cost.LedgerEntry;
import dev.architect.model.FailureKind;
import dev.architect.model.StopReason;
import dev.architect.prompt.PromptTasks;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.ProviderAnswer;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskResult;
import dev.architect.task.TaskState;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a prompt task whose answer is not an ordinary complete one, from the provider to the ledger. */
final class PromptTaskAnswerTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private final ManualTime time = new ManualTime(RouterFixture.NOW, 5);
    private final Semaphore events = new Semaphore(0);
    private final ScriptedProvider claude = ScriptedProvider.named("claude");
    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(time))
            .provider(claude)
            .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
            .listener(event -> events.release())
            .time(time)
            .build();

    /** Closing waits by the clock, so time goes on meanwhile. */
    @AfterEach
    void close() throws InterruptedException {
        Thread closing = new Thread(architect::close);
        closing.start();
        while (closing.isAlive()) {
            step(Duration.ofSeconds(1));
            closing.join(1);
        }
    }

    /** Lets time flow no further before the threads of the engine have done what is due. */
    private void step(Duration step) throws InterruptedException {
        time.advance(step);
        time.awaitRest(Duration.ofSeconds(60));
    }

    @Test
    void aTruncatedAnswerIsDoneAndSaysSo() throws Exception {
        answers("Once upon a", StopReason.LENGTH);

        TaskHandle task = architect.submit(PromptTasks.of(ChatRequest.of("tell a story")));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DONE);
        assertThat(result.output()).contains("Once upon a");
        assertThat(result.stopReason()).contains(StopReason.LENGTH);
        assertThat(onlyCall(task).stopReason()).contains(StopReason.LENGTH);
    }

    @Test
    void aRefusedAnswerIsNoSuccessAndItsCostStaysBooked() throws Exception {
        answers("I cannot help with that.", StopReason.REFUSED);

        TaskHandle task = architect.submit(PromptTasks.of(ChatRequest.of("do something bad")));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DEAD);
        assertThat(result.stopReason()).contains(StopReason.REFUSED);
        assertThat(result.output()).isEmpty();
        assertThat(result.error().orElseThrow())
                .contains("RejectedAnswerException")
                .contains("claude/claude-sonnet-4-6")
                .contains("REFUSED")
                .doesNotContain("cannot help");
        assertThat(onlyCall(task).stopReason()).contains(StopReason.REFUSED);
        assertThat(onlyCall(task).charge().cost().amount().orElseThrow().picoUsd())
                .isPositive();
        assertThat(claude.calls()).hasSize(1);
    }

    @Test
    void aRefusalThatTheProviderReportsAsAnErrorHasTheSameStopReason() throws Exception {
        claude.always(ScriptedStep.fail(FailureKind.CONTENT_REFUSED));

        TaskHandle task = architect.submit(PromptTasks.of(ChatRequest.of("do something bad")));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DEAD);
        assertThat(result.stopReason()).contains(StopReason.REFUSED);
        assertThat(onlyCall(task).failure()).contains(FailureKind.CONTENT_REFUSED);
        assertThat(onlyCall(task).stopReason()).isEmpty();
    }

    /** All of its tokens went into reasoning: the same limit would be reached again. */
    @ParameterizedTest
    @EnumSource(
            value = StopReason.class,
            names = {"LENGTH", "REFUSED", "TOOL_CALLS", "STOP_SEQUENCE", "PAUSED"})
    void anAnswerWithoutTextWhoseStopReasonExplainsItIsDeadAtOnce(StopReason reason) throws Exception {
        answers(" \n", reason);

        TaskHandle task = architect.submit(PromptTasks.of(ChatRequest.of("think hard")));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DEAD);
        assertThat(result.stopReason()).contains(reason);
        assertThat(result.error().orElseThrow()).contains(reason.name());
        assertThat(claude.calls()).hasSize(1);
    }

    @Test
    void anAnswerOfToolCallsAloneIsNotEmpty() throws Exception {
        claude.always(ScriptedStep.answer(ProviderAnswer.builder(
                        "claude-sonnet-4-6",
                        List.of(new Part.ToolCall("c1", "weather", "{}", Optional.empty())),
                        StopReason.TOOL_CALLS)
                .build()));

        TaskResult result = ended(architect.submit(PromptTasks.of(ChatRequest.of("look it up"))));

        assertThat(result.state()).isEqualTo(TaskState.DONE);
        assertThat(result.output()).contains("");
        assertThat(result.stopReason()).contains(StopReason.TOOL_CALLS);
    }

    @Test
    void anEmptyAnswerWithoutAReasonIsRequestedAgain() throws Exception {
        claude.then(ScriptedStep.answer(answer("", StopReason.COMPLETE)));
        answers("Here it is.", StopReason.COMPLETE);

        TaskHandle task = architect.submit(PromptTasks.of(ChatRequest.of("say something")));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DONE);
        assertThat(result.stopReason()).contains(StopReason.COMPLETE);
        assertThat(architect.tasks().attempts(task.id()))
                .extracting(attempt -> attempt.outcome())
                .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.SUCCEEDED);
        assertThat(architect.ledger().ofTask(task.id())).hasSize(2);
    }

    @Test
    void answersThatStayEmptyAreDeadAfterTheLastAttempt() throws Exception {
        answers("", StopReason.COMPLETE);

        TaskHandle task =
                architect.submit(PromptTasks.of(ChatRequest.of("say something")).withMaxAttempts(2));
        TaskResult result = ended(task);

        assertThat(result.state()).isEqualTo(TaskState.DEAD);
        assertThat(result.stopReason()).contains(StopReason.COMPLETE);
        assertThat(result.error().orElseThrow()).contains("is empty");
        assertThat(claude.calls()).hasSize(2);
    }

    @Test
    void theRequestDecidesWhatCountsAsSuccess() throws Exception {
        answers("Once upon a", StopReason.LENGTH);
        TaskResult strict = ended(architect.submit(PromptTasks.of(ChatRequest.builder("tell a story")
                .accepted(AcceptedAnswers.FINISHED)
                .build())));
        assertThat(strict.state()).isEqualTo(TaskState.DEAD);
        assertThat(strict.stopReason()).contains(StopReason.LENGTH);

        answers("", StopReason.REFUSED);
        TaskResult lenient = ended(architect.submit(PromptTasks.of(ChatRequest.builder("do something bad")
                .accepted(AcceptedAnswers.ANY)
                .build())));
        assertThat(lenient.state()).isEqualTo(TaskState.DONE);
        assertThat(lenient.output()).contains("");
        assertThat(lenient.stopReason()).contains(StopReason.REFUSED);
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void aSettingMayNameExactlyOneReason(StopReason reason) throws Exception {
        answers("text", reason);
        ChatRequest.Builder request = ChatRequest.builder("go");

        TaskResult accepted = ended(architect.submit(PromptTasks.of(
                request.accepted(new AcceptedAnswers(EnumSet.of(reason), false)).build())));
        TaskResult rejected = ended(architect.submit(
                PromptTasks.of(request.accepted(new AcceptedAnswers(EnumSet.complementOf(EnumSet.of(reason)), false))
                        .build())));

        assertThat(accepted.state()).isEqualTo(TaskState.DONE);
        assertThat(rejected.state()).isEqualTo(TaskState.DEAD);
        assertThat(rejected.stopReason()).contains(reason);
    }

    private void answers(String text, StopReason reason) {
        claude.always(ScriptedStep.answer(answer(text, reason)));
    }

    private static ProviderAnswer answer(String text, StopReason reason) {
        return ProviderAnswer.builder("claude-sonnet-4-6", List.of(new Part.Text(text)), reason)
                .usage(TokenUsage.of(100, 10), UsageSource.REPORTED)
                .build();
    }

    private LedgerEntry onlyCall(TaskHandle task) {
        List<LedgerEntry> calls = architect.ledger().ofTask(task.id());
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    /** Lets time flow until the task has ended: slowly, so that no attempt times out. */
    private TaskResult ended(TaskHandle task) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (task.result().isEmpty() && System.nanoTime() < deadline) {
            step(Duration.ofMillis(50));
            events.tryAcquire(1, TimeUnit.MILLISECONDS);
        }
        return task.result().orElseThrow();
    }
}
