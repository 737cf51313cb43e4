package dev.architect.store.jdbi.export;

import dev.architect.export.ExportStore;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parts of exports in a database. Safe for use by several threads. */
public final class JdbiExportStore implements ExportStore {

    private static final String WRITE = "INSERT INTO export_part (export_id, number, content) VALUES (?, ?, ?)"
            + " ON CONFLICT (export_id, number) DO UPDATE SET content = excluded.content";
    private static final String PART = "SELECT content FROM export_part WHERE export_id = ? AND number = ?";
    private static final String DELETE = "DELETE FROM export_part WHERE export_id = ?";
    // By the first parts, so that no others are read.
    private static final String EXPORTS = "SELECT export_id FROM export_part WHERE number = 0";

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    /** Creates the store over the connections of one database. */
    public JdbiExportStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public void write(String export, int number, byte[] content) {
        ExportStore.check(export, number, content);
        writes.write(sql -> {
            PreparedStatement write = sql.prepare(WRITE);
            write.setString(1, StoredText.encode(export));
            write.setInt(2, number);
            write.setBytes(3, content);
            return write.executeUpdate();
        });
    }

    @Override
    public Optional<byte[]> part(String export, int number) {
        return reads.read(handle -> handle.createQuery(PART)
                .bind(0, encoded(export))
                .bind(1, number)
                .map((row, context) -> row.getBytes(1))
                .findOne());
    }

    private static String encoded(String export) {
        return Objects.requireNonNull(StoredText.encode(Objects.requireNonNull(export, "export")));
    }

    @Override
    public int delete(String export) {
        String id = encoded(export);
        return writes.write(sql -> {
            PreparedStatement delete = sql.prepare(DELETE);
            delete.setString(1, id);
            return delete.executeUpdate();
        });
    }

    @Override
    public Set<String> exports() {
        List<String> ids = reads.read(handle -> handle.createQuery(EXPORTS)
                .map((row, context) -> Objects.requireNonNull(StoredText.read(row, "export_id")))
                .list());
        return new TreeSet<>(ids);
    }
}
