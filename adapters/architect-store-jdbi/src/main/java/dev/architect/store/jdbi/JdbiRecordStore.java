package dev.architect.store.jdbi;

import dev.architect.model.ModelId;
import dev.architect.record.DecisionCodec;
import dev.architect.record.DecisionQuery;
import dev.architect.record.DecisionRecord;
import dev.architect.record.Feedback;
import dev.architect.record.FeedbackVerdict;
import dev.architect.record.RecordStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Records of decisions and feedback in a database. Safe for use by several threads. */
public final class JdbiRecordStore implements RecordStore {

    private static final int MOST_DELETED = 10_000;

    private static final String INSERT =
            "INSERT INTO decision (at, request_id, project, model, outcome, body) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String KEEP = "INSERT INTO feedback (request_id, at, verdict, score) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (request_id) DO UPDATE SET at = excluded.at, verdict = excluded.verdict, score = excluded.score";
    private static final String FEEDBACK =
            "SELECT request_id, at AS given_at, verdict, score FROM feedback WHERE request_id = ?";
    private static final String FEEDBACK_AFTER = "SELECT request_id, at AS given_at, verdict, score FROM feedback"
            + " WHERE at >= ? AND (at > ? OR request_id > ?) ORDER BY at, request_id LIMIT ?";
    private static final String FOUND = "SELECT d.sequence, d.body, f.request_id, f.at AS given_at, f.verdict, f.score"
            + " FROM decision d LEFT JOIN feedback f ON f.request_id = d.request_id";
    private static final String FIND = FOUND + " WHERE d.sequence < ?";
    private static final String REQUEST = "request";
    private static final String DELETE_DECISIONS = "DELETE FROM decision WHERE sequence IN"
            + " (SELECT sequence FROM decision WHERE at < ? ORDER BY at LIMIT ?)";
    private static final String DELETE_FEEDBACK = "DELETE FROM feedback WHERE request_id IN"
            + " (SELECT request_id FROM feedback WHERE at < ? ORDER BY at LIMIT ?)";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final String ofRequest;

    /** Creates the store over the connections of one database of {@code dialect}. */
    public JdbiRecordStore(TransactionalWrites writes, ReadConnections reads, SqlDialect dialect) {
        this.writes = writes;
        this.reads = reads;
        this.ofRequest = FOUND + " WHERE " + dialect.isId("d.request_id", REQUEST);
    }

    @Override
    public void append(List<DecisionRecord> decisions) {
        List<DecisionRecord> copy = List.copyOf(decisions);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            PreparedStatement insert = sql.prepare(INSERT);
            for (DecisionRecord decision : copy) {
                insert.setLong(1, Micros.of(decision.at()));
                insert.setString(2, StoredText.encode(decision.requestId()));
                insert.setString(3, decision.project().name());
                insert.setString(
                        4,
                        StoredText.encode(decision.result()
                                .answered()
                                .map(ModelId::toString)
                                .orElse(null)));
                insert.setString(5, decision.result().outcome().name());
                insert.setString(6, StoredText.encode(DecisionCodec.write(decision)));
                insert.executeUpdate();
            }
            return copy.size();
        });
    }

    @Override
    public List<DecisionRecord> find(DecisionQuery query) {
        StringBuilder sql = new StringBuilder(FIND);
        List<Object> values = new ArrayList<>(List.of(query.before()));
        query.from().ifPresent(from -> add(sql, values, " AND d.at >= ?", Micros.notBefore(from)));
        query.until().ifPresent(until -> add(sql, values, " AND d.at < ?", Micros.notBefore(until)));
        query.model()
                .ifPresent(model -> add(
                        sql, values, " AND d.model = ?", Objects.requireNonNull(StoredText.encode(model.toString()))));
        query.outcome().ifPresent(outcome -> add(sql, values, " AND d.outcome = ?", outcome.name()));
        query.project().ifPresent(project -> add(sql, values, " AND d.project = ?", project.name()));
        add(sql, values, " ORDER BY d.sequence DESC LIMIT ?", query.limit());
        return reads.read(handle -> bound(handle, sql.toString(), values)
                .map((row, context) -> decision(row))
                .list());
    }

    @Override
    public Optional<DecisionRecord> ofRequest(String requestId) {
        return reads.read(handle -> handle
                .createQuery(ofRequest)
                .bind(REQUEST, StoredText.encode(requestId))
                .map((row, context) -> decision(row))
                .list()
                .stream()
                .max(Comparator.comparing(DecisionRecord::sequence)));
    }

    private static void add(StringBuilder sql, List<Object> values, String condition, Object value) {
        sql.append(condition);
        values.add(value);
    }

    private static Query bound(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }

    private static DecisionRecord decision(ResultSet row) throws SQLException {
        return DecisionCodec.read(String.valueOf(StoredText.read(row, "body")))
                .stored(row.getLong("sequence"), feedback(row));
    }

    private static Optional<Feedback> feedback(ResultSet row) throws SQLException {
        String requestId = StoredText.read(row, "request_id");
        return requestId == null
                ? Optional.empty()
                : Optional.of(new Feedback(
                        requestId,
                        FeedbackVerdict.valueOf(row.getString("verdict")),
                        row.getDouble("score"),
                        Micros.instant(row.getLong("given_at"))));
    }

    @Override
    public void keep(List<Feedback> feedback) {
        List<Feedback> copy = List.copyOf(feedback);
        if (copy.isEmpty()) {
            return;
        }
        writes.write(sql -> {
            PreparedStatement keep = sql.prepare(KEEP);
            for (Feedback each : copy) {
                keep.setString(1, StoredText.encode(each.requestId()));
                keep.setLong(2, Micros.of(each.at()));
                keep.setString(3, each.verdict().name());
                keep.setDouble(4, each.score());
                keep.executeUpdate();
            }
            return copy.size();
        });
    }

    @Override
    public Optional<Feedback> feedback(String requestId) {
        return reads.read(handle -> handle.createQuery(FEEDBACK)
                .bind(0, Objects.requireNonNull(StoredText.encode(requestId)))
                .map((row, context) -> feedback(row))
                .findOne()
                .flatMap(found -> found));
    }

    @Override
    public List<Feedback> feedbackAfter(Instant at, String requestId, int limit) {
        LimitChecks.checkPageLimit(limit, DecisionQuery.MAX_LIMIT);
        long micros = Micros.of(at);
        return reads.read(handle -> handle
                .createQuery(FEEDBACK_AFTER)
                .bind(0, micros)
                .bind(1, micros)
                .bind(2, Objects.requireNonNull(StoredText.encode(requestId)))
                .bind(3, limit)
                .map((row, context) -> feedback(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList());
    }

    @Override
    public int deleteBefore(Instant time, int limit) {
        LimitChecks.checkPageLimit(limit, MOST_DELETED);
        return writes.write(
                sql -> delete(sql, DELETE_DECISIONS, time, limit) + delete(sql, DELETE_FEEDBACK, time, limit));
    }

    private static int delete(WriteConnection sql, String statement, Instant time, int limit) throws SQLException {
        PreparedStatement delete = sql.prepare(statement);
        delete.setLong(1, Micros.notBefore(time));
        delete.setInt(2, limit);
        return delete.executeUpdate();
    }
}
