package dev.architect.planner.review;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.PathResolver;
import dev.architect.planner.approval.path.ResolvedPath;
import dev.architect.planner.approval.shell.ShellCommand;
import dev.architect.planner.approval.shell.ShellScanner;
import dev.architect.planner.check.ArgumentCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the contents that decide what an action does, such as scripts that it runs. Safe for use by several threads. */
@FunctionalInterface
public interface ActionContents {

    /** Larger files are known by their size and the time of their last change. */
    long MAX_HASHED_BYTES = 32L * 1024 * 1024;

    /**
     * Returns what stands for the contents of each file that the action names, by its word. Blocks.
     *
     * @throws UncheckedIOException when a file is there and cannot be read
     */
    Map<String, String> of(Action action, Context context);

    /** Returns one that knows no contents: then a file may change between an approval and its use. */
    static ActionContents none() {
        return (action, context) -> Map.of();
    }

    /**
     * Returns one that reads the files of this machine: every word of a command, and what stands behind the equals sign of one, that is the path of
     * a regular file, with the place that it leads to and the SHA-256 of its bytes.
     */
    static ActionContents ofFileSystem() {
        return (action, context) -> {
            ArgumentCheck.notNull("action", action);
            ArgumentCheck.notNull("context", context);
            Map<String, String> contents = new TreeMap<>();
            for (String word : words(action)) {
                for (String path : List.of(word, word.substring(word.indexOf('=') + 1))) {
                    if (!path.isEmpty() && path.indexOf('\0') < 0) {
                        describe(path, context, contents);
                    }
                }
            }
            return contents;
        };
    }

    private static List<String> words(Action action) {
        List<String> words = new ArrayList<>();
        if (action instanceof Action.Exec exec) {
            words.addAll(exec.argv());
        } else if (action instanceof Action.Edit edit) {
            words.add(edit.path());
        } else if (action instanceof Action.Read read) {
            words.add(read.path());
        } else if (action instanceof Action.Shell shell) {
            for (ShellCommand command : ShellScanner.scan(shell.text()).commands()) {
                words.addAll(command.words());
                command.redirections().forEach(redirection -> words.add(redirection.target()));
            }
        }
        return words;
    }

    private static void describe(String word, Context context, Map<String, String> contents) {
        String place = ResolvedPath.text(
                PathResolver.resolve(context.folder(), word, context.links()).physical());
        Path file;
        try {
            file = Path.of(place);
        } catch (InvalidPathException noPath) {
            return;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            boolean isLarge = Files.size(file) > MAX_HASHED_BYTES;
            contents.put(
                    word,
                    place + " "
                            + (isLarge
                                    ? Files.size(file) + " bytes of " + Files.getLastModifiedTime(file)
                                    : hash(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JVM", missing);
        }
    }
}
