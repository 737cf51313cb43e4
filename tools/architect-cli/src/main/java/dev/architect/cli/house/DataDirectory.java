package dev.architect.cli.house;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.cli.terminal.FailureText;
import dev.architect.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a server keeps what outlives it.
 *
 * @param path the directory
 */
public record DataDirectory(Path path) {

    /** The directory unless the command line names another one, below the current one. */
    public static final Path DEFAULT = Path.of(".architect");

    private static final String DATABASE = "architect.db";

    /** Makes the path absolute, so that messages tell where it is. */
    public DataDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /** The database file. */
    public Path database() {
        return path.resolve(DATABASE);
    }

    /** Creates the directory if need be, and fails when nothing can be written there. */
    public DataDirectory prepare() throws IOException {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException inTheWay) {
            throw new CommandFailure(path + " is a file, expected a directory", inTheWay);
        } catch (IOException failure) {
            throw new CommandFailure(
                    "the data directory " + path + " cannot be created: " + FailureText.of(failure), failure);
        }
        if (!Files.isWritable(path)) {
            throw new CommandFailure("the data directory " + path + " cannot be written");
        }
        return this;
    }

    /** Opens the store, and creates it when there is none. */
    public SqliteStore open() throws IOException {
        return SqliteStore.at(prepare().database());
    }
}
