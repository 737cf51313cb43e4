package dev.architect.store.jdbi.schema;

import java.util.List;
import java.util.Map;

/**
 * How the schema of one database differs from that of another: in words, which a migration writes as <code>${name}</code>, and where
 * words are not enough in the files.
 *
 * @param folder where its migrations are, below this package; empty for the package itself
 * @param names of its migrations, in order
 * @param substitutions the text for each name: {@code key} (a 64-bit primary key), {@code long}, {@code int}, {@code short}, {@code text},
 *     {@code sequence} (a primary key that the database counts up), {@code narrow} and {@code clustered} (storage options after
 *     the closing bracket of a table)
 */
public record Dialect(String folder, List<String> names, Map<String, String> substitutions) {

    /** SQLite. */
    public static final Dialect SQLITE = new Dialect(
            "",
            List.of(
                    "tasks",
                    "nodes",
                    "ledger",
                    "activity",
                    "task-operations",
                    "quotas",
                    "records",
                    "cluster",
                    "task-options",
                    "unique-keys",
                    "schedules",
                    "key-limits",
                    "budgets",
                    "ledger-sums",
                    "task-steps",
                    "lanes",
                    "dependencies",
                    "attempt-basis",
                    "ledger-service",
                    "ledger-compact",
                    "reviews",
                    "access",
                    "projects",
                    "changes",
                    "creations",
                    "second-factor",
                    "item-places",
                    "item-order",
                    "passkeys",
                    "lookups",
                    "call-types"),
            Map.of(
                    "key", "INTEGER PRIMARY KEY",
                    "long", "INTEGER",
                    "int", "INTEGER",
                    "short", "INTEGER",
                    "text", "TEXT",
                    "sequence", "INTEGER PRIMARY KEY AUTOINCREMENT",
                    "narrow", "",
                    "clustered", " WITHOUT ROWID"));

    /** PostgreSQL, whose tables are laid out for several writers and for row versions. */
    public static final Dialect POSTGRES = new Dialect(
            "postgres/",
            List.of(
                    "tasks",
                    "nodes",
                    "ledger",
                    "activity",
                    "quotas",
                    "records",
                    "cluster",
                    "task-options",
                    "unique-keys",
                    "schedules",
                    "key-limits",
                    "budgets",
                    "ledger-sums",
                    "task-steps",
                    "lanes",
                    "dependencies",
                    "attempt-basis",
                    "ledger-service",
                    "ledger-minutes",
                    "reviews",
                    "access",
                    "projects",
                    "changes",
                    "creations",
                    "second-factor",
                    "ledger-compact",
                    "item-places",
                    "item-order",
                    "passkeys",
                    "lookups",
                    "call-types"),
            Map.of("key", "bigint PRIMARY KEY", "long", "bigint", "text", "text"));

    /** Copies list and map. */
    public Dialect {
        names = List.copyOf(names);
        substitutions = Map.copyOf(substitutions);
    }

    /** Returns {@code sql} with every name replaced. */
    String translate(String sql) {
        String translated = sql;
        for (Map.Entry<String, String> substitution : substitutions.entrySet()) {
            translated = translated.replace("${" + substitution.getKey() + "}", substitution.getValue());
        }
        int unknown = translated.indexOf("${");
        if (unknown >= 0) {
            throw new IllegalArgumentException(
                    "migration has " + translated.substring(unknown, translated.indexOf('}', unknown) + 1)
                            + ", expected one of " + substitutions.keySet());
        }
        return translated;
    }
}
