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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>Immutable.
 */
final class Migration {

    private static final Pattern READABLE_FROM = Pattern.compile("(?m)^-- readable from: (\\d{1,9})\\s*$");
    private static final Pattern OUTSIDE = Pattern.compile("(?m)^-- outside a transaction\\s*$");

    /** The files never change, and every store that is opened needs them. */
    private static final Map<Dialect, List<Migration>> READ = new ConcurrentHashMap<>();

    private final int version;
    private final String name;
    private final String sql;
    private final int readableFrom;
    private final boolean isOutsideTransaction;
    private final String checksum;

    /**
     * Checks what the comments state.
     *
     * @param version its place, from 1
     * @param name what it is about
     * @param sql its statements, each ended by a semicolon at the end of a line
     */
    Migration(int version, String name, String sql) {
        this.version = version;
        this.name = name;
        this.sql = sql;
        Matcher stated = READABLE_FROM.matcher(sql);
        this.readableFrom = stated.find() ? Integer.parseInt(stated.group(1)) : version;
        this.isOutsideTransaction = OUTSIDE.matcher(sql).find();
        this.checksum = checksum(sql);
        if (readableFrom < 1 || readableFrom > version) {
            throw new IllegalArgumentException(
                    "schema step " + version + " is readable from " + readableFrom + ", expected 1.." + version);
        }
        // It cannot be rolled back, so a failure half-way must leave a database that the earlier programs can use.
        if (readableFrom == version && isOutsideTransaction) {
            throw new IllegalArgumentException("schema step " + version + " is outside a transaction and readable from "
                    + readableFrom + ", expected an earlier step");
        }
    }

    /** Every step for databases of {@code dialect}, in order. */
    static List<Migration> all(Dialect dialect) {
        List<Migration> read = READ.get(dialect);
        if (read == null) {
            read = load(dialect);
            READ.put(dialect, read);
        }
        return read;
    }

    private static List<Migration> load(Dialect dialect) {
        List<Migration> all = new ArrayList<>();
        for (String name : dialect.names()) {
            all.add(load(dialect.folder(), all.size() + 1, name));
        }
        return List.copyOf(all);
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

    /** Its place, from 1. */
    int version() {
        return version;
    }

    /** What it is about. */
    String name() {
        return name;
    }

    /** Its statements, each ended by a semicolon at the end of a line. */
    String sql() {
        return sql;
    }

    /** The newest step that a program must know to read and to write the database after this one. */
    int readableFrom() {
        return readableFrom;
    }

    /** Whether its statements run outside a transaction. */
    boolean isOutsideTransaction() {
        return isOutsideTransaction;
    }

    /** SHA-256 over the file in hexadecimal, whatever its line endings. */
    String checksum() {
        return checksum;
    }

    private static String checksum(String sql) {
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
