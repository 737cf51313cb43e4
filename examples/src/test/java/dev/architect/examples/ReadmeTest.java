package dev.architect.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReadmeTest {

    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void theEmbeddingExampleIsTheOneThatIsCompiled() throws IOException {
        String readme = Files.readString(HERE.resolve("../README.md"));
        String source = Files.readString(HERE.resolve("src/test/java/dev/architect/examples/EmbeddingExample.java"));

        String shown = between(readme, "```java\n", "```");
        String compiled = between(source, "throws InterruptedException {\n", "    }\n}");

        assertThat(compiled.indent(-8)).isEqualTo(shown);
        assertThat(shown.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(20);
    }

    @Test
    void everyFileItLinksToIsThere() throws IOException {
        String readme = Files.readString(HERE.resolve("../README.md"));

        java.util.regex.Matcher links =
                java.util.regex.Pattern.compile("\\]\\(([^)]+)\\)").matcher(readme);
        int count = 0;
        while (links.find()) {
            assertThat(HERE.resolve("..").resolve(links.group(1))).exists();
            count++;
        }
        assertThat(count).isPositive();
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
