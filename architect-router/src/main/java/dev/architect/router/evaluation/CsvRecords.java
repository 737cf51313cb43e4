package dev.architect.router.evaluation;

import dev.architect.router.learned.LearnedModelException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The records of a CSV text, quoted or not (RFC 4180). */
final class CsvRecords {

    private static final int END = -1;

    private final Reader text;
    private int current;
    private int number;

    CsvRecords(Reader text) throws IOException {
        this.text = text;
        this.current = text.read();
        if (current == '\ufeff') {
            current = text.read();
        }
    }

    Optional<List<String>> next() throws IOException {
        // A line without anything is no record.
        while (current == '\r' || current == '\n') {
            current = text.read();
        }
        if (current == END) {
            return Optional.empty();
        }
        number++;
        List<String> record = new ArrayList<>();
        while (true) {
            record.add(current == '"' ? quoted() : plain());
            if (current != ',') {
                break;
            }
            current = text.read();
        }
        if (current != END && current != '\r' && current != '\n') {
            throw new LearnedModelException(
                    "record " + number, "text behind a quote", "a comma or the end of the line");
        }
        return Optional.of(record);
    }

    private String plain() throws IOException {
        StringBuilder value = new StringBuilder();
        while (current != END && current != ',' && current != '\r' && current != '\n') {
            value.append((char) current);
            current = text.read();
        }
        return value.toString();
    }

    private String quoted() throws IOException {
        StringBuilder value = new StringBuilder();
        current = text.read();
        while (true) {
            if (current == END) {
                throw new LearnedModelException("record " + number, "cut off within quotes", "a closing quote");
            }
            if (current == '"') {
                current = text.read();
                if (current != '"') {
                    return value.toString();
                }
            }
            value.append((char) current);
            current = text.read();
        }
    }
}
