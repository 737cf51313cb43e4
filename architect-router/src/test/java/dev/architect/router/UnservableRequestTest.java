package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.Architect;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.prompt.PromptTasks;
import dev.architect.request.RequestScope;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.provider.ScriptedProvider;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnservableRequestTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: ollama/llama3.2, quality: 45, contextTokens: 8192}
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: openai/gpt-4.1, quality: 80, contextTokens: 128000, enabled: false}
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    private final TimeSource time = TimeSource.system();
    private final InMemoryStore store = new InMemoryStore(time);
    private final ScriptedProvider ollama = ScriptedProvider.named("ollama")
            .withCapabilities("llama3.2", EnumSet.of(Capability.IMAGES))
            .always(ScriptedStep.answer("free", TokenUsage.of(10, 1)));
    private final ScriptedProvider openai = ScriptedProvider.named("openai")
            .withCapabilities("gpt-4o-mini", EnumSet.of(Capability.TOOLS, Capability.JSON_SCHEMA))
            .always(ScriptedStep.answer("cheap", TokenUsage.of(10, 1)));
    private final Architect architect = Architect.builder()
            .store(store)
            .time(time)
            .provider(ollama)
            .provider(openai)
            .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
            .build();

    @AfterEach
    void close() {
        architect.close();
    }

    static Stream<Arguments> unservable() {
        return Stream.of(
                unservable(
                        "model",
                        "openai/gpt-4o-mni",
                        "openai/gpt-4o-mini",
                        request().model(ModelId.parse("openai/gpt-4o-mni")),
                        "model is 'openai/gpt-4o-mni', which is not in the policy, did you mean 'openai/gpt-4o-mini'?"),
                unservable(
                        "model",
                        "opnai/gpt-4o-mini",
                        "openai/gpt-4o-mini",
                        request().model(ModelId.parse("opnai/gpt-4o-mini")),
                        "model is 'opnai/gpt-4o-mini', whose provider is unknown, did you mean 'openai/gpt-4o-mini'?"),
                unservable(
                        "model",
                        "azure/gpt-4o-mini",
                        "openai/gpt-4o-mini",
                        request().model(ModelId.parse("azure/gpt-4o-mini")),
                        "model is 'azure/gpt-4o-mini', whose provider is unknown, did you mean 'openai/gpt-4o-mini'?"),
                unservable(
                        "model",
                        "openai/gpt-4.1",
                        null,
                        request().model(ModelId.parse("openai/gpt-4.1")),
                        "model is 'openai/gpt-4.1', which is switched off in the policy, expected one of"
                                + " ollama/llama3.2, openai/gpt-4o-mini"),
                unservable(
                        "model",
                        "claude/claude-sonnet-4-6",
                        null,
                        request().model(ModelId.parse("claude/claude-sonnet-4-6")),
                        "model is 'claude/claude-sonnet-4-6', whose provider is not configured, expected one of"
                                + " ollama/llama3.2, openai/gpt-4o-mini"),
                unservable(
                        "needs",
                        "web-search",
                        "ollama/llama3.2",
                        request().needs(Set.of(Capability.WEB_SEARCH)),
                        "needs is 'web-search', which no configured model has, nearest is 'ollama/llama3.2' without"
                                + " web-search"),
                unservable(
                        "temperature",
                        "temperature",
                        "ollama/llama3.2",
                        request().temperature(0.5),
                        "temperature is 'temperature', which no configured model has, nearest is 'ollama/llama3.2'"
                                + " without temperature"),
                unservable(
                        "needs",
                        "images, tools",
                        "ollama/llama3.2",
                        request().needs(Set.of(Capability.TOOLS, Capability.IMAGES)),
                        "needs is 'images, tools', which no configured model has together, nearest is"
                                + " 'ollama/llama3.2' without tools"),
                unservable(
                        "model",
                        "openai/gpt-4o-mini",
                        "ollama/llama3.2",
                        ChatRequest.builder(Message.user(
                                        new Part.Text("What is this?"),
                                        new Part.Image(new Media.Inline("image/png", "AAAA"))))
                                .model(ModelId.parse("openai/gpt-4o-mini")),
                        "model is 'openai/gpt-4o-mini', which lacks images, did you mean 'ollama/llama3.2'?"),
                unservable(
                        "quality",
                        "high",
                        "standard",
                        request().quality(Quality.HIGH),
                        "quality is 'high', which needs 90 and the best configured model has 66, nearest is"
                                + " 'standard'"),
                unservable(
                        "options",
                        "opnai.store",
                        "openai.store",
                        request().option("opnai.store", "false"),
                        "options is 'opnai.store', whose provider is unknown, did you mean 'openai'?"));
    }

    @ParameterizedTest(name = "{4}")
    @MethodSource("unservable")
    void isRefusedWithTheNearestValueBeforeAnythingIsStoredOrCalled(
            String field, String value, String nearest, ChatRequest request, String message) {
        UnservableRequestException submitted =
                catchThrowableOfType(UnservableRequestException.class, () -> architect.submit(PromptTasks.of(request)));
        UnservableRequestException asked =
                catchThrowableOfType(UnservableRequestException.class, () -> architect.chat(request));

        for (UnservableRequestException failure : List.of(submitted, asked)) {
            assertThat(failure).hasMessage(message);
            assertThat(failure.field()).isEqualTo(field);
            assertThat(failure.value()).isEqualTo(value);
            assertThat(failure.nearest().orElse(null)).isEqualTo(nearest);
        }
        assertThat(architect.chatAsync(request, RequestScope.create()))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(UnservableRequestException.class);
        assertThat(architect.tasks().list(TaskQuery.newest(10))).isEmpty();
        assertThat(ollama.callCount() + openai.callCount()).isZero();
    }

    @Test
    void oneBadTaskOfABatchIsNamedByItsIndexAndNothingIsStored() {
        TaskRequest good = TaskRequest.prompt("Hi");
        TaskRequest bad = PromptTasks.of(
                request().model(ModelId.parse("openai/gpt-4o-mni")).build());

        UnservableRequestException failure = catchThrowableOfType(
                UnservableRequestException.class, () -> architect.tasks().submitAll(List.of(good, good, bad)));

        assertThat(failure.field()).isEqualTo("tasks[2].model");
        assertThat(failure)
                .hasMessage("tasks[2].model is 'openai/gpt-4o-mni', which is not in the policy,"
                        + " did you mean 'openai/gpt-4o-mini'?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> architect.tasks().submitAll(List.of(good, TaskRequest.of("crawl", ""))))
                .withMessage("tasks[1]: task type is 'crawl', expected one of [prompt]");
        assertThat(architect.tasks().list(TaskQuery.newest(10))).isEmpty();
    }

    @Test
    void whatPassesByItselfIsAccepted() {
        ollama.always(ScriptedStep.fail(FailureKind.MODEL_NOT_FOUND));
        openai.always(ScriptedStep.fail(FailureKind.AUTHENTICATION));
        catchThrowableOfType(RuntimeException.class, () -> architect.chat(ChatRequest.of("Hi")));
        ChatRequest gone = request().model(ModelId.parse("ollama/llama3.2")).build();
        ChatRequest open = request().model(ModelId.parse("openai/gpt-4o-mini")).build();

        assertThatCode(() -> architect.tasks().submitAll(List.of(PromptTasks.of(gone), PromptTasks.of(open))))
                .doesNotThrowAnyException();
    }

    @Test
    void qualityIsJudgedOnlyWhereTheRequestNamesIt() {
        assertThatCode(() -> architect.submit(TaskRequest.prompt("Prove that there are infinitely many primes.")))
                .doesNotThrowAnyException();
        assertThatCode(() -> architect.submit(PromptTasks.of(request()
                        .quality(Quality.HIGH)
                        .model(ModelId.parse("ollama/llama3.2"))
                        .build())))
                .doesNotThrowAnyException();
    }

    @Test
    void optionsOfAProviderThatThePolicyNamesAreFine() {
        assertThatCode(() -> architect.submit(
                        PromptTasks.of(request().option("claude.user", "u-1").build())))
                .doesNotThrowAnyException();
    }

    @Test
    void processThatPerformsNoTasksLeavesTheCheckToThoseThatDo() {
        try (Architect submitter = Architect.builder()
                .store(new InMemoryStore(time))
                .time(time)
                .withoutTaskExecution()
                .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
                .build()) {
            assertThatCode(() -> submitter.submit(TaskRequest.prompt("Hi"))).doesNotThrowAnyException();
        }
    }

    @Test
    void withoutAnyProviderNothingIsAccepted() {
        try (Architect empty = Architect.builder()
                .store(new InMemoryStore(time))
                .time(time)
                .router(CostAwareRouter.with(RoutingPolicy.parse(POLICY)))
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty.submit(TaskRequest.prompt("Hi")))
                    .isInstanceOf(UnservableRequestException.class)
                    .withMessage(
                            "model is 'any', but none of the 4 models of the policy is enabled and has a configured"
                                    + " provider");
        }
    }

    private static Arguments unservable(
            String field, String value, String nearest, ChatRequest.Builder request, String message) {
        return Arguments.of(field, value, nearest, request.build(), message);
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder("Hi");
    }
}
