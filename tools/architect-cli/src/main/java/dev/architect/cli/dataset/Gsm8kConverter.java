package dev.architect.cli.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.cli.terminal.AtomicFile;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.FailureText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads the GSM8K outcomes of RouteLLM (lm-sys/RouteLLM, Apache-2.0) and writes what the simulator replays. */
final class Gsm8kConverter {

    static final String RESPONSES = "gsm8k_responses.csv.gz";
    static final String CONTAMINATED = "contaminated_prompts.jsonl";

    private static final String PROMPT = "prompt";
    private static final String CHEAP = "mistralai/Mixtral-8x7B-Instruct-v0.1";
    private static final String STRONG = "gpt-4-1106-preview";
    private static final String ANSWER_OF = "_response";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Gsm8kConverter() {}

    /** What was read and written. */
    record Summary(long read, long contaminated, long written, long cheapCorrect, long strongCorrect) {}

    static Summary convert(Path from, Path to) throws IOException {
        Set<String> contaminated = contaminatedPrompts(from.resolve(CONTAMINATED));
        // A lambda cannot assign a local variable, hence the array.
        Summary[] summary = new Summary[1];
        AtomicFile.write(to, writer -> summary[0] = convert(from.resolve(RESPONSES), contaminated, writer));
        return summary[0];
    }

    private static Summary convert(Path responses, Set<String> contaminated, Writer writer) throws IOException {
        long read = 0;
        long written = 0;
        long cheapCorrect = 0;
        long strongCorrect = 0;
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader text = open(responses);
                CSVParser records = format.parse(text)) {
            checkColumns(responses, records.getHeaderNames());
            for (CSVRecord record : records) {
                read++;
                if (!record.isConsistent()) {
                    throw new CommandFailure(responses + ": record " + read + " has " + record.size()
                            + " columns, expected " + records.getHeaderNames().size());
                }
                if (contaminated.contains(record.get(PROMPT))) {
                    continue;
                }
                boolean cheap = label(responses, record, CHEAP);
                boolean strong = label(responses, record, STRONG);
                ObjectNode line = JSON.createObjectNode().put("prompt", record.get(PROMPT));
                ObjectNode answers = line.putObject("answers");
                answers.putObject("cheap")
                        .put("text", record.get(CHEAP + ANSWER_OF))
                        .put("correct", cheap);
                answers.putObject("strong")
                        .put("text", record.get(STRONG + ANSWER_OF))
                        .put("correct", strong);
                writer.write(JSON.writeValueAsString(line) + "\n");
                written++;
                cheapCorrect += cheap ? 1 : 0;
                strongCorrect += strong ? 1 : 0;
            }
        } catch (UncheckedIOException broken) {
            // The iterator of the records wraps the failures of the reader.
            throw new CommandFailure(responses + ": after record " + read + ": " + FailureText.of(broken), broken);
        }
        return new Summary(read, read - written, written, cheapCorrect, strongCorrect);
    }

    private static Reader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        try {
            return new BufferedReader(new InputStreamReader(new GZIPInputStream(bytes), StandardCharsets.UTF_8));
        } catch (ZipException notCompressed) {
            // The stream that would close it was never made.
            bytes.close();
            throw new CommandFailure(file + ": this is not gzip, expected a compressed CSV file", notCompressed);
        }
    }

    private static void checkColumns(Path file, List<String> columns) {
        for (String name : List.of(PROMPT, CHEAP, STRONG, CHEAP + ANSWER_OF, STRONG + ANSWER_OF)) {
            if (!columns.contains(name)) {
                throw new CommandFailure(file + ": column '" + name + "' is missing, the file has " + columns);
            }
        }
    }

    private static boolean label(Path file, CSVRecord record, String column) {
        String value = record.get(column);
        if (!value.equals("True") && !value.equals("False")) {
            throw new CommandFailure(file + ": record " + record.getRecordNumber() + ", column '" + column + "' is '"
                    + value + "', expected True or False");
        }
        return value.equals("True");
    }

    private static Set<String> contaminatedPrompts(Path file) throws IOException {
        Set<String> prompts = new HashSet<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank()) {
                prompts.add(evalPrompt(file, number, line));
            }
        }
        return prompts;
    }

    private static String evalPrompt(Path file, int number, String line) {
        try {
            JsonNode prompt = JSON.readTree(line).path("eval_prompt");
            if (prompt.isTextual()) {
                return prompt.textValue();
            }
        } catch (JsonProcessingException notJson) {
            throw new CommandFailure(file + " line " + number + " is not valid JSON", notJson);
        }
        throw new CommandFailure(file + " line " + number + " has no text in eval_prompt");
    }
}
