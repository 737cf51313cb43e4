package dev.architect.project.board;

/** How far work is, whatever a project calls its columns. Rules read the stage only. */
public enum Stage {
    /** It is kept for later. */
    BACKLOG,
    /** It can be begun. */
    READY,
    /** It is worked on. */
    ACTIVE,
    /** A person is to look at it. */
    REVIEW,
    /** It is finished. */
    DONE,
    /** It will not be done. */
    CANCELLED;

    /** Whether nothing more happens to an item here. */
    public boolean isEnd() {
        return this == DONE || this == CANCELLED;
    }
}
