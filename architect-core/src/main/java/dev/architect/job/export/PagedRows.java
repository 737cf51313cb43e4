package dev.architect.job.export;

import dev.architect.export.ExportForm;
import dev.architect.ledger.RowWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows that are read from the store page by page, each from what one entry has; their number is not known before. */
abstract class PagedRows<T> implements RowSource {

    /** The pages of a chunk. */
    private static final int PAGES = 10;

    private final ExportForm form;
    private final List<String> columns;
    private final int pageSize;

    PagedRows(ExportForm form, List<String> columns, int pageSize) {
        this.form = form;
        this.columns = columns;
        this.pageSize = pageSize;
    }

    /** Reads the entries after the one with this cursor, or the first ones, in their order; fewer than a page when there are no more. */
    abstract List<T> page(Optional<String> after);

    /** Where the entries after this one begin. */
    abstract String cursor(T entry);

    /** Whether this entry, and each one after it, is no part of the export. */
    abstract boolean isBeyondEnd(T entry);

    /** Returns the value of each column. */
    abstract List<@Nullable Object> values(T entry);

    @Override
    public final Optional<Long> total() {
        return Optional.empty();
    }

    @Override
    public final Chunk write(Optional<String> cursor, Appendable out) throws IOException {
        RowWriter rows = new RowWriter(form, columns, out);
        if (cursor.isEmpty()) {
            rows.begin();
        }
        Optional<String> after = cursor;
        long written = 0;
        for (int page = 0; page < PAGES; page++) {
            List<T> found = page(after);
            for (T entry : found) {
                if (isBeyondEnd(entry)) {
                    return new Chunk(written, Optional.empty());
                }
                rows.write(values(entry));
                written++;
            }
            if (found.size() < pageSize) {
                return new Chunk(written, Optional.empty());
            }
            after = Optional.of(cursor(found.get(found.size() - 1)));
        }
        return new Chunk(written, after);
    }
}
