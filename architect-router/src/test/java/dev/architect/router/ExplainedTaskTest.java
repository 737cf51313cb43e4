package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.architect.Architect;
import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.AttemptExplanation;
import dev.architect.attempt.RouteChoice;
import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.chat.ChatRequest;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.prompt.PromptTasks;
import dev.architect.route.ExclusionReason;
import dev.architect.route.SelectionReason;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TaskContext;
import dev.architect.spi.TimeSource;
import dev.architect.spi.Worker;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of the routes of an attempt, from the policy to the explanation of the task. */
final class ExplainedTaskTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: ollama/llama3.2, quality: 45, contextTokens: 8192, enabled: false}
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;
    private static final ModelId OLLAMA = ModelId.parse("ollama/llama3.2");
    private static final ModelId OPENAI = ModelId.parse("openai/gpt-4o-mini");
    private static final ModelId CLAUDE = ModelId.parse("claude/claude-sonnet-4-6");

    private final ScriptedProvider ollama = ScriptedProvider.named("ollama");
    private final ScriptedProvider openai = ScriptedProvider.named("openai");
    private final ScriptedProvider claude =
            ScriptedProvider.named("claude").always(ScriptedStep.answer("dear", TokenUsage.of(10, 1)));
    private final Architect architect = Architect.builder()
            .store(new InMemoryStore(TimeSource.system()))
            .provider(ollama)
            .provider(openai)
            .provider(claude)
            .worker(new TalkingWorker())
            .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
            .build();

    @AfterEach
    void close() {
        architect.close();
    }

    /** Makes as many requests as its payload says. */
    private static final class TalkingWorker implements Worker {
        @Override
        public Set<String> types() {
            return Set.of("talk");
        }

        @Override
        public String perform(TaskContext context) {
            for (int i = 0; i < Integer.parseInt(context.request().payload()); i++) {
                context.chat(ChatRequest.of("Hi " + i));
            }
            return "done";
        }
    }

    private AttemptBasis basisOf(TaskRequest request) throws InterruptedException {
        TaskHandle task = architect.submit(request);
        task.await(Duration.ofSeconds(60));
        List<AttemptExplanation> attempts =
                architect.tasks().explain(task.id()).orElseThrow().attempts();
        assertThat(attempts).hasSize(1);
        return attempts.get(0).basis().orElseThrow();
    }

    @Test
    void keepsCandidatesSkippedModelsAndCallsInTheirOrder() throws Exception {
        openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));

        AttemptBasis basis = basisOf(PromptTasks.of(ChatRequest.of("Hi")));

        assertThat(basis.requests()).isEqualTo(1);
        RouteChoice route = basis.routes().get(0);
        assertThat(route.candidates())
                .extracting(Chosen::model, Chosen::reason, Chosen::quality)
                .containsExactly(
                        tuple(OPENAI, SelectionReason.MEETS_FLOOR, 66), tuple(CLAUDE, SelectionReason.MEETS_FLOOR, 88));
        assertThat(route.skipped()).containsExactly(new Skipped(OLLAMA, ExclusionReason.DISABLED));
        assertThat(route.calls())
                .containsExactly(
                        new Called(OPENAI, Optional.of(FailureKind.AUTHENTICATION)),
                        new Called(CLAUDE, Optional.empty()));
        assertThat(route.answeredBy()).contains(CLAUDE);
        assertThat(route.requestId()).isPresent();
    }

    @Test
    void keepsTheLastRequestsOfAnAttemptThatMakesMany() throws Exception {
        openai.always(ScriptedStep.answer("cheap", TokenUsage.of(10, 1)));

        AttemptBasis basis = basisOf(TaskRequest.of("talk", "9"));

        assertThat(basis.requests()).isEqualTo(9);
        assertThat(basis.routes())
                .hasSize(AttemptBasis.MAX_ROUTES)
                .allMatch(route -> route.answeredBy().equals(Optional.of(OPENAI)));
        assertThat(basis.routes()).extracting(RouteChoice::requestId).doesNotHaveDuplicates();
        assertThat(basisOf(TaskRequest.of("talk", "0")).requests()).isZero();
    }
}
