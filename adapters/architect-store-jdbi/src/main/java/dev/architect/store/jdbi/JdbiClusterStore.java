package dev.architect.store.jdbi;

import dev.architect.node.ClusterStore;
import dev.architect.node.NodeMessage;
import dev.architect.node.NodeRole;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.Store.ChangeKind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Roles, shared documents and messages in a database. Safe for use by several threads. */
public final class JdbiClusterStore implements ClusterStore {

    /** After so many messages, those that are too old are deleted. */
    private static final int DELETED_AFTER = 64;

    private static final String ADD_ROLE =
            "INSERT INTO node_role (name, epoch, holder) VALUES (?, 0, 0) ON CONFLICT (name) DO NOTHING";
    private static final String ROLE = "SELECT epoch, holder FROM node_role WHERE name = ?";
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
    private final Consumer<Set<ChangeKind>> onChange;
    private final String takeRole;
    private final String isHeld;
    private final AtomicInteger posted = new AtomicInteger();

    /**
     * Creates the store over the connections of one database.
     *
     * @param dialect has what a living node is
     * @param onChange gets the kind of each change that others should notice, after it was made
     */
    public JdbiClusterStore(
            TransactionalWrites writes,
            ReadConnections reads,
            SqlDialect dialect,
            JdbiQuotaStore.Clock clock,
            Consumer<Set<ChangeKind>> onChange) {
        this.writes = writes;
        this.reads = reads;
        this.clock = clock;
        this.onChange = onChange;
        this.takeRole = "UPDATE node_role SET epoch = CASE WHEN holder = ? THEN epoch ELSE epoch + 1 END, holder = ?"
                + " WHERE name = ? AND epoch = ? AND holder = ?"
                + " AND EXISTS (SELECT 1 FROM node n WHERE n.incarnation = ? AND n.state = 0"
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
    public Optional<NodeRole> takeRole(String name, long incarnation) {
        String storedName = String.valueOf(StoredText.encode(new NodeRole(name, 0, 0).name()));
        return writes.write(sql -> {
            Optional<NodeRole> stored = storedRole(sql, name, storedName);
            if (stored.isEmpty()) {
                PreparedStatement add = sql.prepare(ADD_ROLE);
                add.setString(1, storedName);
                add.executeUpdate();
                stored = storedRole(sql, name, storedName);
            }
            return stored.isPresent() ? takeStored(sql, stored.get(), storedName, incarnation) : Optional.empty();
        });
    }

    private static Optional<NodeRole> storedRole(WriteConnection sql, String name, String storedName)
            throws SQLException {
        PreparedStatement select = sql.prepare(ROLE);
        select.setString(1, storedName);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new NodeRole(name, row.getLong(1), row.getLong(2))) : Optional.empty();
        }
    }

    /**
     * Takes the role if it is as it was seen, by an earlier statement: one that waits for a row looks at the nodes as they were before it
     * waited, and a holder that has joined meanwhile would be none.
     */
    private Optional<NodeRole> takeStored(WriteConnection sql, NodeRole seen, String storedName, long incarnation)
            throws SQLException {
        PreparedStatement take = sql.prepare(takeRole);
        take.setLong(1, incarnation);
        take.setLong(2, incarnation);
        take.setString(3, storedName);
        take.setLong(4, seen.epoch());
        take.setLong(5, seen.holder());
        take.setLong(6, incarnation);
        take.setLong(7, incarnation);
        try (ResultSet row = take.executeQuery()) {
            return row.next() ? Optional.of(new NodeRole(seen.name(), row.getLong(1), incarnation)) : Optional.empty();
        }
    }

    @Override
    public boolean isHeld(NodeRole role) {
        return reads.read(handle -> handle.createQuery(isHeld)
                        .bind("name", StoredText.encode(role.name()))
                        .bind("epoch", role.epoch())
                        .bind("holder", role.holder())
                        .mapTo(Integer.class)
                        .one())
                > 0;
    }

    @Override
    public void giveUpRole(NodeRole role) {
        int freed = writes.write(sql -> {
            PreparedStatement giveUp = sql.prepare(GIVE_UP);
            giveUp.setString(1, StoredText.encode(role.name()));
            giveUp.setLong(2, role.epoch());
            giveUp.setLong(3, role.holder());
            return giveUp.executeUpdate();
        });
        if (freed > 0) {
            onChange.accept(Set.of(ChangeKind.NODE));
        }
    }

    @Override
    public List<NodeRole> roles() {
        // Sorted here: databases order texts by other rules than Java.
        return reads.read(handle -> handle
                .createQuery(ROLES)
                .map((row, context) -> new NodeRole(
                        String.valueOf(StoredText.read(row, "name")), row.getLong("epoch"), row.getLong("holder")))
                .stream()
                .sorted(Comparator.comparing(NodeRole::name))
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
        // Without half a pair at its end, whose other half may follow in a name: both together are stored in another
        // way.
        boolean isCut = !prefix.isEmpty() && Character.isHighSurrogate(prefix.charAt(prefix.length() - 1));
        String stored = String.valueOf(StoredText.encode(isCut ? prefix.substring(0, prefix.length() - 1) : prefix));
        return reads.read(handle -> handle
                .createQuery(DOCUMENTS)
                .bind("length", stored.codePointCount(0, stored.length()))
                .bind("prefix", stored)
                .map((row, context) -> document(row))
                .stream()
                .filter(document -> document.name().startsWith(prefix))
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
        writes.write(sql -> {
            if (write(sql, written) == 0) {
                throw new StaleDocumentException(name, expectedVersion, version(sql, name));
            }
            return written;
        });
        onChange.accept(Set.of(ChangeKind.CLUSTER));
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
        onChange.accept(Set.of(ChangeKind.CLUSTER));
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
