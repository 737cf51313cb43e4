package dev.architect.runtime;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a server keeps what outlives it. A directory that it creates is for its user only, because prompts and answers are in
 * it.
 *
 * @param path the directory
 */
record DataDirectory(Path path) {

    /** The name of the database file in it. */
    static final String DATABASE = "architect.db";

    DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** Returns the directory, which is there from then on and can be written. */
    Path create() {
        Path directory = createDirectories();
        if (!Files.isWritable(directory)) {
            throw new StoreException(Kind.INACCESSIBLE, "data directory " + path + " cannot be written", null);
        }
        return directory;
    }

    private Path createDirectories() {
        try {
            boolean isPosix =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] attributes = isPosix
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];
            // With its permissions from the start, so that there is no moment in which others can read it.
            return Files.createDirectories(path, attributes);
        } catch (FileAlreadyExistsException inTheWay) {
            throw new StoreException(
                    Kind.INACCESSIBLE, "data directory " + path + " is a file, expected a directory", inTheWay);
        } catch (IOException failure) {
            throw new StoreException(
                    Kind.INACCESSIBLE,
                    // Without the message, which is often the path alone.
                    "data directory " + path + " cannot be created, expected a place that this user may write to",
                    failure);
        }
    }
}
