package dev.architect.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files that are there in full or not at all. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes what the file will hold. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything; what it throws leaves no file behind. */
        void writeTo(Writer writer) throws IOException;
    }

    /** Writes what the file will hold, byte by byte. */
    @FunctionalInterface
    public interface Bytes {

        /** Writes everything; what it throws leaves no file behind. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file, replacing one of the same name in one step.
     *
     * @throws IOException when the folder is missing or cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        write(file, content, new FileAttribute<?>[0]);
    }

    /** Like {@link #write(Path, Content)}; only the owner may read and write the file, from its first byte on. */
    public static void writePrivate(Path file, Content content) throws IOException {
        write(file, content, ownerOnly());
    }

    /** Like {@link #write(Path, Content)}, for bytes. */
    public static void writeBytes(Path file, Bytes content) throws IOException {
        writeDraft(file, content);
    }

    private static void write(Path file, Content content, FileAttribute<?>... attributes) throws IOException {
        writeDraft(
                file,
                out -> {
                    try (Writer writer =
                            new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8.newEncoder()))) {
                        content.writeTo(writer);
                    }
                },
                attributes);
    }

    private static void writeDraft(Path file, Bytes content, FileAttribute<?>... attributes) throws IOException {
        Path draft = temporaryFileOf(file);
        try {
            // A process that had the same number may have been killed before it could delete its draft.
            Files.deleteIfExists(draft);
            // Created, never opened: nothing that was put under this name meanwhile, such as a link, is written to.
            Files.createFile(draft, attributes);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
                content.writeTo(out);
            }
            try {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException unusualFileSystem) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            // After the move there is nothing left to delete.
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Checks early that a file can be written later.
     *
     * @throws IOException when it cannot
     */
    public static void checkWritable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a directory, expected the name of a file");
        }
        // The folder and not the file counts: writing replaces the file by a new one.
        Path folder = folderOf(file);
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(file.toString());
        }
    }

    private static Path temporaryFileOf(Path file) throws IOException {
        // In the same folder, because a move between file systems is not atomic.
        return folderOf(file)
                .resolve(
                        "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    }

    private static Path folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.exists(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "there is no such directory");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        return folder;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
