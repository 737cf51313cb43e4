package dev.architect.store.postgres;

import dev.architect.store.jdbi.ChangeNotes;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Several transactions write at a time, so rows that are to be changed are locked first, and counted apart from each other. */
final class PostgresDialect implements SqlDialect {

    private static final String DEPENDENCIES = "tasks:dependencies";

    @Override
    public String isPicked(String query) {
        // As an array the query runs once. As a subquery after IN, the planner may run it
        // again for each row, and then more rows than its limit are changed.
        return "= ANY (ARRAY(" + query + " FOR UPDATE SKIP LOCKED))";
    }

    @Override
    public String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    public String forShare() {
        return " FOR SHARE";
    }

    @Override
    public String binaryOrder(String column) {
        return column + " COLLATE \"C\"";
    }

    @Override
    public String isId(String column, String parameter) {
        // By an index of their ends.
        return "right(" + column + ", 5) = right(:" + parameter + ", 5) AND " + column + " = :" + parameter;
    }

    @Override
    public String isOneOf(int count) {
        return "= ANY (?)";
    }

    @Override
    public void bindIds(PreparedStatement statement, int first, List<Long> ids) throws SQLException {
        statement.setObject(first, ids.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public String counts() {
        return "task_counted";
    }

    @Override
    public String addCount() {
        return "INSERT INTO task_count_change (lane, state, n) VALUES (?, ?, ?)";
    }

    @Override
    public boolean hasAllPages() {
        return false;
    }

    @Override
    public String resultJoin() {
        return "LEFT JOIN task_attempt r ON r.task_id = t.id AND r.epoch = t.epoch AND t.state IN (10, 11, -11, -12) ";
    }

    @Override
    public boolean hasResultRows() {
        return false;
    }

    @Override
    public String createdIn() {
        return "task_body";
    }

    @Override
    public String andLeaseLasts() {
        return " AND n.lease_until > " + PostgresNodeStore.NOW;
    }

    @Override
    public long takeNumber(WriteConnection sql, String name) throws SQLException {
        PreparedStatement take = sql.prepare("SELECT nextval('" + name + "_number')");
        try (ResultSet row = take.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public long[] takeTaskNumbers(WriteConnection sql, int count, int size) throws SQLException {
        PreparedStatement take = sql.prepare("SELECT nextval('task_number') FROM generate_series(1, ?)");
        take.setInt(1, count);
        long[] starts = new long[count];
        try (ResultSet row = take.executeQuery()) {
            for (int i = 0; row.next(); i++) {
                starts[i] = row.getLong(1);
            }
        }
        return starts;
    }

    /** Programs of earlier versions may read the same rows, and expect every column. */
    @Override
    public String compactCalls() {
        return "compact";
    }

    @Override
    public String compactSums() {
        return "compact";
    }

    @Override
    public String byIndex(String index) {
        return "";
    }

    @Override
    public String hasWords() {
        return "i.id IN (SELECT item FROM item_text WHERE words @@ CAST(? AS tsquery))";
    }

    @Override
    public String wordQuery(List<String> words) {
        return words.stream().map(word -> "'" + word + "':*").collect(Collectors.joining(" & "));
    }

    /** Of the words as they are: the parser of texts knows numbers, addresses and signs, and would make other words of some. */
    @Override
    public void saveWords(WriteConnection sql, long item, Collection<String> words) throws SQLException {
        PreparedStatement save = sql.prepare(
                words.isEmpty()
                        ? "DELETE FROM item_text WHERE item = ?"
                        : "INSERT INTO item_text (item, words) VALUES (?, array_to_tsvector(string_to_array(?, ' ')))"
                                + " ON CONFLICT (item) DO UPDATE SET words = excluded.words"
                                + " WHERE item_text.words IS DISTINCT FROM excluded.words");
        save.setLong(1, item);
        if (!words.isEmpty()) {
            save.setString(2, String.join(" ", words));
        }
        save.executeUpdate();
    }

    /** By rows of their names, since a project that is made has no row of its own yet. */
    @Override
    public void lockProjects(WriteConnection sql, Collection<String> names) throws SQLException {
        PreparedStatement make =
                sql.prepare("INSERT INTO project_lock (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
        PreparedStatement lock = sql.prepare("SELECT name FROM project_lock WHERE name = ? FOR UPDATE");
        for (String name : names) {
            make.setString(1, name);
            make.executeUpdate();
            lock.setString(1, name);
            lock.execute();
        }
    }

    @Override
    public void lockDependencies(WriteConnection sql) throws SQLException {
        // By a row of its own among those of projects, none of which can have this name.
        lockProjects(sql, List.of(DEPENDENCIES));
    }

    @Override
    public void logChanges(WriteConnection sql, List<ChangeNotes.Row> rows) throws SQLException {
        PreparedStatement add = sql.prepare("INSERT INTO change_pending (topic, keys) VALUES (?, ?)");
        for (ChangeNotes.Row row : rows) {
            add.setInt(1, row.topic());
            add.setString(2, row.keys());
            add.addBatch();
        }
        add.executeBatch();
    }
}
