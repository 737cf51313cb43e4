package dev.architect.store.sqlite;

import dev.architect.project.transfer.ImportException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Reads tables of another program's SQLite file. The file is opened for reading alone, and what its schema would run is not trusted. Blocks for the file;
 * safe for use by several threads.
 */
public final class SqliteTables {

    private SqliteTables() {}

    /**
     * Returns the rows of some tables, each by the names of its columns, without those that are null. Values are numbers, texts and bytes. A table that is
     * not there is left out.
     *
     * @param names the tables, of letters, digits and underscores
     * @param mostRows the most rows of each table
     * @throws ImportException when the file is no database, is broken, or has more rows
     */
    public static Map<String, List<Map<String, Object>>> read(Path file, Set<String> names, int mostRows) {
        if (file == null || names == null) {
            throw new IllegalArgumentException((file == null ? "file" : "names") + " is null, expected a value");
        }
        for (String name : new TreeSet<>(names)) {
            if (!name.matches("[a-z_0-9]{1,60}")) {
                throw new IllegalArgumentException("table is '" + name + "', expected letters, digits, underscores");
            }
        }
        if (!Files.isRegularFile(file)) {
            throw new ImportException("", "file", "'" + file.getFileName() + "'", "a file");
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.READONLY);
        Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();
        try (Connection connection = config.createConnection(
                        "jdbc:sqlite:" + file.toAbsolutePath().toUri());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            Set<String> there = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
                while (rows.next()) {
                    there.add(rows.getString(1));
                }
            }
            for (String name : new TreeSet<>(names)) {
                if (there.contains(name)) {
                    tables.put(name, rows(statement, name, mostRows));
                }
            }
            return tables;
        } catch (SQLException broken) {
            throw new ImportException("", "SQLite file", "broken (" + broken.getMessage() + ")", "a whole database");
        }
    }

    private static List<Map<String, Object>> rows(Statement statement, String table, int mostRows) throws SQLException {
        List<Map<String, Object>> all = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table + " ORDER BY rowid")) {
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                if (all.size() == mostRows) {
                    throw new ImportException(table, "rows", "more than " + mostRows, "at most " + mostRows);
                }
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    Object value = rows.getObject(i);
                    if (value != null) {
                        row.put(columns.getColumnName(i), value);
                    }
                }
                all.add(row);
            }
        }
        return all;
    }
}
