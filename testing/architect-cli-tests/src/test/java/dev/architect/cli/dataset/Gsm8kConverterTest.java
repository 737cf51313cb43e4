package dev.architect.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.RecordedAnswers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Gsm8kConverterTest {

    private static final String HEADER = "prompt,mistralai/Mixtral-8x7B-Instruct-v0.1,gpt-4-1106-preview,"
            + "mistralai/Mixtral-8x7B-Instruct-v0.1_response,gpt-4-1106-preview_response\n";

    @TempDir
    private Path folder;

    private Path to;

    @BeforeEach
    void nothingIsContaminated() throws IOException {
        to = folder.resolve("gsm8k.jsonl");
        contaminated("");
    }

    @Test
    void writesWhatTheSimulatorReplays() throws IOException {
        responses(HEADER
                + "\"Half of 10, \"\"roughly\"\"?\",False,True,\" 4\n#### 4\",\"Half of 10\nis 5.\"\n"
                + "Two plus two?,True,True,4,four\n");

        Gsm8kConverter.Summary summary = Gsm8kConverter.convert(folder, to);

        assertThat(summary).isEqualTo(new Gsm8kConverter.Summary(2, 0, 2, 1, 2));
        List<String> lines = Files.readAllLines(to);
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("prompt").textValue()).isEqualTo("Half of 10, \"roughly\"?");
        assertThat(first.at("/answers/cheap/text").textValue()).isEqualTo(" 4\n#### 4");
        assertThat(first.at("/answers/cheap/correct").booleanValue()).isFalse();
        RecordedAnswers answers = RecordedAnswers.load(to);
        assertThat(answers.text("Half of 10, \"roughly\"?", ModelStrength.STRONG))
                .contains("Half of 10\nis 5.");
        assertThat(answers.correct("Two plus two?", ModelStrength.CHEAP)).contains(true);
    }

    @Test
    void leavesOutContaminatedQuestions() throws IOException {
        contaminated(
                "{\"train_prompt\":\"x\",\"eval_prompt\":\"What\\u2019s known?\",\"train_idx\":1,\"eval_idx\":0}\n");
        responses(HEADER + "What’s known?,True,True,a,b\nWhat is new?,True,True,a,b\n");

        Gsm8kConverter.Summary summary = Gsm8kConverter.convert(folder, to);

        assertThat(summary).isEqualTo(new Gsm8kConverter.Summary(2, 1, 1, 1, 1));
        assertThat(Files.readString(to)).contains("What is new?").doesNotContain("known");
    }

    @Test
    void refusesALabelThatIsNeitherTrueNorFalse() throws IOException {
        responses(HEADER + "One?,True,True,a,b\nTwo?,maybe,True,a,b\n");

        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("record 2")
                .hasMessageEndingWith("is 'maybe', expected True or False");
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("jsonl."));
        assertThat(to).doesNotExist();
    }

    @Test
    void refusesAFileWithoutTheColumns() throws IOException {
        responses("prompt,answer\nOne?,a\n");

        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("column 'mistralai/Mixtral-8x7B-Instruct-v0.1' is missing");
    }

    @Test
    void refusesARecordThatIsTooShort() throws IOException {
        responses(HEADER + "One?,True,True,a\n");

        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("record 1 has 4 columns, expected 5");
    }

    @Test
    void refusesWhatIsNotCompressed() throws IOException {
        Files.writeString(folder.resolve(Gsm8kConverter.RESPONSES), HEADER);

        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("this is not gzip");
    }

    @Test
    void refusesAFileThatBreaksOff() throws IOException {
        responses(HEADER + "One?,True,True,a,b\n".repeat(2_000));
        Path file = folder.resolve(Gsm8kConverter.RESPONSES);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to)).hasMessageContaining("Unexpected end");
        assertThat(to).doesNotExist();
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertThatThrownBy(() -> Gsm8kConverter.convert(folder, to))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(Gsm8kConverter.RESPONSES);
    }

    private void contaminated(String lines) throws IOException {
        Files.writeString(folder.resolve(Gsm8kConverter.CONTAMINATED), lines);
    }

    private void responses(String csv) throws IOException {
        try (OutputStream file =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve(Gsm8kConverter.RESPONSES)))) {
            file.write(csv.getBytes(StandardCharsets.UTF_8));
        }
    }
}
