package dev.architect.router.evaluation;

import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.learned.QualityOutcome;
import dev.architect.router.learned.RoutingOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Reads recorded outcomes from a CSV file (RFC 4180, UTF-8, gzip or not) with a header. A quality is a number from 0 to 1, or {@code True}
 * or {@code False}. Stateless.
 */
public final class OutcomeReader {

    private static final int MOST_ROWS = 1_000_000;
    private static final int GZIP_FIRST = 0x1f;

    private final Columns columns;
    private final boolean allowsOthers;

    private OutcomeReader(Columns columns, boolean allowsOthers) {
        this.columns = columns;
        this.allowsOthers = allowsOthers;
    }

    /**
     * The names of the columns.
     *
     * @param prompt the column of the prompt
     * @param strong the quality of the strong model
     * @param weak the quality of the weak model
     * @param group the kind of prompt; the file may lack it
     * @param answer the weak model's answer; the file may lack it
     */
    public record Columns(String prompt, String strong, String weak, String group, String answer) {

        /** {@code prompt}, {@code strong}, {@code weak}, {@code group} and {@code answer}. */
        public static final Columns STANDARD = new Columns("prompt", "strong", "weak", "group", "answer");

        /** Checks that all have a name. */
        public Columns {
            EvaluationChecks.notBlank("prompt", prompt);
            EvaluationChecks.notBlank("strong", strong);
            EvaluationChecks.notBlank("weak", weak);
            EvaluationChecks.notBlank("group", group);
            EvaluationChecks.notBlank("answer", answer);
        }
    }

    /** Returns a reader of files that have the standard columns and no others. */
    public static OutcomeReader standard() {
        return new OutcomeReader(Columns.STANDARD, false);
    }

    /** Returns a reader of files with columns of these names, which may have others as well. */
    public static OutcomeReader of(Columns columns) {
        return new OutcomeReader(EvaluationChecks.notNull("columns", columns), true);
    }

    /**
     * Returns the outcomes of a file, in its order.
     *
     * @throws LearnedModelException when a column is missing or unknown, or a value is none
     */
    public List<RoutingOutcome> read(Path file) throws IOException {
        EvaluationChecks.notNull("file", file);
        try (InputStream bytes = Files.newInputStream(file)) {
            return read(bytes);
        }
    }

    /**
     * Returns the mean of each column that holds qualities and nothing else, by its name, in the order of the file: one for each model
     * where a file has no names of its own for them.
     *
     * @throws LearnedModelException when the file is no CSV, or has no rows
     */
    public static Map<String, Double> qualityColumns(Path file) throws IOException {
        EvaluationChecks.notNull("file", file);
        try (InputStream bytes = Files.newInputStream(file);
                Reader text = text(bytes)) {
            CsvRecords records = new CsvRecords(text);
            List<String> header = header(records);
            double[] sums = new double[header.size()];
            int number = 0;
            for (Optional<List<String>> next = records.next(); next.isPresent(); next = records.next()) {
                number = checked(number + 1, next.get(), header);
                for (int column = 0; column < sums.length; column++) {
                    // What is none stays none, whatever is added.
                    sums[column] += quality(next.get().get(column));
                }
            }
            if (number == 0) {
                throw new LearnedModelException("records", "0", "at least 1");
            }
            Map<String, Double> means = new LinkedHashMap<>();
            for (int column = 0; column < sums.length; column++) {
                if (!Double.isNaN(sums[column])) {
                    means.put(header.get(column), sums[column] / number);
                }
            }
            return means;
        }
    }

    /**
     * Returns the outcomes of several models, in the order of a file with the columns {@code prompt}, one of qualities for each model, and if the
     * tasks are known {@code group}. Other columns are passed over.
     *
     * @param models the columns of the models
     * @throws LearnedModelException when a column is missing, or a value is none
     */
    public static List<QualityOutcome> readSeveral(Path file, Collection<String> models) throws IOException {
        EvaluationChecks.notNull("file", file);
        List<String> names =
                EvaluationChecks.noNulls("models", List.copyOf(EvaluationChecks.notNull("models", models)));
        try (InputStream bytes = Files.newInputStream(file);
                Reader text = text(bytes)) {
            CsvRecords records = new CsvRecords(text);
            List<String> header = header(records);
            int prompt = position(header, Columns.STANDARD.prompt());
            int group = header.indexOf(Columns.STANDARD.group());
            Map<String, Integer> at = new LinkedHashMap<>();
            for (String name : names) {
                at.put(name, position(header, name));
            }
            List<QualityOutcome> outcomes = new ArrayList<>();
            for (Optional<List<String>> next = records.next(); next.isPresent(); next = records.next()) {
                List<String> record = next.get();
                int number = checked(outcomes.size() + 1, record, header);
                Map<String, Double> qualities = new LinkedHashMap<>();
                at.forEach((name, column) -> qualities.put(name, quality(number, name, record.get(column))));
                outcomes.add(new QualityOutcome(record.get(prompt), optional(record, group), qualities));
            }
            return outcomes;
        }
    }

    private static int position(List<String> header, String name) {
        int at = header.indexOf(name);
        if (at < 0) {
            throw new LearnedModelException("column '" + name + "'", "missing in " + header, "a header with it");
        }
        return at;
    }

    private static Reader text(InputStream file) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(file, 1);
        int first = bytes.read();
        if (first < 0) {
            throw new LearnedModelException("file", "empty", "a header and outcomes");
        }
        bytes.unread(first);
        InputStream plain = first == GZIP_FIRST ? new GZIPInputStream(bytes) : bytes;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }

    private static List<String> header(CsvRecords records) throws IOException {
        return records.next().orElseThrow(() -> new LearnedModelException("file", "empty", "a header and outcomes"));
    }

    private static int checked(int number, List<String> record, List<String> header) {
        if (record.size() != header.size()) {
            throw new LearnedModelException(
                    "record " + number, record.size() + " columns", header.size() + " as in the header");
        }
        if (number > MOST_ROWS) {
            throw new LearnedModelException("records", "more", "at most " + MOST_ROWS);
        }
        return number;
    }

    private List<RoutingOutcome> read(InputStream file) throws IOException {
        try (Reader text = text(file)) {
            CsvRecords records = new CsvRecords(text);
            List<String> header = header(records);
            int[] at = positions(header);
            List<RoutingOutcome> outcomes = new ArrayList<>();
            for (Optional<List<String>> next = records.next(); next.isPresent(); next = records.next()) {
                List<String> record = next.get();
                int number = checked(outcomes.size() + 1, record, header);
                outcomes.add(new RoutingOutcome(
                        record.get(at[0]),
                        quality(number, columns.strong(), record.get(at[1])),
                        quality(number, columns.weak(), record.get(at[2])),
                        optional(record, at[3]),
                        optional(record, at[4])));
            }
            return outcomes;
        }
    }

    private int[] positions(List<String> header) {
        List<String> names =
                List.of(columns.prompt(), columns.strong(), columns.weak(), columns.group(), columns.answer());
        Set<String> seen = new HashSet<>();
        for (String name : header) {
            if (!seen.add(name)) {
                throw new LearnedModelException("column '" + name + "'", "there twice", "each once");
            }
            if (!allowsOthers && !names.contains(name)) {
                throw new LearnedModelException("column '" + name + "'", "unknown", "one of " + names);
            }
        }
        int[] at = new int[names.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = i <= 2 ? position(header, names.get(i)) : header.indexOf(names.get(i));
        }
        return at;
    }

    private static Optional<String> optional(List<String> record, int at) {
        return at < 0 || record.get(at).isEmpty() ? Optional.empty() : Optional.of(record.get(at));
    }

    private static double quality(int record, String column, String text) {
        double quality = quality(text);
        if (Double.isNaN(quality)) {
            throw new LearnedModelException(
                    "record " + record + ", column '" + column + "'", "'" + text + "'", "True, False or 0 to 1");
        }
        return quality;
    }

    /** The quality that a text states; NaN when it is none. */
    private static double quality(String given) {
        String text = given.strip();
        if (text.equalsIgnoreCase("true")) {
            return 1;
        }
        if (text.equalsIgnoreCase("false")) {
            return 0;
        }
        try {
            double value = Double.parseDouble(text);
            return value >= 0 && value <= 1 ? value : Double.NaN;
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }
}
