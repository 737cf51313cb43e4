package dev.architect.runtime.cost;

import dev.architect.cost.Money;
import dev.architect.error.FileProblem;
import dev.architect.spend.InvoiceLine;
import dev.architect.spend.InvoiceMatching;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the invoice of a provider from comma-separated values as in RFC 4180, with a first line of names. Columns that are not asked for may be
 * there. What is wrong is reported together, each problem with its line and column. Not safe for use by several threads.
 */
public final class InvoiceReader {

    /** Characters of an invoice; its text is in memory. */
    public static final int MOST_CHARACTERS = 64 * 1024 * 1024;

    private static final int MOST_LINES = 1_000_000;
    private static final int MOST_PROBLEMS = 100;
    private static final int MOST_SHOWN = 64;
    private static final int MOST_KEY = 256;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private final String name;
    private final String text;
    private final InvoiceMatching matching;
    private final InvoiceColumns columns;
    private final List<FileProblem> problems = new ArrayList<>();
    private final List<InvoiceLine> lines = new ArrayList<>();
    private int scanned;
    private int line = 1;

    private InvoiceReader(String name, String text, InvoiceMatching matching, InvoiceColumns columns) {
        this.name = name;
        this.text = text;
        this.matching = matching;
        this.columns = columns;
    }

    /** Where the columns stand, from 0; those that are not asked for are -1. */
    private record Places(int count, int request, int day, int model, int amount) {}

    /**
     * Returns the lines of an invoice.
     *
     * @param name what problems call it
     * @param text all of it, at most {@value #MOST_CHARACTERS} characters
     * @param matching what the keys of the lines shall be
     * @throws InvoiceException with what is wrong
     */
    public static List<InvoiceLine> read(String name, String text, InvoiceMatching matching, InvoiceColumns columns) {
        InvoiceReader reader = new InvoiceReader(
                Objects.requireNonNull(name, "name"),
                Objects.requireNonNull(text, "text"),
                Objects.requireNonNull(matching, "matching"),
                Objects.requireNonNull(columns, "columns"));
        return reader.read();
    }

    private List<InvoiceLine> read() {
        if (text.length() > MOST_CHARACTERS) {
            throw new InvoiceException(List.of(FileProblem.ofFile(
                    name, "has " + text.length() + " characters, expected at most " + MOST_CHARACTERS)));
        }
        String readable = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        try (CSVParser parser = FORMAT.parse(new StringReader(readable))) {
            read(readable, parser);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a text in memory cannot be read", impossible);
        }
        if (!problems.isEmpty()) {
            throw new InvoiceException(problems);
        }
        return List.copyOf(lines);
    }

    private void read(String readable, CSVParser parser) {
        Iterator<CSVRecord> records = parser.iterator();
        @Nullable Places places = null;
        while (problems.size() < MOST_PROBLEMS) {
            CSVRecord record;
            try {
                if (!records.hasNext()) {
                    break;
                }
                record = records.next();
            } catch (UncheckedIOException malformed) {
                problems.add(new FileProblem(
                        name,
                        (int) parser.getCurrentLineNumber() + 1,
                        1,
                        "line",
                        "has a quote in the wrong place, expected RFC 4180"));
                return;
            }
            Place place = place(readable, record);
            if (places == null) {
                places = places(record);
                if (places == null) {
                    return;
                }
            } else {
                add(record, places, place);
            }
        }
        if (places == null && problems.isEmpty()) {
            problems.add(FileProblem.ofFile(name, "is empty, expected a line of names and lines of amounts"));
        }
    }

    /** Where a record begins, past empty lines. Records are asked for in order. */
    private Place place(String readable, CSVRecord record) {
        int begin = (int) record.getCharacterPosition();
        while (begin < readable.length() && isLineEnd(readable.charAt(begin))) {
            begin++;
        }
        for (; scanned < begin; scanned++) {
            boolean isPair = readable.charAt(scanned) == '\r'
                    && scanned + 1 < readable.length()
                    && readable.charAt(scanned + 1) == '\n';
            line += isLineEnd(readable.charAt(scanned)) && !isPair ? 1 : 0;
        }
        return new Place(readable, begin, line);
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private @Nullable Places places(CSVRecord names) {
        boolean byRequest = matching == InvoiceMatching.REQUEST;
        int request = byRequest ? place(names, columns.request()) : -1;
        int day = byRequest ? -1 : place(names, columns.day());
        int model = byRequest ? -1 : place(names, columns.model());
        int amount = place(names, columns.amount());
        return problems.isEmpty() ? new Places(names.size(), request, day, model, amount) : null;
    }

    private int place(CSVRecord names, String column) {
        int found = -1;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).strip().equalsIgnoreCase(column.strip())) {
                if (found >= 0) {
                    problems.add(
                            new FileProblem(name, 1, 1, column, "is there twice, expected one column of that name"));
                    return found;
                }
                found = i;
            }
        }
        if (found < 0) {
            problems.add(new FileProblem(
                    name, 1, 1, column, "is missing, expected it among " + shorten(String.join(", ", names.values()))));
        }
        return found;
    }

    private void add(CSVRecord record, Places places, Place place) {
        if (record.size() != places.count()) {
            problems.add(new FileProblem(
                    name, place.line(), 1, "line", "has " + record.size() + " fields, expected " + places.count()));
            return;
        }
        if (lines.size() == MOST_LINES) {
            problems.add(
                    new FileProblem(name, place.line(), 1, "line", "is one too many, expected at most " + MOST_LINES));
            return;
        }
        Optional<String> key = places.request() >= 0
                ? text(record, places.request(), columns.request(), place)
                : dayAndModel(record, places, place);
        Optional<Money> amount = amount(record, places.amount(), place);
        if (key.isPresent() && amount.isPresent()) {
            lines.add(new InvoiceLine(key.get(), amount.get()));
        }
    }

    private Optional<String> dayAndModel(CSVRecord record, Places places, Place place) {
        Optional<LocalDate> day = day(record, places.day(), place);
        Optional<String> model = text(record, places.model(), columns.model(), place);
        return day.flatMap(each -> model.map(other -> InvoiceLine.key(each, other)));
    }

    private Optional<String> text(CSVRecord record, int field, String column, Place place) {
        String value = record.get(field).strip();
        if (value.isEmpty() || value.length() > MOST_KEY) {
            report(
                    place,
                    field,
                    column,
                    value.isEmpty()
                            ? "is empty, expected a text"
                            : "has " + value.length() + " characters, expected at most " + MOST_KEY);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private Optional<LocalDate> day(CSVRecord record, int field, Place place) {
        String value = record.get(field).strip();
        try {
            return Optional.of(
                    value.indexOf('T') < 0
                            ? LocalDate.parse(value)
                            : OffsetDateTime.parse(value)
                                    .withOffsetSameInstant(ZoneOffset.UTC)
                                    .toLocalDate());
        } catch (DateTimeException wrong) {
            report(
                    place,
                    field,
                    columns.day(),
                    "is '" + shorten(value)
                            + "', expected a day such as 2026-10-03 or a time such as 2026-10-03T12:00:00Z");
            return Optional.empty();
        }
    }

    private Optional<Money> amount(CSVRecord record, int field, Place place) {
        String value = record.get(field).strip();
        String digits = value.replaceFirst("^(-?)\\$", "$1");
        try {
            if (digits.matches("-?[0-9]{1,9}(\\.[0-9]{1,30})?")) {
                // Zeros behind the twelfth place are no fraction of a pico-dollar.
                return Optional.of(Money.ofUsd(new BigDecimal(digits).stripTrailingZeros()));
            }
        } catch (ArithmeticException notExact) {
            // Said below.
        }
        report(
                place,
                field,
                columns.amount(),
                "is '" + shorten(value)
                        + "', expected dollars such as 12.34, at most nine million and with at most 12 decimal places");
        return Optional.empty();
    }

    private void report(Place place, int field, String column, String message) {
        problems.add(new FileProblem(name, place.line(), place.column(field), column, message));
    }

    private static String shorten(String value) {
        String shown = value.length() <= MOST_SHOWN ? value : value.substring(0, MOST_SHOWN) + "…";
        return shown.replaceAll("\\p{Cntrl}", " ");
    }

    /**
     * Where a record stands in the text.
     *
     * @param begin its first character
     * @param line its first line, from 1
     */
    private record Place(String text, int begin, int line) {

        /** The character of the record at which a field begins, from 1. */
        int column(int field) {
            int at = begin;
            boolean isQuoted = false;
            for (int passed = 0; passed < field && at < text.length(); at++) {
                char c = text.charAt(at);
                isQuoted ^= c == '"';
                passed += c == ',' && !isQuoted ? 1 : 0;
            }
            return at - begin + 1;
        }
    }
}
