package dev.architect.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.FailureText;
import dev.architect.simulator.script.RecordedAnswers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts with the recorded answers of real models, in the JSON Lines format that the provider simulator replays.
 *
 * @param prompts the prompts, in the order of the file
 * @param answers the models' answers, and whether they were right
 */
record PromptFile(List<String> prompts, RecordedAnswers answers) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns no prompts. */
    static PromptFile none() {
        return new PromptFile(List.of(), RecordedAnswers.none());
    }

    /** Reads a file; a line that is not as it should be is a failure that names it. */
    static PromptFile read(Path file) throws IOException {
        try {
            RecordedAnswers answers = RecordedAnswers.load(file);
            List<String> prompts = prompts(file);
            if (prompts.isEmpty()) {
                throw new CommandFailure(file + " holds no prompt, expected one JSON object for each line");
            }
            return new PromptFile(prompts, answers);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(FailureText.of(wrong), wrong);
        } catch (CharacterCodingException notText) {
            throw new CommandFailure(file + " is not UTF-8 text", notText);
        }
    }

    private static List<String> prompts(Path file) throws IOException {
        List<String> prompts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                prompts.add(prompt(file, line));
            }
        }
        return prompts;
    }

    private static String prompt(Path file, String line) {
        try {
            JsonNode prompt = JSON.readTree(line).path("prompt");
            if (prompt.textValue() != null && !prompt.textValue().isBlank()) {
                return prompt.textValue();
            }
        } catch (JsonProcessingException notJson) {
            throw new CommandFailure(file + " holds a line that is not valid JSON", notJson);
        }
        throw new CommandFailure(file + " holds a line without a prompt");
    }
}
