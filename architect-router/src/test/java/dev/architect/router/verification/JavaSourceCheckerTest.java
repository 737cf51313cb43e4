package dev.architect.router.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JavaSourceCheckerTest {

    private final JavaSourceChecker checker = new JavaSourceChecker();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public final class Adder { int add(int a, int b) { return a + b; } }",
                "package a.b; import java.util.List; record Pair(List<String> one) {}",
                "import java.util.*;\nint size(List<String> all) { return all.size(); }",
                "List<String> all = java.util.List.of(\"a\");\nint size = all.size();\n",
                "int sum = 0; for (int i = 0; i < 3; i++) { sum += i; }"
            })
    void acceptsFilesMembersAndStatements(String code) {
        String fixed = code.startsWith("List") ? "import java.util.List;\n" + code : code;

        assertThat(AnswerFixture.verdict(checker, block(fixed))).isEqualTo("ACCEPTED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public final class Adder { int add(int a, int b) { return a + ; } }",
                "int size = \"four\";",
                "class A { String text() { return 4; } }",
                "String text = \"a\".reversed4();"
            })
    void rejectsWhatDoesNotCompile(String code) {
        assertThat(AnswerFixture.verdict(checker, block(code))).isEqualTo("java-error");
    }

    @Test
    void blocksMayUseEachOther() {
        assertThat(AnswerFixture.verdict(
                        checker, block("class One { Two two; }") + "and\n" + block("class Two { One one; }")))
                .isEqualTo("ACCEPTED");
    }

    @Test
    void isUnsureWithoutCodeAndAboutLibraries() {
        assertThat(AnswerFixture.verdict(checker, "no code")).isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, block("import org.example.Thing; class A { Thing thing; }")))
                .isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, block("class A {}").repeat(17)))
                .isEqualTo("UNSURE");
        assertThat(AnswerFixture.verdict(checker, block("// " + "x".repeat(70_000))))
                .isEqualTo("UNSURE");
    }

    @Test
    void neitherRunsTheCodeNorKeepsItsClasses(@TempDir Path directory) throws Exception {
        Path proof = directory.resolve("proof");
        String path = proof.toString().replace("\\", "\\\\");
        Path marker = Path.of("Runner4711.class");

        assertThat(AnswerFixture.verdict(
                        checker,
                        block(
                                "public class Runner4711 { static { try { java.nio.file.Files.createFile(java.nio.file.Path.of(\""
                                        + path + "\")); } catch (Exception e) { } } }")))
                .isEqualTo("ACCEPTED");

        assertThat(proof).doesNotExist();
        assertThat(Files.exists(marker)).isFalse();
    }

    private static String block(String code) {
        return "Here:\n\n```java\n" + code + "\n```\n";
    }
}
