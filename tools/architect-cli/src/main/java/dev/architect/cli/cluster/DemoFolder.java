package dev.architect.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a run: configurations, journals and logs, in a new folder below the temporary one that only this user may read.
 *
 * @param path the folder
 */
record DemoFolder(Path path) {

    static DemoFolder create() throws IOException {
        return new DemoFolder(Files.createTempDirectory("gaia-cluster-"));
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(path.resolve(name), text);
    }

    /** Deletes the folder with all it holds. */
    void delete() {
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
