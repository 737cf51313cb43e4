package dev.architect.store.postgres;

import dev.architect.change.ChangeTopic;
import dev.architect.error.StoreException;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.spi.NodeStore;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.NodeInfoText;
import dev.architect.store.jdbi.NodeOrders;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.store.postgres.connection.PrimaryHistory;
import dev.architect.store.postgres.connection.ServerMark;
import dev.architect.task.SessionInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes and sessions. A node is alive until its lease ends, which each of its beats moves on. The clock of the database alone stamps and
 * judges leases, in the statement itself, so that no two clocks have to agree.
 *
 * <p>Safe for use by several threads.
 */
final class PostgresNodeStore implements NodeStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNodeStore.class);

    /** How long the row of a node that has ended is kept, so that tasks which it has claimed in a late transaction are found. */
    private static final Duration KEPT = Duration.ofHours(24);

    /** What the clock of the database shows now, which is not the start of the transaction, in microseconds. */
    static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private static final String JOIN =
            "INSERT INTO node (lease_until, joined_at, lease_length, incarnation, name, info, schema_step, state, beat)"
                    + " SELECT n.now + ?, n.now, ?, ?, ?, ?, ?, 0, 0 FROM (SELECT " + NOW + " AS now) AS n";
    private static final String BEAT = "UPDATE node SET beat = beat + 1, lease_until = " + NOW + " + ?, running = ?,"
            + " slots = ? WHERE incarnation = ? AND state IN (0, 1) AND lease_until >= " + NOW + " RETURNING " + NOW
            + ", orders, (SELECT count(*) FROM node WHERE state IN (0, 1)), beat,"
            + " (SELECT max(generation) FROM store_identity), ";
    private static final String BEAT_WITH_POSITION = BEAT + ServerMark.TIMELINE + ", " + ServerMark.POSITION;
    private static final String BEAT_WITHOUT_POSITION = BEAT + "0, 0";
    private static final String ORDER =
            "UPDATE node SET orders = ?, state = ? WHERE incarnation = ? AND state IN (0, 1)";
    // The last beat was so long before the end of the lease as the lease is long.
    private static final String END_SILENT = "UPDATE node SET state = 2, ended_at = " + NOW
            + " WHERE incarnation = ? AND state IN (0, 1) AND lease_until - lease_length < " + NOW + " - ?";
    private static final String IS_ALIVE =
            "SELECT count(*) FROM node WHERE incarnation = :incarnation AND state IN (0, 1)";
    private static final String NODES =
            "SELECT incarnation, name, info, state, orders, running, slots, joined_at, ended_at," + " " + NOW
                    + " - coalesce(ended_at, lease_until - lease_length) AS since_beat FROM node ORDER BY incarnation";
    private static final String LEAVE =
            "UPDATE node SET state = 3, ended_at = " + NOW + " WHERE incarnation = ? AND state IN (0, 1)";
    private static final String JUDGE = "UPDATE node SET state = 2, ended_at = " + NOW
            + " WHERE incarnation = ? AND state IN (0, 1) AND lease_until < " + NOW;
    // The row of an ended node stays while it still owns tasks: they are found through it.
    private static final String FORGET = "DELETE FROM node WHERE state IN (2, 3) AND ended_at < " + NOW + " - ?"
            + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.state = 1 AND t.owner = node.incarnation)";
    private static final String EXPIRED =
            "SELECT incarnation FROM node WHERE state IN (0, 1) AND lease_until < " + NOW + " ORDER BY incarnation";
    private static final String DEAD_OWNERS = "SELECT incarnation FROM node WHERE state IN (2, 3)"
            + " AND EXISTS (SELECT 1 FROM task t WHERE t.state = 1 AND t.owner = node.incarnation) ORDER BY incarnation";
    private static final String GIVE_UP =
            "UPDATE node SET state = 2, ended_at = " + NOW + " WHERE incarnation = ? AND state IN (0, 1)";
    private static final String ALIVE = "SELECT count(*) FROM node WHERE state IN (0, 1)";
    private static final String EXPIRE = "UPDATE node SET lease_until = 0 WHERE incarnation = ?";
    private static final String AGE = "UPDATE node SET lease_until = lease_until - ? WHERE incarnation = ?";
    private static final String CLEAR_SESSIONS = "DELETE FROM session WHERE incarnation = ?";
    // Inserted through the node's row, which is locked: sessions of a node that is declared dead meanwhile must not
    // stay.
    private static final String LOCK_LIVE =
            "SELECT incarnation FROM node WHERE incarnation = ? AND state IN (0, 1) FOR SHARE";
    private static final String ADD_SESSION =
            "INSERT INTO session (incarnation, name, kind, slots, busy) VALUES (?, ?, ?, ?, ?)";
    private static final String SESSIONS = "SELECT s.incarnation, s.name, s.kind, s.slots, s.busy FROM session s"
            + " JOIN node n ON n.incarnation = s.incarnation WHERE n.state IN (0, 1) ORDER BY s.incarnation, s.name";

    /** Random digits at the end of an incarnation: a number that a lost commit made free again does not come back. */
    private static final int RANDOM_BITS = 20;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final StoreClock clock;
    private final Duration leaseTime;
    private final Runnable onChange;
    private final PrimaryHistory history;
    private final Map<Long, Membership> memberships = new ConcurrentHashMap<>();
    private volatile boolean isAlone;

    /** An incarnation of this process: how many losses were known when it joined, and the number of its last beat that was kept. */
    private record Membership(long losses, long beat) {}

    /** What a beat has returned. */
    private record Beaten(NodeBeat beat, long number, int timeline, long position) {}

    /**
     * Creates the store.
     *
     * @param clock takes a reading with every beat
     * @param leaseTime for how long a beat lets a node keep its tasks
     * @param onChange is called after each order and when a node has left
     * @param history judges each beat
     */
    PostgresNodeStore(
            TransactionalWrites writes,
            ReadConnections reads,
            StoreClock clock,
            Duration leaseTime,
            Runnable onChange,
            PrimaryHistory history) {
        this.history = history;
        this.writes = writes;
        this.reads = reads;
        this.clock = clock;
        this.leaseTime = leaseTime;
        this.onChange = onChange;
    }

    @Override
    public long join(NodeInfo info) {
        long losses = history.losses();
        long joined = writes.write(sql -> {
            // Here, because nodes join rarely, so the table holds about a day of restarts.
            PreparedStatement forget = sql.prepare(FORGET);
            forget.setLong(1, Micros.of(KEPT));
            forget.executeUpdate();
            // Anew when the transaction is repeated: whether the first one was kept may be unknown.
            long incarnation = newIncarnation(sql);
            PreparedStatement join = sql.prepare(JOIN);
            join.setLong(1, Micros.of(leaseTime));
            join.setLong(2, Micros.of(leaseTime));
            join.setLong(3, incarnation);
            join.setString(4, StoredText.encode(info.name()));
            join.setString(5, NodeInfoText.write(info));
            join.setInt(6, CompactCalls.STEPS);
            join.executeUpdate();
            sql.changed(ChangeTopic.NODE, incarnation);
            return incarnation;
        });
        memberships.put(joined, new Membership(losses, 0));
        return joined;
    }

    private long newIncarnation(WriteConnection sql) throws SQLException {
        return (sql.dialect().takeNumber(sql, "incarnation") << RANDOM_BITS) | clock.random(1L << RANDOM_BITS);
    }

    @Override
    public Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        // Before the beat: of two at the same time, the one that was kept first may be the last to come back.
        Membership before = memberships.get(incarnation);
        Optional<Beaten> beaten = writes.write(sql -> beat(sql, incarnation, load));
        beaten.ifPresent(kept -> history.confirmed(kept.timeline(), kept.position()));
        clock.compareWithLocal(history.subject());
        if (beaten.isEmpty() || before == null) {
            memberships.remove(incarnation);
            return beaten.map(Beaten::beat);
        }
        if (beaten.get().number() <= before.beat()) {
            history.lost(
                    "beat " + before.beat() + " of node " + incarnation + " is gone: commits of this process are LOST");
        }
        if (history.losses() != before.losses()) {
            giveUp(incarnation);
            return Optional.empty();
        }
        Membership now = new Membership(before.losses(), beaten.get().number());
        memberships.computeIfPresent(incarnation, (id, last) -> last.beat() > now.beat() ? last : now);
        return beaten.map(Beaten::beat);
    }

    private Optional<Beaten> beat(WriteConnection sql, long incarnation, NodeLoad load) throws SQLException {
        PreparedStatement beat = sql.prepare(history.hasPositions() ? BEAT_WITH_POSITION : BEAT_WITHOUT_POSITION);
        beat.setLong(1, Micros.of(leaseTime));
        beat.setInt(2, load.running());
        beat.setInt(3, load.slots());
        beat.setLong(4, incarnation);
        long begun = clock.begin();
        Beaten beaten;
        long generation;
        try (ResultSet row = beat.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            clock.read(begun, row.getLong(1));
            isAlone = row.getInt(3) == 1;
            generation = row.getLong(5);
            beaten = new Beaten(
                    new NodeBeat(leaseTime, NodeOrders.read(row.getInt(2))),
                    row.getLong(4),
                    row.getInt(6),
                    row.getLong(7));
        }
        history.beaten(sql.connection(), beaten.timeline(), generation);
        return Optional.of(beaten);
    }

    /** What it ran may have been given to others with the same epochs: only another incarnation keeps them apart. */
    private void giveUp(long incarnation) {
        memberships.remove(incarnation);
        end(GIVE_UP, incarnation);
    }

    /** Whether there was no other living node at the last beat. */
    boolean isAlone() {
        return isAlone;
    }

    @Override
    public void leave(long incarnation) {
        memberships.remove(incarnation);
        try {
            end(LEAVE, incarnation);
        } catch (StoreException failure) {
            if (failure.kind() != StoreException.Kind.OUTCOME_UNKNOWN) {
                throw failure;
            }
            // Ending it twice changes nothing more; not ending it costs the others a lease.
            end(LEAVE, incarnation);
        }
        onChange.run();
    }

    @Override
    public List<Long> deadOwners() {
        // A read, since almost always no node has died.
        List<Long> expired = reads.read(
                handle -> handle.createQuery(EXPIRED).mapTo(Long.class).list());
        for (long incarnation : expired) {
            // One transaction for each: two nodes that judge the same ones never wait for each other twice.
            if (end(JUDGE, incarnation)) {
                LOG.warn("the lease of node {} has ended; others take its tasks", incarnation);
            }
        }
        return reads.read(
                handle -> handle.createQuery(DEAD_OWNERS).mapTo(Long.class).list());
    }

    /** Ends an incarnation and its sessions; false when it has ended already, or is not to end. */
    private boolean end(String statement, long incarnation) {
        return writes.write(sql -> {
            PreparedStatement end = sql.prepare(statement);
            end.setLong(1, incarnation);
            boolean isEnded = end.executeUpdate() > 0;
            if (isEnded) {
                clearSessions(sql, incarnation);
                sql.changed(ChangeTopic.NODE, incarnation);
            }
            return isEnded;
        });
    }

    @Override
    public boolean endSilent(long incarnation, Duration silence) {
        NodeOrders.requireSilence(silence);
        boolean isEnded = writes.write(sql -> {
            PreparedStatement end = sql.prepare(END_SILENT);
            end.setLong(1, incarnation);
            end.setLong(2, Micros.of(silence));
            if (end.executeUpdate() == 0) {
                return false;
            }
            clearSessions(sql, incarnation);
            sql.changed(ChangeTopic.NODE, incarnation);
            return true;
        });
        if (isEnded) {
            LOG.warn("node {} is suspected and has not beaten for {}; others take its tasks", incarnation, silence);
            return true;
        }
        return reads.read(handle -> handle.createQuery(IS_ALIVE)
                        .bind("incarnation", incarnation)
                        .mapTo(Integer.class)
                        .one())
                == 0;
    }

    @Override
    public boolean order(long incarnation, NodeOrder order) {
        boolean isGiven = writes.write(sql -> {
            PreparedStatement change = sql.prepare(ORDER);
            change.setInt(1, NodeOrders.number(order));
            change.setInt(2, NodeOrders.stateNumber(order));
            change.setLong(3, incarnation);
            boolean isChanged = change.executeUpdate() > 0;
            if (isChanged) {
                sql.changed(ChangeTopic.NODE, incarnation);
            }
            return isChanged;
        });
        if (isGiven) {
            onChange.run();
        }
        return isGiven;
    }

    @Override
    public List<NodeRecord> nodes() {
        return reads.read(handle -> handle.createQuery(NODES)
                .map((row, context) -> NodeOrders.record(row, Micros.duration(Math.max(0, row.getLong("since_beat")))))
                .list());
    }

    @Override
    public int aliveCount() {
        return reads.read(
                handle -> handle.createQuery(ALIVE).mapTo(Integer.class).one());
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        List<SessionInfo> copy = List.copyOf(sessions);
        writes.write(sql -> {
            PreparedStatement live = sql.prepare(LOCK_LIVE);
            live.setLong(1, incarnation);
            try (ResultSet row = live.executeQuery()) {
                if (!row.next()) {
                    return 0;
                }
            }
            clearSessions(sql, incarnation);
            PreparedStatement add = sql.prepare(ADD_SESSION);
            for (SessionInfo session : copy) {
                add.setLong(1, incarnation);
                add.setString(2, StoredText.encode(session.name()));
                add.setString(3, StoredText.encode(session.kind()));
                add.setInt(4, session.slots());
                add.setInt(5, session.busy());
                add.addBatch();
            }
            add.executeBatch();
            return copy.size();
        });
    }

    private static void clearSessions(WriteConnection sql, long incarnation) throws SQLException {
        PreparedStatement clear = sql.prepare(CLEAR_SESSIONS);
        clear.setLong(1, incarnation);
        clear.executeUpdate();
    }

    @Override
    public Map<Long, List<SessionInfo>> sessionsByNode() {
        return reads.read(handle -> {
            Map<Long, List<SessionInfo>> sessions = new TreeMap<>();
            handle.createQuery(SESSIONS)
                    .map((row, context) -> Map.entry(
                            row.getLong("incarnation"),
                            new SessionInfo(
                                    String.valueOf(StoredText.read(row, "name")),
                                    String.valueOf(StoredText.read(row, "kind")),
                                    row.getInt("slots"),
                                    row.getInt("busy"))))
                    .forEach(session -> sessions.computeIfAbsent(session.getKey(), node -> new ArrayList<>())
                            .add(session.getValue()));
            return sessions;
        });
    }

    /** For tests of what happens when a process dies: its lease is over from now on. */
    void expire(long incarnation) {
        writes.write(sql -> {
            PreparedStatement expire = sql.prepare(EXPIRE);
            expire.setLong(1, incarnation);
            return expire.executeUpdate();
        });
    }

    /** For tests of what happens when a process is silent: its last beat is so much longer ago from now on. */
    void age(long incarnation, Duration silence) {
        writes.write(sql -> {
            PreparedStatement age = sql.prepare(AGE);
            age.setLong(1, Micros.of(silence));
            age.setLong(2, incarnation);
            return age.executeUpdate();
        });
    }
}
