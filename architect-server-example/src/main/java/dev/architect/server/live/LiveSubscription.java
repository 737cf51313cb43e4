package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one client follows, and what of it waits to be sent: the newest of each thing. As long as one round of changes waits it is shared with the
 * others who follow. Used by one thread at a time.
 */
final class LiveSubscription {

    private final String id;
    private final boolean isWhole;
    private final Map<String, Optional<String>> pending = new LinkedHashMap<>();
    private @Nullable LiveContent shared;
    private Optional<ChangePosition> since;
    private boolean isSnapshotDue;
    private boolean isGapDue;
    private @Nullable LiveContent snapshot;

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
        clear();
        snapshot = null;
        isSnapshotDue = true;
        isGapDue = true;
    }

    private void clear() {
        pending.clear();
        shared = null;
    }

    /** All there is, in place of what waits. */
    void snapshot(Map<String, String> items) {
        snapshot(LiveContent.of(items));
    }

    /** The same of content that others get as well. */
    void snapshot(LiveContent content) {
        clear();
        isSnapshotDue = false;
        snapshot = content;
    }

    /** Adds a thing, or that it is gone. */
    void offer(String key, Optional<String> json) {
        if (!isSnapshotDue) {
            unshare();
            pending.put(key, json);
        }
    }

    /** Adds things that others get as well. */
    void offer(LiveContent content) {
        if (isSnapshotDue) {
            return;
        }
        if (size() == 0) {
            shared = content;
        } else {
            unshare();
            pending.putAll(content.items());
        }
    }

    private void unshare() {
        if (shared != null) {
            pending.putAll(shared.items());
            shared = null;
        }
    }

    /** How many changes wait. A snapshot is no change: several large ones may wait together. */
    int size() {
        return shared == null ? pending.size() : shared.items().size();
    }

    /** Whether there is something to send. */
    boolean hasNews() {
        return isGapDue || snapshot != null || size() > 0;
    }

    /** Adds what is to be sent now, and forgets it. */
    void drain(ChangePosition position, List<LiveMessage> into) {
        if (isGapDue) {
            into.add(LiveMessage.gap(id));
            isGapDue = false;
        }
        if (snapshot != null) {
            into.addAll(snapshot.snapshot(id, isWhole, position));
            snapshot = null;
        }
        if (shared != null) {
            into.addAll(shared.change(id, isWhole, position));
        } else if (!pending.isEmpty()) {
            into.addAll(LiveMessage.change(id, pending, isWhole, position));
        }
        clear();
    }
}
