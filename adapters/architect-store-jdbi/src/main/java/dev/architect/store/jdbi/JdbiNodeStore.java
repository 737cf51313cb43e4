package dev.architect.store.jdbi;

import dev.architect.change.ChangeTopic;
import dev.architect.error.StoreException;
import dev.architect.node.NodeBeat;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TimeSource;
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

/** Nodes and sessions in a database. Safe for use by several threads. */
public final class JdbiNodeStore implements NodeStore {

    /** How long the row of a node that has ended is kept. */
    private static final Duration KEPT = Duration.ofHours(24);

    private static final String JOIN =
            "INSERT INTO node (incarnation, name, state, beat, joined_at, info) VALUES (?, ?, 0, 0, ?, ?)";
    private static final String BEAT = "UPDATE node SET beat = beat + 1, running = ?, slots = ?"
            + " WHERE incarnation = ? AND state IN (0, 1) RETURNING orders";
    private static final String ORDER =
            "UPDATE node SET orders = ?, state = ? WHERE incarnation = ? AND state IN (0, 1)";
    private static final String NODES =
            "SELECT incarnation, name, info, state, orders, running, slots, beat, joined_at,"
                    + " ended_at FROM node ORDER BY incarnation";
    private static final String END =
            "UPDATE node SET state = ?, ended_at = ? WHERE incarnation = ? AND state IN (0, 1)";
    // Only if it has not beaten since it was looked at.
    private static final String END_STILL = END + " AND beat = ?";
    // The row of an ended node stays while it still owns tasks: DEAD_OWNERS finds them through it.
    private static final String FORGET = "DELETE FROM node WHERE state IN (2, 3) AND ended_at < ?"
            + " AND NOT EXISTS (SELECT 1 FROM task t WHERE t.state = 1 AND t.owner = node.incarnation)";
    private static final String ALIVE = "SELECT incarnation, beat FROM node WHERE state IN (0, 1) ORDER BY incarnation";
    private static final String DEAD_OWNERS = "SELECT incarnation FROM node WHERE state IN (2, 3)"
            + " AND EXISTS (SELECT 1 FROM task t WHERE t.state = 1 AND t.owner = node.incarnation) ORDER BY incarnation";
    private static final String CLEAR_SESSIONS = "DELETE FROM session WHERE incarnation = ?";
    // Inserted through the node's row: sessions of a node that was declared dead meanwhile must not appear again.
    private static final String ADD_SESSION = "INSERT INTO session (incarnation, name, kind, slots, busy)"
            + " SELECT incarnation, ?, ?, ?, ? FROM node WHERE incarnation = ? AND state IN (0, 1)";
    private static final String SESSIONS = "SELECT s.incarnation, s.name, s.kind, s.slots, s.busy FROM session s"
            + " JOIN node n ON n.incarnation = s.incarnation WHERE n.state IN (0, 1) ORDER BY s.incarnation, s.name";

    private static final int DEAD = 2;
    private static final int LEFT = 3;

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final TimeSource time;
    private final Liveness liveness;
    private final BeatWatch beats;

    /** Creates the store over the connections of one database; {@code liveness} decides which nodes are dead. */
    public JdbiNodeStore(TransactionalWrites writes, ReadConnections reads, TimeSource time, Liveness liveness) {
        this.writes = writes;
        this.reads = reads;
        this.time = time;
        this.liveness = liveness;
        this.beats = new BeatWatch(time);
    }

    @Override
    public long join(NodeInfo info) {
        // In a transaction of its own: the lock needs the number, and
        // a number lost in a crash is never handed out again.
        long incarnation = writes.write(sql -> sql.dialect().takeNumber(sql, "incarnation"));
        // Before the row is visible: another process would find a living node without its lock and declare it dead.
        liveness.acquire(incarnation);
        try {
            writes.write(sql -> insert(sql, incarnation, info));
        } catch (Throwable failure) {
            liveness.release(incarnation);
            throw failure;
        }
        return incarnation;
    }

    private int insert(WriteConnection sql, long incarnation, NodeInfo info) throws SQLException {
        // Here, because nodes join rarely so the table holds about a day of restarts.
        PreparedStatement forget = sql.prepare(FORGET);
        forget.setLong(1, Micros.of(time.wallTime().minus(KEPT)));
        forget.executeUpdate();
        PreparedStatement join = sql.prepare(JOIN);
        join.setLong(1, incarnation);
        join.setString(2, StoredText.encode(info.name()));
        join.setLong(3, Micros.of(time.wallTime()));
        join.setString(4, NodeInfoText.write(info));
        sql.changed(ChangeTopic.NODE, incarnation);
        return join.executeUpdate();
    }

    @Override
    public Optional<NodeBeat> beat(long incarnation, NodeLoad load) {
        try {
            return writes.write(sql -> {
                PreparedStatement beat = sql.prepare(BEAT);
                beat.setInt(1, load.running());
                beat.setInt(2, load.slots());
                beat.setLong(3, incarnation);
                try (ResultSet row = beat.executeQuery()) {
                    return row.next()
                            ? Optional.of(new NodeBeat(liveness.validity(), NodeOrders.read(row.getInt(1))))
                            : Optional.empty();
                }
            });
        } catch (StoreException failure) {
            beats.reset();
            throw failure;
        }
    }

    @Override
    public void leave(long incarnation) {
        // The row first: with the lock released earlier, another
        // process could record this node as dead instead of left.
        end(incarnation, LEFT);
        liveness.release(incarnation);
    }

    @Override
    public List<Long> deadOwners() {
        Map<Long, Long> alive = alive();
        alive.forEach((incarnation, beat) -> {
            if (liveness.isDead(incarnation)) {
                // The row before the file: what crashes in between leaves only an unused file.
                end(incarnation, DEAD);
                liveness.forget(incarnation);
            } else if (beats.isStill(incarnation, beat)) {
                // Its process exists and does nothing: it was stopped, or hangs.
                endIfStill(incarnation, beat);
            }
        });
        beats.retain(alive.keySet());
        return reads.read(
                handle -> handle.createQuery(DEAD_OWNERS).mapTo(Long.class).list());
    }

    private void endIfStill(long incarnation, long beat) {
        writes.write(sql -> {
            PreparedStatement end = sql.prepare(END_STILL);
            end.setInt(1, DEAD);
            end.setLong(2, Micros.of(time.wallTime()));
            end.setLong(3, incarnation);
            end.setLong(4, beat);
            if (end.executeUpdate() == 0) {
                return 0;
            }
            sql.changed(ChangeTopic.NODE, incarnation);
            return clearSessions(sql, incarnation);
        });
    }

    /** Ends an incarnation and its sessions; nothing when it has ended already. */
    private void end(long incarnation, int state) {
        writes.write(sql -> {
            PreparedStatement end = sql.prepare(END);
            end.setInt(1, state);
            end.setLong(2, Micros.of(time.wallTime()));
            end.setLong(3, incarnation);
            if (end.executeUpdate() > 0) {
                sql.changed(ChangeTopic.NODE, incarnation);
            }
            return clearSessions(sql, incarnation);
        });
    }

    @Override
    public boolean endSilent(long incarnation, Duration silence) {
        NodeOrders.requireSilence(silence);
        Long beat = alive().get(incarnation);
        if (beat == null) {
            return true;
        }
        if (liveness.isDead(incarnation)) {
            end(incarnation, DEAD);
            liveness.forget(incarnation);
            return true;
        }
        if (beats.stillNanos(incarnation, beat) < silence.toNanos()) {
            return false;
        }
        endIfStill(incarnation, beat);
        return !alive().containsKey(incarnation);
    }

    @Override
    public boolean order(long incarnation, NodeOrder order) {
        return writes.write(sql -> {
            PreparedStatement change = sql.prepare(ORDER);
            change.setInt(1, NodeOrders.number(order));
            change.setInt(2, NodeOrders.stateNumber(order));
            change.setLong(3, incarnation);
            boolean isGiven = change.executeUpdate() > 0;
            if (isGiven) {
                sql.changed(ChangeTopic.NODE, incarnation);
            }
            return isGiven;
        });
    }

    @Override
    public List<NodeRecord> nodes() {
        return reads.read(handle -> handle.createQuery(NODES)
                .map((row, context) -> NodeOrders.record(row, sinceBeat(row)))
                .list());
    }

    private Duration sinceBeat(ResultSet row) throws SQLException {
        long endedAt = row.getLong("ended_at");
        if (!row.wasNull()) {
            Duration since = Duration.between(Micros.instant(endedAt), time.wallTime());
            return since.isNegative() ? Duration.ZERO : since;
        }
        return Duration.ofNanos(beats.stillNanos(row.getLong("incarnation"), row.getLong("beat")));
    }

    @Override
    public int aliveCount() {
        return alive().size();
    }

    @Override
    public void saveSessions(long incarnation, List<SessionInfo> sessions) {
        List<SessionInfo> copy = List.copyOf(sessions);
        writes.write(sql -> {
            clearSessions(sql, incarnation);
            PreparedStatement add = sql.prepare(ADD_SESSION);
            for (SessionInfo session : copy) {
                add.setString(1, session.name());
                add.setString(2, session.kind());
                add.setInt(3, session.slots());
                add.setInt(4, session.busy());
                add.setLong(5, incarnation);
                add.executeUpdate();
            }
            return copy.size();
        });
    }

    private static int clearSessions(WriteConnection sql, long incarnation) throws SQLException {
        PreparedStatement clear = sql.prepare(CLEAR_SESSIONS);
        clear.setLong(1, incarnation);
        return clear.executeUpdate();
    }

    @Override
    public Map<Long, List<SessionInfo>> sessionsByNode() {
        return reads.read(handle -> {
            Map<Long, List<SessionInfo>> sessions = new TreeMap<>();
            handle.createQuery(SESSIONS)
                    .map((row, context) -> Map.entry(
                            row.getLong("incarnation"),
                            new SessionInfo(
                                    row.getString("name"),
                                    row.getString("kind"),
                                    row.getInt("slots"),
                                    row.getInt("busy"))))
                    .forEach(session -> sessions.computeIfAbsent(session.getKey(), node -> new ArrayList<>())
                            .add(session.getValue()));
            return sessions;
        });
    }

    /** The living incarnations with their beats. */
    private Map<Long, Long> alive() {
        return reads.read(handle -> {
            Map<Long, Long> beats = new TreeMap<>();
            handle.createQuery(ALIVE)
                    .map((row, context) -> Map.entry(row.getLong("incarnation"), row.getLong("beat")))
                    .forEach(node -> beats.put(node.getKey(), node.getValue()));
            return beats;
        });
    }
}
