package dev.architect.ledger;

import dev.architect.cost.LedgerEntry;
import dev.architect.export.ExportForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes calls to a text, each as a line. Keeps none of them. Used by one thread at a time. */
final class LedgerLineWriter {

    private final RowWriter rows;

    LedgerLineWriter(LedgerFormat format, Appendable out) {
        ExportForm form = switch (format) {
            case CSV -> ExportForm.CSV;
            case JSON_LINES -> ExportForm.JSON_LINES;
        };
        this.rows = new RowWriter(
                form, LedgerColumn.ALL.stream().map(LedgerColumn::name).toList(), out);
    }

    /** Writes what stands before the first call. */
    void begin() throws IOException {
        rows.begin();
    }

    void write(LedgerEntry entry) throws IOException {
        List<@Nullable Object> values = new ArrayList<>(LedgerColumn.ALL.size());
        LedgerColumn.ALL.forEach(column -> values.add(column.value().apply(entry)));
        rows.write(values);
    }
}
