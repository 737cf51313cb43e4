package dev.architect.store.jdbi.task;

import dev.architect.spi.TimeSource;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A table that has a number for each name, so that rows hold the number. A name keeps its number for ever, and what was committed
 * once is remembered here. Safe for use by several threads.
 */
final class NumberedNames {

    /** After so many names the memory begins anew: names may come from outside. */
    private static final int MAX_REMEMBERED = 10_000;

    /** How long a name without a number is not looked up again. */
    private static final long UNKNOWN_FOR = Duration.ofMillis(100).toNanos();

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final String block;
    private final String findNumber;
    private final String findNumbers;
    private final String findName;
    private final String insert;
    private final String putBack;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Map<Long, String> names = new ConcurrentHashMap<>();
    private final Map<String, Long> unknown = new ConcurrentHashMap<>();
    private final TimeSource time = TimeSource.system();

    private NumberedNames(
            TransactionalWrites writes, ReadConnections reads, String table, String column, String block) {
        this.writes = writes;
        this.reads = reads;
        this.block = block;
        this.findNumber = "SELECT id FROM " + table + " WHERE " + column + " = ?";
        this.findNumbers = "SELECT id, " + column + " FROM " + table + " WHERE " + column + " IN ";
        this.findName = "SELECT " + column + " FROM " + table + " WHERE id = ?";
        this.insert =
                "INSERT INTO " + table + " (id, " + column + ") VALUES (?, ?) ON CONFLICT (" + column + ") DO NOTHING";
        this.putBack = "INSERT INTO " + table + " (id, " + column + ") VALUES (?, ?) ON CONFLICT DO NOTHING";
    }

    /** The task types within lanes. */
    static NumberedNames lanes(TransactionalWrites writes, ReadConnections reads) {
        return new NumberedNames(writes, reads, "lane", "type", "lane");
    }

    /** The projects of tasks. */
    static NumberedNames projects(TransactionalWrites writes, ReadConnections reads) {
        return new NumberedNames(writes, reads, "task_project", "name", "project");
    }

    /** Returns the number of each name, and gives one to those that have none, in a transaction of its own. Blocks. */
    Map<String, Long> numbersOf(Collection<String> wanted) {
        Map<String, Long> found = new HashMap<>();
        TreeSet<String> missing = new TreeSet<>();
        for (String name : wanted) {
            Long number = numbers.get(name);
            if (number == null) {
                missing.add(name);
            } else {
                found.put(name, number);
            }
        }
        if (!missing.isEmpty()) {
            Map<String, Long> given = writes.write(sql -> give(sql, missing));
            // Only now, after the commit: another transaction may get a number that was rolled back.
            given.forEach(this::remember);
            found.putAll(given);
        }
        return found;
    }

    /** Does the same in a transaction of the caller, which may be rolled back. */
    Map<String, Long> numbersOf(WriteConnection sql, Collection<String> wanted) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        for (String name : wanted) {
            Long number = numbers.get(name);
            if (number != null) {
                found.put(name, number);
            }
        }
        TreeSet<String> missing = new TreeSet<>(wanted);
        missing.removeAll(found.keySet());
        found.putAll(give(sql, missing));
        return found;
    }

    /** Gives each name its number in a transaction of the caller, and remembers nothing. */
    Map<String, Long> give(WriteConnection sql, Collection<String> wanted) throws SQLException {
        Map<String, Long> given = new HashMap<>();
        // In one order in all transactions, which therefore cannot lock each other.
        for (String name : new TreeSet<>(wanted)) {
            Long number = find(sql, name);
            if (number == null) {
                PreparedStatement add = sql.prepare(insert);
                add.setLong(1, sql.dialect().takeNumber(sql, block));
                add.setString(2, name);
                add.executeUpdate();
                // Read again: where several may write at once, another one may have been first.
                number = find(sql, name);
            }
            given.put(name, Objects.requireNonNull(number));
        }
        return given;
    }

    private @Nullable Long find(WriteConnection sql, String name) throws SQLException {
        PreparedStatement find = sql.prepare(findNumber);
        find.setString(1, name);
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** Returns the number of a name, empty when no task has ever had it. Blocks for a name that is not remembered. */
    Optional<Long> numberOf(String name) {
        Long number = numbers.get(name);
        if (number != null) {
            return Optional.of(number);
        }
        Optional<Long> stored = reads.read(handle ->
                handle.createQuery(findNumber).bind(0, name).mapTo(Long.class).findOne());
        stored.ifPresent(read -> remember(name, read));
        return stored;
    }

    /** Returns the numbers of those names that have one now. Blocks for names that are not remembered, which are looked up together. */
    Map<String, Long> numbered(Collection<String> wanted) {
        Map<String, Long> found = new HashMap<>();
        List<String> missing = new ArrayList<>();
        for (String name : wanted) {
            Long number = numbers.get(name);
            if (number == null) {
                missing.add(name);
            } else {
                found.put(name, number);
            }
        }
        for (int from = 0; from < missing.size(); from += WriteConnection.MAX_IDS) {
            List<String> part = missing.subList(from, Math.min(missing.size(), from + WriteConnection.MAX_IDS));
            Map<String, Long> stored = reads.read(handle -> stored(handle, part));
            stored.forEach(this::remember);
            found.putAll(stored);
        }
        return found;
    }

    /** Does the same, but looks up no name again within {@link #UNKNOWN_FOR} that had no number. */
    Map<String, Long> knownOf(Collection<String> wanted) {
        long now = time.nanoTime();
        List<String> looked = new ArrayList<>();
        for (String name : wanted) {
            Long lookedAt = unknown.get(name);
            if (lookedAt == null || now - lookedAt >= UNKNOWN_FOR || numbers.containsKey(name)) {
                looked.add(name);
            }
        }
        Map<String, Long> found = numbered(looked);
        looked.removeAll(found.keySet());
        if (unknown.size() + looked.size() > MAX_REMEMBERED) {
            unknown.clear();
        }
        looked.forEach(name -> unknown.put(name, now));
        return found;
    }

    private Map<String, Long> stored(Handle handle, List<String> wanted) {
        Map<String, Long> stored = new HashMap<>();
        Query select = handle.createQuery(
                findNumbers + "(" + String.join(", ", Collections.nCopies(wanted.size(), "?")) + ")");
        for (int i = 0; i < wanted.size(); i++) {
            select.bind(i, wanted.get(i));
        }
        select.map((row, context) -> Map.entry(row.getString(2), row.getLong(1)))
                .forEach(each -> stored.put(each.getKey(), each.getValue()));
        return stored;
    }

    /** Returns the name of a number that a committed row holds, in a transaction of the caller. */
    String nameOf(WriteConnection sql, long number) throws SQLException {
        String name = names.get(number);
        if (name != null) {
            return name;
        }
        PreparedStatement find = sql.prepare(findName);
        find.setLong(1, number);
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                throw new IllegalArgumentException(block + " " + number + " has no name, expected one");
            }
            String stored = row.getString(1);
            remember(stored, number);
            return stored;
        }
    }

    /**
     * Forgets everything: another server of the database may not have what was committed.
     *
     * @param putsBack whether numbers that are missing there get their names back, in a transaction of the caller; the database must
     *     never give them out again
     */
    void forget(Connection connection, boolean putsBack) throws SQLException {
        if (putsBack && !numbers.isEmpty()) {
            try (PreparedStatement add = connection.prepareStatement(putBack)) {
                for (Map.Entry<String, Long> known : new TreeMap<>(numbers).entrySet()) {
                    add.setLong(1, known.getValue());
                    add.setString(2, known.getKey());
                    add.addBatch();
                }
                add.executeBatch();
            }
        }
        numbers.clear();
        names.clear();
    }

    private void remember(String name, long number) {
        unknown.remove(name);
        if (numbers.size() >= MAX_REMEMBERED) {
            numbers.clear();
            names.clear();
        }
        numbers.put(name, number);
        names.put(number, name);
    }
}
