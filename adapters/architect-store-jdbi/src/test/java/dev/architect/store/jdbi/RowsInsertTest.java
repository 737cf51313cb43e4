package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsInsertTest {

    private static final RowsInsert INSERT = new RowsInsert("pair (id, half)", 2);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 1_000})
    void insertsEachRowOnceInItsOrder(int rows) throws Exception {
        List<Long> numbers = LongStream.rangeClosed(1, rows).boxed().toList();
        List<Long> stored = new ArrayList<>();

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                WriteConnection sql = new WriteConnection(connection, SqlDialect.SQLITE)) {
            statement.execute("CREATE TABLE pair (place INTEGER PRIMARY KEY, id INTEGER, half INTEGER)");

            INSERT.insert(sql, numbers, (insert, first, number) -> {
                insert.setLong(first, number);
                insert.setLong(first + 1, number / 2);
            });

            try (ResultSet row = statement.executeQuery("SELECT id, half FROM pair ORDER BY place")) {
                while (row.next()) {
                    assertThat(row.getLong(2)).isEqualTo(row.getLong(1) / 2);
                    stored.add(row.getLong(1));
                }
            }
        }

        assertThat(stored).isEqualTo(numbers);
    }
}
