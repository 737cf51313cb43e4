package dev.architect.planner.approval.path;

import dev.architect.planner.check.ArgumentCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Looks up symbolic links. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface LinkReader {

    /**
     * Returns where a link leads, absolute or relative to its folder; empty when there is no file of that name, or it is no link.
     * May block for a look at the file system.
     *
     * @param path an absolute path, whose own folders are resolved
     * @throws UncheckedIOException when the link is there and cannot be read
     */
    Optional<String> target(String path);

    /** Returns a reader for a system without links. */
    static LinkReader none() {
        return path -> Optional.empty();
    }

    /** Returns a reader for exactly these links: the target by the absolute path of the link. */
    static LinkReader of(Map<String, String> targets) {
        Map<String, String> copy = Map.copyOf(ArgumentCheck.noNulls("targets", targets));
        return path -> Optional.ofNullable(copy.get(path));
    }

    /** Returns a reader for the links of this machine. */
    static LinkReader ofFileSystem() {
        return text -> {
            Path path = Path.of(text);
            if (!Files.isSymbolicLink(path)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Files.readSymbolicLink(path).toString());
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        };
    }
}
