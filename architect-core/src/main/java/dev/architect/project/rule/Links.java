package dev.architect.project.rule;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import dev.architect.project.Actor;
import dev.architect.project.PlanningException;
import dev.architect.project.PlanningException.Kind;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.Stage;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How items have to do with each other. What blocks an item has to be done before it, and the parts of a parent before the parent: together these
 * two make no circle. Methods block for the store; safe for use by several threads.
 */
public final class Links {

    /** How deep items may stand in one another. */
    public static final int MAX_DEPTH = 4;

    private final Planning planning;

    Links(Planning planning) {
        this.planning = planning;
    }

    /** Returns the relations of an item, its parent and its parts included. */
    public List<ItemLink> of(ItemId id) {
        Check.notNull("id", id);
        return planning.read(reads -> {
            Item item = Planning.require(reads, id);
            List<ItemLink> links = new ArrayList<>(reads.links(id));
            item.draft().plan().parent().ifPresent(parent -> links.add(new ItemLink(id, parent, LinkKind.PARENT)));
            reads.children(List.of(id)).forEach(child -> links.add(new ItemLink(child, id, LinkKind.PARENT)));
            return List.copyOf(links);
        });
    }

    /**
     * Adds a relation; adding it again changes nothing. What becomes a duplicate is cancelled.
     *
     * @throws PlanningException when it makes a circle, of which the message has the path, or breaks another rule of relations
     */
    public ItemLink add(ItemLink link, Actor by) {
        Check.notNull("link", link);
        Check.notNull("by", by);
        return Planning.untilUnmoved(() -> addOnce(link, by));
    }

    private ItemLink addOnce(ItemLink link, Actor by) {
        ProjectId first = planning.projectOf(link.from());
        ProjectId second = planning.projectOf(link.to());
        Set<ProjectId> locked = new LinkedHashSet<>(List.of(first));
        if (!first.equals(second)) {
            // A circle may go through further projects, which others link at the same time.
            locked.add(second);
            locked.add(Planning.ALL);
        }
        return planning.store().change(locked, rows -> {
            Planning.requireUnmoved(rows, link.from(), first);
            Planning.requireUnmoved(rows, link.to(), second);
            Item from = Planning.require(rows, link.from());
            Item to = Planning.require(rows, link.to());
            Project own = Planning.requireOpen(rows, first);
            Planning.requireOpen(rows, second);
            Instant now = planning.now();
            switch (link.kind()) {
                case PARENT -> setParent(rows, own, from, Optional.of(to), now, by);
                case BLOCKS -> {
                    requireNoPath(rows, to.id(), from.id());
                    add(rows, link, from, to, now, by);
                }
                case RELATES -> add(rows, link, from, to, now, by);
                case DUPLICATES -> {
                    requireOriginal(rows, from, to);
                    if (add(rows, link, from, to, now, by)) {
                        cancel(rows, from, now);
                    }
                }
            }
            return link;
        });
    }

    private static boolean add(ProjectRows rows, ItemLink link, Item from, Item to, Instant now, Actor by) {
        boolean isNew = rows.add(link);
        if (isNew) {
            append(rows, from, link.kind(), "", to.key().toString(), now, by);
            append(rows, to, link.kind(), "", from.key().toString(), now, by);
        }
        return isNew;
    }

    private static void append(
            ProjectRows rows, Item item, LinkKind kind, String before, String after, Instant now, Actor by) {
        rows.append(List.of(new PlanEvent(
                0,
                item.project(),
                SubjectKind.ITEM,
                item.id().value(),
                item.revision().version(),
                "link-" + JsonFields.wordOf(kind),
                before,
                after,
                by,
                now)));
    }

    private static void setParent(
            ProjectRows rows, Project project, Item item, Optional<Item> parent, Instant now, Actor by) {
        Optional<ItemId> id = parent.map(Item::id);
        if (item.draft().plan().parent().equals(id)) {
            return;
        }
        id.ifPresent(each -> checkParent(rows, project.id(), item.id(), Optional.of(item), each));
        Item after = item.with(item.draft().withParent(id), item.revision().next(now, by));
        Planning.save(rows, after);
        Planning.append(
                rows,
                item.project(),
                SubjectKind.ITEM,
                item.id().value(),
                after.revision().version(),
                Map.of(
                        "parent",
                        Map.entry(
                                item.draft()
                                        .plan()
                                        .parent()
                                        .map(ItemId::toString)
                                        .orElse(""),
                                id.map(ItemId::toString).orElse(""))),
                by,
                now);
    }

    /** Removes a relation; false when it is not there. */
    public boolean remove(ItemLink link, Actor by) {
        Check.notNull("link", link);
        Check.notNull("by", by);
        return Planning.untilUnmoved(() -> removeOnce(link, by));
    }

    private boolean removeOnce(ItemLink link, Actor by) {
        ProjectId first = planning.projectOf(link.from());
        ProjectId second = planning.projectOf(link.to());
        return planning.store().change(new HashSet<>(List.of(first, second)), rows -> {
            Planning.requireUnmoved(rows, link.from(), first);
            Planning.requireUnmoved(rows, link.to(), second);
            Item from = Planning.require(rows, link.from());
            Item to = Planning.require(rows, link.to());
            Project own = Planning.requireOpen(rows, first);
            Planning.requireOpen(rows, to.project());
            Instant now = planning.now();
            if (link.kind() == LinkKind.PARENT) {
                boolean isThere = from.draft().plan().parent().equals(Optional.of(to.id()));
                if (isThere) {
                    setParent(rows, own, from, Optional.empty(), now, by);
                }
                return isThere;
            }
            boolean isRemoved = rows.remove(link);
            if (isRemoved) {
                append(rows, from, link.kind(), to.key().toString(), "", now, by);
                append(rows, to, link.kind(), from.key().toString(), "", now, by);
            }
            return isRemoved;
        });
    }

    /**
     * Checks that an item may become a part of another one.
     *
     * @param item as it is stored; empty for one that is not stored yet
     */
    static void checkParent(ProjectReads reads, ProjectId project, ItemId id, Optional<Item> item, ItemId parentId) {
        Item parent = reads.item(parentId)
                .orElseThrow(() -> new PlanningException(
                        Kind.NOT_FOUND, "parent", "parent is " + parentId + ", expected an item that is there"));
        if (!parent.project().equals(project)) {
            throw new PlanningException(
                    Kind.OTHER_PROJECT,
                    "parent",
                    "parent " + parent.key() + " is of project '" + parent.project() + "', expected '" + project + "'");
        }
        int above = 1;
        Set<ItemId> seen = new HashSet<>();
        for (Optional<Item> each = Optional.of(parent);
                each.isPresent() && seen.add(each.get().id()); ) {
            above++;
            each = each.get().draft().plan().parent().flatMap(reads::item);
        }
        if (item.isPresent()) {
            // What the item has to be done before must not have to be done before the item.
            requireNoPath(reads, parentId, id);
        }
        int below = 0;
        List<ItemId> level = item.isPresent() ? reads.children(List.of(id)) : List.of();
        while (!level.isEmpty() && above + below <= MAX_DEPTH) {
            below++;
            level = children(reads, level);
        }
        if (above + below > MAX_DEPTH) {
            throw new PlanningException(
                    Kind.TOO_DEEP,
                    "parent",
                    "parent " + parent.key() + " makes items " + (above + below) + " deep, expected at most "
                            + MAX_DEPTH);
        }
    }

    private static List<ItemId> children(ProjectReads reads, List<ItemId> parents) {
        List<ItemId> children = new ArrayList<>();
        for (int from = 0; from < parents.size(); from += ProjectReads.MAX_IDS) {
            children.addAll(
                    reads.children(parents.subList(from, Math.min(parents.size(), from + ProjectReads.MAX_IDS))));
        }
        return children;
    }

    /** Refuses when {@code to} has to wait for {@code from} already, in whatever way. */
    static void requireNoPath(ProjectReads reads, ItemId from, ItemId to) {
        Map<ItemId, ItemId> before = new HashMap<>();
        List<ItemId> level = List.of(from);
        while (!level.isEmpty()) {
            List<ItemId> next = new ArrayList<>();
            for (int start = 0; start < level.size(); start += ProjectReads.MAX_IDS) {
                List<ItemId> some = level.subList(start, Math.min(level.size(), start + ProjectReads.MAX_IDS));
                for (ItemLink link : reads.waiting(some)) {
                    if (!link.to().equals(from) && before.putIfAbsent(link.to(), link.from()) == null) {
                        next.add(link.to());
                    }
                    if (link.to().equals(to)) {
                        throw new PlanningException(
                                Kind.CYCLE,
                                "",
                                "relations would go in a circle, expected none: " + path(reads, from, to, before));
                    }
                }
            }
            level = next;
        }
    }

    private static String path(ProjectReads reads, ItemId from, ItemId to, Map<ItemId, ItemId> before) {
        List<String> way = new ArrayList<>();
        for (ItemId each = to; !each.equals(from); each = Objects.requireNonNull(before.get(each))) {
            way.add(Planning.key(reads, each).toString());
        }
        String first = Planning.key(reads, from).toString();
        way.add(first);
        Collections.reverse(way);
        // The new relation closes the circle.
        way.add(first);
        return String.join(" → ", way);
    }

    static void requireOriginal(ProjectReads reads, Item from, Item to) {
        for (ItemLink link : reads.links(to.id())) {
            if (link.kind() == LinkKind.DUPLICATES && link.from().equals(to.id())) {
                if (link.to().equals(from.id())) {
                    throw new PlanningException(
                            Kind.CYCLE,
                            "",
                            "duplicates would go in a circle, expected none: " + from.key() + " → " + to.key() + " → "
                                    + from.key());
                }
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "item " + to.key() + " is a duplicate itself, expected the original "
                                + Planning.key(reads, link.to()));
            }
        }
        for (ItemLink link : reads.links(from.id())) {
            if (link.kind() == LinkKind.DUPLICATES
                    && link.from().equals(from.id())
                    && !link.to().equals(to.id())) {
                throw new PlanningException(
                        Kind.TAKEN,
                        "",
                        "item " + from.key() + " is a duplicate of " + Planning.key(reads, link.to())
                                + ", expected one original");
            }
            if (link.kind() == LinkKind.DUPLICATES && link.to().equals(from.id())) {
                throw new PlanningException(
                        Kind.NOT_POSSIBLE,
                        "",
                        "item " + from.key() + " is the original of " + Planning.key(reads, link.from())
                                + ", expected one without duplicates");
            }
        }
    }

    private static void cancel(ProjectRows rows, Item duplicate, Instant now) {
        List<BoardColumn> columns = Planning.columns(rows, duplicate.project());
        Optional<BoardColumn> target = Planning.first(columns, Stage.CANCELLED);
        boolean isEnded = columns.stream()
                .anyMatch(column -> column.id().equals(duplicate.place().column())
                        && column.stage().isEnd());
        if (target.isPresent() && !isEnded) {
            Items.move(rows, duplicate, ItemMove.toEnd(target.get().id()), now, Actor.ENGINE);
        }
    }
}
