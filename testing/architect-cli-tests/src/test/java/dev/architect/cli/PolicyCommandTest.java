package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.routing.Routing;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyCommandTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            strategies: [{cost: {within: 10%}}, leastBusy]
            rules:
              - {name: summaries, when: {tags: {kind: summary}, project: web, user: alice}, candidates: [openai/gpt-4o-mini, claude/claude-sonnet-4-6], maxCost: 0.001}
            experiments:
              - {name: all, key: user, arms: [{name: only}]}
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
              - {model: claude/claude-opus-5-5, quality: 95, contextTokens: 1000000}
            """;

    private static final String LEARNED = "learned: {cheap: openai/gpt-4o-mini, strong: claude/claude-sonnet-4-6";

    @TempDir
    private Path folder;

    @Test
    void checkNamesEveryMistakeWithItsPlace() throws IOException {
        Path file = Files.writeString(
                folder.resolve("routing.yaml"),
                POLICY.replace("leastBusy", "leastbusy")
                        .replace("gpt-4o-mini, claude/claude-sonnet-4-6]", "gpt-4o-min]"));

        GaiaRun command = GaiaRun.gaia("policy", "check", file.toString());

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .containsExactly(
                        "gaia: " + file
                                + ":2:37: strategies[1].leastbusy is not a known field, did you mean 'leastBusy'?",
                        "gaia: " + file + ":4:94: rules[0].candidates[0] is 'openai/gpt-4o-min', which is no model of"
                                + " the policy, did you mean 'openai/gpt-4o-mini'?");
        assertThat(GaiaRun.gaia(
                                "policy",
                                "check",
                                Files.writeString(file, POLICY).toString())
                        .out())
                .isEqualTo(file + ": 3 models, 1 rules, 1 experiments\n");
    }

    @Test
    void showsTheVersionsThatWerePutIntoForce() {
        String data = folder.toString();
        try (SqliteStore store = SqliteStore.at(folder.resolve("architect.db"))) {
            assertThat(GaiaRun.gaia("policy", "list", "--data", data).err()).contains("each follows its own");
            assertThat(GaiaRun.gaia("policy", "show", "--data", data).err()).contains("no policy was put into force");
            CostAwareRouter router =
                    CostAwareRouter.with(RoutingPolicy.standard()).create(List.of(), TimeSource.system());
            Routing routing = new Routing(store.cluster(), router.control(), TimeSource.system());
            routing.savePolicy(0, Optional.of(POLICY), "user:ada", "cheaper");
            routing.savePolicy(1, Optional.empty(), "user:bob", "");
            router.close();
        }

        assertThat(GaiaRun.gaia("policy", "list", "--data", data).out())
                .contains("user:ada", "cheaper", "10 lines", "user:bob", "of each node");
        assertThat(GaiaRun.gaia("policy", "show", "1", "--data", data).out()).isEqualTo(POLICY);
        assertThat(GaiaRun.gaia("policy", "show", "--data", data).err()).contains("is the policy of each node");
        assertThat(GaiaRun.gaia("policy", "show", "9", "--data", data).err()).contains("version 9 is not kept");
    }

    @Test
    void checkNamesAModelFileThatCannotBeUsed() throws IOException {
        Path file =
                Files.writeString(folder.resolve("routing.yaml"), POLICY + LEARNED + ", promptModel: none.model}\n");

        GaiaRun command = GaiaRun.gaia("policy", "check", file.toString());

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.errLines())
                .containsExactly("gaia: " + folder.resolve("none.model")
                        + " is missing, expected a model file of 'gaia route train'");
    }

    @Test
    void explainsALearnedChoice() throws IOException {
        String file = Files.writeString(folder.resolve("routing.yaml"), POLICY + LEARNED + ", longFrom: 12}\n")
                .toString();

        GaiaRun text = GaiaRun.gaia("policy", "explain", "Why is the sky blue?", "--simulate", "--policy", file);
        GaiaRun json = GaiaRun.gaia("policy", "explain", "Hi", "--simulate", "--policy", file, "--json");

        assertThat(text.out())
                .contains(
                        "learned: claude/claude-sonnet-4-6 first by its number of characters, because no learned model can"
                                + " be used (length: score 20, threshold 12)")
                .contains("1. claude/claude-sonnet-4-6: ");
        JsonNode route = new ObjectMapper().readTree(json.out());
        assertThat(route.path("learned").path("reason").asText()).isEqualTo("no-model");
        assertThat(route.path("learned").path("chosen").asText()).isEqualTo("openai/gpt-4o-mini");
        assertThat(route.path("learned").path("propensity").asDouble()).isEqualTo(1);
        assertThat(route.path("candidates").path(0).path("model").asText()).isEqualTo("openai/gpt-4o-mini");
    }

    @Test
    void schemaIsJson() throws IOException {
        GaiaRun command = GaiaRun.gaia("policy", "schema");

        assertThat(command.exitCode()).isZero();
        assertThat(new ObjectMapper().readTree(command.out()).get("$schema").asText())
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    @Test
    void explainsADecisionWithoutACall() throws IOException {
        String file = Files.writeString(folder.resolve("routing.yaml"), POLICY).toString();
        String[] request = {
            "policy",
            "explain",
            "Summarise it",
            "--simulate",
            "--policy",
            file,
            "--tag",
            "kind=summary",
            "--project",
            "web",
            "--user",
            "alice",
            "--priority",
            "7"
        };

        GaiaRun text = GaiaRun.gaia(request);
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out().lines().toList()).hasSize(5).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("complexity: simple, score ");
            assertThat(lines.get(1)).isEqualTo("policy: rule 'summaries', arm 'only' of experiment 'all'");
            assertThat(lines.get(2))
                    .startsWith("1. openai/gpt-4o-mini: about $0.000073")
                    .contains("cost 0.0000")
                    .contains("leastBusy 0 calls");
            assertThat(lines.get(3)).startsWith("x  claude/claude-sonnet-4-6 would cost about $0.0018");
            assertThat(lines.get(4))
                    .isEqualTo("x  claude/claude-opus-5-5 is not among the candidates of rule 'summaries'");
        });

        String[] asJson = Arrays.copyOf(request, request.length + 1);
        asJson[request.length] = "--json";
        JsonNode json = new ObjectMapper().readTree(GaiaRun.gaia(asJson).out());
        assertThat(json.get("rule").asText()).isEqualTo("summaries");
        assertThat(json.get("arm").asText()).isEqualTo("only");
        assertThat(json.at("/candidates/0/strategies/1/strategy").asText()).isEqualTo("leastBusy");
        assertThat(json.at("/exclusions/0/code").asText()).isEqualTo("too-expensive");
    }

    @Test
    void aWrongOptionIsAMistakeOfTheCommandLine() {
        assertThat(GaiaRun.gaia("policy", "explain", "Hi", "--simulate", "--priority", "10")
                        .exitCode())
                .isEqualTo(2);
        assertThat(GaiaRun.gaia("policy").err()).contains("expected one of check, schema, explain, list, show");
    }
}
