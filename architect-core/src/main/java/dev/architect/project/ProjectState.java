package dev.architect.project;

/** What may be done with a project. */
public enum ProjectState {
    /** Everything. */
    ACTIVE,
    /** Everything but starting new work. */
    PAUSED,
    /** It is read only. */
    ARCHIVED,
    /** It is gone for all but whoever restores it, and will be deleted. */
    DELETED
}
