package dev.architect.store.jdbi.project;

import dev.architect.project.Actor;
import dev.architect.project.Project;
import dev.architect.project.ProjectId;
import dev.architect.project.item.Item;
import dev.architect.project.item.ItemId;
import dev.architect.project.item.ItemKey;
import dev.architect.project.item.ItemLink;
import dev.architect.project.item.LinkKind;
import dev.architect.project.store.ItemCodec;
import dev.architect.project.store.ItemQuery;
import dev.architect.project.store.PartRow;
import dev.architect.project.store.PlanEvent;
import dev.architect.project.store.ProjectCodec;
import dev.architect.project.store.ProjectReads;
import dev.architect.project.store.SubjectKind;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.StoredText;
import dev.architect.store.jdbi.WriteConnection;
import dev.architect.task.TaskId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads projects on one connection. Used by one thread at a time. */
class SqlProjectReads implements ProjectReads {

    private static final int MOST_TASKS = 1_000;
    private static final String EVENTS = "SELECT sequence, project, kind, subject, version, field, value_before,"
            + " value_after, actor, at FROM item_event WHERE project = ? AND ";

    private final WriteConnection sql;

    /** A statement has failed; callbacks cannot throw what it was. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SQLException cause;

        Failed(SQLException cause) {
            super(cause.getMessage(), cause, false, false);
            this.cause = cause;
        }

        SQLException cause() {
            return cause;
        }
    }

    /** Makes something of a row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    SqlProjectReads(WriteConnection sql) {
        this.sql = sql;
    }

    final WriteConnection sql() {
        return sql;
    }

    /** Runs a statement whose text is one of few. */
    final PreparedStatement prepare(String text, Object... values) throws SQLException {
        PreparedStatement statement = sql.prepare(text);
        bind(statement, List.of(values));
        return statement;
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    final <T> List<T> list(RowReader<T> reader, String text, Object... values) {
        try (ResultSet row = prepare(text, values).executeQuery()) {
            List<T> all = new ArrayList<>();
            while (row.next()) {
                all.add(reader.read(row));
            }
            return all;
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    /** The same for a statement that is made for one query: it does not stay open. */
    private <T> List<T> listOnce(RowReader<T> reader, String text, List<Object> values) {
        try (PreparedStatement statement = sql.connection().prepareStatement(text)) {
            bind(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (row.next()) {
                    all.add(reader.read(row));
                }
                return all;
            }
        } catch (SQLException failure) {
            throw new Failed(failure);
        }
    }

    private static <T> Optional<T> first(List<T> list) {
        return list.stream().findFirst();
    }

    private static Project project(ResultSet row) throws SQLException {
        return ProjectCodec.read(text(row, "body"));
    }

    static String text(ResultSet row, String column) throws SQLException {
        return String.valueOf(StoredText.read(row, column));
    }

    @Override
    public Optional<Project> project(ProjectId id) {
        return first(list(SqlProjectReads::project, "SELECT body FROM project WHERE name = ?", id.name()));
    }

    @Override
    public Optional<Project> projectOf(String prefix) {
        return first(list(SqlProjectReads::project, "SELECT body FROM project WHERE prefix = ?", prefix));
    }

    @Override
    public List<Project> projects(Optional<ProjectId> after, int limit) {
        // No name is empty, so all are after the empty one.
        return list(
                SqlProjectReads::project,
                "SELECT body FROM project WHERE name > ? ORDER BY name LIMIT ?",
                after.map(ProjectId::name).orElse(""),
                limit);
    }

    private static Item whole(ResultSet row) throws SQLException {
        return ItemCodec.read(text(row, "detail"), text(row, "body"));
    }

    private static Item card(ResultSet row) throws SQLException {
        return ItemCodec.read(text(row, "detail"), "");
    }

    @Override
    public Optional<Item> item(ItemId id) {
        return first(list(SqlProjectReads::whole, "SELECT detail, body FROM item WHERE id = ?", id.value()));
    }

    @Override
    public Optional<Item> item(ItemKey key) {
        return first(list(
                        SqlProjectReads::whole,
                        "SELECT i.detail, i.body FROM project p JOIN item i ON i.project = p.name AND i.number = ?"
                                + " WHERE p.prefix = ?",
                        key.number(),
                        key.prefix()))
                .or(() -> moved(key));
    }

    /** The item that had a key before it was moved to another project; the event of that is in the index of deletions. */
    private Optional<Item> moved(ItemKey key) {
        return first(list(
                SqlProjectReads::whole,
                "SELECT i.detail, i.body FROM project p JOIN item_event e ON e.project = p.name"
                        + " JOIN item i ON i.id = e.subject WHERE p.prefix = ? AND e.kind = 'ITEM'"
                        + " AND e.field = 'deleted' AND e.value_before = ? AND e.value_after <> ''",
                key.prefix(),
                String.valueOf(StoredText.encode(key.toString()))));
    }

    @Override
    public List<Item> items(ItemQuery query) {
        ItemSql statement = new ItemSql(query, sql.dialect());
        return listOnce(SqlProjectReads::card, statement.page(), statement.values());
    }

    @Override
    public long count(ItemQuery query, long most) {
        ItemSql statement = new ItemSql(query, sql.dialect());
        String text = statement.count();
        List<Object> values = new ArrayList<>(statement.values());
        values.add(most);
        return listOnce(row -> row.getLong(1), text, values).get(0);
    }

    @Override
    public Map<Long, Long> countByColumn(ProjectId project) {
        Map<Long, Long> counts = new TreeMap<>();
        list(
                row -> counts.put(row.getLong(1), row.getLong(2)),
                "SELECT column_id, count(*) FROM item WHERE project = ? GROUP BY column_id",
                project.name());
        return counts;
    }

    /** A condition on some ids; they are numbers, so they stand in the text. */
    private static String oneOf(String column, Collection<ItemId> ids) {
        return column + " IN ("
                + String.join(
                        ", ", ids.stream().map(id -> String.valueOf(id.value())).toList()) + ")";
    }

    @Override
    public List<ItemId> children(Collection<ItemId> parents) {
        return parents.isEmpty()
                ? List.of()
                : listOnce(
                        row -> new ItemId(row.getLong(1)),
                        "SELECT id FROM item WHERE " + oneOf("parent", parents) + " ORDER BY id",
                        List.of());
    }

    static String table(SubjectKind kind) {
        return switch (kind) {
            case COLUMN -> "board_column";
            case LABEL -> "label";
            case FIELD -> "custom_field";
            case VIEW -> "saved_view";
            case COMMENT -> "comment";
            case ATTACHMENT -> "attachment";
            case MILESTONE -> "milestone";
            case SLIP -> "milestone_slip";
            case PROJECT, ITEM -> throw new IllegalArgumentException("kind is " + kind + ", expected that of a part");
        };
    }

    private static RowReader<PartRow> part(SubjectKind kind) {
        return row -> new PartRow(
                kind,
                row.getLong("id"),
                new ProjectId(row.getString("project")),
                row.getLong("owner"),
                row.getLong("version"),
                text(row, "body"));
    }

    @Override
    public Optional<PartRow> part(SubjectKind kind, long id) {
        return first(
                list(part(kind), "SELECT id, project, owner, version, body FROM " + table(kind) + " WHERE id = ?", id));
    }

    @Override
    public List<PartRow> parts(SubjectKind kind, ProjectId project, long owner, long after, int limit) {
        return list(
                part(kind),
                "SELECT id, project, owner, version, body FROM " + table(kind)
                        + " WHERE project = ? AND owner = ? AND id > ? ORDER BY id LIMIT ?",
                project.name(),
                owner,
                after,
                limit);
    }

    private static ItemLink link(ResultSet row) throws SQLException {
        return new ItemLink(
                new ItemId(row.getLong("from_id")),
                new ItemId(row.getLong("to_id")),
                LinkKind.valueOf(row.getString("kind")));
    }

    @Override
    public List<ItemLink> links(ItemId item) {
        List<ItemLink> links = new ArrayList<>(list(
                SqlProjectReads::link,
                "SELECT from_id, kind, to_id FROM item_link WHERE from_id = ? OR to_id = ?",
                item.value(),
                item.value()));
        links.sort(Comparator.comparing(ItemLink::kind)
                .thenComparing(ItemLink::from)
                .thenComparing(ItemLink::to));
        return links;
    }

    @Override
    public List<ItemLink> waiting(Collection<ItemId> items) {
        return items.isEmpty()
                ? List.of()
                : listOnce(
                        SqlProjectReads::link,
                        "SELECT from_id, kind, to_id FROM item_link WHERE kind = 'BLOCKS' AND "
                                + oneOf("from_id", items)
                                + " UNION ALL SELECT id, 'PARENT', parent FROM item WHERE parent IS NOT NULL AND "
                                + oneOf("id", items),
                        List.of());
    }

    private static PlanEvent event(ResultSet row) throws SQLException {
        return new PlanEvent(
                row.getLong("sequence"),
                new ProjectId(row.getString("project")),
                SubjectKind.valueOf(row.getString("kind")),
                row.getLong("subject"),
                row.getLong("version"),
                row.getString("field"),
                text(row, "value_before"),
                text(row, "value_after"),
                Actor.parse(text(row, "actor")),
                Micros.instant(row.getLong("at")));
    }

    @Override
    public List<PlanEvent> events(ProjectId project, SubjectKind kind, long subject, long before, int limit) {
        return list(
                SqlProjectReads::event,
                EVENTS + "kind = ? AND subject = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
                project.name(),
                kind.name(),
                subject,
                before,
                limit);
    }

    @Override
    public List<PlanEvent> events(ProjectId project, long after, int limit) {
        return list(
                SqlProjectReads::event,
                EVENTS + "sequence > ? ORDER BY sequence LIMIT ?",
                project.name(),
                after,
                limit);
    }

    @Override
    public long lastNumber(ProjectId project) {
        return first(list(row -> row.getLong(1), "SELECT number FROM project WHERE name = ?", project.name()))
                .orElse(0L);
    }

    @Override
    public List<PlanEvent> itemEvents(ProjectId project, String field, long after, int limit) {
        return list(
                SqlProjectReads::event,
                EVENTS + "kind = 'ITEM' AND field IN ('stage', 'milestone', 'deleted') AND field = ? AND sequence > ?"
                        + " ORDER BY sequence LIMIT ?",
                project.name(),
                field,
                after,
                limit);
    }

    @Override
    public Set<String> changedSince(ProjectId project, SubjectKind kind, long subject, long version) {
        return new LinkedHashSet<>(list(
                row -> row.getString(1),
                "SELECT DISTINCT field FROM item_event WHERE project = ? AND kind = ? AND subject = ? AND version > ?",
                project.name(),
                kind.name(),
                subject,
                version));
    }

    @Override
    public List<TaskId> tasks(ItemId item) {
        return list(
                row -> new TaskId(row.getLong(1)),
                "SELECT task_id FROM item_task WHERE item = ? ORDER BY task_id LIMIT " + MOST_TASKS,
                item.value());
    }

    @Override
    public Optional<ItemId> itemOf(TaskId task) {
        return first(
                list(row -> new ItemId(row.getLong(1)), "SELECT item FROM item_task WHERE task_id = ?", task.value()));
    }

    @Override
    public Optional<byte[]> content(String sha256) {
        return first(list(row -> row.getBytes(1), "SELECT content FROM blob WHERE sha256 = ?", sha256));
    }
}
