package dev.architect.project.rule;

import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.Revision;
import dev.architect.project.board.BoardColumn;
import dev.architect.project.board.CustomField;
import dev.architect.project.board.Label;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings an item into another project. Its id, comments, files, tasks and relations stay; its old key goes on naming it. What belongs to the old
 * project alone, parent, parts and milestone, it leaves behind; labels and custom fields become those of the same name.
 */
final class ItemTransfer {

    private final ProjectRows rows;
    private final Project target;
    private final Instant now;
    private final Actor by;

    ItemTransfer(ProjectRows rows, Project target, Instant now, Actor by) {
        this.rows = rows;
        this.target = target;
        this.now = now;
        this.by = by;
    }

    /** Writes the item as it is in its new project. */
    Item move(Item before, BoardColumn to, Item.Progress progress) {
        ItemDraft draft = before.draft()
                .withPlan(new ItemPlan(
                        Optional.empty(),
                        Optional.empty(),
                        before.draft().plan().due()))
                .withLabels(labels(before))
                .withFields(fields(before));
        Item after = new Item(
                before.id(),
                target.id(),
                new ItemKey(target.prefix(), rows.nextNumber(target.id())),
                draft,
                new Item.Place(to.id(), Items.last(rows, to)),
                progress,
                before.origin(),
                before.revision().next(now, by),
                before.originData());
        for (SubjectKind kind : List.of(SubjectKind.COMMENT, SubjectKind.ATTACHMENT)) {
            rows.parts(kind, before.project(), before.id().value(), 0, Planning.MOST_PARTS)
                    .forEach(row -> rows.save(
                            new PartRow(kind, row.id(), target.id(), row.owner(), row.version(), row.body())));
        }
        Planning.save(rows, after);
        append(before, before.project(), Map.of("deleted", keys(before, after)), after);
        Map<String, Map.Entry<String, String>> changes = new LinkedHashMap<>();
        changes.put("moved", keys(before, after));
        changes.put("stage", Map.entry("", to.stage().name()));
        changes.putAll(ItemCodec.changes(before.draft(), draft));
        append(before, target.id(), changes, after);
        return after;
    }

    private static Map.Entry<String, String> keys(Item before, Item after) {
        return Map.entry(before.key().toString(), after.key().toString());
    }

    private void append(Item before, ProjectId project, Map<String, Map.Entry<String, String>> changes, Item after) {
        Planning.append(
                rows,
                project,
                SubjectKind.ITEM,
                before.id().value(),
                after.revision().version(),
                changes,
                by,
                now);
    }

    /** Labels of the same name; those that the project does not have yet are made, while there is room for them. */
    private Set<PartId> labels(Item before) {
        Map<String, PartId> known = new TreeMap<>();
        List<Label> all = Planning.parts(rows, SubjectKind.LABEL, target.id(), 0, ProjectPartCodec::label);
        all.forEach(label -> known.put(name(label.draft().name()), label.id()));
        Set<PartId> labels = new HashSet<>();
        for (PartId id : before.draft().labels()) {
            Optional<Label> old = rows.part(SubjectKind.LABEL, id.value()).map(ProjectPartCodec::label);
            if (old.isEmpty()) {
                continue;
            }
            String name = name(old.get().draft().name());
            if (!known.containsKey(name) && known.size() < ProjectParts.MAX_LABELS) {
                Label made = new Label(
                        new PartId(rows.nextId(target.id())),
                        target.id(),
                        old.get().draft(),
                        Revision.first(now, by));
                rows.save(ProjectPartCodec.row(made));
                known.put(name, made.id());
            }
            Optional.ofNullable(known.get(name)).ifPresent(labels::add);
        }
        return labels;
    }

    /** Values of fields of the same name and kind, as far as they are values there. */
    private Map<PartId, String> fields(Item before) {
        List<CustomField> known = Planning.parts(rows, SubjectKind.FIELD, target.id(), 0, ProjectPartCodec::field);
        Map<PartId, String> fields = new TreeMap<>();
        before.draft().fields().forEach((id, value) -> {
            Optional<CustomField> old = rows.part(SubjectKind.FIELD, id.value()).map(ProjectPartCodec::field);
            known.stream()
                    .filter(each -> each.deletedAt().isEmpty())
                    .filter(each -> old.filter(
                                    one -> one.draft().kind() == each.draft().kind()
                                            && name(one.draft().name())
                                                    .equals(name(each.draft().name())))
                            .isPresent())
                    .findFirst()
                    .ifPresent(each -> checked(each, value).ifPresent(kept -> fields.put(each.id(), kept)));
        });
        return fields;
    }

    private static Optional<String> checked(CustomField field, String value) {
        try {
            return Optional.of(field.draft().checked("fields." + field.draft().name(), value));
        } catch (IllegalArgumentException noValueThere) {
            return Optional.empty();
        }
    }

    private static String name(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
