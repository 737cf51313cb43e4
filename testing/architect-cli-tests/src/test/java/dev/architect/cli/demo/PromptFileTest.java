package dev.architect.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.simulator.script.ModelStrength;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromptFileTest {

    @TempDir
    private Path folder;

    @Test
    void readsPromptsInOrder() throws IOException {
        PromptFile file = PromptFile.read(write("""
                {"prompt":"B?","answers":{"cheap":{"text":"b","correct":true}}}

                {"prompt":"A?","answers":{"strong":{"text":"a","correct":false}}}
                """));

        assertThat(file.prompts()).containsExactly("B?", "A?");
        assertThat(file.answers().text("B?", ModelStrength.CHEAP)).contains("b");
    }

    @Test
    void namesTheLineThatIsWrong() throws IOException {
        Path file = write("{\"prompt\":\"A?\",\"answers\":{\"cheap\":{\"text\":\"a\",\"correct\":true}}}\nno JSON\n");

        assertThatThrownBy(() -> PromptFile.read(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("prompts.jsonl line 2 is not valid JSON, expected one object per line");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Path file = write("\n");

        assertThatThrownBy(() -> PromptFile.read(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("holds no prompt");
    }

    @Test
    void refusesWhatIsNotText() throws IOException {
        Path file = folder.resolve("prompts.jsonl");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> PromptFile.read(file))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is not UTF-8 text");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.jsonl"), text);
    }
}
