package dev.architect.cli;

import static dev.architect.cli.GaiaRun.gaia;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuleCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String DATA = "../../architect-planner/src/test/resources/approvals/";

    @TempDir
    private Path folder;

    @Test
    void allowsWhatARuleCovers() {
        GaiaRun run = gaia("rule", "check", "--", "git", "log", "--oneline", "-n", "5");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("allow", "rule: git-log", "part: git log --oneline -n 5");
    }

    @Test
    void asksAboutAnOptionThatNoRuleLists() {
        GaiaRun run = gaia("rule", "check", "--", "git", "log", "--output=x");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out().lines()).startsWith("ask", "rule: none", "part: git log --output=x");
    }

    @Test
    void deniesAPartOfAText() {
        GaiaRun run = gaia("rule", "check", "--shell", "ls && sudo id");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out().lines()).startsWith("deny", "rule: deny-privilege", "part: sudo id");
    }

    @Test
    void showsWhatATerminalWouldObey() {
        GaiaRun run = gaia("rule", "check", "--shell", "ls\u001b[2J");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("part: ls<U+001B>[2J").doesNotContain("\u001b");
    }

    @Test
    void printsOneObjectWithJson() throws IOException {
        GaiaRun run = gaia("rule", "check", "--json", "--", "rm", "-r", "x");

        JsonNode decided = JSON.readTree(run.out());
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(decided.path("decision").asText()).isEqualTo("deny");
        assertThat(decided.path("rule").asText()).isEqualTo("deny-delete");
        assertThat(decided.path("part").asText()).isEqualTo("rm -r x");
    }

    @Test
    void decidesEachLineOfAFileOfCases() throws IOException {
        GaiaRun run = gaia("rule", "check", "--policy", DATA + "policy.json", "--cases", DATA + "cases.jsonl");

        List<String> cases = Files.readAllLines(Path.of(DATA + "cases.jsonl"));
        List<String> lines = run.out().lines().toList();
        assertThat(run.exitCode()).isZero();
        assertThat(lines).hasSameSizeAs(cases);
        for (int index = 0; index < lines.size(); index++) {
            JsonNode wanted = JSON.readTree(cases.get(index));
            JsonNode decided = JSON.readTree(lines.get(index));
            assertThat(decided.path("id").asText()).isEqualTo(wanted.path("id").asText());
            assertThat(decided.path("decision").asText())
                    .isEqualTo(wanted.path("wanted").asText());
        }
    }

    @Test
    void aBrokenLineIsAskedAndNamed() throws IOException {
        Path cases = folder.resolve("cases.jsonl");
        Files.writeString(
                cases, "{\"id\":\"a\",\"action\":\"shell\",\"text\":\"ls\"}\n{\"id\":\"b\",\"action\":\"shell\"}\n");

        GaiaRun run = gaia("rule", "check", "--policy", DATA + "policy.json", "--cases", cases.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines()).hasSize(2).last().asString().contains("\"decision\":\"ask\"");
        assertThat(run.err()).contains(cases + ":2: text is missing, expected text");
    }

    @Test
    void aBrokenPolicyIsRefusedWithItsPlace() throws IOException {
        Path policy = folder.resolve("policy.json");
        Files.writeString(
                policy, "{\"workspace\":\"/w\",\"rules\":[\n {\"id\":\"a\",\"decision\":\"alow\",\"run\":[\"ls\"]}]}");

        GaiaRun run = gaia("rule", "check", "--policy", policy.toString(), "--", "ls");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(policy + ":2:12: rules[0].decision is 'alow', expected one of allow, ask, deny");
    }

    @Test
    void whatToCheckIsRequiredOnce() {
        assertThat(gaia("rule", "check").exitCode()).isEqualTo(2);
        assertThat(gaia("rule", "check", "--shell", "ls", "--", "ls").exitCode())
                .isEqualTo(2);
        assertThat(gaia("rule").err()).contains("what to do is missing, expected one of check, list, ");
    }
}
