package dev.architect.store.jdbi.review;

import dev.architect.change.ChangeTopic;
import dev.architect.json.InvalidFieldException;
import dev.architect.json.JsonFields;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewCodec;
import dev.architect.review.ReviewComment;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewStore;
import dev.architect.review.SimilarReviews;
import dev.architect.review.StoredRule;
import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.LimitChecks;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reviews in a database. Each change of a review is one statement that compares its version, so that whoever decides at the same time waits and
 * then finds another version. Safe for use by several threads.
 */
public final class JdbiReviewStore implements ReviewStore {

    private static final Logger LOG = LoggerFactory.getLogger(JdbiReviewStore.class);

    /** Pages of decisions for figures are longer than those for people. */
    private static final int MAX_DECIDED = 10 * MAX_PAGE;

    private static final String NUMBERS = "review";
    private static final String COLUMNS = "SELECT id, version, body FROM review ";
    static final String FIND = COLUMNS + "WHERE id = ?";
    static final String LIVE = COLUMNS + "WHERE subject = ? AND live = 1";
    static final String LATEST = COLUMNS + "WHERE subject = ? ORDER BY id DESC LIMIT 1";
    static final String UNSETTLED = COLUMNS + "WHERE settled = 0 AND id > ? ORDER BY id LIMIT ?";
    static final String DECIDED = COLUMNS + "WHERE decided_at >= ? ORDER BY decided_at DESC, id DESC LIMIT ?";
    static final String COUNT_OPEN = "SELECT COUNT(*) FROM review WHERE state = 'open'";
    static final String SIMILAR =
            "SELECT COALESCE(SUM(answer), 0), COUNT(*) FROM review" + " WHERE shape = ? AND answer IS NOT NULL";
    static final String INSERT = "INSERT INTO review (id, state, kind, live, settled, project, requester, task_id,"
            + " subject, shape, answer, decided_at, version, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"
            + " ON CONFLICT (subject) WHERE live = 1 DO NOTHING";
    static final String UPDATE = "UPDATE review SET state = ?, live = ?, settled = ?, answer = ?, decided_at = ?,"
            + " body = ?, version = version + 1 WHERE id = ? AND version = ? AND (live = 1 OR ? = 0 OR NOT EXISTS"
            + " (SELECT 1 FROM review other WHERE other.subject = review.subject AND other.live = 1))";
    static final String ANSWER = "UPDATE approval_decision SET answer = ? WHERE review = ?";
    static final String COUNT_COMMENTS = "SELECT (SELECT COUNT(*) FROM review WHERE id = ?),"
            + " (SELECT COUNT(*) FROM review_comment WHERE review = ?)";
    static final String ADD_COMMENT = "INSERT INTO review_comment (review, id, body) VALUES (?, ?, ?)";
    static final String COMMENTS =
            "SELECT review, id, body FROM review_comment WHERE review = ? ORDER BY id LIMIT " + MAX_COMMENTS;
    static final String RULES = "SELECT id, version, body FROM approval_rule ORDER BY id LIMIT " + MAX_RULES;
    static final String RULE = "SELECT id, version, body FROM approval_rule WHERE id = ?";
    static final String ADD_RULE = "INSERT INTO approval_rule (id, run, version, body) SELECT ?, ?, 1, ?"
            + " WHERE (SELECT COUNT(*) FROM approval_rule) < " + MAX_RULES + " ON CONFLICT (id) DO NOTHING";
    static final String UPDATE_RULE =
            "UPDATE approval_rule SET run = ?, body = ?, version = version + 1" + " WHERE id = ? AND version = ?";
    static final String DELETE_RULE = "DELETE FROM approval_rule WHERE id = ? AND version = ?";
    static final String END_RUN = "DELETE FROM approval_rule WHERE run = ?";
    static final String RECORD = "INSERT INTO approval_decision (id, at, review, answer, body) VALUES (?, ?, ?, ?, ?)";
    private static final String DECISION_COLUMNS = "SELECT id, review, answer, body FROM approval_decision ";
    static final String DECISIONS = DECISION_COLUMNS + "WHERE id < ? ORDER BY id DESC LIMIT ?";
    static final String PURGE_DECISIONS = "DELETE FROM approval_decision WHERE id IN"
            + " (SELECT id FROM approval_decision WHERE at < ? ORDER BY at LIMIT ?)";
    static final String OLD_REVIEWS =
            "SELECT id FROM review WHERE settled = 1 AND decided_at < ? ORDER BY decided_at, id LIMIT ?";
    static final String DELETE_COMMENTS = "DELETE FROM review_comment WHERE review = ?";
    static final String DELETE_REVIEW = "DELETE FROM review WHERE id = ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time;

    /**
     * Creates the store over the connections of one database.
     *
     * @param time the store's clock
     */
    public JdbiReviewStore(TransactionalWrites writes, ReadConnections reads, TimeSource time) {
        this.writes = writes;
        this.reads = reads;
        this.time = time;
    }

    @Override
    public Instant now() {
        return Micros.instant(Micros.of(time.wallTime()));
    }

    @Override
    public Review open(Review opened) {
        String subject = StoredText.encode(opened.request().subject());
        return writes.write(sql -> {
            long id = sql.dialect().takeNumber(sql, NUMBERS);
            Review numbered = opened.withId(id).withVersion(1);
            // Twice: the live one may end between the two statements, and then there is room for another.
            for (int i = 0; i < 2; i++) {
                if (insert(sql, numbered)) {
                    sql.changed(ChangeTopic.REVIEW, id);
                    return numbered;
                }
                PreparedStatement live = sql.prepare(LIVE);
                live.setString(1, subject);
                try (ResultSet row = live.executeQuery()) {
                    if (row.next()) {
                        return review(row);
                    }
                }
            }
            throw new SQLException("review of the same subject comes and goes, expected it to be left alone");
        });
    }

    private static boolean insert(WriteConnection sql, Review review) throws SQLException {
        PreparedStatement insert = sql.prepare(INSERT);
        insert.setLong(1, review.id());
        insert.setString(2, JsonFields.wordOf(review.state()));
        insert.setString(3, JsonFields.wordOf(review.request().kind()));
        insert.setInt(4, review.state().isLive() ? 1 : 0);
        insert.setInt(5, review.isSettled() ? 1 : 0);
        insert.setString(6, StoredText.encode(review.request().project().orElse(null)));
        insert.setString(7, StoredText.encode(review.request().requester().name()));
        setLong(insert, 8, review.request().requester().task().map(task -> task.value()));
        insert.setString(9, StoredText.encode(review.request().subject()));
        insert.setString(10, StoredText.encode(review.request().shape()));
        setAnswer(insert, 11, review.answer());
        setLong(insert, 12, decidedAt(review));
        insert.setString(13, StoredText.encode(ReviewCodec.write(review)));
        return insert.executeUpdate() > 0;
    }

    /** When it was decided; for one that never was, when it was withdrawn. */
    private static Optional<Long> decidedAt(Review review) {
        return review.times().decided().or(() -> review.times().ended()).map(Micros::of);
    }

    private static void setLong(PreparedStatement statement, int index, Optional<Long> value) throws SQLException {
        if (value.isPresent()) {
            statement.setLong(index, value.get());
        } else {
            statement.setNull(index, Types.BIGINT);
        }
    }

    private static void setAnswer(PreparedStatement statement, int index, Optional<Boolean> answer)
            throws SQLException {
        if (answer.isPresent()) {
            statement.setInt(index, answer.get() ? 1 : 0);
        } else {
            statement.setNull(index, Types.SMALLINT);
        }
    }

    @Override
    public Optional<Review> update(Review changed, Optional<StoredRule> rule) {
        return writes.write(sql -> {
            // First, because a rule whose id is taken leaves the review as it is.
            if (rule.isPresent() && !add(sql, rule.get())) {
                return Optional.empty();
            }
            PreparedStatement update = sql.prepare(UPDATE);
            update.setString(1, JsonFields.wordOf(changed.state()));
            update.setInt(2, changed.state().isLive() ? 1 : 0);
            update.setInt(3, changed.isSettled() ? 1 : 0);
            setAnswer(update, 4, changed.answer());
            setLong(update, 5, decidedAt(changed));
            update.setString(6, StoredText.encode(ReviewCodec.write(changed)));
            update.setLong(7, changed.id());
            update.setLong(8, changed.version());
            update.setInt(9, changed.state().isLive() ? 1 : 0);
            if (update.executeUpdate() == 0) {
                if (rule.isPresent()) {
                    delete(sql, rule.get().id(), 1);
                }
                return Optional.empty();
            }
            sql.changed(ChangeTopic.REVIEW, changed.id());
            PreparedStatement answer = sql.prepare(ANSWER);
            setAnswer(answer, 1, changed.answer());
            answer.setLong(2, changed.id());
            answer.executeUpdate();
            return Optional.of(changed.withVersion(changed.version() + 1));
        });
    }

    @Override
    public Optional<Review> find(long id) {
        return reads.read(handle -> one(handle.createQuery(FIND).bind(0, id)));
    }

    @Override
    public Optional<Review> latest(String subject) {
        return reads.read(handle -> one(handle.createQuery(LATEST).bind(0, StoredText.encode(subject))));
    }

    @Override
    public List<Review> list(ReviewQuery query) {
        List<Object> values = new ArrayList<>();
        StringBuilder sql = new StringBuilder(COLUMNS).append("WHERE 1 = 1");
        in(sql, values, "state", query.sortedStates());
        in(sql, values, "kind", query.kinds().stream().sorted().toList());
        query.project().ifPresent(project -> equal(sql, values, "project", project));
        query.requester().ifPresent(name -> equal(sql, values, "requester", name));
        query.task().ifPresent(task -> equal(sql, values, "task_id", task.value()));
        boolean isNewest = query.order() == ReviewQuery.Order.NEWEST_FIRST;
        query.after().ifPresent(after -> {
            sql.append(isNewest ? " AND id < ?" : " AND id > ?");
            values.add(after);
        });
        sql.append(isNewest ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?");
        values.add(query.limit());
        return reads.read(handle -> reviews(bound(handle, sql.toString(), values)));
    }

    private static void in(StringBuilder sql, List<Object> values, String column, List<? extends Enum<?>> words) {
        if (!words.isEmpty()) {
            sql.append(" AND ")
                    .append(column)
                    .append(" IN (")
                    .append(String.join(", ", Collections.nCopies(words.size(), "?")))
                    .append(')');
            words.forEach(word -> values.add(JsonFields.wordOf(word)));
        }
    }

    private static void equal(StringBuilder sql, List<Object> values, String column, Object value) {
        sql.append(" AND ").append(column).append(" = ?");
        values.add(value instanceof String text ? String.valueOf(StoredText.encode(text)) : value);
    }

    private static Query bound(Handle handle, String sql, List<Object> values) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < values.size(); i++) {
            query.bind(i, values.get(i));
        }
        return query;
    }

    @Override
    public List<Review> unsettled(long after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        return reads.read(
                handle -> reviews(handle.createQuery(UNSETTLED).bind(0, after).bind(1, limit)));
    }

    @Override
    public List<Review> decidedSince(Instant since, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_DECIDED);
        long from = Micros.notBefore(since);
        return reads.read(
                handle -> reviews(handle.createQuery(DECIDED).bind(0, from).bind(1, limit)));
    }

    @Override
    public int countOpen() {
        return reads.read(
                handle -> handle.createQuery(COUNT_OPEN).mapTo(Integer.class).one());
    }

    @Override
    public SimilarReviews similar(String shape) {
        return reads.read(handle -> handle.createQuery(SIMILAR)
                .bind(0, StoredText.encode(shape))
                .map((row, context) -> {
                    int approved = row.getInt(1);
                    return new SimilarReviews(approved, row.getInt(2) - approved);
                })
                .one());
    }

    private static Optional<Review> one(Query query) {
        return query.map((row, context) -> review(row)).findFirst();
    }

    /** Without those that this version cannot read; another node may. */
    private static List<Review> reviews(Query query) {
        return query
                .map((row, context) -> {
                    try {
                        return Optional.of(review(row));
                    } catch (InvalidFieldException unreadable) {
                        LOG.warn("review {} is left to other nodes: {}", row.getLong("id"), unreadable.getMessage());
                        return Optional.<Review>empty();
                    }
                })
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Review review(ResultSet row) throws SQLException {
        return ReviewCodec.read(row.getLong("id"), row.getLong("version"), body(row));
    }

    private static String body(ResultSet row) throws SQLException {
        return String.valueOf(StoredText.decode(row.getString("body")));
    }

    @Override
    public Optional<ReviewComment> comment(ReviewComment comment) {
        return writes.write(sql -> {
            PreparedStatement count = sql.prepare(COUNT_COMMENTS);
            count.setLong(1, comment.review());
            count.setLong(2, comment.review());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                if (row.getInt(1) == 0 || row.getInt(2) >= MAX_COMMENTS) {
                    return Optional.empty();
                }
            }
            long id = sql.dialect().takeNumber(sql, NUMBERS);
            PreparedStatement add = sql.prepare(ADD_COMMENT);
            add.setLong(1, comment.review());
            add.setLong(2, id);
            add.setString(3, StoredText.encode(ReviewCodec.write(comment)));
            add.executeUpdate();
            sql.changed(ChangeTopic.REVIEW, comment.review());
            return Optional.of(
                    new ReviewComment(comment.review(), id, comment.actor(), comment.at(), comment.remark()));
        });
    }

    @Override
    public List<ReviewComment> comments(long review) {
        return reads.read(handle -> handle.createQuery(COMMENTS)
                .bind(0, review)
                .map((row, context) -> ReviewCodec.readComment(row.getLong("review"), row.getLong("id"), body(row)))
                .list());
    }

    @Override
    public List<StoredRule> rules() {
        return reads.read(handle ->
                handle.createQuery(RULES).map((row, context) -> rule(row)).list());
    }

    @Override
    public Optional<StoredRule> rule(String id) {
        return reads.read(handle -> handle.createQuery(RULE)
                .bind(0, StoredText.encode(id))
                .map((row, context) -> rule(row))
                .findFirst());
    }

    private static StoredRule rule(ResultSet row) throws SQLException {
        return ReviewCodec.readRule(
                String.valueOf(StoredText.decode(row.getString("id"))), row.getLong("version"), body(row));
    }

    @Override
    public Optional<StoredRule> createRule(StoredRule rule) {
        return writes.write(sql -> add(sql, rule) ? Optional.of(rule.withVersion(1)) : Optional.empty());
    }

    private static boolean add(WriteConnection sql, StoredRule rule) throws SQLException {
        PreparedStatement add = sql.prepare(ADD_RULE);
        add.setString(1, StoredText.encode(rule.id()));
        add.setString(2, StoredText.encode(rule.run().orElse(null)));
        add.setString(3, StoredText.encode(ReviewCodec.write(rule)));
        sql.changed(ChangeTopic.RULE, rule.id());
        return add.executeUpdate() > 0;
    }

    @Override
    public Optional<StoredRule> updateRule(StoredRule changed) {
        return writes.write(sql -> {
            PreparedStatement update = sql.prepare(UPDATE_RULE);
            update.setString(1, StoredText.encode(changed.run().orElse(null)));
            update.setString(2, StoredText.encode(ReviewCodec.write(changed)));
            update.setString(3, StoredText.encode(changed.id()));
            sql.changed(ChangeTopic.RULE, changed.id());
            update.setLong(4, changed.version());
            return update.executeUpdate() > 0
                    ? Optional.of(changed.withVersion(changed.version() + 1))
                    : Optional.empty();
        });
    }

    @Override
    public boolean deleteRule(String id, long version) {
        return writes.write(sql -> delete(sql, id, version));
    }

    private static boolean delete(WriteConnection sql, String id, long version) throws SQLException {
        PreparedStatement delete = sql.prepare(DELETE_RULE);
        delete.setString(1, StoredText.encode(id));
        delete.setLong(2, version);
        sql.changed(ChangeTopic.RULE, id);
        return delete.executeUpdate() > 0;
    }

    @Override
    public int endRun(String run) {
        return writes.write(sql -> {
            PreparedStatement delete = sql.prepare(END_RUN);
            delete.setString(1, StoredText.encode(run));
            return delete.executeUpdate();
        });
    }

    @Override
    public RecordedApproval record(RecordedApproval decision) {
        return writes.write(sql -> {
            long id = sql.dialect().takeNumber(sql, NUMBERS);
            PreparedStatement add = sql.prepare(RECORD);
            add.setLong(1, id);
            add.setLong(2, Micros.of(decision.at()));
            setLong(add, 3, decision.review());
            setAnswer(add, 4, decision.answer());
            add.setString(5, StoredText.encode(ReviewCodec.write(decision)));
            add.executeUpdate();
            return decision.withId(id);
        });
    }

    @Override
    public List<RecordedApproval> decisions(Optional<Long> before, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        return reads.read(handle -> handle.createQuery(DECISIONS)
                .bind(0, before.orElse(Long.MAX_VALUE))
                .bind(1, limit)
                .map((row, context) -> decision(row))
                .list());
    }

    private static RecordedApproval decision(ResultSet row) throws SQLException {
        long review = row.getLong("review");
        Optional<Long> asked = row.wasNull() ? Optional.empty() : Optional.of(review);
        int answer = row.getInt("answer");
        Optional<Boolean> said = row.wasNull() ? Optional.empty() : Optional.of(answer == 1);
        return ReviewCodec.readDecision(row.getLong("id"), asked, said, body(row));
    }

    @Override
    public int purge(Instant before, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_PAGE);
        long micros = Micros.of(before);
        return writes.write(sql -> {
            PreparedStatement decisions = sql.prepare(PURGE_DECISIONS);
            decisions.setLong(1, micros);
            decisions.setInt(2, limit);
            int deleted = decisions.executeUpdate();
            List<Long> old = new ArrayList<>();
            PreparedStatement reviews = sql.prepare(OLD_REVIEWS);
            reviews.setLong(1, micros);
            reviews.setInt(2, limit);
            try (ResultSet row = reviews.executeQuery()) {
                while (row.next()) {
                    old.add(row.getLong(1));
                }
            }
            for (long id : old) {
                sql.changed(ChangeTopic.REVIEW, id);
                for (String statement : List.of(DELETE_COMMENTS, DELETE_REVIEW)) {
                    PreparedStatement delete = sql.prepare(statement);
                    delete.setLong(1, id);
                    delete.executeUpdate();
                }
            }
            return deleted + old.size();
        });
    }
}
