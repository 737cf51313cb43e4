package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/reference/task-features.md} to the tests that there are. */
final class TaskFeaturesDocumentTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|Cases))(?:#(\\w+))?`");

    private static Map<String, Path> sources() throws IOException {
        try (Stream<Path> files = Files.find(ROOT, 20, (file, attributes) -> isTest(file))) {
            return files.collect(Collectors.toMap(
                    file -> file.getFileName().toString().replace(".java", ""), file -> file, (one, other) -> one));
        }
    }

    private static boolean isTest(Path file) {
        String path = file.toString().replace('\\', '/');
        return path.contains("/src/") && (path.endsWith("Test.java") || path.endsWith("Cases.java"));
    }

    @Test
    void namesOnlyTestsThatThereAre() throws IOException {
        Map<String, Path> sources = sources();
        List<MatchResult> named = NAMED.matcher(document()).results().toList();

        assertThat(named).hasSizeGreaterThan(80);
        for (MatchResult each : named) {
            assertThat(sources).containsKey(each.group(1));
            if (each.group(2) != null) {
                assertThat(Files.readString(sources.get(each.group(1))))
                        .as(each.group())
                        .contains(" " + each.group(2) + "(");
            }
        }
    }

    @Test
    void everyRowNamesATest() throws IOException {
        assertThat(document().lines().filter(line -> line.startsWith("| ") && !line.endsWith("| Shown by |")))
                .hasSizeGreaterThan(35)
                .allMatch(line -> NAMED.matcher(line).find());
    }

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/reference/task-features.md"));
    }
}
