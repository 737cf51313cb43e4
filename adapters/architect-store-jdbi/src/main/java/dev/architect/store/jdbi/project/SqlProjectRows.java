package dev.architect.store.jdbi.project;

import dev.architect.change.ChangeTopic;
import dev.architect.project.Actor;
import dev.architect.project.PartId;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Attachment;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemDraft;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.ItemPlan;
import dev.architect.project.item.ItemWeight;
import dev.architect.project.milestone.MilestoneId;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectPartCodec;
import dev.architect.project.store.ProjectRows;
import dev.architect.project.store.SubjectKind;
import dev.architect.store.jdbi.Columns;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and changes projects in one transaction. Used by one thread at a time. */
final class SqlProjectRows extends SqlProjectReads implements ProjectRows {

    private static final String COLUMNS = "project, number, kind, column_id, position, priority, severity, size,"
            + " reporter, parent, milestone, blocked, due, created_at, updated_at, version, detail, body";
    private static final String INSERT_ITEM =
            "INSERT INTO item (" + COLUMNS + ", id) VALUES (" + "?, ".repeat(18) + "?)";
    private static final String UPDATE_ITEM = "UPDATE item SET "
            + List.of(COLUMNS.split(", ", -1)).stream()
                    .map(column -> column + " = ?")
                    .collect(Collectors.joining(", "))
            + " WHERE id = ? AND version IN (?, ?)";
    private static final String HAS_LISTS = "SELECT CASE WHEN EXISTS (SELECT 1 FROM item_assignee WHERE item = ?)"
            + " OR EXISTS (SELECT 1 FROM item_label WHERE item = ?)"
            + " OR EXISTS (SELECT 1 FROM item_field WHERE item = ?) THEN 1 ELSE 0 END";
    private static final String ADD_EVENT = "INSERT INTO item_event (project, kind, subject, version, field,"
            + " value_before, value_after, actor, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    SqlProjectRows(WriteConnection sql) {
        super(sql);
    }

    private int update(String text, Object... values) {
        try {
            return prepare(text, values).executeUpdate();
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    private static String encode(String text) {
        return String.valueOf(StoredText.encode(text));
    }

    @Override
    public long nextId(ProjectId project) {
        try {
            return TaskId.of(sql().dialect().takeNumber(sql(), "plan"), 0, project.shard())
                    .value();
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    @Override
    public long nextNumber(ProjectId project) {
        return list(
                        row -> row.getLong(1),
                        "UPDATE project SET number = number + 1 WHERE name = ? RETURNING number",
                        project.name())
                .get(0);
    }

    @Override
    public void save(Project project) {
        long version = project.revision().version();
        if (version == 1) {
            insert(project);
            return;
        }
        int changed = update(
                "UPDATE project SET version = ?, body = ? WHERE name = ? AND version = ?",
                version,
                encode(ProjectCodec.write(project)),
                project.id().name(),
                version - 1);
        requireChanged(changed, "project " + project.id(), version);
        sql().changed(ChangeTopic.PROJECT, project.id().name());
    }

    @Override
    public void insert(Project project) {
        int added = update(
                "INSERT INTO project (name, prefix, number, version, body) VALUES (?, ?, 0, ?, ?)"
                        + " ON CONFLICT (name) DO NOTHING",
                project.id().name(),
                project.prefix(),
                project.revision().version(),
                encode(ProjectCodec.write(project)));
        if (added != 1) {
            throw new IllegalStateException("project " + project.id() + " is there, expected none");
        }
    }

    @Override
    public void reserveNumbers(ProjectId project, long last) {
        update("UPDATE project SET number = ? WHERE name = ? AND number < ?", last, project.name(), last);
    }

    private static void requireChanged(int changed, String what, long version) {
        if (changed != 1) {
            throw new IllegalStateException(what + " has another version, expected one before " + version);
        }
    }

    @Override
    public void purge(ProjectId project) {
        for (long item : list(row -> row.getLong(1), "SELECT id FROM item WHERE project = ?", project.name())) {
            delete(new ItemId(item));
        }
        for (SubjectKind kind : SubjectKind.values()) {
            if (kind.isPart()) {
                update("DELETE FROM " + table(kind) + " WHERE project = ?", project.name());
            }
        }
        update("DELETE FROM project WHERE name = ?", project.name());
        sql().changed(ChangeTopic.PROJECT, project.name());
        forgetContents();
    }

    private void changed(ProjectId project, long item) {
        sql().changed(ChangeTopic.ITEM, project.name() + "/" + item);
    }

    /** Contents that no attachment has any more. */
    private void forgetContents() {
        Set<String> used = list(
                        row -> ProjectPartCodec.attachment(new PartRow(
                                SubjectKind.ATTACHMENT,
                                row.getLong("id"),
                                new ProjectId(row.getString("project")),
                                row.getLong("owner"),
                                row.getLong("version"),
                                text(row, "body"))),
                        "SELECT id, project, owner, version, body FROM attachment")
                .stream()
                .map(Attachment::sha256)
                .collect(Collectors.toSet());
        for (String hash : list(row -> row.getString(1), "SELECT sha256 FROM blob")) {
            if (!used.contains(hash)) {
                update("DELETE FROM blob WHERE sha256 = ?", hash);
            }
        }
    }

    @Override
    public void save(Item item, Set<String> words) {
        long id = item.id().value();
        write(item);
        // Most items have none of them, and one question is less than three answers.
        if (list(row -> row.getInt(1), HAS_LISTS, id, id, id).get(0) == 1) {
            update("DELETE FROM item_assignee WHERE item = ?", id);
            update("DELETE FROM item_label WHERE item = ?", id);
            update("DELETE FROM item_field WHERE item = ?", id);
        }
        saveValues(item, words);
    }

    @Override
    public void insert(Item item, Set<String> words) {
        if (!list(
                        row -> 1,
                        "SELECT 1 FROM item WHERE id = ? OR (project = ? AND number = ?)",
                        item.id().value(),
                        item.project().name(),
                        item.key().number())
                .isEmpty()) {
            throw new IllegalStateException("item " + item.key() + " is there, expected none");
        }
        try {
            PreparedStatement statement = sql().prepare(INSERT_ITEM);
            bind(statement, item);
            statement.executeUpdate();
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
        saveValues(item, words);
    }

    private void saveValues(Item item, Set<String> words) {
        long id = item.id().value();
        for (Actor actor : item.draft().assignees()) {
            update("INSERT INTO item_assignee (item, actor) VALUES (?, ?)", id, encode(actor.toString()));
        }
        for (PartId label : item.draft().labels()) {
            update("INSERT INTO item_label (item, label) VALUES (?, ?)", id, label.value());
        }
        item.draft()
                .fields()
                .forEach((field, value) -> update(
                        "INSERT INTO item_field (item, field, value) VALUES (?, ?, ?)",
                        id,
                        field.value(),
                        encode(value)));
        saveWords(id, words);
    }

    private void saveWords(long item, Set<String> words) {
        try {
            sql().dialect().saveWords(sql(), item, words);
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    private void write(Item item) {
        try {
            boolean isNew = item.revision().version() == 1
                    && list(
                                    row -> 1,
                                    "SELECT 1 FROM item WHERE id = ?",
                                    item.id().value())
                            .isEmpty();
            PreparedStatement statement = sql().prepare(isNew ? INSERT_ITEM : UPDATE_ITEM);
            bind(statement, item);
            if (!isNew) {
                long version = item.revision().version();
                statement.setLong(20, version);
                statement.setLong(21, version - 1);
            }
            requireChanged(
                    statement.executeUpdate(),
                    "item " + item.key(),
                    item.revision().version());
            changed(item.project(), item.id().value());
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    private static void bind(PreparedStatement statement, Item item) throws SQLException {
        ItemDraft draft = item.draft();
        ItemWeight weight = draft.weight();
        ItemPlan plan = draft.plan();
        statement.setString(1, item.project().name());
        statement.setLong(2, item.key().number());
        statement.setString(3, draft.kind().name());
        statement.setLong(4, item.place().column().value());
        statement.setString(5, item.place().position().text());
        statement.setInt(6, weight.priority());
        statement.setString(7, name(weight.severity()));
        statement.setString(8, name(weight.size()));
        statement.setString(9, encode(item.revision().createdBy().toString()));
        Columns.setLong(statement, 10, plan.parent().map(ItemId::value).orElse(null));
        Columns.setLong(statement, 11, plan.milestone().map(MilestoneId::value).orElse(null));
        statement.setString(12, name(draft.work().block().map(each -> each.reason())));
        statement.setLong(13, ItemCodec.due(item));
        statement.setLong(14, Micros.of(item.revision().createdAt()));
        statement.setLong(15, Micros.of(item.revision().updatedAt()));
        statement.setLong(16, item.revision().version());
        statement.setString(17, encode(ItemCodec.write(item)));
        statement.setString(18, encode(draft.body()));
        statement.setLong(19, item.id().value());
    }

    private static @Nullable String name(Optional<? extends Enum<?>> constant) {
        return constant.map(Enum::name).orElse(null);
    }

    @Override
    public void place(Item item) {
        update(
                "UPDATE item SET column_id = ?, position = ?, detail = ? WHERE id = ?",
                item.place().column().value(),
                item.place().position().text(),
                encode(ItemCodec.write(item)),
                item.id().value());
        changed(item.project(), item.id().value());
    }

    @Override
    public void delete(ItemId item) {
        long id = item.value();
        for (String statement : List.of(
                "DELETE FROM item WHERE id = ?",
                "DELETE FROM item_assignee WHERE item = ?",
                "DELETE FROM item_label WHERE item = ?",
                "DELETE FROM item_field WHERE item = ?",
                "DELETE FROM item_link WHERE from_id = ?",
                "DELETE FROM item_link WHERE to_id = ?",
                "DELETE FROM item_task WHERE item = ?",
                "DELETE FROM comment WHERE owner = ?",
                "DELETE FROM attachment WHERE owner = ?")) {
            update(statement, id);
        }
        saveWords(id, Set.of());
    }

    @Override
    public void save(PartRow part) {
        update(
                "INSERT INTO " + table(part.kind()) + " (id, project, owner, version, body) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET project = excluded.project, version = excluded.version, body = excluded.body",
                part.id(),
                part.project().name(),
                part.owner(),
                part.version(),
                encode(part.body()));
        if (part.kind() == SubjectKind.COMMENT || part.kind() == SubjectKind.ATTACHMENT) {
            changed(part.project(), part.owner());
        } else {
            sql().changed(ChangeTopic.PROJECT, part.project().name());
        }
    }

    @Override
    public void delete(SubjectKind kind, long id) {
        update("DELETE FROM " + table(kind) + " WHERE id = ?", id);
    }

    @Override
    public void forget(SubjectKind kind, long id) {
        String found = switch (kind) {
            case LABEL -> "SELECT item FROM item_label WHERE label = ?";
            case FIELD -> "SELECT item FROM item_field WHERE field = ?";
            case MILESTONE -> "SELECT id FROM item WHERE milestone = ?";
            case PROJECT, ITEM, COLUMN, VIEW, COMMENT, ATTACHMENT, SLIP ->
                throw new IllegalArgumentException("kind is " + kind + ", expected LABEL, FIELD or MILESTONE");
        };
        for (long item : list(row -> row.getLong(1), found, id)) {
            item(new ItemId(item))
                    .ifPresent(each -> write(each.with(without(each.draft(), kind, id), each.revision())));
        }
        if (kind == SubjectKind.LABEL) {
            update("DELETE FROM item_label WHERE label = ?", id);
        } else if (kind == SubjectKind.FIELD) {
            update("DELETE FROM item_field WHERE field = ?", id);
        }
    }

    private static ItemDraft without(ItemDraft draft, SubjectKind kind, long id) {
        if (kind == SubjectKind.LABEL) {
            return draft.withLabels(
                    draft.labels().stream().filter(each -> each.value() != id).collect(Collectors.toSet()));
        }
        if (kind == SubjectKind.FIELD) {
            Map<PartId, String> kept = new HashMap<>(draft.fields());
            kept.remove(new PartId(id));
            return draft.withFields(kept);
        }
        return draft.withPlan(new ItemPlan(
                draft.plan().parent(), Optional.empty(), draft.plan().due()));
    }

    @Override
    public boolean add(ItemLink link) {
        return update(
                        "INSERT INTO item_link (from_id, kind, to_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                        link.from().value(),
                        link.kind().name(),
                        link.to().value())
                > 0;
    }

    @Override
    public boolean remove(ItemLink link) {
        return update(
                        "DELETE FROM item_link WHERE from_id = ? AND kind = ? AND to_id = ?",
                        link.from().value(),
                        link.kind().name(),
                        link.to().value())
                > 0;
    }

    @Override
    public void append(List<PlanEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        try {
            PreparedStatement add = sql().prepare(ADD_EVENT);
            for (PlanEvent event : events) {
                add.setString(1, event.project().name());
                add.setString(2, event.kind().name());
                add.setLong(3, event.subject());
                add.setLong(4, event.version());
                add.setString(5, event.field());
                add.setString(6, encode(event.before()));
                add.setString(7, encode(event.after()));
                add.setString(8, encode(event.by().toString()));
                add.setLong(9, Micros.of(event.at()));
                add.addBatch();
                if (event.kind() == SubjectKind.ITEM) {
                    changed(event.project(), event.subject());
                } else {
                    sql().changed(ChangeTopic.PROJECT, event.project().name());
                }
            }
            add.executeBatch();
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    @Override
    public boolean addTask(ItemId item, TaskId task) {
        item(item).ifPresent(each -> changed(each.project(), item.value()));
        return update(
                        "INSERT INTO item_task (task_id, item) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        task.value(),
                        item.value())
                > 0;
    }

    @Override
    public void addContent(String sha256, byte[] content) {
        update("INSERT INTO blob (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING", sha256, content);
    }
}
