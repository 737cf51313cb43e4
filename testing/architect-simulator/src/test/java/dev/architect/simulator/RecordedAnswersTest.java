package dev.architect.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.simulator.script.ModelStrength;
import dev.architect.simulator.script.RecordedAnswers;
import dev.architect.simulator.script.SimulatorScript;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedAnswersTest {

    private static final String LINES = """
            {"id": 3, "prompt": "Two and two?", "answers": {"cheap": {"text": "Five.", "correct": false},
             "strong": {"text": "Four – surely.", "correct": true, "model": "x"}}}

            {"prompt": " Only cheap? ", "answers": {"cheap": {"text": "Yes.", "correct": true}, "strong": null}}
            """.replace(",\n ", ", ");

    @TempDir
    private Path folder;

    private RecordedAnswers answers;

    @BeforeEach
    void load() throws Exception {
        answers = RecordedAnswers.load(Files.writeString(folder.resolve("a.jsonl"), LINES));
    }

    @Test
    void findsAnswersByPromptAndStrength() {
        assertThat(answers.size()).isEqualTo(2);
        assertThat(answers.text("Two and two?", ModelStrength.CHEAP)).contains("Five.");
        assertThat(answers.text("  Two and two?\n", ModelStrength.STRONG)).contains("Four – surely.");
        assertThat(answers.correct("Two and two?", ModelStrength.CHEAP)).contains(false);
        assertThat(answers.correct("Two and two?", ModelStrength.STRONG)).contains(true);
        assertThat(answers.correct("Only cheap?", ModelStrength.STRONG)).isEmpty();
        assertThat(answers.text("Unknown?", ModelStrength.STRONG)).isEmpty();
    }

    @Test
    void looksUpCorrectnessByText() {
        assertThat(answers.correctText("Two and two?", "Four – surely.")).isTrue();
        assertThat(answers.correctText("Two and two?", "Five.")).isFalse();
        assertThat(answers.correctText("Two and two?", "Four")).isFalse();
        assertThat(answers.correctText("Unknown?", "Four")).isFalse();
    }

    @Test
    void areAnsweredByModelsOfTheirStrength() throws Exception {
        try (ProviderSimulator simulator =
                ProviderSimulator.start(SimulatorScript.standard().withAnswers(answers))) {
            SimulatorClient client = new SimulatorClient(simulator);
            assertThat(claude(client, "claude-haiku-4-5", "Two and two?", false))
                    .isEqualTo("Five.");
            assertThat(claude(client, "claude-sonnet-4-6", "Two and two?", true))
                    .isEqualTo("Four – surely.");
            assertThat(claude(client, "claude-haiku-4-5", "Only cheap?", true)).isEqualTo("Yes.");
            assertThat(claude(client, "claude-sonnet-4-6", "Only cheap?", false))
                    .isNotEqualTo("Yes.");
            // 14 characters make 4 tokens.
            assertThat(simulator.log().get(1).outputTokens()).isEqualTo(4);
        }
    }

    private static String claude(SimulatorClient client, String model, String prompt, boolean stream) throws Exception {
        return WireDetailsTest.text("claude", client.claude(model, prompt, stream), stream);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense|line 1 is not valid JSON, expected one object per line",
                "{}|line 1: prompt is missing, expected text",
                "{\"prompt\":5}|line 1: prompt is 5, expected text",
                "{\"prompt\":\"p\"}|line 1: answers has neither cheap nor strong",
                "{\"prompt\":\"p\",\"answers\":{\"cheap\":{\"text\":\"t\"}}}|answers.cheap.correct is missing, expected true or false",
                "{\"prompt\":\"p\",\"answers\":{\"strong\":{\"correct\":true}}}|answers.strong.text is missing, expected text",
            })
    void namesTheLineAndTheField(String line, String message) throws Exception {
        Path file = Files.writeString(folder.resolve("bad.jsonl"), line + "\n");
        assertThatThrownBy(() -> RecordedAnswers.load(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("bad.jsonl ")
                .hasMessageContaining(message);
    }
}
