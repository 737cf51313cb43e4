package dev.architect.router.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.Quality;
import dev.architect.error.FileProblem;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingPolicyTest {

    private static final String SMALL = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    @TempDir
    private Path directory;

    @Test
    void readsEveryField() throws IOException {
        Path file = directory.resolve("routing.yaml");
        Files.writeString(file, """
                baseline: claude/big
                requestTimeout: 90s
                callTimeout: 1500ms
                floors:
                  complexity: {simple: 1, medium: 2, complex: 3}
                  quality: {basic: 4, standard: 5, high: 6}
                breaker: {failures: 3, calls: 7, firstDelay: 1s, longestDelay: 2m}
                models:
                  - model: perplexity/perplexity/sonar
                    quality: 60
                    maxConcurrent: 2
                    contextTokens: 4096
                    expectedOutputTokens: 300
                    enabled: false
                """);

        RoutingPolicy policy = RoutingPolicy.load(file);

        assertThat(policy.baseline()).isEqualTo(ModelId.parse("claude/big"));
        assertThat(policy.requestTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(policy.callTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(policy.floor(Quality.AUTO, Complexity.MEDIUM)).isEqualTo(2);
        assertThat(policy.floor(Quality.HIGH, Complexity.SIMPLE)).isEqualTo(6);
        assertThat(policy.circuitBreaker())
                .isEqualTo(new CircuitBreakerSettings(3, 7, Duration.ofSeconds(1), Duration.ofMinutes(2)));
        assertThat(policy.models())
                .containsExactly(new ModelPolicy(
                        new ModelId("perplexity", "perplexity/sonar"), 60, 2, 4096, OptionalInt.of(300), false));
    }

    @Test
    void withModelAddsOneOrReplacesTheOneOfThatId() {
        RoutingPolicy small = RoutingPolicy.parse(SMALL);
        ModelPolicy added = new ModelPolicy(new ModelId("own", "model"), 70, 2, 32_000, OptionalInt.empty(), true);
        ModelPolicy better = new ModelPolicy(new ModelId("own", "model"), 90, 2, 32_000, OptionalInt.empty(), true);

        RoutingPolicy extended = small.withModel(added);

        assertThat(extended.models()).startsWith(small.models().get(0)).endsWith(added);
        assertThat(extended.withModel(better).models())
                .hasSameSizeAs(extended.models())
                .endsWith(better);
        assertThat(small.models()).doesNotContain(added);
        assertThat(extended.baseline()).isEqualTo(small.baseline());
    }

    @Test
    void oneMoreModelIsAddedFromCodeWithTheDefaultsOfTheFile() {
        RoutingPolicy standard = RoutingPolicy.standard();

        RoutingPolicy extended = standard.withModel(
                ModelPolicy.builder("openai/gpt-5.2", 89, 400_000).build());

        assertThat(extended.models()).hasSize(standard.models().size() + 1);
        assertThat(extended.models().get(standard.models().size()))
                .isEqualTo(RoutingPolicy.parse("""
                        baseline: a/b
                        models: [{model: openai/gpt-5.2, quality: 89, contextTokens: 400000}]
                        """).models().get(0));
        assertThat(standard).isEqualTo(RoutingPolicy.standard());
    }

    @Test
    void everyPartIsChangedInACopy() {
        RoutingPolicy standard = RoutingPolicy.standard();
        ModelId first = standard.models().get(0).id();
        CircuitBreakerSettings breaker = new CircuitBreakerSettings(1, 2, Duration.ofSeconds(1), Duration.ofSeconds(1));

        RoutingPolicy changed = standard.withoutModel(first)
                .withBaseline(new ModelId("own", "model"))
                .withRequestTimeout(Duration.ofSeconds(9))
                .withCallTimeout(Duration.ofSeconds(3))
                .withCircuitBreaker(breaker)
                .withFloors(RoutingPolicy.parse(SMALL).floors());

        assertThat(changed.models())
                .isEqualTo(standard.models().subList(1, standard.models().size()));
        assertThat(changed.baseline()).isEqualTo(new ModelId("own", "model"));
        assertThat(changed.requestTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(changed.callTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.circuitBreaker()).isEqualTo(breaker);
        ModelPolicy model = standard.models().get(3);
        assertThat(model.toBuilder().build()).isEqualTo(model);
        assertThat(model.toBuilder()
                        .quality(1)
                        .enabled(false)
                        .maxConcurrent(2)
                        .contextTokens(7)
                        .concurrency(ModelPolicy.Concurrency.FIXED)
                        .build())
                .isEqualTo(new ModelPolicy(model.id(), 1, 2, 7, model.expectedOutputTokens(), false));
    }

    @Test
    void codeIsCheckedAsAFileIs() {
        RoutingPolicy standard = RoutingPolicy.standard();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPolicy.builder("gpt-5.2", 89, 1_000))
                .withMessage("model is 'gpt-5.2', expected provider/model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPolicy.builder("a/b", 101, 1_000).build())
                .withMessage("quality is 101, expected 0..100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPolicy.builder("a/b", 1, 1_000)
                        .maxConcurrent(10_001)
                        .build())
                .withMessage("maxConcurrent is 10001, expected 1..10000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelPolicy.builder("a/b", 1, 1_000_000_001).build())
                .withMessage("contextTokens is 1000000001, expected 1..1000000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.withRequestTimeout(Duration.ofHours(25)))
                .withMessage("requestTimeout is PT25H, expected PT0.001S..PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.withCallTimeout(Duration.ZERO))
                .withMessage("callTimeout is PT0S, expected PT0.001S..PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoutingPolicy.parse(SMALL)
                        .withoutModel(RoutingPolicy.parse(SMALL).models().get(0).id()))
                .withMessageContaining("number of models is 0, expected 1..500");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.withoutModel(new ModelId("own", "none")))
                .withMessage("model is 'own/none', expected one of the policy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CircuitBreakerSettings(1, 10_001, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .withMessage("calls is 10001, expected 1..10000");
    }

    @Test
    void leftOutFieldsHaveDocumentedDefaults() {
        RoutingPolicy policy = RoutingPolicy.parse(SMALL);

        assertThat(policy.requestTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(policy.limits()).isEqualTo(RoutingPolicy.USUAL_LIMITS);
        assertThat(policy.retry()).isEqualTo(RetrySettings.STANDARD);
        assertThat(policy.callTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.floors()).isEqualTo(RoutingPolicy.standard().floors());
        assertThat(policy.circuitBreaker()).isEqualTo(CircuitBreakerSettings.STANDARD);
        assertThat(policy.models().get(0).maxConcurrent()).isEqualTo(8);
        assertThat(policy.models().get(0).isEnabled()).isTrue();
    }

    @Test
    void standardPolicyNamesAllSixProviders() {
        assertThat(RoutingPolicy.standard().models().stream()
                        .map(model -> model.id().provider())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("claude", "openai", "gemini", "ollama", "anythingllm", "perplexity");
    }

    @Test
    void everyModelOfTheStandardPolicyHasPriceButTheWorkspace() {
        Instant now = Instant.parse("2026-11-22T00:00:00Z");

        assertThat(RoutingPolicy.standard().models())
                .filteredOn(model ->
                        Prices.standard().find(model.id(), "standard", now, 1).isEmpty())
                .extracting(model -> model.id().toString())
                .containsExactly("anythingllm/docs");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quality: 88 | quality: 120  | models[0].quality is 120, expected 0..100",
                "quality: 88 | quality: high | models[0].quality is 'high', expected 0..100",
                "quality: 88 | quality: 8.5  | models[0].quality is 8.5, expected 0..100",
                "quality: 88 | quality: 1e2  | models[0].quality is '1e2', expected 0..100",
                "quality: 88 | quality:      | models[0].quality is empty, expected 0..100",
                "quality: 88 | quality: [1]  | models[0].quality is a list, expected 0..100",
                "quality: 88 | qualty: 88    | models[0].qualty is not a known field, did you mean 'quality'?",
                "quality: 88 | colour: 88    | models[0].colour is not a known field, expected one of model, quality, "
                        + "maxConcurrent, concurrency, contextTokens, expectedOutputTokens, enabled, limits, "
                        + "local, weight, tier",
                "model: claude/claude-sonnet-4-6 | model: sonnet | models[0].model is 'sonnet', expected provider/model",
                "contextTokens: 1000000 | maxConcurrent: 0   | models[0].maxConcurrent is 0, expected 1..10000",
                "contextTokens: 1000000 | enabled: maybe     | models[0].enabled is 'maybe', expected true or false",
            })
    void namesLineFieldValueAndExpectation(String good, String bad, String message) {
        assertThat(withoutColumns(problems(SMALL.replace(good, bad)))).contains("policy:3: " + message);
    }

    @Test
    void collectsAllProblems() {
        assertThat(problems("""
                        base: claude/x
                        callTimeout: soon
                        requestTimeout: 25h
                        floors: {complexity: {simple: 70, medium: 60}}
                        breaker: {failures: 5, calls: 3}
                        models:
                          - {model: claude/x, quality: 1, contextTokens: 10}
                          - {model: claude/x, quality: 1, contextTokens: 10}
                          - {quality: 101, quality: 2}
                          - claude/y
                        """))
                .containsExactly(
                        "policy:1:1: base is not a known field, did you mean 'baseline'?",
                        "policy:1:1: baseline is missing, expected provider/model",
                        "policy:2:14: callTimeout is 'soon', expected a duration from 0.001s to 24h",
                        "policy:3:17: requestTimeout is '25h', expected a duration from 0.001s to 24h",
                        "policy:4:43: floors.complexity.medium is 60, expected 70..100",
                        "policy:5:31: breaker.calls is 3, expected 5..10000",
                        "policy:8:13: models[1].model is 'claude/x', which line 7 has, expected each once",
                        "policy:9:5: models[2].model is missing, expected provider/model",
                        "policy:9:5: models[2].contextTokens is missing, expected the size of its window in tokens",
                        "policy:9:15: models[2].quality is 101, expected 0..100",
                        "policy:9:20: models[2].quality is given twice, expected once; it is also in line 9",
                        "policy:10:5: models[3] is 'claude/y', expected an object with fields");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "- a\n- b",
                "just text",
                "baseline: [",
                "a: b: c",
                "\tbaseline: x",
                "a: 1\n---\nb: 2",
                "x: &x [*x]",
                "baseline: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://127.0.0.1/']]",
                "models: []",
                "a: &a [1,2]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]",
                "baseline: \u0000",
            })
    void brokenFilesAreRefusedWithOneLineEach(String yaml) {
        assertThat(problems(yaml)).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem).startsWith("policy").doesNotContain("\n").doesNotContain("Exception");
            assertThat(problem.length()).isLessThan(250);
        });
    }

    @Test
    void deepNestingIsRefused() {
        assertThat(problems("models: " + "[".repeat(10_000))).hasSize(1);
    }

    @Test
    void hugeFileIsRefusedUnread() throws IOException {
        Path file = directory.resolve("huge.yaml");
        Files.writeString(file, "#".repeat((1 << 20) + 1));

        assertThatThrownBy(() -> RoutingPolicy.load(file))
                .isInstanceOf(PolicyException.class)
                .hasMessage(file + " has 1048577 bytes, expected at most 1048576");
    }

    @Test
    void missingFileDirectoryAndBinaryAreNamed() throws IOException {
        Path binary = directory.resolve("binary.yaml");
        Files.write(binary, new byte[] {(byte) 0xC3, (byte) 0x28});

        assertThatThrownBy(() -> RoutingPolicy.load(directory.resolve("routing.yaml")))
                .hasMessage(directory.resolve("routing.yaml") + " does not exist, expected a file");
        assertThatThrownBy(() -> RoutingPolicy.load(directory))
                .hasMessage(directory + " is a directory, expected a file");
        assertThatThrownBy(() -> RoutingPolicy.load(binary)).hasMessage(binary + " is not UTF-8 text, expected YAML");
    }

    @Test
    void longValuesAreCut() {
        assertThat(problems(SMALL.replace("88", "x".repeat(500))))
                .containsExactly("policy:3:48: models[0].quality is '" + "x".repeat(40) + "…', expected 0..100");
    }

    @Test
    void problemsAreTyped() {
        PolicyException failure = catchThrowableOfType(
                PolicyException.class, () -> RoutingPolicy.parse(SMALL.replace("quality: 88", "quality: 101")));

        assertThat(failure.fileProblems())
                .containsExactly(new FileProblem("policy", 3, 48, "models[0].quality", "is 101, expected 0..100"));
    }

    private static List<String> withoutColumns(List<String> problems) {
        return problems.stream()
                .map(problem -> problem.replaceFirst("^(policy:\\d+):\\d+:", "$1:"))
                .toList();
    }

    private static List<String> problems(String yaml) {
        PolicyException failure = catchThrowableOfType(PolicyException.class, () -> RoutingPolicy.parse(yaml));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).isEqualTo(String.join("\n", failure.problems()));
        return failure.problems();
    }
}
