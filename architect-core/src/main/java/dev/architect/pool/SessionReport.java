package dev.architect.pool;

import dev.architect.error.ArchitectException;
import dev.architect.spi.NodeStore;
import dev.architect.spi.TimeSource;
import dev.architect.task.SessionInfo;
import java.time.Duration;
import java.util.List;

/** Keeps in the store how busy the sessions of a node are, for people: a few seconds old at the most. Used by one thread. */
public final class SessionReport {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final NodeStore nodes;
    private final TimeSource time;
    private final SessionPools pools;
    private List<SessionInfo> saved = List.of();
    private long nextLook;

    /** Creates it for the pools of a node. */
    public SessionReport(NodeStore nodes, TimeSource time, SessionPools pools) {
        this.nodes = nodes;
        this.time = time;
        this.pools = pools;
        this.nextLook = time.nanoTime() + INTERVAL.toNanos();
    }

    /** Saves the sessions, if it is time to and they have changed. */
    public void look(long incarnation) {
        long now = time.nanoTime();
        if (now - nextLook < 0) {
            return;
        }
        nextLook = now + INTERVAL.toNanos();
        List<SessionInfo> present = pools.snapshot();
        if (present.equals(saved)) {
            return;
        }
        try {
            nodes.saveSessions(incarnation, present);
            saved = present;
        } catch (ArchitectException later) {
            // They are for people: the next look tries again. That the store fails is said by those who need it.
            nextLook = now + INTERVAL.toNanos();
        }
    }
}
