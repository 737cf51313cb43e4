package dev.architect.planner.approval.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** For every text that the strict reader takes, real shells run the same programs with the same arguments, variables and files. */
final class BashAgreementTest {

    private static final int BATCH = 500;

    @TempDir
    private Path folder;

    @Test
    void bashSeesTheSameWordsInRandomTexts() throws Exception {
        agree(bash(), 1_000);
    }

    @Test
    void dashSeesTheSameWordsInRandomTexts() throws Exception {
        agree(dash(), 1_000);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void bashSeesTheSameWordsInAHundredThousandRandomTexts() throws Exception {
        agree(bash(), 100_000);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void dashSeesTheSameWordsInAHundredThousandRandomTexts() throws Exception {
        agree(dash(), 100_000);
    }

    @Test
    void bashSeesTheSameWordsInTheRecordedCases() throws Exception {
        List<String> texts = new ArrayList<>(recorded("cases.jsonl"));
        texts.addAll(recorded("further-cases.jsonl"));

        assertThat(compare(bash(), texts)).isGreaterThan(150);
        assertThat(compare(dash(), texts)).isGreaterThan(20);
    }

    @Test
    void theOracleNoticesAReaderThatIsWrong() throws Exception {
        ShellOracle oracle = bash();
        List<ShellCommand> wrong = ShellScanner.scan("p 'a b' c").commands();

        ShellOracle.Behaviour seen =
                oracle.run(List.of("p a b c"), List.of(wrong)).get(0);

        assertThat(seen).isNotEqualTo(oracle.expected(wrong));
        assertThat(seen).isEqualTo(oracle.expected(ShellScanner.scan("p a b c").commands()));
    }

    private ShellOracle bash() throws IOException, InterruptedException {
        assumeTrue(ShellOracle.isThere("/bin/bash"), "there is no /bin/bash");
        return ShellOracle.bash(folder);
    }

    private ShellOracle dash() {
        assumeTrue(ShellOracle.isThere("/bin/dash"), "there is no /bin/dash");
        return ShellOracle.dash(folder);
    }

    private static void agree(ShellOracle oracle, int texts) throws Exception {
        long seed = Long.getLong("shell.seed", System.nanoTime());
        ShellTextGenerator generator = new ShellTextGenerator(seed);
        List<String> batch = new ArrayList<>();
        int made = 0;
        int compared = 0;
        while (compared + batch.size() < texts) {
            String text = generator.next();
            made++;
            if (isTaken(oracle, text)) {
                batch.add(text);
            }
            if (batch.size() == BATCH) {
                compared += compareAll(oracle, batch, seed);
                batch.clear();
            }
        }
        compared += compareAll(oracle, batch, seed);
        System.out.printf("%,d texts compared of %,d that were made, 0 differences, seed %d%n", compared, made, seed);

        assertThat(compared).isEqualTo(texts);
    }

    private static boolean isTaken(ShellOracle oracle, String text) {
        ShellText read = ShellScanner.scan(text);
        return read.isClear() && !read.commands().isEmpty() && oracle.takes(read.commands());
    }

    private static int compare(ShellOracle oracle, List<String> texts) throws Exception {
        return compareAll(
                oracle, texts.stream().filter(text -> isTaken(oracle, text)).toList(), 0);
    }

    private static int compareAll(ShellOracle oracle, List<String> texts, long seed) throws Exception {
        List<List<ShellCommand>> read =
                texts.stream().map(text -> ShellScanner.scan(text).commands()).toList();
        List<ShellOracle.Behaviour> seen = oracle.run(texts, read);
        for (int index = 0; index < texts.size(); index++) {
            assertThat(seen.get(index))
                    .as("%s, seed %d", shown(texts.get(index)), seed)
                    .isEqualTo(oracle.expected(read.get(index)));
        }
        return texts.size();
    }

    private static String shown(String text) {
        return text.replace("\n", "⏎").replace("\t", "⇥");
    }

    private static List<String> recorded(String file) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(BashAgreementTest.class.getResourceAsStream("/approvals/" + file), file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(JsonFields::parse)
                    .filter(fields -> fields.isText("text"))
                    .map(fields -> fields.requiredText("text"))
                    .toList();
        }
    }
}
