package dev.architect.planner.transfer;

import dev.architect.json.JsonText;
import dev.architect.planner.check.ArgumentCheck;
import dev.architect.project.transfer.ImportException;
import dev.architect.project.transfer.ImportFinding;
import dev.architect.project.transfer.ProjectArchive;
import dev.architect.project.transfer.SourceFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file of an archive: a zip of a file of JSON lines for each table, the contents of attachments by their SHA-256, and {@code manifest.json} with the
 * version of the format, the number of lines and the SHA-256 of each entry. Equal archives give equal files.
 */
public final class ArchiveFile {

    /** The version of the format that is written, and the only one that is read. */
    public static final int VERSION = 1;

    private static final String FORMAT = "architect-project";
    private static final String MANIFEST = "manifest.json";
    private static final String LINES = ".jsonl";
    private static final String CONTENTS = "contents/";
    /** Entries have no time of their own; this is the first one that a zip can say. */
    private static final long NO_TIME = 315_532_800_000L;

    private ArchiveFile() {}

    /**
     * Writes an archive.
     *
     * @throws IOException when the stream does
     */
    public static void write(ProjectArchive archive, OutputStream out) throws IOException {
        ArgumentCheck.notNull("archive", archive);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        Map<String, Object> counts = new LinkedHashMap<>();
        archive.tables().forEach((table, lines) -> {
            String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
            entries.put(table + LINES, text.getBytes(StandardCharsets.UTF_8));
            counts.put(table, lines.size());
        });
        archive.contents().forEach((hash, content) -> entries.put(CONTENTS + hash, content.copy()));
        Map<String, Object> hashes = new TreeMap<>();
        entries.forEach((name, content) -> hashes.put(name, hash(content)));
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format", FORMAT);
        manifest.put("version", VERSION);
        manifest.put("counts", counts);
        manifest.put("sha256", hashes);
        manifest.put(
                "notHeld",
                archive.findings().stream().map(ImportFinding::toString).toList());
        ZipOutputStream zip = new ZipOutputStream(ArgumentCheck.notNull("out", out), StandardCharsets.UTF_8);
        put(zip, MANIFEST, (JsonText.write(manifest) + "\n").getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            put(zip, entry.getKey(), entry.getValue());
        }
        zip.finish();
    }

    /** Writes an archive into memory. */
    public static byte[] write(ProjectArchive archive) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(archive, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory takes every byte", impossible);
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.ofEpochSecond(NO_TIME / 1_000, 0, ZoneOffset.UTC));
        // What repeats itself too well would look like a bomb to whoever reads it.
        if (name.startsWith(CONTENTS) || packed(content) * ZipEntries.MOST_RATIO < content.length) {
            CRC32 checksum = new CRC32();
            checksum.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static long packed(byte[] content) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(content);
            deflater.finish();
            byte[] buffer = new byte[8_192];
            while (!deflater.finished()) {
                deflater.deflate(buffer);
            }
            return deflater.getBytesWritten();
        } finally {
            deflater.end();
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", missing);
        }
    }

    /**
     * Reads an archive; its entries are those that the manifest names, with the hashes that it says.
     *
     * @param maxBytes the most bytes of the file, and of what is packed in it
     * @throws ImportException when it is none, of another version, or broken
     */
    public static ProjectArchive read(byte[] file, long maxBytes) {
        if (!ZipEntries.isZip(ArgumentCheck.notNull("file", file))) {
            throw new ImportException("", "", "no zip", "the archive of a project");
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (ZipEntries.Packed each : ZipEntries.read(file, maxBytes)) {
            if (entries.put(each.name(), each.content()) != null) {
                throw new ImportException(each.name(), "", "there twice", "one entry of that name");
            }
        }
        byte[] manifest = entries.remove(MANIFEST);
        if (manifest == null) {
            throw new ImportException("", "entries", String.valueOf(entries.keySet()), "one that is " + MANIFEST);
        }
        check(parsed(manifest), entries);
        Map<String, List<String>> tables = new LinkedHashMap<>();
        Map<String, SourceFile.Bytes> contents = new LinkedHashMap<>();
        for (String table : ProjectArchive.TABLES) {
            byte[] lines = entries.remove(table + LINES);
            if (lines == null) {
                throw new ImportException("", "entries", "without " + table + LINES, "every table");
            }
            String text = SourceText.of(table + LINES, lines);
            String plain = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
            tables.put(table, plain.isEmpty() ? new ArrayList<>() : List.of(plain.split("\n", -1)));
        }
        entries.forEach((name, content) -> {
            if (!name.startsWith(CONTENTS)) {
                throw new ImportException(name, "", "no part of an archive", "a table or a content");
            }
            contents.put(name.substring(CONTENTS.length()), new SourceFile.Bytes(content));
        });
        return new ProjectArchive(tables, new TreeMap<>(contents), List.of());
    }

    private static SourceNode parsed(byte[] manifest) {
        try {
            return SourceNode.of(MANIFEST, SourceNode.parse(manifest).map());
        } catch (ImportException wrong) {
            throw new ImportException(MANIFEST, wrong.field(), wrong.seen(), wrong.expected());
        }
    }

    private static void check(SourceNode manifest, Map<String, byte[]> entries) {
        if (!manifest.required("format").equals(FORMAT)) {
            throw new ImportException(MANIFEST, "format", "'" + manifest.required("format") + "'", FORMAT);
        }
        long version = manifest.needed("version").whole();
        if (version != VERSION) {
            throw new ImportException(
                    MANIFEST, "version", String.valueOf(version), VERSION + ": a newer program reads newer archives");
        }
        SourceNode hashes = manifest.needed("sha256");
        for (String name : hashes.names()) {
            if (!entries.containsKey(name)) {
                throw new ImportException(MANIFEST, "sha256", "'" + name + "', which is not there", "names of entries");
            }
        }
        entries.forEach((name, content) -> {
            String said = hashes.text(name)
                    .orElseThrow(() -> new ImportException(name, "", "not in the manifest", "entries that it names"));
            if (!said.equals(hash(content))) {
                throw new ImportException(name, "sha256", hash(content), said + " as the manifest says");
            }
        });
    }
}
