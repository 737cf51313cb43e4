package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one client follows, and what of it waits to be sent: the newest of each thing. Used by the thread of the channel alone. */
final class LiveSubscription {

    private final String id;
    private final boolean isWhole;
    private final Map<String, Optional<String>> pending = new LinkedHashMap<>();
    private Optional<ChangePosition> since;
    private boolean isSnapshotDue;
    private boolean isGapDue;
    private Optional<Map<String, String>> snapshot = Optional.empty();

    /**
     * Creates one that has nothing.
     *
     * @param id how the client calls it
     * @param isWhole whether things are sent, and not their keys alone
     * @param since what the client knows; empty for nothing
     */
    LiveSubscription(String id, boolean isWhole, Optional<ChangePosition> since) {
        this.id = id;
        this.isWhole = isWhole;
        this.since = since;
        this.isSnapshotDue = since.isEmpty();
    }

    String id() {
        return id;
    }

    boolean isWhole() {
        return isWhole;
    }

    /** What the client knows, until that was looked at. */
    Optional<ChangePosition> takeSince() {
        Optional<ChangePosition> taken = since;
        since = Optional.empty();
        return taken;
    }

    boolean isSnapshotDue() {
        return isSnapshotDue;
    }

    /** What the client has is of no use any more. */
    void overflow() {
        pending.clear();
        snapshot = Optional.empty();
        isSnapshotDue = true;
        isGapDue = true;
    }

    /** All there is, in place of what waits. */
    void snapshot(Map<String, String> items) {
        pending.clear();
        isSnapshotDue = false;
        snapshot = Optional.of(items);
    }

    /** Adds a thing, or that it is gone. */
    void offer(String key, Optional<String> json) {
        if (!isSnapshotDue) {
            pending.put(key, json);
        }
    }

    /** How many changes wait. A snapshot is no change: several large ones may wait together. */
    int size() {
        return pending.size();
    }

    /** Adds what is to be sent now, and forgets it. */
    void drain(ChangePosition position, List<LiveMessage> into) {
        if (isGapDue) {
            into.add(LiveMessage.gap(id));
            isGapDue = false;
        }
        if (snapshot.isPresent()) {
            into.addAll(LiveMessage.snapshot(id, isWhole ? snapshot.get() : Map.of(), isWhole, position));
            snapshot = Optional.empty();
        }
        if (!pending.isEmpty()) {
            into.addAll(LiveMessage.change(id, pending, isWhole, position));
            pending.clear();
        }
    }
}
