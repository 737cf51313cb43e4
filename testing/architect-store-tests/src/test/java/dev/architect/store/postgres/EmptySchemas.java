package dev.architect.store.postgres;

import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Schemas of one database, each for one case at a time. One that a case has done with is emptied and used again: making the tables costs
 * the server more than most cases do. Guarded by itself.
 */
final class EmptySchemas {

    /** Deletes the rows and leaves the numbers that were given; the row that names the store gets another name. */
    private static final String EMPTY = """
            DO $$
            DECLARE kept text;
            BEGIN
                FOR kept IN SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = '%1$s' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                    AND c.relname NOT IN ('architect_migration', 'store_identity', 'ledger_folded', 'access_lock',
                        'audit', 'audit_tail', 'change_era')
                LOOP
                    EXECUTE 'DELETE FROM ' || kept;
                END LOOP;
                UPDATE %1$s.ledger_folded SET until = 0;
                UPDATE %1$s.change_era SET era = era + 1, last = 0;
                TRUNCATE %1$s.audit;
                UPDATE %1$s.audit_tail SET number = 0, hash = repeat('0', 64);
                UPDATE %1$s.store_identity SET id = replace(gen_random_uuid()::text, '-', ''), generation = 1,
                    system_id = 0, timeline = 0;
            END $$""";

    private static final Map<Version, EmptySchemas> BY_VERSION = new ConcurrentHashMap<>();

    private final PostgresDatabase database;
    private final Deque<String> used = new ArrayDeque<>();
    private final List<String> taken = new ArrayList<>();
    private int made;
    // Kept as long as the server: making one costs as much as emptying.
    private @Nullable Connection connection;

    private EmptySchemas(Version version) {
        this.database = PostgresServer.shared(version).createDatabase();
    }

    /** Those of one database on a server of that version. */
    static EmptySchemas of(Version version) {
        return BY_VERSION.computeIfAbsent(version, EmptySchemas::new);
    }

    /** Takes the schemas of a case back after what it does at its end: its stores are closed. */
    static final class Release implements AfterEachCallback {

        @Override
        public void afterEach(ExtensionContext context) {
            BY_VERSION.values().forEach(EmptySchemas::releaseAll);
        }
    }

    PostgresDatabase database() {
        return database;
    }

    /** A schema with nothing in it, or one that does not exist. */
    synchronized String take() {
        String schema = used.poll();
        if (schema == null) {
            schema = "contract_" + ++made;
        } else {
            empty(schema);
        }
        taken.add(schema);
        return schema;
    }

    private synchronized void releaseAll() {
        used.addAll(taken);
        taken.clear();
    }

    private void empty(String schema) {
        try {
            if (connection == null) {
                connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(EMPTY.formatted(schema));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("schema " + schema + " was not emptied, expected an empty one", failure);
        }
    }
}
