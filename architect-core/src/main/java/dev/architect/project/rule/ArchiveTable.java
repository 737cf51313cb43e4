package dev.architect.project.rule;

import dev.architect.json.JsonFields;
import dev.architect.project.store.SubjectKind;
import java.util.List;

/** The tables of an archive that hold parts. */
enum ArchiveTable {
    COLUMNS(SubjectKind.COLUMN, "c", ""),
    LABELS(SubjectKind.LABEL, "l", ""),
    FIELDS(SubjectKind.FIELD, "f", ""),
    VIEWS(SubjectKind.VIEW, "v", ""),
    MILESTONES(SubjectKind.MILESTONE, "m", ""),
    SLIPS(SubjectKind.SLIP, "s", "milestone"),
    COMMENTS(SubjectKind.COMMENT, "k", "item"),
    ATTACHMENTS(SubjectKind.ATTACHMENT, "a", "item");

    static final List<ArchiveTable> OF_PROJECT = List.of(COLUMNS, LABELS, FIELDS, VIEWS, MILESTONES);
    static final List<ArchiveTable> OF_ITEM = List.of(COMMENTS, ATTACHMENTS);

    private final SubjectKind kind;
    private final String letter;
    private final String owner;

    ArchiveTable(SubjectKind kind, String letter, String owner) {
        this.kind = kind;
        this.letter = letter;
        this.owner = owner;
    }

    SubjectKind kind() {
        return kind;
    }

    /** What names of its rows begin with. */
    String letter() {
        return letter;
    }

    /** The field that names what a row belongs to; empty for the project. */
    String owner() {
        return owner;
    }

    /** Its name in the archive. */
    String word() {
        return JsonFields.wordOf(this);
    }
}
