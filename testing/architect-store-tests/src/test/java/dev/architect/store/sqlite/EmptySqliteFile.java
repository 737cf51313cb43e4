package dev.architect.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of a store with nothing in it, of which each case gets a copy: making the tables takes longer than most cases do. */
final class EmptySqliteFile {

    private static @Nullable Path made;

    private EmptySqliteFile() {}

    /** Copies it to {@code file} if there is none yet; returns {@code file}. */
    static Path at(Path file) {
        if (!Files.exists(file)) {
            try {
                Files.copy(made(), file);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return file;
    }

    private static synchronized Path made() throws IOException {
        Path own = made;
        if (own == null) {
            Path folder = Files.createTempDirectory("architect-empty");
            folder.toFile().deleteOnExit();
            own = folder.resolve("empty.db");
            SqliteStore.builder(own).open().close();
            own.toFile().deleteOnExit();
            made = own;
        }
        return own;
    }
}
