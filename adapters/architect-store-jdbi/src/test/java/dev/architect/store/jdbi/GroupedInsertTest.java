package dev.architect.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupedInsertTest {

    private static final GroupedInsert INSERT = new GroupedInsert("item (colour, size, id, name, state)", 2, 2, ", 7");

    private record Item(int id, Common common) {}

    private record Common(String colour, int size) {}

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "7, 1", "8, 1", "64, 1", "65, 1", "1000, 1", "1000, 2", "1000, 3", "1000, 600", "20, 20"
    })
    void insertsEachRowOnceWithItsValues(int rows, int kinds) throws Exception {
        List<Item> items = items(rows, kinds);
        List<Item> stored = new ArrayList<>();

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                WriteConnection sql = new WriteConnection(connection, SqlDialect.SQLITE)) {
            createTable(statement);

            INSERT.insert(sql, items, Item::common, GroupedInsertTest::bindCommon, GroupedInsertTest::bindOwn);

            try (ResultSet row = statement.executeQuery("SELECT * FROM item ORDER BY id")) {
                while (row.next()) {
                    assertThat(row.getString("name")).isEqualTo("item " + row.getInt("id"));
                    assertThat(row.getInt("state")).isEqualTo(7);
                    stored.add(new Item(row.getInt("id"), new Common(row.getString("colour"), row.getInt("size"))));
                }
            }
        }

        assertThat(stored).isEqualTo(items);
    }

    @ParameterizedTest
    @CsvSource({"64, 1, 1", "640, 1, 10", "640, 2, 10", "640, 640, 640"})
    void bindsWhatRowsHaveInCommonOnceAStatement(int rows, int kinds, int expected) throws Exception {
        AtomicInteger bound = new AtomicInteger();

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                WriteConnection sql = new WriteConnection(connection, SqlDialect.SQLITE)) {
            createTable(statement);

            INSERT.insert(
                    sql,
                    items(rows, kinds),
                    Item::common,
                    (insert, first, item) -> {
                        bound.incrementAndGet();
                        bindCommon(insert, first, item);
                    },
                    GroupedInsertTest::bindOwn);
        }

        assertThat(bound).hasValue(expected);
    }

    /** Of so many kinds, one after the other. */
    private static List<Item> items(int rows, int kinds) {
        return IntStream.range(0, rows)
                .mapToObj(id -> new Item(id, new Common("colour " + id % kinds, id % kinds)))
                .toList();
    }

    private static void createTable(Statement statement) throws SQLException {
        statement.execute(
                "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, colour TEXT, size INTEGER, state INTEGER)");
    }

    private static void bindCommon(PreparedStatement insert, int first, Item item) throws SQLException {
        insert.setString(first, item.common().colour());
        insert.setInt(first + 1, item.common().size());
    }

    private static void bindOwn(PreparedStatement insert, int first, Item item) throws SQLException {
        insert.setInt(first, item.id());
        insert.setString(first + 1, "item " + item.id());
    }
}
