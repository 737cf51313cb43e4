package dev.architect.project.transfer;

import dev.architect.check.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a store keeps of a project, without the ids of that store: things refer to each other by names within the archive. Two stores
 * that keep the same give equal archives.
 *
 * @param tables JSON objects by table, in the order of {@link #TABLES}; every table is there
 * @param contents the contents of attachments by their SHA-256
 * @param findings what the archive does not hold
 */
public record ProjectArchive(
        Map<String, List<String>> tables, SortedMap<String, SourceFile.Bytes> contents, List<ImportFinding> findings) {

    /** The tables of an archive. */
    public static final List<String> TABLES = List.of(
            "project",
            "columns",
            "labels",
            "fields",
            "views",
            "milestones",
            "slips",
            "items",
            "links",
            "comments",
            "attachments",
            "events");

    /** Copies the collections and checks that every table is there. */
    public ProjectArchive {
        Map<String, List<String>> sorted = new LinkedHashMap<>();
        for (String table : TABLES) {
            List<String> lines = Check.noNulls("tables", tables).get(table);
            sorted.put(table, List.copyOf(Check.noNulls(table, lines)));
        }
        tables = Collections.unmodifiableMap(sorted);
        contents = Collections.unmodifiableSortedMap(new TreeMap<>(Check.noNulls("contents", contents)));
        findings = List.copyOf(Check.noNulls("findings", findings));
    }

    /** Returns the lines of a table. */
    public List<String> lines(String table) {
        List<String> lines = tables.get(Check.notNull("table", table));
        if (lines == null) {
            throw new IllegalArgumentException("table is '" + table + "', expected one of " + TABLES);
        }
        return lines;
    }
}
