package dev.architect.planner.transfer;

import dev.architect.project.transfer.ImportException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads comma-separated values as RFC 4180 describes them, with the names of the columns in the first row. */
final class CsvTable {

    private static final int MAX_COLUMNS = 200;

    private final String file;
    private final String text;
    private final List<Row> rows = new ArrayList<>();
    private int at;
    private int line = 1;

    private CsvTable(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /** A row by the names of the columns. */
    static final class Row {

        private final String place;
        private final Map<String, String> values;

        Row(String place, Map<String, String> values) {
            this.place = place;
            this.values = values;
        }

        /** The file and the line on which it begins. */
        String place() {
            return place;
        }

        boolean has(String column) {
            return values.containsKey(column);
        }

        /** The value of a column without space around it; empty when there is no such column. */
        String text(String column) {
            return raw(column).strip();
        }

        String raw(String column) {
            return values.getOrDefault(column, "");
        }

        String required(String column) {
            String value = text(column);
            if (value.isEmpty()) {
                throw new ImportException(place, column, "empty", "a value");
            }
            return value;
        }

        Map<String, String> values() {
            return values;
        }
    }

    /**
     * Reads a file.
     *
     * @param needed columns that must be there
     */
    static List<Row> read(String file, byte[] content, List<String> needed) {
        return new CsvTable(file, SourceText.of(file, content)).read(needed);
    }

    private List<Row> read(List<String> needed) {
        List<String> header = record();
        if (header.size() > MAX_COLUMNS) {
            throw new ImportException(file + ":1", "columns", String.valueOf(header.size()), "at most " + MAX_COLUMNS);
        }
        if (new HashSet<>(header).size() < header.size()) {
            throw new ImportException(file + ":1", "header", String.valueOf(header), "the name of each column once");
        }
        for (String column : needed) {
            if (!header.contains(column)) {
                throw new ImportException(file + ":1", "header", String.valueOf(header), "a column '" + column + "'");
            }
        }
        while (at < text.length()) {
            String place = file + ":" + line;
            List<String> values = record();
            if (values.size() != header.size()) {
                throw new ImportException(
                        place, "row", values.size() + " fields", header.size() + " as the header has");
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                row.put(header.get(i), values.get(i));
            }
            rows.add(new Row(place, row));
        }
        return rows;
    }

    private List<String> record() {
        List<String> values = new ArrayList<>();
        while (true) {
            values.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return values;
            }
            char end = text.charAt(at);
            at++;
            if (end != ',') {
                if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                line++;
                return values;
            }
            if (values.size() > MAX_COLUMNS) {
                throw new ImportException(file + ":" + line, "columns", "more", "at most " + MAX_COLUMNS);
            }
        }
    }

    private String plain() {
        int from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '"') {
                throw new ImportException(
                        file + ":" + line,
                        "field",
                        "with a quote in it",
                        "quotes around the whole field, doubled inside");
            }
            at++;
        }
        return text.substring(from, at);
    }

    private String quoted() {
        int begun = line;
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            at++;
            if (c == '\n') {
                line++;
            }
            if (c != '"') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                value.append('"');
                at++;
            } else if (at == text.length() || ",\r\n".indexOf(text.charAt(at)) >= 0) {
                return value.toString();
            } else {
                throw new ImportException(
                        file + ":" + line, "field", "going on after its quote", "a comma or the end of the line");
            }
        }
        throw new ImportException(file + ":" + begun, "field", "without its second quote", "one");
    }
}
