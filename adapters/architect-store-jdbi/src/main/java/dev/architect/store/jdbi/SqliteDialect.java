package dev.architect.store.jdbi;

import dev.architect.change.ChangeStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** SQLite. */
final class SqliteDialect implements SqlDialect {

    @Override
    public String isPicked(String query) {
        return "IN (" + query + ")";
    }

    @Override
    public String forUpdate() {
        return "";
    }

    @Override
    public String forShare() {
        return "";
    }

    @Override
    public String binaryOrder(String column) {
        return column;
    }

    @Override
    public String isId(String column, String parameter) {
        return "substr(" + column + ", -6) = substr(:" + parameter + ", -6) AND " + column + " = :" + parameter;
    }

    /** A power of two, so that a few prepared statements serve every number of ids. */
    private static int parameters(int count) {
        return Integer.highestOneBit(Math.max(1, count - 1)) * (count > 1 ? 2 : 1);
    }

    @Override
    public String isOneOf(int count) {
        return "IN (" + "?, ".repeat(parameters(count) - 1) + "?)";
    }

    @Override
    public void bindIds(PreparedStatement statement, int first, List<Long> ids) throws SQLException {
        for (int i = 0; i < parameters(ids.size()); i++) {
            // The rest repeats the last id, which changes nothing.
            statement.setLong(first + i, ids.get(Math.min(i, ids.size() - 1)));
        }
    }

    @Override
    public String counts() {
        return "task_count";
    }

    @Override
    public String addCount() {
        return "INSERT INTO task_count (lane, state, n) VALUES (?, ?, ?)"
                + " ON CONFLICT (lane, state) DO UPDATE SET n = task_count.n + excluded.n";
    }

    @Override
    public boolean hasAllPages() {
        return true;
    }

    @Override
    public String resultJoin() {
        return "LEFT JOIN task_result r ON r.id = t.id ";
    }

    @Override
    public boolean hasResultRows() {
        return true;
    }

    @Override
    public String createdIn() {
        return "task";
    }

    @Override
    public String andLeaseLasts() {
        return "";
    }

    @Override
    public long takeNumber(WriteConnection sql, String name) throws SQLException {
        return take(sql, name, 1);
    }

    @Override
    public long[] takeTaskNumbers(WriteConnection sql, int count, int size) throws SQLException {
        long first = take(sql, "task", (long) count * size);
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            starts[i] = first + (long) i * size;
        }
        return starts;
    }

    private static long take(WriteConnection sql, String name, long count) throws SQLException {
        PreparedStatement take = sql.prepare("UPDATE id_block SET next = next + ? WHERE name = ? RETURNING next");
        take.setLong(1, count);
        take.setString(2, name);
        try (ResultSet row = take.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("id_block has no row '" + name + "', expected one");
            }
            // The row already holds the next free number, so the block begins that many before it.
            return row.getLong(1) - count;
        }
    }

    @Override
    public String compactCalls() {
        return "1";
    }

    /** A zero takes no place here. */
    @Override
    public String compactSums() {
        return "0";
    }

    @Override
    public String byIndex(String index) {
        return " INDEXED BY " + index;
    }

    @Override
    public String hasWords() {
        return "i.id IN (SELECT rowid FROM item_text WHERE item_text MATCH ?)";
    }

    @Override
    public String wordQuery(List<String> words) {
        return words.stream().map(word -> '"' + word + "\"*").collect(Collectors.joining(" "));
    }

    @Override
    public void saveWords(WriteConnection sql, long item, Collection<String> words) throws SQLException {
        PreparedStatement delete = sql.prepare("DELETE FROM item_text WHERE rowid = ?");
        delete.setLong(1, item);
        delete.executeUpdate();
        if (!words.isEmpty()) {
            PreparedStatement insert = sql.prepare("INSERT INTO item_text (rowid, words) VALUES (?, ?)");
            insert.setLong(1, item);
            insert.setString(2, String.join(" ", words));
            insert.executeUpdate();
        }
    }

    @Override
    public void lockProjects(WriteConnection sql, Collection<String> names) {
        // One change at a time is made.
    }

    @Override
    public void lockDependencies(WriteConnection sql) {
        // One change at a time is made.
    }

    @Override
    public void logChanges(WriteConnection sql, List<ChangeNotes.Row> rows) throws SQLException {
        PreparedStatement add = sql.prepare("INSERT INTO change_log (topic, keys) VALUES (?, ?)");
        for (ChangeNotes.Row row : rows) {
            add.setInt(1, row.topic());
            add.setString(2, row.keys());
            add.executeUpdate();
        }
        if (sql.changes().isForgettingDue()) {
            PreparedStatement forget =
                    sql.prepare("DELETE FROM change_log WHERE sequence <= (SELECT max(sequence) FROM change_log) - ?");
            forget.setLong(1, ChangeStore.KEPT);
            forget.executeUpdate();
        }
    }
}
