package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates files that only their owner may read and write, because prompts and answers are in them. A file has its permissions
 * from the call on that creates it, whatever the umask of the process is. On file systems without POSIX permissions, what the
 * directory grants applies.
 *
 * <p>SQLite gives the log ({@code -wal}), its index ({@code -shm}) and a rollback journal the permissions of the database.
 */
final class PrivateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);

    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.copyOf(EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

    private PrivateFiles() {}

    /**
     * Creates an empty database file unless there is one. One that is there keeps its permissions, which may have been chosen on purpose;
     * a warning is logged when others have access to it.
     *
     * <p>One thread at a time: a thread that finds the file and opens it with SQLite could otherwise do so before the creating
     * thread has closed it, and closing any handle drops the locks that SQLite holds for this process.
     */
    static synchronized void createDatabase(Path file) {
        try {
            Files.createFile(file, ownerOnly(file));
            narrowed(file);
        } catch (FileAlreadyExistsException present) {
            warnIfOpenToOthers(file);
        } catch (IOException failure) {
            throw new StoreException(Kind.INACCESSIBLE, file + " cannot be created: " + failure.getMessage(), failure);
        }
    }

    /** Creates a file of the store's own. */
    static void create(Path file) throws IOException {
        Files.createFile(file, ownerOnly(file));
    }

    /** Opens a file, which is for its owner only when this call creates it. */
    static FileChannel open(Path file, Set<OpenOption> options) throws IOException {
        return FileChannel.open(file, options, ownerOnly(file));
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Gives the owner back what an unusual umask took away: SQLite must be able to write. */
    private static void narrowed(Path file) {
        try {
            if (isPosix(file) && !Files.getPosixFilePermissions(file).containsAll(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
        } catch (IOException | UnsupportedOperationException unsupported) {
            // Some mounted file systems have no permissions of their own; SQLite says what it cannot do.
            LOG.debug("the permissions of {} cannot be set: {}", file, unsupported.getMessage());
        }
    }

    private static void warnIfOpenToOthers(Path file) {
        try {
            if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                LOG.warn(
                        "{} has the permissions {}, expected rw-------: others may read prompts and answers; chmod 600"
                                + " closes it",
                        file,
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            LOG.debug("the permissions of {} cannot be read: {}", file, unknown.getMessage());
        }
    }
}
