package dev.architect.project.store;

/** What events are about, and what is stored beside projects and items. */
public enum SubjectKind {
    /** A project. */
    PROJECT,
    /** An item. */
    ITEM,
    /** A column of a board. */
    COLUMN,
    /** A label. */
    LABEL,
    /** A custom field. */
    FIELD,
    /** A saved view. */
    VIEW,
    /** A comment; its owner is an item. */
    COMMENT,
    /** An attachment; its owner is an item. */
    ATTACHMENT,
    /** A milestone. */
    MILESTONE,
    /** The moving of a milestone's date; its owner is the milestone. */
    SLIP;

    /** Whether it is stored as a {@link PartRow}. */
    public boolean isPart() {
        return this != PROJECT && this != ITEM;
    }
}
