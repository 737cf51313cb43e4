package dev.architect.attempt;

/** Why a node, and no other one, made an attempt. The constants are stored: they are never renamed. */
public enum NodeReason {
    /** No other node lived. */
    ONLY_NODE("no other node lived"),
    /** Other nodes lived, and none of them performs such tasks. */
    ONLY_CAPABLE("no other node performs such tasks"),
    /** It had a free slot and claimed the task before others did. */
    FIRST_TO_CLAIM("it had a free slot and claimed the task first"),
    /** It is the one that the affinity key of the task prefers. */
    PREFERRED("the task's affinity key prefers it"),
    /** The affinity key of the task prefers another node, which did not claim it in time. */
    FALLBACK("the node that the task's affinity key prefers did not claim it in time"),
    /** The task is pinned to it. */
    PINNED("the task is pinned to it");

    private final String description;

    NodeReason(String description) {
        this.description = description;
    }

    /** Says it in English. */
    public String description() {
        return description;
    }
}
