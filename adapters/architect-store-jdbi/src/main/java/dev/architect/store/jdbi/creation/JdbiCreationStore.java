package dev.architect.store.jdbi.creation;

import dev.architect.creation.CreatedAnswer;
import dev.architect.creation.CreationInProgressException;
import dev.architect.creation.CreationKey;
import dev.architect.creation.CreationKeyReusedException;
import dev.architect.creation.CreationOutcome;
import dev.architect.creation.CreationStore;
import dev.architect.error.StoreException;
import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of creations in a database. The other parts of a store make their changes through {@link #recording}, which writes the answer into the
 * transaction of what is created. Safe for use by several threads.
 *
 * <ol>
 *   <li>While a creation goes on, each change on its thread first inserts the row of the key. A second transaction with the same key waits for
 *       the first one there, before it does anything else, and ends when the first is committed: its work would fail for other reasons, such as a
 *       name that is taken.
 *   <li>When the change has returned what is created, the row gets the answer. Else it is deleted again, in the same transaction.
 * </ol>
 */
public final class JdbiCreationStore implements CreationStore {

    /** So many that have ended are deleted with each creation. */
    private static final int MOST_DELETED = 100;

    private static final String DELETE_ENDED = "DELETE FROM creation WHERE id IN"
            + " (SELECT id FROM creation WHERE ends_at <= ? ORDER BY ends_at LIMIT " + MOST_DELETED + ")";
    private static final String DELETE_OLD = "DELETE FROM creation WHERE id = ? AND ends_at <= ?";
    private static final String TAKE = "INSERT INTO creation (id, request_hash, status, headers, body, ends_at)"
            + " VALUES (?, ?, 0, '', '', ?) ON CONFLICT (id) DO NOTHING";
    private static final String GIVE_BACK = "DELETE FROM creation WHERE id = ?";
    private static final String ANSWER = "UPDATE creation SET status = ?, headers = ?, body = ? WHERE id = ?";
    private static final String FIND = "SELECT request_hash, status, headers, body FROM creation WHERE id = ?";
    private static final String FIND_LIVE = FIND + " AND ends_at > ?";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final Supplier<Instant> clock;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<@Nullable Creation> current = new ThreadLocal<>();

    /**
     * Creates the store over the connections of one database.
     *
     * @param clock the store's clock
     */
    public JdbiCreationStore(TransactionalWrites writes, ReadConnections reads, Supplier<Instant> clock) {
        this.writes = writes;
        this.reads = reads;
        this.clock = clock;
    }

    /** Returns changes that are made through {@code through}, with the answer of the creation that goes on in the calling thread. */
    public TransactionalWrites recording(TransactionalWrites through) {
        return new TransactionalWrites() {
            @Override
            public <T extends @Nullable Object> T write(Body<T> body) {
                Creation creation = current.get();
                return creation == null || creation.recorded != null
                        ? through.write(body)
                        : creation.write(through, body);
            }
        };
    }

    @Override
    public Optional<CreatedAnswer> find(CreationKey key) {
        long now = Micros.of(clock.get());
        Optional<Row> row = reads.read(handle -> handle.createQuery(FIND_LIVE)
                .bind(0, key.id())
                .bind(1, now)
                .map((found, context) -> row(found))
                .findFirst());
        return row.map(found -> found.answerFor(key));
    }

    @Override
    public CreationOutcome once(
            CreationKey key, Function<Object, Optional<CreatedAnswer>> made, Supplier<CreatedAnswer> creation) {
        Objects.requireNonNull(made, "made");
        Objects.requireNonNull(creation, "creation");
        if (!running.add(key.id())) {
            throw new CreationInProgressException(key);
        }
        Creation now = new Creation(key, made);
        try {
            Optional<CreatedAnswer> before = find(key);
            if (before.isPresent()) {
                return new CreationOutcome(before.get(), true);
            }
            CreatedAnswer answer;
            current.set(now);
            try {
                answer = creation.get();
            } finally {
                current.remove();
            }
            if (now.recorded == null) {
                now.write(writes, answer);
            }
            return new CreationOutcome(now.recorded == null ? answer : now.recorded, false);
        } catch (TakenException taken) {
            return new CreationOutcome(taken.first.answerFor(key), true);
        } catch (RuntimeException failure) {
            // What was in the way may be what the same creation has made on another node, or before its end here.
            Optional<CreatedAnswer> first = foundAfter(key, failure);
            if (first.isPresent()) {
                return new CreationOutcome(first.get(), true);
            }
            throw failure;
        } finally {
            running.remove(key.id());
        }
    }

    private Optional<CreatedAnswer> foundAfter(CreationKey key, RuntimeException failure) {
        if (failure instanceof CreationKeyReusedException) {
            return Optional.empty();
        }
        try {
            return find(key);
        } catch (StoreException another) {
            failure.addSuppressed(another);
            return Optional.empty();
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getString("request_hash"),
                row.getInt("status"),
                String.valueOf(StoredText.decode(row.getString("headers"))),
                String.valueOf(StoredText.decode(row.getString("body"))));
    }

    /** What is kept of a creation. */
    private record Row(String requestHash, int status, String headers, String body) {

        CreatedAnswer answerFor(CreationKey key) {
            if (!requestHash.equals(key.requestHash())) {
                throw new CreationKeyReusedException(key);
            }
            return new CreatedAnswer(
                    status, JsonFields.parse("{\"headers\":" + headers + "}").textsByName("headers"), body);
        }
    }

    /** The same creation was made meanwhile; the transaction ends without a change. */
    private static final class TakenException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Row first;

        TakenException(Row first) {
            super("the creation was made before", null, false, false);
            this.first = first;
        }
    }

    /** One that goes on. Used by the thread that creates, and by one that writes for it while that one waits. */
    private final class Creation {

        private final CreationKey key;
        private final Function<Object, Optional<CreatedAnswer>> made;
        private volatile @Nullable CreatedAnswer recorded;

        Creation(CreationKey key, Function<Object, Optional<CreatedAnswer>> made) {
            this.key = key;
            this.made = made;
        }

        <T extends @Nullable Object> T write(TransactionalWrites through, TransactionalWrites.Body<T> body) {
            Answered<T> answered = through.write(sql -> {
                take(sql);
                T result = body.run(sql);
                Optional<CreatedAnswer> answer = answerOf(result);
                if (answer.isPresent()) {
                    put(sql, answer.get());
                } else {
                    PreparedStatement giveBack = sql.prepare(GIVE_BACK);
                    giveBack.setString(1, key.id());
                    giveBack.executeUpdate();
                }
                return new Answered<>(result, answer);
            });
            recorded = answered.answer().orElse(null);
            return answered.result();
        }

        void write(TransactionalWrites through, CreatedAnswer answer) {
            recorded = through.write(sql -> {
                take(sql);
                put(sql, answer);
                return answer;
            });
        }

        private Optional<CreatedAnswer> answerOf(@Nullable Object result) {
            Object value = result instanceof TransactionalWrites.Wrapped wrapped ? wrapped.result() : result;
            if (value instanceof Optional<?> optional) {
                value = optional.isPresent() ? optional.get() : null;
            }
            return value == null ? Optional.empty() : made.apply(value);
        }

        private void take(WriteConnection sql) throws SQLException {
            Instant now = clock.get();
            PreparedStatement ended = sql.prepare(DELETE_ENDED);
            ended.setLong(1, Micros.of(now));
            ended.executeUpdate();
            PreparedStatement old = sql.prepare(DELETE_OLD);
            old.setString(1, key.id());
            old.setLong(2, Micros.of(now));
            old.executeUpdate();
            PreparedStatement take = sql.prepare(TAKE);
            take.setString(1, key.id());
            take.setString(2, key.requestHash());
            take.setLong(3, Micros.after(now, RETENTION));
            if (take.executeUpdate() > 0) {
                return;
            }
            PreparedStatement find = sql.prepare(FIND);
            find.setString(1, key.id());
            try (ResultSet row = find.executeQuery()) {
                if (row.next()) {
                    throw new TakenException(row(row));
                }
            }
            // It was deleted between the two statements.
            throw new CreationInProgressException(key);
        }

        private void put(WriteConnection sql, CreatedAnswer answer) throws SQLException {
            PreparedStatement put = sql.prepare(ANSWER);
            put.setInt(1, answer.status());
            put.setString(2, StoredText.encode(JsonText.write(answer.headers())));
            put.setString(3, StoredText.encode(answer.body()));
            put.setString(4, key.id());
            put.executeUpdate();
        }
    }

    private record Answered<T extends @Nullable Object>(T result, Optional<CreatedAnswer> answer) {}
}
