package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The tests of a host run over the code of an answer. */
@DisabledOnOs(OS.WINDOWS)
final class CodeTestCheckerTest {

    private static final String RIGHT =
            "```java\npublic class Adder { int add(int a, int b) { return a + b; } }\n```\n";
    private static final String WRONG =
            "```java\npublic class Adder { int add(int a, int b) { return a - b; } }\n```\n";

    @TempDir
    Path folder;

    private static CodeTestChecker shell(String script) {
        return CodeTestChecker.ofJava(List.of("sh", "-c", script), Duration.ofSeconds(20));
    }

    @Test
    void acceptsWhatPassesAndRejectsWhatFails() {
        CodeTestChecker checker = shell("grep -q 'a + b' Adder.java");

        assertThat(AnswerFixture.verdict(checker, "Here:\n" + RIGHT)).isEqualTo("ACCEPTED");
        assertThat(AnswerFixture.verdict(checker, "Here:\n" + WRONG)).isEqualTo("tests-failed");
    }

    @Test
    void testsOfTheHostAreCompiledWithTheCodeAndRun() throws Exception {
        Path test = folder.resolve("AdderTest.java");
        Files.writeString(
                test,
                "public class AdderTest { public static void main(String[] none) {"
                        + " if (new Adder().add(2, 3) != 5) { System.exit(1); } } }");
        Path java = Path.of(System.getProperty("java.home"), "bin");
        CodeTestChecker checker = CodeTestChecker.ofJava(
                List.of(
                        "sh",
                        "-c",
                        java.resolve("javac") + " -d out *.java " + test + " && " + java.resolve("java")
                                + " -cp out AdderTest"),
                Duration.ofMinutes(2));

        assertThat(AnswerFixture.verdict(checker, RIGHT)).isEqualTo("ACCEPTED");
        assertThat(AnswerFixture.verdict(checker, WRONG)).isEqualTo("tests-failed");
    }

    @Test
    void isUnsureWithoutSuchCodeOrWithTooMuch() {
        CodeTestChecker checker = shell("exit 1");

        assertThat(AnswerFixture.verdict(checker, "no code")).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, RIGHT.replace("java", "python")))
                .isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, RIGHT.repeat(17))).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, "```java\n" + "x".repeat(70_000) + "\n```\n"))
                .isEqualTo("UNSURE");
    }

    @Test
    void aCommandThatDoesNotEndIsEnded() throws Exception {
        Path pid = folder.resolve("pid");
        CodeTestChecker checker = CodeTestChecker.ofJava(
                List.of("sh", "-c", "sleep 600 & echo $! > " + pid + "; wait"), Duration.ofSeconds(3));

        assertThat(AnswerFixture.verdict(checker, RIGHT)).isEqualTo("tests-timeout");
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(20)));
    }

    @Test
    void codeRunsInADirectoryOfItsOwnWithoutTheEnvironmentAndNothingStays() throws Exception {
        Path seen = folder.resolve("seen");
        CodeTestChecker checker = CodeTestChecker.of(
                "python",
                ".py",
                List.of("sh", "-c", "pwd > " + seen + "; ls >> " + seen + "; mkdir -p a/b; test -z \"$HOME\""),
                Duration.ofSeconds(20));

        assertThat(AnswerFixture.verdict(checker, "```python\nprint(1)\n```\n```Python\nprint(2)\n```\n"))
                .isEqualTo("ACCEPTED");
        List<String> lines = Files.readAllLines(seen);
        assertThat(lines.subList(1, lines.size())).containsExactly("block1.py", "block2.py");
        assertThat(Path.of(lines.get(0))).doesNotExist();
    }

    @Test
    void cancellationIsPassedOn() {
        Thread.currentThread().interrupt();

        assertThat(AnswerFixture.verdict(shell("sleep 600"), RIGHT)).isEqualTo("UNSURE");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aCommandThatIsNotThereSaysNothingOfTheAnswer() {
        CodeTestChecker checker =
                CodeTestChecker.ofJava(List.of(folder.resolve("missing").toString()), Duration.ofSeconds(5));

        assertThatThrownBy(() -> AnswerFixture.verdict(checker, RIGHT)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void wrongSettingsAreNamed() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> CodeTestChecker.ofJava(List.of(), second))
                .hasMessage("command is [], expected a program and its arguments");
        assertThatThrownBy(() -> CodeTestChecker.ofJava(List.of("true"), Duration.ZERO))
                .hasMessage("timeout is PT0S, expected above zero, at most PT10M");
        assertThatThrownBy(() -> CodeTestChecker.of("C++ 20", ".cpp", List.of("true"), second))
                .hasMessageContaining("language is 'C++ 20', expected");
        assertThatThrownBy(() -> CodeTestChecker.of("c", "/../x", List.of("true"), second))
                .hasMessageContaining("suffix is '/../x', expected");
    }
}
