package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.item.Comment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What was said about items. Methods block for the store; safe for use by several threads. */
public final class Comments {

    private final Planning planning;

    Comments(Planning planning) {
        this.planning = planning;
    }

    /** Returns the comments on an item, oldest first, at most 1,000. */
    public List<Comment> of(ItemId item) {
        Check.notNull("item", item);
        return planning.read(reads -> {
            Item found = Planning.require(reads, item);
            return Planning.parts(reads, SubjectKind.COMMENT, found.project(), item.value(), ProjectPartCodec::comment);
        });
    }

    /**
     * Returns a comment.
     *
     * @throws PlanningException when there is none with that id
     */
    public Comment get(PartId id) {
        Check.notNull("id", id);
        return planning.read(reads ->
                ProjectPartCodec.comment(Planning.require(reads, SubjectKind.COMMENT, id.value(), id.toString())));
    }

    /**
     * Adds a comment.
     *
     * @param parent the comment that it answers, which is no answer itself; empty for a new thread
     */
    public Comment add(ItemId item, Optional<PartId> parent, String body, Actor by) {
        Check.notNull("item", item);
        Check.notNull("parent", parent);
        Check.notNull("body", body);
        Check.notNull("by", by);
        return planning.changeOf(item, rows -> {
            Item found = Planning.require(rows, item);
            ProjectId project = Planning.requireOpen(rows, found.project()).id();
            Planning.requireRoom(
                    rows.parts(SubjectKind.COMMENT, project, item.value(), 0, Planning.MOST_PARTS),
                    SubjectKind.COMMENT,
                    Planning.MOST_PARTS);
            parent.ifPresent(id -> {
                Comment answered = rows.part(SubjectKind.COMMENT, id.value())
                        .map(ProjectPartCodec::comment)
                        .filter(each -> each.item().equals(item))
                        .orElseThrow(() -> new PlanningException(
                                Kind.NOT_FOUND,
                                "parent",
                                "parent is " + id + ", expected a comment on " + found.key()));
                if (answered.parent().isPresent()) {
                    throw new PlanningException(
                            Kind.TOO_DEEP,
                            "parent",
                            "parent " + id + " is an answer itself, expected the first of its thread");
                }
            });
            Instant now = planning.now();
            Comment comment = new Comment(
                    new PartId(rows.nextId(project)),
                    project,
                    item,
                    parent,
                    body,
                    Optional.empty(),
                    List.of(),
                    Revision.first(now, by));
            rows.save(ProjectPartCodec.row(comment));
            Planning.save(rows, found);
            append(rows, comment, "created", "", body, by, now);
            return comment;
        });
    }

    private static void append(
            ProjectRows rows, Comment comment, String field, String before, String after, Actor by, Instant now) {
        Planning.append(
                rows,
                comment.project(),
                SubjectKind.COMMENT,
                comment.id().value(),
                comment.revision().version(),
                Map.of(field, Map.entry(before, after)),
                by,
                now);
    }

    /** Changes the text of a comment, whose author alone may do so; the earlier ones are kept. */
    public Comment edit(PartId id, long version, String body, Actor by) {
        Check.notNull("body", body);
        Check.notNull("by", by);
        return change(id, Optional.of(version), by, "body", before -> {
            if (!before.revision().createdBy().equals(by)) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "comment " + id + " is by " + before.revision().createdBy() + ", expected one by " + by);
            }
            List<String> earlier = new ArrayList<>(before.earlier());
            earlier.add(before.body());
            return new Comment(
                    before.id(),
                    before.project(),
                    before.item(),
                    before.parent(),
                    body,
                    before.resolvedAt(),
                    earlier.subList(Math.max(0, earlier.size() - Comment.MOST_EARLIER), earlier.size()),
                    before.revision().next(planning.now(), by));
        });
    }

    /** Settles a comment, or opens it again. */
    public Comment resolve(PartId id, boolean isResolved, Actor by) {
        Check.notNull("by", by);
        return change(
                id,
                Optional.empty(),
                by,
                "resolved",
                before -> before.resolvedAt().isPresent() == isResolved
                        ? before
                        : new Comment(
                                before.id(),
                                before.project(),
                                before.item(),
                                before.parent(),
                                before.body(),
                                isResolved ? Optional.of(planning.now()) : Optional.empty(),
                                before.earlier(),
                                before.revision().next(planning.now(), by)));
    }

    private Comment change(
            PartId id, Optional<Long> version, Actor by, String field, Function<Comment, Comment> change) {
        Check.notNull("id", id);
        return planning.change(planning.projectOf(SubjectKind.COMMENT, id.value(), id.toString()), rows -> {
            Comment before = require(rows, id, version);
            Comment after = change.apply(before);
            if (after.equals(before)) {
                return before;
            }
            rows.save(ProjectPartCodec.row(after));
            rows.item(after.item()).ifPresent(item -> Planning.save(rows, item));
            boolean isText = field.equals("body");
            append(
                    rows,
                    after,
                    field,
                    isText ? before.body() : String.valueOf(before.resolvedAt().isPresent()),
                    isText ? after.body() : String.valueOf(after.resolvedAt().isPresent()),
                    by,
                    after.revision().updatedAt());
            return after;
        });
    }

    private static Comment require(ProjectRows rows, PartId id, Optional<Long> version) {
        Comment comment =
                ProjectPartCodec.comment(Planning.require(rows, SubjectKind.COMMENT, id.value(), id.toString()));
        Planning.requireOpen(rows, comment.project());
        version.ifPresent(seen ->
                Planning.requireVersion(rows, comment.project(), SubjectKind.COMMENT, id.value(), comment, seen));
        return comment;
    }

    /** Deletes a comment with its answers. */
    public void delete(PartId id, long version, Actor by) {
        Check.notNull("id", id);
        Check.notNull("by", by);
        planning.change(planning.projectOf(SubjectKind.COMMENT, id.value(), id.toString()), rows -> {
            Comment comment = require(rows, id, Optional.of(version));
            for (Comment each : Planning.parts(
                    rows, SubjectKind.COMMENT, comment.project(), comment.item().value(), ProjectPartCodec::comment)) {
                if (each.id().equals(id) || each.parent().equals(Optional.of(id))) {
                    rows.delete(SubjectKind.COMMENT, each.id().value());
                }
            }
            rows.item(comment.item()).ifPresent(item -> Planning.save(rows, item));
            append(rows, comment, "deleted", comment.body(), "", by, planning.now());
            return true;
        });
    }
}
