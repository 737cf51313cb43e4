package dev.architect.store.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One step of the schema: a file of plain SQL that never changes once it was released.
 *
 * @param version its place, from 1
 * @param name what it is about
 * @param sql its statements, each ended by a semicolon at the end of a line
 */
record Migration(int version, String name, String sql) {

    /** Every step, in order. */
    static final List<Migration> ALL =
            List.of(load(1, "tasks"), load(2, "nodes"), load(3, "ledger"), load(4, "activity"));

    private static Migration load(int version, String name) {
        String file = "migration/" + String.format(Locale.ROOT, "%03d", version) + "-" + name + ".sql";
        try (InputStream in = Migration.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("migration file " + file + " is missing, expected it in the jar");
            }
            return new Migration(version, name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException("migration file " + file + " cannot be read", failure);
        }
    }

    /** SHA-256 over the file in hexadecimal, whatever its line endings. */
    String checksum() {
        try {
            // A checkout may change line endings, which must not make an applied step look altered.
            byte[] bytes = sql.replace("\r", "").getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", missing);
        }
    }

    /** The statements in {@code dialect}, without comments. */
    List<String> statements(Dialect dialect) {
        String code = dialect.translate(sql)
                .lines()
                .filter(line -> !line.stripLeading().startsWith("--"))
                .collect(Collectors.joining("\n"));
        // Only at the end of a line, so that a semicolon inside a statement does not cut it.
        return Arrays.stream(code.split(";\\s*(\n|$)"))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
