package dev.architect.store.jdbi.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One step of the schema: a file of plain SQL that never changes once it was released. Two comments in it are read by the program:
 *
 * <ul>
 *   <li>{@code -- readable from: 3} states that programs which know the schema up to step 3 can go on to read and to write the
 *       database after this step. Every released step has it; without it, only programs that know the step itself can.
 *   <li>{@code -- outside a transaction} is for statements that no transaction can hold. What such a step has done stays when it
 *       fails half-way, so each of its statements can be repeated, and the programs before it can go on meanwhile.
 * </ul>
 *
 * @param version its place, from 1
 * @param name what it is about
 * @param sql its statements, each ended by a semicolon at the end of a line
 */
record Migration(int version, String name, String sql) {

    private static final Pattern READABLE_FROM = Pattern.compile("(?m)^-- readable from: (\\d{1,9})\\s*$");
    private static final Pattern OUTSIDE = Pattern.compile("(?m)^-- outside a transaction\\s*$");

    /** Every step for databases of {@code dialect}, in order. */
    static List<Migration> all(Dialect dialect) {
        List<Migration> all = new ArrayList<>();
        for (String name : dialect.names()) {
            all.add(load(dialect.folder(), all.size() + 1, name));
        }
        return List.copyOf(all);
    }

    /** Checks what the comments state. */
    Migration {
        Matcher stated = READABLE_FROM.matcher(sql);
        int from = stated.find() ? Integer.parseInt(stated.group(1)) : version;
        if (from < 1 || from > version) {
            throw new IllegalArgumentException(
                    "schema step " + version + " is readable from " + from + ", expected 1.." + version);
        }
        // It cannot be rolled back, so a failure half-way must leave a database that the earlier programs can use.
        if (from == version && OUTSIDE.matcher(sql).find()) {
            throw new IllegalArgumentException("schema step " + version + " is outside a transaction and readable from "
                    + from + ", expected an earlier step");
        }
    }

    private static Migration load(String folder, int version, String name) {
        String file = folder + String.format(Locale.ROOT, "%03d", version) + "-" + name + ".sql";
        try (InputStream in = Migration.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("migration file " + file + " is missing, expected it in the jar");
            }
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!READABLE_FROM.matcher(sql).find()) {
                throw new IllegalStateException(
                        "migration file " + file + " does not state from which step it is readable, expected it to");
            }
            return new Migration(version, name, sql);
        } catch (IOException failure) {
            throw new UncheckedIOException("migration file " + file + " cannot be read", failure);
        }
    }

    /** The newest step that a program must know to read and to write the database after this one. */
    int readableFrom() {
        Matcher stated = READABLE_FROM.matcher(sql);
        return stated.find() ? Integer.parseInt(stated.group(1)) : version;
    }

    /** Whether its statements run outside a transaction. */
    boolean isOutsideTransaction() {
        return OUTSIDE.matcher(sql).find();
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
