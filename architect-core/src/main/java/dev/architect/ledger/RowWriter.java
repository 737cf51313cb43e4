package dev.architect.ledger;

import dev.architect.check.Check;
import dev.architect.export.ExportForm;
import dev.architect.json.JsonText;
import dev.architect.json.RawJson;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of named columns to a text, each as a line. A text that a table program would take for a formula is written with an apostrophe before it
 * in CSV. Used by one thread at a time.
 */
public final class RowWriter {

    private static final String LINE_END = "\r\n";
    private static final String FORMULA_BEGINS = "=+-@\t\r\n";

    private final ExportForm form;
    private final List<String> columns;
    private final Appendable out;

    /** Creates a writer of rows of {@code columns} to {@code out}. */
    public RowWriter(ExportForm form, List<String> columns, Appendable out) {
        this.form = Check.notNull("form", form);
        this.columns = List.copyOf(Check.noNulls("columns", columns));
        this.out = Check.notNull("out", out);
    }

    /** Writes what stands before the first row. */
    public void begin() throws IOException {
        if (form == ExportForm.CSV) {
            out.append(String.join(",", columns)).append(LINE_END);
        }
    }

    /**
     * Writes a row.
     *
     * @param values one for each column: null, texts, numbers, truth values or {@link RawJson}
     */
    public void write(List<? extends @Nullable Object> values) throws IOException {
        switch (form) {
            case CSV -> writeCsv(values);
            case JSON_LINES -> writeJson(values);
        }
    }

    private void writeJson(List<? extends @Nullable Object> values) throws IOException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            fields.put(columns.get(i), values.get(i));
        }
        out.append(JsonText.write(fields)).append('\n');
    }

    private void writeCsv(List<? extends @Nullable Object> values) throws IOException {
        String separator = "";
        for (Object value : values) {
            out.append(separator).append(cell(value));
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
