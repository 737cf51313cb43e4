package dev.architect.store.jdbi.schema;

import java.util.Map;

/**
 * The parts of SQL in which one database differs from another. A migration writes them as <code>${name}</code>.
 *
 * @param substitutions the text for each name: {@code key} (a 64-bit primary key), {@code long}, {@code int}, {@code short}, {@code text},
 *     {@code sequence} (a primary key that the database counts up), {@code narrow} and {@code clustered} (storage options after
 *     the closing bracket of a table)
 */
public record Dialect(Map<String, String> substitutions) {

    /** SQLite. */
    public static final Dialect SQLITE = new Dialect(Map.of(
            "key", "INTEGER PRIMARY KEY",
            "long", "INTEGER",
            "int", "INTEGER",
            "short", "INTEGER",
            "text", "TEXT",
            "sequence", "INTEGER PRIMARY KEY AUTOINCREMENT",
            "narrow", "",
            "clustered", " WITHOUT ROWID"));

    /** Copies the map. */
    public Dialect {
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
