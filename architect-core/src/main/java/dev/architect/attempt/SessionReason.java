package dev.architect.attempt;

/** Why a session of the node, and no other one, ran an attempt. The constants are stored: they are never renamed. */
public enum SessionReason {
    /** It ran the last task of the same affinity key on this node. */
    WARM("it ran the last task of the same affinity key"),
    /** The session that ran the last task of the same affinity key had no free slot; this is the oldest that had one. */
    WARM_IS_FULL("the session that ran the last task of the same affinity key had no free slot"),
    /** It is the oldest that had a free slot, and this is its first task: the pool had just opened it. */
    NEW("it is the oldest with a free slot, and had run nothing before"),
    /** It is the oldest that had a free slot: tasks fill the oldest first, so that younger ones can be closed. */
    OLDEST_FREE("it is the oldest with a free slot");

    private final String description;

    SessionReason(String description) {
        this.description = description;
    }

    /** Says it in English. */
    public String description() {
        return description;
    }
}
