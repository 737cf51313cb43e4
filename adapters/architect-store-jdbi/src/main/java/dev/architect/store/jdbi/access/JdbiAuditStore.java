package dev.architect.store.jdbi.access;

import dev.architect.audit.AuditChain;
import dev.architect.audit.AuditEntry;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditQuery;
import dev.architect.audit.AuditRecord;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditTail;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.RowsInsert;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The chain of the audit in a database. Each addition locks the row that holds its end. Safe for use by several threads. */
public final class JdbiAuditStore implements AuditStore {

    private static final int COLUMNS = 10;
    private static final String NAMES =
            "number, at, actor, operation, thing, outcome, status, request_id, address, hash";
    private static final RowsInsert INSERT = new RowsInsert("audit (" + NAMES + ")", COLUMNS);

    // Changes nothing: it locks the row, and returns it in the same statement.
    private static final String LOCK = "UPDATE audit_tail SET number = number WHERE id = 1 RETURNING number, hash";
    private static final String MOVE = "UPDATE audit_tail SET number = ?, hash = ? WHERE id = 1";
    private static final String TAIL = "SELECT number, hash FROM audit_tail WHERE id = 1";

    private final TransactionalWrites writes;
    private final ReadConnections reads;

    /** Creates the store over the connections of one database. */
    public JdbiAuditStore(TransactionalWrites writes, ReadConnections reads) {
        this.writes = writes;
        this.reads = reads;
    }

    @Override
    public AuditTail append(List<AuditRecord> records) {
        List<AuditRecord> copy = List.copyOf(records);
        if (copy.size() > MOST) {
            throw new IllegalArgumentException("records are " + copy.size() + ", expected at most " + MOST);
        }
        if (copy.isEmpty()) {
            return tail();
        }
        return writes.write(sql -> append(sql, copy));
    }

    private static AuditTail append(WriteConnection sql, List<AuditRecord> records) throws SQLException {
        AuditTail tail;
        try (ResultSet row = sql.prepare(LOCK).executeQuery()) {
            row.next();
            tail = new AuditTail(row.getLong(1), row.getString(2));
        }
        List<AuditEntry> entries = new ArrayList<>(records.size());
        for (AuditRecord each : records) {
            long number = tail.number() + 1;
            String hash = AuditChain.hash(tail.hash(), number, each);
            entries.add(new AuditEntry(number, each, hash));
            tail = new AuditTail(number, hash);
        }
        INSERT.insert(sql, entries, JdbiAuditStore::bind);
        PreparedStatement move = sql.prepare(MOVE);
        move.setLong(1, tail.number());
        move.setString(2, tail.hash());
        move.executeUpdate();
        return tail;
    }

    private static void bind(PreparedStatement insert, int first, AuditEntry entry) throws SQLException {
        AuditRecord each = entry.record();
        int column = first;
        insert.setLong(column++, entry.number());
        insert.setLong(column++, Micros.of(each.at()));
        insert.setString(column++, StoredText.encode(each.actor()));
        insert.setString(column++, StoredText.encode(each.operation()));
        insert.setString(column++, StoredText.encode(each.thing()));
        insert.setString(column++, each.outcome().word());
        insert.setInt(column++, each.status());
        insert.setString(column++, StoredText.encode(each.requestId()));
        insert.setString(column++, StoredText.encode(each.address()));
        insert.setString(column, entry.hash());
    }

    @Override
    public List<AuditEntry> find(AuditQuery query) {
        StringBuilder sql = new StringBuilder("SELECT " + NAMES + " FROM audit WHERE number < ?");
        List<Object> values = new ArrayList<>(List.of(query.before()));
        query.actor().ifPresent(actor -> {
            sql.append(" AND actor = ?");
            values.add(encoded(actor));
        });
        query.operation().ifPresent(operation -> {
            sql.append(" AND operation = ?");
            values.add(encoded(operation));
        });
        sql.append(" ORDER BY number DESC LIMIT ?");
        values.add(query.limit());
        return reads.read(handle -> entries(handle, sql.toString(), values));
    }

    @Override
    public List<AuditEntry> from(long number, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit is " + limit + ", expected 1.." + MOST);
        }
        return reads.read(handle -> entries(
                handle,
                "SELECT " + NAMES + " FROM audit WHERE number >= ? ORDER BY number LIMIT ?",
                List.of(number, limit)));
    }

    private static List<AuditEntry> entries(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query.map((row, context) -> entry(row)).list();
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("number"),
                new AuditRecord(
                        Micros.instant(row.getLong("at")),
                        text(row, "actor"),
                        text(row, "operation"),
                        text(row, "thing"),
                        outcome(row.getString("outcome")),
                        row.getInt("status"),
                        text(row, "request_id"),
                        text(row, "address")),
                row.getString("hash"));
    }

    /** What is no outcome was not written by this program; the hash then does not follow from what is returned in its place. */
    private static AuditOutcome outcome(String word) {
        return Arrays.stream(AuditOutcome.values())
                .filter(each -> each.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(AuditOutcome.FAILED);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return String.valueOf(StoredText.read(row, column));
    }

    private static String encoded(String text) {
        return Objects.requireNonNull(StoredText.encode(text));
    }

    @Override
    public AuditTail tail() {
        return reads.read(handle -> handle.createQuery(TAIL)
                .map((row, context) -> new AuditTail(row.getLong("number"), row.getString("hash")))
                .one());
    }
}
