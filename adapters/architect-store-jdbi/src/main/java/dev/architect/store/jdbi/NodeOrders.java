package dev.architect.store.jdbi;

import dev.architect.node.NodeLoad;
import dev.architect.node.NodeOrder;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.spi.NodeStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The numbers of states and orders in the table {@code node}, and its rows. */
public final class NodeOrders {

    private static final NodeState[] STATES = {NodeState.LIVE, NodeState.DRAINING, NodeState.DEAD, NodeState.LEFT};
    private static final NodeOrder[] ORDERS = {NodeOrder.WORK, NodeOrder.CORDON, NodeOrder.DRAIN};

    private NodeOrders() {}

    /** The number of an order. */
    public static int number(NodeOrder order) {
        return switch (order) {
            case WORK -> 0;
            case CORDON -> 1;
            case DRAIN -> 2;
        };
    }

    /** The number of the state that a living node has with an order. */
    public static int stateNumber(NodeOrder order) {
        return order == NodeOrder.WORK ? 0 : 1;
    }

    /** The order of a number; one that a newer version has written is taken for the most careful one. */
    public static NodeOrder read(int number) {
        return number >= 0 && number < ORDERS.length ? ORDERS[number] : NodeOrder.CORDON;
    }

    /** Reads a row with the columns incarnation, name, info, state, orders, running, slots, joined_at and ended_at. */
    public static NodeRecord record(ResultSet row, Duration sinceBeat) throws SQLException {
        Long endedAt = Columns.longOrNull(row, "ended_at");
        return new NodeRecord(
                row.getLong("incarnation"),
                NodeInfoText.read(String.valueOf(StoredText.read(row, "name")), row.getString("info")),
                STATES[row.getInt("state")],
                read(row.getInt("orders")),
                new NodeLoad(row.getInt("running"), row.getInt("slots")),
                sinceBeat,
                Micros.instant(row.getLong("joined_at")),
                Optional.ofNullable(endedAt).<Instant>map(Micros::instant));
    }

    /** Checks the silence after which a node may be ended early. */
    public static void requireSilence(Duration silence) {
        if (silence.compareTo(NodeStore.SHORTEST_SILENCE) < 0) {
            throw new IllegalArgumentException(
                    "silence is " + silence + ", expected " + NodeStore.SHORTEST_SILENCE + " or more");
        }
    }
}
