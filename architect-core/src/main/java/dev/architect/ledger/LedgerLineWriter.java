package dev.architect.ledger;

import dev.architect.cost.LedgerEntry;
import dev.architect.json.JsonText;
import dev.architect.json.RawJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes calls to a text, each as a line. Keeps none of them. Used by one thread at a time. */
final class LedgerLineWriter {

    private static final String LINE_END = "\r\n";
    private static final String FORMULA_BEGINS = "=+-@\t\r\n";

    private final LedgerFormat format;
    private final Appendable out;

    LedgerLineWriter(LedgerFormat format, Appendable out) {
        this.format = format;
        this.out = out;
    }

    /** Writes what stands before the first call. */
    void begin() throws IOException {
        if (format == LedgerFormat.CSV) {
            String separator = "";
            for (LedgerColumn column : LedgerColumn.ALL) {
                out.append(separator).append(column.name());
                separator = ",";
            }
            out.append(LINE_END);
        }
    }

    void write(LedgerEntry entry) throws IOException {
        switch (format) {
            case CSV -> writeCsv(entry);
            case JSON_LINES -> writeJson(entry);
        }
    }

    private void writeJson(LedgerEntry entry) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        LedgerColumn.ALL.forEach(
                column -> fields.put(column.name(), column.value().apply(entry)));
        out.append(JsonText.write(fields)).append('\n');
    }

    private void writeCsv(LedgerEntry entry) throws IOException {
        String separator = "";
        for (LedgerColumn column : LedgerColumn.ALL) {
            out.append(separator).append(cell(column.value().apply(entry)));
            separator = ",";
        }
        out.append(LINE_END);
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof RawJson json) {
            return quoted(json.text());
        }
        String text = value.toString();
        // Amounts are texts as well; a minus before a digit is a number to every reader, and never a formula.
        boolean isFormula = value instanceof String
                && !text.isEmpty()
                && FORMULA_BEGINS.indexOf(text.charAt(0)) >= 0
                && !text.matches("-[0-9.]+");
        return quoted(isFormula ? "'" + text : text);
    }

    private static String quoted(String text) {
        boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
