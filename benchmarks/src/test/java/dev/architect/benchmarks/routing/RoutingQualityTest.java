package dev.architect.benchmarks.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.MeasurementReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets of others: any names of files and models, quotes and line ends of every kind, few rows. */
final class RoutingQualityTest {

    @TempDir
    Path data;

    private MeasurementReport measure() throws Exception {
        return RoutingQuality.measure(List.of("--data", data.toString(), "--seeds", "1", "--jmh", "no"));
    }

    private static Map<String, Object> row(MeasurementReport report, String set, String router) {
        return report.rows().stream()
                .filter(row -> row.get("set").equals(set) && row.get("router").equals(router))
                .findFirst()
                .orElseThrow(() -> new AssertionError(set + ", " + router + " is missing in " + report.rows()));
    }

    /** The eleven rows of the protocol's own example, with prompts whose order of length is that of the scores. */
    private void writeExample(Path folder) throws IOException {
        int[] strong = {1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1};
        int[] weak = {0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1};
        int[] lengths = {95, 90, 80, 75, 60, 55, 40, 35, 20, 10, 5};
        StringBuilder csv = new StringBuilder("\ufeff\"big, new\",prompt,\"small \"\"one\"\"\",,notes\r\n");
        for (int row = 0; row < strong.length; row++) {
            csv.append(strong[row] == 1 ? "TRUE" : "false")
                    .append(",\"")
                    .append("\"\"\n,".repeat(lengths[row]))
                    .append("\",")
                    .append(weak[row] == 1 ? "\" 1.0\"" : "0")
                    .append(',')
                    .append(row)
                    .append(",\"x, y\"\r\n");
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("anything at all.csv"), csv);
    }

    @Test
    void lengthOfAForeignSetIsMeasuredToTheLetterAndFewRowsTeachNothing() throws Exception {
        writeExample(data.resolve("ours"));

        MeasurementReport report = measure();

        Map<String, Object> length = row(report, "ours", "length");
        // The figures of the protocol's own example, with "big, new" as the strong model.
        assertThat((Double) length.get("apgr")).isCloseTo(0.772727, within(1e-6));
        assertThat((Double) length.get("cpt50")).isCloseTo(0.1364, within(1e-4));
        assertThat((Double) length.get("cpt80")).isCloseTo(0.4, within(1e-9));
        assertThat((Double) length.get("strongQuality")).isGreaterThan((Double) length.get("weakQuality"));
        assertThat(row(report, "ours", "learned"))
                .containsEntry("apgr", null)
                .containsEntry("skipped", "rows is 8, expected at least 200");
    }

    @Test
    void groupedAnswersAndManyModelsOfAnyNamesAreMeasured() throws Exception {
        Random random = new Random(4);
        Path responses = Files.createDirectories(data.resolve("theirs/responses"));
        for (int group = 0; group < 12; group++) {
            StringBuilder csv = new StringBuilder("prompt,b/small,a/large\n");
            for (int row = 0; row < 30; row++) {
                boolean isHard = random.nextBoolean();
                csv.append("\"Group ")
                        .append(group)
                        .append(isHard ? ": why, " : ": what, ")
                        .append(row)
                        .append("?\n\"\"Say it.\"\"\",")
                        .append(isHard ? "False" : "True")
                        .append(",True\n");
            }
            try (OutputStream file = new GZIPOutputStream(
                    Files.newOutputStream(responses.resolve("part-" + (char) ('a' + group) + ".csv.gz")))) {
                file.write(csv.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        Path many = Files.createDirectories(data.resolve("several"));
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < 300; row++) {
            boolean isCode = random.nextBoolean();
            lines.append("{\"prompt\":\"Write ")
                    .append(isCode ? "a loop" : "a poem")
                    .append(" about ")
                    .append(row)
                    .append("\",\"task\":\"")
                    .append(isCode ? "code" : "poem")
                    .append("\",\"scores\":{\"x\":")
                    .append(isCode ? 1 : 0)
                    .append(",\"y\":")
                    .append(isCode ? 0 : 1)
                    .append(",\"rare\":")
                    .append(row == 5 ? "null" : "0.5")
                    .append("}}\n");
        }
        Files.writeString(many.resolve("rows.jsonl"), lines);
        Files.writeString(
                many.resolve("models.json"),
                "{\"x\":{\"input_price\":0.2,\"output_price\":0.4},\"y\":{\"input_price\":1,\"output_price\":1}}");

        MeasurementReport report = measure();

        assertThat((Double) row(report, "theirs", "learned").get("apgr")).isGreaterThan(0.7);
        assertThat(row(report, "theirs", "learned")).containsKey("calibrationError");
        assertThat(row(report, "theirs, new subjects", "learned")).containsKeys("differenceLow", "differenceHigh");
        Map<String, Object> learned = row(report, "several", "learned, a dollar weighs 0.00");
        assertThat((Double) learned.get("quality")).isGreaterThan(0.95);
        assertThat((Double) learned.get("pricePerMillion")).isBetween(0.5, 0.8);
        assertThat(row(report, "several", "best single").get("quality")).isNotNull();
        assertThat(report.ratios()).containsKeys("several trainingSeconds", "theirs modelBytes");
    }

    @Test
    void saysWhichFileIsWrong() throws Exception {
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("expected a directory that has folders with CSV files of outcomes");

        Path folder = Files.createDirectories(data.resolve("bad"));
        Files.writeString(folder.resolve("one.csv"), "prompt,a\nhello,True\n");
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("one.csv has grades in the columns [a], expected those of two models");

        Files.writeString(folder.resolve("one.csv"), "prompt,a,b\nhello,True\n");
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("one.csv: record 1 is 2 columns, expected 3 as in the header");

        Files.writeString(folder.resolve("one.csv"), "question,a,b\nhello,True,False\n");
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("one.csv: column 'prompt' is missing");

        Files.delete(folder.resolve("one.csv"));
        Files.writeString(folder.resolve("models.json"), "{}");
        Files.writeString(folder.resolve("rows.jsonl"), "{\"prompt\":\"x\",\"scores\":{\"m\":1}}\n");
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("has no prices of 'm', expected input_price and output_price");
        Files.writeString(folder.resolve("rows.jsonl"), "not json\n");
        assertThatThrownBy(this::measure)
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("line 1 is no JSON");
    }
}
