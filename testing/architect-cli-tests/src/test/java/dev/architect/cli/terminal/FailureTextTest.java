package dev.architect.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FailureTextTest {

    @Test
    void reportsWhatIsWrongWithAFile() {
        assertThat(FailureText.of(new NoSuchFileException("a.txt")))
                .isEqualTo("a.txt: there is no such file or directory");
        assertThat(FailureText.of(new AccessDeniedException("a.txt"))).isEqualTo("a.txt: permission denied");
        assertThat(FailureText.of(new UncheckedIOException(new AccessDeniedException("a.txt"))))
                .isEqualTo("a.txt: permission denied");
    }

    @Test
    void isAlwaysOneLine() {
        assertThat(FailureText.of(new IOException("first\n  second\r\nthird"))).isEqualTo("first second third");
    }

    @Test
    void admitsWhatShouldNotHappen() {
        assertThat(FailureText.of(new IllegalStateException("odd")))
                .isEqualTo("this should not happen: odd (--verbose shows where)");
    }

    @Test
    void namesNoClassAndGivesEveryProblemALine() {
        assertThat(FailureText.of(new IllegalStateException())).doesNotContain("Illegal", "java.");
        assertThat(FailureText.of(new IOException((String) null))).doesNotContain("IOException");
        assertThat(FailureText.linesOf(new ConfigurationProblems(
                        new FileProblem("a.yaml", 1, 4, "x", "is wrong"),
                        new FileProblem("a.yaml", 2, 5, "y", "is\nwrong"))))
                .containsExactly("a.yaml:1:4: x is wrong", "a.yaml:2:5: y is wrong");
    }

    private static final class ConfigurationProblems extends InvalidFileException {
        private static final long serialVersionUID = 1L;

        private ConfigurationProblems(FileProblem... problems) {
            super(List.of(problems));
        }
    }
}
