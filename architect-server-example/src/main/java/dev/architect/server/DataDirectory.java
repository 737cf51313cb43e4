package dev.architect.server;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.Store;
import dev.architect.store.sqlite.SqliteStore;
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
public record DataDirectory(Path path) {

    /** The directory unless somebody names another one: below the current one. */
    public static final Path DEFAULT = Path.of(".architect");

    private static final String DATABASE = "architect.db";

    /** Makes the path absolute, so that messages tell where it is. */
    public DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** The database file in it. */
    public Path database() {
        return path.resolve(DATABASE);
    }

    /**
     * Opens the store, and creates it and the directory when they are missing.
     *
     * @throws StoreException when nothing can be kept there, or the database cannot be used
     */
    public Store open() {
        return SqliteStore.at(prepare().database());
    }

    /**
     * Creates the directory when it is missing.
     *
     * @throws StoreException when nothing can be kept there
     */
    public DataDirectory prepare() {
        create();
        if (!Files.isWritable(path)) {
            throw new StoreException(
                    Kind.INACCESSIBLE,
                    "data directory " + path + " cannot be written, expected write permission",
                    null);
        }
        return this;
    }

    private void create() {
        try {
            boolean isPosix =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] attributes = isPosix
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];
            Files.createDirectories(path, attributes);
        } catch (FileAlreadyExistsException inTheWay) {
            throw new StoreException(
                    Kind.INACCESSIBLE, "data directory " + path + " is a file, expected a directory", inTheWay);
        } catch (IOException failure) {
            throw new StoreException(
                    Kind.INACCESSIBLE,
                    "data directory " + path + " cannot be created: "
                            + failure.getClass().getSimpleName(),
                    failure);
        }
    }
}
