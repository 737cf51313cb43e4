package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.CloseSequence;
import dev.architect.store.jdbi.Liveness;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Liveness by file locks of the operating system, without a clock: each incarnation holds the lock of a file of its own, beside
 * the database. However its process ends, the lock is free from that moment on, and a process that can acquire it knows.
 *
 * <p>Where locks belong to the process, closing any handle on a file gives up this process's lock on it. Therefore a file
 * that this process holds is never opened a second time: one set for the whole process has those files. And the lock is
 * never on the database file, whose locks are SQLite's.
 */
final class NodeLocks implements Liveness, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLocks.class);

    /** Every file that this process holds. */
    private static final Set<Path> HELD_BY_PROCESS = ConcurrentHashMap.newKeySet();

    /** Kept open for ever: closing them would release a lock that another copy of this class holds. */
    private static final Set<FileChannel> KEPT_OPEN = ConcurrentHashMap.newKeySet();

    private final Path database;
    private final Runnable died;
    private final Map<Long, FileChannel> heldChannels = new ConcurrentHashMap<>();

    /**
     * Creates locks beside {@code database}.
     *
     * @param died called when another process was found to be dead
     */
    NodeLocks(Path database, Runnable died) {
        this.database = database;
        this.died = died;
    }

    /** The file whose lock an incarnation holds. */
    Path file(long incarnation) {
        return database.resolveSibling(database.getFileName() + ".node-" + incarnation + ".lock");
    }

    @Override
    public void acquire(long incarnation) {
        Path file = file(incarnation);
        // Before the file is opened: isDead of another thread must not open and close it, which would drop our lock.
        HELD_BY_PROCESS.add(file);
        try {
            FileChannel channel = PrivateFiles.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
            heldChannels.put(incarnation, channel);
            if (channel.tryLock() == null) {
                release(incarnation);
                throw new StoreException(
                        Kind.INACCESSIBLE, file + " is locked by another process, expected free", null);
            }
        } catch (IOException failure) {
            release(incarnation);
            throw new StoreException(Kind.INACCESSIBLE, file + " cannot be locked: " + failure.getMessage(), failure);
        } catch (OverlappingFileLockException heldHere) {
            // Another copy of this class in this process holds it, and closing the channel would take it away.
            FileChannel channel = heldChannels.remove(incarnation);
            if (channel != null) {
                KEPT_OPEN.add(channel);
            }
            throw new StoreException(
                    Kind.INACCESSIBLE, file + " is locked elsewhere in this process, expected free", heldHere);
        }
    }

    @Override
    public void release(long incarnation) {
        Path file = file(incarnation);
        try (FileChannel channel = heldChannels.remove(incarnation)) {
            if (channel != null) {
                // Deleted before the channel closes, hence while still locked:
                // no other process can lock it in between.
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("{} was not removed: {}", file, failure.getMessage());
        } finally {
            // After the channel is closed: a probe that opened and closed
            // the file earlier would drop the lock before its time.
            HELD_BY_PROCESS.remove(file);
        }
    }

    @Override
    public boolean isDead(long incarnation) {
        Path file = file(incarnation);
        if (HELD_BY_PROCESS.contains(file)) {
            return false;
        }
        try {
            // Without CREATE: that the file is missing means that its node has left or was already forgotten.
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            boolean isFree = canLock(channel);
            // Closing it would drop the lock of the node that holds it, so this one channel stays open.
            if (KEPT_OPEN.contains(channel)) {
                return false;
            }
            channel.close();
            return isFree;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException unknown) {
            // Alive is the safe answer: a living node that is taken for dead has its tasks run a second time.
            LOG.warn("{} cannot be read, so its node is taken for alive: {}", file, unknown.getMessage());
            return false;
        }
    }

    private static boolean canLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldHere) {
            // Thrown instead of null when this same process holds the lock
            // through another class loader's copy of this class.
            KEPT_OPEN.add(channel);
            return false;
        }
    }

    /** No clock: the operating system frees the lock when the process ends, and other processes see a counter that stands still. */
    @Override
    public Duration validity() {
        return Duration.ofDays(36_500);
    }

    @Override
    public void forget(long incarnation) {
        Path file = file(incarnation);
        try {
            // Never the file of a living node of this process: a missing file would mean that it is dead.
            if (!HELD_BY_PROCESS.contains(file)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("{} was not removed: {}", file, failure.getMessage());
        }
        died.run();
    }

    @Override
    public void close() {
        Throwable first = null;
        for (long incarnation : heldChannels.keySet()) {
            try {
                release(incarnation);
            } catch (Throwable failure) {
                first = CloseSequence.joined(first, failure);
            }
        }
        CloseSequence.rethrow("the locks of the nodes of " + database, first);
    }
}
