package dev.architect.store.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * An insert of any number of rows by few statements: each holds as many rows as fit of 64, 8 or 1. What a statement costs
 * besides its rows is several times what a narrow row costs. Immutable.
 */
public final class RowsInsert {

    private static final int[] SIZES = {64, 8, 1};

    private final int columns;
    // One for each size; constants, so that the prepared statements are found by them.
    private final List<String> statements = new ArrayList<>();

    /** {@code into} names the table and its columns, {@code columns} says how many these are. */
    public RowsInsert(String into, int columns) {
        this(into, columns, "");
    }

    /** {@code constants} are the values of the last columns, each after a comma; the {@code columns} before them are bound. */
    RowsInsert(String into, int columns, String constants) {
        this.columns = columns;
        String row = "(" + "?, ".repeat(columns - 1) + "?" + constants + ")";
        for (int size : SIZES) {
            statements.add("INSERT INTO " + into + " VALUES " + (row + ", ").repeat(size - 1) + row);
        }
    }

    /** Sets the columns of one row; its first parameter is {@code first}. */
    public interface Binder<T> {
        void bind(PreparedStatement statement, int first, T row) throws SQLException;
    }

    /** Inserts the rows, in their order. */
    public <T> void insert(WriteConnection sql, List<T> rows, Binder<T> binder) throws SQLException {
        int done = 0;
        for (int i = 0; i < SIZES.length; i++) {
            while (rows.size() - done >= SIZES[i]) {
                PreparedStatement statement = sql.prepare(statements.get(i));
                for (int row = 0; row < SIZES[i]; row++) {
                    binder.bind(statement, row * columns + 1, rows.get(done + row));
                }
                statement.executeUpdate();
                done += SIZES[i];
            }
        }
    }
}
