package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.store.jdbi.Liveness;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /** Kept open for ever: closing them would take a lock away from whoever holds it by another copy of this class. */
    private static final Set<FileChannel> KEPT_OPEN = ConcurrentHashMap.newKeySet();

    private final Path database;
    private final Map<Long, FileChannel> heldChannels = new ConcurrentHashMap<>();

    NodeLocks(Path database) {
        this.database = database;
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
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            heldChannels.put(incarnation, channel);
            if (channel.tryLock() == null) {
                release(incarnation);
                throw new StoreException(
                        Kind.INACCESSIBLE, file + " is locked by another process, expected free", null);
            }
        } catch (IOException failure) {
            release(incarnation);
            throw new StoreException(Kind.INACCESSIBLE, file + " cannot be locked: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void release(long incarnation) {
        Path file = file(incarnation);
        try (FileChannel channel = heldChannels.remove(incarnation)) {
            if (channel != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("{} was not removed: {}", file, failure.getMessage());
        } finally {
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
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            boolean isFree = canLock(channel);
            if (KEPT_OPEN.contains(channel)) {
                return false;
            }
            channel.close();
            return isFree;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException unknown) {
            LOG.warn("{} cannot be read, so its node is taken for alive: {}", file, unknown.getMessage());
            return false;
        }
    }

    private static boolean canLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldHere) {
            KEPT_OPEN.add(channel);
            return false;
        }
    }

    @Override
    public void forget(long incarnation) {
        Path file = file(incarnation);
        try {
            if (!HELD_BY_PROCESS.contains(file)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            LOG.warn("{} was not removed: {}", file, failure.getMessage());
        }
    }

    @Override
    public void close() {
        heldChannels.keySet().forEach(this::release);
    }
}
