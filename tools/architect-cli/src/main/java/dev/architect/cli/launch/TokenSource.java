package dev.architect.cli.launch;

import dev.architect.cli.terminal.CommandFailure;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the token of the server comes from: the file that the command line names, else the environment, else the file {@code token} in the
 * data directory. A file that is missing is made, for its owner alone, so the token stays the same over restarts. Immutable.
 */
public final class TokenSource {

    /** The environment variable that holds the token itself. */
    public static final String VARIABLE = "ARCHITECT_TOKEN";

    private static final String FILE_NAME = "token";
    private static final int MAX_BYTES = 1_024;
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final @Nullable Path file;
    private final @Nullable String given;

    private TokenSource(@Nullable Path file, @Nullable String given) {
        this.file = file;
        this.given = given;
    }

    /** Returns the source that {@code file} and the environment name. */
    public static TokenSource of(@Nullable Path file) {
        return of(file, System.getenv(VARIABLE));
    }

    static TokenSource of(@Nullable Path file, @Nullable String environment) {
        return new TokenSource(file, file != null || environment == null || environment.isBlank() ? null : environment);
    }

    /** The file that holds the token; empty when the environment does. */
    public Optional<Path> file(Path dataDirectory) {
        if (given != null) {
            return Optional.empty();
        }
        return Optional.of(file == null ? dataDirectory.resolve(FILE_NAME) : file.toAbsolutePath());
    }

    /**
     * Returns the token, after making the file when there is none. {@code dataDirectory} is there already.
     *
     * @throws CommandFailure when the file may be read by others, or holds no token
     * @throws IOException when the file cannot be read or made
     */
    String read(Path dataDirectory) throws IOException {
        if (given != null) {
            return checked(VARIABLE, given);
        }
        Path from = file(dataDirectory).orElseThrow();
        if (!Files.exists(from)) {
            make(from);
        }
        checkOwnerOnly(from);
        try (InputStream in = Files.newInputStream(from)) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            return checked("token file " + from, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /**
     * Returns the token of a server that has been started before.
     *
     * @throws CommandFailure when there is none, the file may be read by others, or holds no token
     * @throws IOException when the file cannot be read
     */
    public String readExisting(Path dataDirectory) throws IOException {
        Optional<Path> from = file(dataDirectory);
        if (from.isPresent() && !Files.exists(from.get())) {
            throw new CommandFailure("token file " + from.get() + " is not there, expected that of the server");
        }
        return read(dataDirectory);
    }

    private static String checked(String where, String text) {
        String secret = text.strip();
        try {
            AccessToken.of(secret);
            return secret;
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(where + ": " + wrong.getMessage());
        }
    }

    /** Of two servers that start at once, both use the file of the one that was first. */
    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "there is no such directory");
        }
        // Made for the owner alone, and under its name only once it is complete.
        Path draft = Files.createTempFile(folder, "." + file.getFileName(), ".part");
        try {
            Files.writeString(draft, AccessToken.newSecret(TimeSource.system()) + "\n");
            try {
                Files.createLink(file, draft);
            } catch (FileAlreadyExistsException otherWasFirst) {
                return;
            } catch (UnsupportedOperationException | FileSystemException withoutLinks) {
                Files.move(draft, file);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void checkOwnerOnly(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> permissions = view.readAttributes().permissions();
        if (!OWNER.containsAll(permissions)) {
            throw new CommandFailure("token file " + file + " is " + PosixFilePermissions.toString(permissions)
                    + ", so others may know the token, expected rw-------: delete it for a new token, or keep it with"
                    + " chmod 600");
        }
    }
}
