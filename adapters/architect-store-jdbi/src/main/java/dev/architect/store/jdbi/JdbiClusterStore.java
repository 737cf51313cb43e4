package dev.architect.store.jdbi;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.node.Role;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;

/** Roles, shared documents and messages in a database. Safe for use by several threads. */
public final class JdbiClusterStore implements ClusterStore {

    /** After so many messages, those that are too old are deleted. */
    private static final int DELETED_AFTER = 64;

    private static final String ADD_ROLE =
            "INSERT INTO node_role (name, epoch, holder) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING";
    private static final String GIVE_UP = "UPDATE node_role SET holder = 0 WHERE name = ? AND epoch = ? AND holder = ?";
    private static final String ROLES = "SELECT name, epoch, CASE WHEN EXISTS (SELECT 1 FROM node n"
            + " WHERE n.incarnation = node_role.holder AND n.state IN (0, 1)) THEN holder ELSE 0 END AS holder FROM node_role";
    private static final String DOCUMENT = "SELECT name, version, content FROM shared_document WHERE name = :name";
    private static final String DOCUMENTS =
            "SELECT name, version, content FROM shared_document WHERE substr(name, 1, :length) = :prefix";
    private static final String NEW_DOCUMENT =
            "INSERT INTO shared_document (name, version, content) VALUES (?, 1, ?)" + " ON CONFLICT (name) DO NOTHING";
    private static final String CHANGE_DOCUMENT =
            "UPDATE shared_document SET version = version + 1, content = ? WHERE name = ? AND version = ?";
    private static final String VERSION = "SELECT version FROM shared_document WHERE name = ?";
    private static final String POST =
            "INSERT INTO node_message (posted_at, sender, receiver, content) VALUES (?, ?, ?, ?)";
    private static final String FORGET = "DELETE FROM node_message WHERE posted_at < ?";
    private static final String LAST = "SELECT coalesce(max(number), 0) FROM node_message";
    private static final String MESSAGES = "SELECT number, sender, receiver, content FROM node_message"
            + " WHERE number > :after AND sender <> :member AND (receiver = :member OR receiver = '')"
            + " ORDER BY number LIMIT :limit";
    private static final String STORE_ID = "SELECT id FROM store_identity";

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final JdbiQuotaStore.Clock clock;
    private final Runnable onChange;
    private final String takeRole;
    private final String isHeld;
    private final AtomicInteger posted = new AtomicInteger();

    /**
     * Creates the store over the connections of one database.
     *
     * @param dialect has what a living node is
     * @param onChange is called after each change that others should notice
     */
    public JdbiClusterStore(
            TransactionalWrites writes,
            ReadConnections reads,
            SqlDialect dialect,
            JdbiQuotaStore.Clock clock,
            Runnable onChange) {
        this.writes = writes;
        this.reads = reads;
        this.clock = clock;
        this.onChange = onChange;
        this.takeRole = "UPDATE node_role SET epoch = CASE WHEN holder = ? THEN epoch ELSE epoch + 1 END, holder = ?"
                + " WHERE name = ? AND EXISTS (SELECT 1 FROM node n WHERE n.incarnation = ? AND n.state = 0"
                + dialect.andLeaseLasts() + ") AND (holder = ? OR NOT EXISTS (SELECT 1 FROM node n"
                + " WHERE n.incarnation = node_role.holder AND n.state IN (0, 1))) RETURNING epoch";
        this.isHeld = "SELECT count(*) FROM node_role r JOIN node n ON n.incarnation = r.holder WHERE r.name = :name"
                + " AND r.epoch = :epoch AND r.holder = :holder AND n.state IN (0, 1)" + dialect.andLeaseLasts();
    }

    @Override
    public String storeId() {
        return reads.read(
                handle -> handle.createQuery(STORE_ID).mapTo(String.class).one());
    }

    @Override
    public Optional<Role> takeRole(String name, long incarnation) {
        String stored = String.valueOf(StoredText.encode(new Role(name, 0, incarnation).name()));
        return writes.write(sql -> {
            Optional<Long> epoch = takeStored(sql, stored, incarnation);
            if (epoch.isEmpty() && addRole(sql, stored)) {
                epoch = takeStored(sql, stored, incarnation);
            }
            return epoch.map(taken -> new Role(name, taken, incarnation));
        });
    }

    private Optional<Long> takeStored(WriteConnection sql, String name, long incarnation) throws SQLException {
        PreparedStatement take = sql.prepare(takeRole);
        take.setLong(1, incarnation);
        take.setLong(2, incarnation);
        take.setString(3, name);
        take.setLong(4, incarnation);
        take.setLong(5, incarnation);
        try (ResultSet row = take.executeQuery()) {
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static boolean addRole(WriteConnection sql, String name) throws SQLException {
        PreparedStatement add = sql.prepare(ADD_ROLE);
        add.setString(1, name);
        return add.executeUpdate() > 0;
    }

    @Override
    public boolean isHeld(Role role) {
        return reads.read(handle -> handle.createQuery(isHeld)
                        .bind("name", StoredText.encode(role.name()))
                        .bind("epoch", role.epoch())
                        .bind("holder", role.holder())
                        .mapTo(Integer.class)
                        .one())
                > 0;
    }

    @Override
    public void giveUpRole(Role role) {
        writes.write(sql -> {
            PreparedStatement giveUp = sql.prepare(GIVE_UP);
            giveUp.setString(1, StoredText.encode(role.name()));
            giveUp.setLong(2, role.epoch());
            giveUp.setLong(3, role.holder());
            return giveUp.executeUpdate();
        });
    }

    @Override
    public List<Role> roles() {
        // Sorted here: databases order texts by other rules than Java.
        return reads.read(handle -> handle
                .createQuery(ROLES)
                .map((row, context) -> new Role(
                        String.valueOf(StoredText.read(row, "name")), row.getLong("epoch"), row.getLong("holder")))
                .stream()
                .sorted(Comparator.comparing(Role::name))
                .toList());
    }

    @Override
    public Optional<SharedDocument> document(String name) {
        return reads.read(handle -> handle.createQuery(DOCUMENT)
                .bind("name", StoredText.encode(name))
                .map((row, context) -> document(row))
                .findOne());
    }

    @Override
    public List<SharedDocument> documents(String prefix) {
        String stored = String.valueOf(StoredText.encode(prefix));
        return reads.read(handle -> handle
                .createQuery(DOCUMENTS)
                .bind("length", stored.codePointCount(0, stored.length()))
                .bind("prefix", stored)
                .map((row, context) -> document(row))
                .stream()
                .sorted(Comparator.comparing(SharedDocument::name))
                .toList());
    }

    private static SharedDocument document(ResultSet row) throws SQLException {
        return new SharedDocument(
                String.valueOf(StoredText.read(row, "name")),
                row.getLong("version"),
                String.valueOf(StoredText.read(row, "content")));
    }

    @Override
    public SharedDocument writeDocument(String name, long expectedVersion, String text) {
        SharedDocument written = new SharedDocument(name, expectedVersion + 1, text);
        Optional<Long> other =
                writes.write(sql -> write(sql, written) > 0 ? Optional.<Long>empty() : Optional.of(version(sql, name)));
        other.ifPresent(version -> {
            throw new StaleDocumentException(name, expectedVersion, version);
        });
        onChange.run();
        return written;
    }

    private static int write(WriteConnection sql, SharedDocument document) throws SQLException {
        String name = StoredText.encode(document.name());
        String text = StoredText.encode(document.text());
        if (document.version() == 1) {
            PreparedStatement add = sql.prepare(NEW_DOCUMENT);
            add.setString(1, name);
            add.setString(2, text);
            return add.executeUpdate();
        }
        PreparedStatement change = sql.prepare(CHANGE_DOCUMENT);
        change.setString(1, text);
        change.setString(2, name);
        change.setLong(3, document.version() - 1);
        return change.executeUpdate();
    }

    private static long version(WriteConnection sql, String name) throws SQLException {
        PreparedStatement select = sql.prepare(VERSION);
        select.setString(1, StoredText.encode(name));
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void post(String from, String to, byte[] content) {
        NodeMessage message = new NodeMessage(0, from, to, content);
        boolean deletes = posted.getAndIncrement() % DELETED_AFTER == 0;
        writes.write(sql -> {
            long now = clock.micros(sql);
            if (deletes) {
                PreparedStatement forget = sql.prepare(FORGET);
                forget.setLong(1, now - Micros.of(MESSAGES_KEPT));
                forget.executeUpdate();
            }
            PreparedStatement post = sql.prepare(POST);
            post.setLong(1, now);
            post.setString(2, StoredText.encode(message.from()));
            post.setString(3, StoredText.encode(message.to()));
            post.setBytes(4, message.content());
            return post.executeUpdate();
        });
        onChange.run();
    }

    @Override
    public long lastMessage() {
        return reads.read(handle -> handle.createQuery(LAST).mapTo(Long.class).one());
    }

    @Override
    public List<NodeMessage> messages(String member, long after, int limit) {
        LimitChecks.checkPageLimit(limit, MAX_MESSAGES);
        return reads.read(handle -> messages(handle, String.valueOf(StoredText.encode(member)), after, limit));
    }

    private static List<NodeMessage> messages(Handle handle, String member, long after, int limit) {
        return handle.createQuery(MESSAGES)
                .bind("after", after)
                .bind("member", member)
                .bind("limit", limit)
                .map((row, context) -> new NodeMessage(
                        row.getLong("number"),
                        String.valueOf(StoredText.read(row, "sender")),
                        String.valueOf(StoredText.read(row, "receiver")),
                        row.getBytes("content")))
                .list();
    }
}
