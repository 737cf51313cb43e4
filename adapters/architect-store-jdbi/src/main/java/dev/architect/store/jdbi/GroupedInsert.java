package dev.architect.store.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An insert of rows that often have most of their values in common, as tasks that are submitted together: what they have in common is
 * bound once for each statement, and not once for each row, which costs as much as an index. Rows that are alike are inserted together;
 * the others as {@link RowsInsert} does. Uses numbered parameters ({@code ?1}), which SQLite knows. Immutable.
 */
public final class GroupedInsert {

    private static final int[] SIZES = {64, 8};

    private final int shared;
    private final int own;
    // One for each size; constants, so that the prepared statements are found by them.
    private final List<String> statements = new ArrayList<>();
    private final RowsInsert others;

    /**
     * Makes the statements.
     *
     * @param into names the table and its columns: first those that rows may have in common, then their own, then constants
     * @param shared how many columns rows may have in common, at least one
     * @param own how many columns each row has for itself, at least one
     * @param constants the values of the last columns, each after a comma
     */
    public GroupedInsert(String into, int shared, int own, String constants) {
        this.shared = shared;
        this.own = own;
        for (int size : SIZES) {
            statements.add(IntStream.range(0, size)
                    .mapToObj(row -> row(row, constants))
                    .collect(Collectors.joining(", ", "INSERT INTO " + into + " VALUES ", "")));
        }
        this.others = new RowsInsert(into, shared + own, constants);
    }

    private String row(int row, String constants) {
        IntStream ofOwn = IntStream.rangeClosed(1, own).map(column -> shared + row * own + column);
        return IntStream.concat(IntStream.rangeClosed(1, shared), ofOwn)
                .mapToObj(parameter -> "?" + parameter)
                .collect(Collectors.joining(", ", "(", constants + ")"));
    }

    /**
     * Inserts the rows, in any order.
     *
     * @param common what decides about the columns that a row may have in common with others; compared by {@code equals}
     * @param commonBinder sets these columns, from any of the rows that have them in common
     * @param ownBinder sets the columns that each row has for itself
     */
    public <T, C> void insert(
            WriteConnection sql,
            List<T> rows,
            Function<T, C> common,
            RowsInsert.Binder<T> commonBinder,
            RowsInsert.Binder<T> ownBinder)
            throws SQLException {
        List<T> rest = new ArrayList<>();
        for (List<T> members : groups(rows, common)) {
            int done = 0;
            for (int i = 0; i < SIZES.length; i++) {
                while (members.size() - done >= SIZES[i]) {
                    PreparedStatement statement = sql.prepare(statements.get(i));
                    commonBinder.bind(statement, 1, members.get(0));
                    for (int row = 0; row < SIZES[i]; row++) {
                        ownBinder.bind(statement, shared + row * own + 1, members.get(done + row));
                    }
                    statement.executeUpdate();
                    done += SIZES[i];
                }
            }
            rest.addAll(members.subList(done, members.size()));
        }
        others.insert(sql, rest, (statement, first, row) -> {
            commonBinder.bind(statement, first, row);
            ownBinder.bind(statement, first + shared, row);
        });
    }

    /**
     * Returns the rows in groups, each in the given order.
     *
     * @param common what the rows of a group have in common; compared by {@code equals}
     */
    public static <T, C> Collection<List<T>> groups(List<T> rows, Function<T, C> common) {
        Map<C, List<T>> groups = new LinkedHashMap<>();
        C last = null;
        @Nullable List<T> members = null;
        for (T row : rows) {
            C next = common.apply(row);
            // Usually like the one before it, which is found without a hash of all that it has.
            if (members == null || !next.equals(last)) {
                last = next;
                members = groups.computeIfAbsent(next, first -> new ArrayList<>());
            }
            members.add(row);
        }
        return groups.values();
    }
}
