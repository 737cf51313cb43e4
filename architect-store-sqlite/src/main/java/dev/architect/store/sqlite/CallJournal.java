package dev.architect.store.sqlite;

import dev.architect.cost.LedgerEntry;
import dev.architect.spi.TimeSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that this process has sent and not recorded yet, in a file beside the database, so that they get into the ledger when the
 * process is killed: the provider bills them. The file is written but never forced to the disk, which would cost each call the time of
 * a commit; what was written outlives the process, though not the machine's power.
 *
 * <p>The process holds the lock of its file. A process that can acquire the lock of another file knows that the other process has ended, adds its
 * calls to the ledger, and deletes it. Calls that are in the ledger already are left as they are.
 *
 * <p>The file has units of {@value #UNIT} bytes. A note takes as many as it needs, from the first gap that is large enough: a mark, its
 * length, a checksum, and its text. To remove it, the mark is overwritten. A note that was cut by a crash fails its checksum: its call
 * was never sent.
 *
 * <p>Safe for use by several threads.
 */
final class CallJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallJournal.class);

    private static final int UNIT = 512;
    private static final int HEADER_BYTES = 12;
    // A hundred thousand calls at a time, with room to spare.
    private static final int MOST_BYTES = 256 << 20;
    // The first byte occurs in no UTF-8 text, so no part of a note looks like the beginning of one.
    private static final int MARK = 0xFF_41_43_01;
    private static final int NO_MARK = 0;
    private static final String SUFFIX = ".calls";

    /** Every file that this process holds, which it must not open again: closing it would give up the lock. */
    private static final Set<Path> HELD_BY_PROCESS = ConcurrentHashMap.newKeySet();

    /** Kept open for ever: closing them would release a lock that another copy of this class holds. */
    private static final Set<FileChannel> KEPT_OPEN = ConcurrentHashMap.newKeySet();

    private final Path database;
    private final Path path;
    private final BitSet used = new BitSet();
    private final Map<String, Units> notes = new HashMap<>();
    private @Nullable RandomAccessFile file;
    private boolean isFailing;
    private boolean isClosed;

    /** Where a note is. */
    private record Units(int first, int count) {}

    /** Creates a journal that makes its file with the first call. */
    CallJournal(Path database) {
        this.database = database;
        this.path = database.resolveSibling(database.getFileName() + "."
                + Long.toHexString(TimeSource.system().random(Long.MAX_VALUE)) + SUFFIX);
    }

    Path path() {
        return path;
    }

    /** Notes a call that is about to be sent. Never fails: without its note a call is only lost to the ledger by a crash. */
    synchronized void begin(LedgerEntry unrecorded) {
        if (isClosed || notes.containsKey(unrecorded.callId())) {
            return;
        }
        byte[] text = LedgerEntryText.write(unrecorded).getBytes(StandardCharsets.UTF_8);
        ByteBuffer note = ByteBuffer.allocate(HEADER_BYTES + text.length);
        note.putInt(MARK).putInt(text.length).putInt(checksum(text)).put(text);
        Units units = gap((note.capacity() + UNIT - 1) / UNIT);
        try {
            write(units, note.array());
            used.set(units.first, units.first + units.count);
            notes.put(unrecorded.callId(), units);
            isFailing = false;
        } catch (IOException failure) {
            // Once for each time in which it fails, and not for each call.
            if (!isFailing) {
                LOG.warn("calls that are sent are not noted in {}: {}", path, failure.getMessage());
            }
            isFailing = true;
        }
    }

    /** Removes the notes of calls that are in the ledger now. */
    synchronized void settle(Collection<LedgerEntry> recorded) {
        for (LedgerEntry entry : recorded) {
            Units units = notes.remove(entry.callId());
            if (units != null) {
                try {
                    write(
                            units,
                            ByteBuffer.allocate(Integer.BYTES).putInt(NO_MARK).array());
                } catch (IOException failure) {
                    // Its note stays, and its next reader finds the call in the ledger.
                    LOG.debug("a note in {} was not removed: {}", path, failure.getMessage());
                }
                used.clear(units.first, units.first + units.count);
            }
        }
    }

    private Units gap(int count) {
        int first = used.nextClearBit(0);
        for (int next = used.nextSetBit(first); next >= 0 && next - first < count; next = used.nextSetBit(first)) {
            first = used.nextClearBit(next);
        }
        return new Units(first, count);
    }

    /**
     * Not through a channel, which an interruption of the calling thread would close. Under the lock, because the position belongs to the
     * file; it takes microseconds, since nothing is forced to the disk.
     */
    private void write(Units units, byte[] bytes) throws IOException {
        RandomAccessFile open = file == null ? create() : file;
        open.seek((long) units.first * UNIT);
        open.write(bytes);
    }

    private RandomAccessFile create() throws IOException {
        HELD_BY_PROCESS.add(path);
        try {
            PrivateFiles.create(path);
            RandomAccessFile created = new RandomAccessFile(path.toFile(), "rw");
            file = created;
            if (created.getChannel().tryLock() == null) {
                throw new IOException("it is locked by another process, expected free");
            }
            return created;
        } catch (IOException failure) {
            // Without deleting it: it may be another's. One of ours is empty and is deleted when it is found.
            release(false);
            throw failure;
        }
    }

    private void release(boolean delete) {
        RandomAccessFile open = file;
        try (open) {
            // While it is locked, so that no other process reads it in between.
            if (delete) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            LOG.warn("{} was not removed: {}", path, failure.getMessage());
        } finally {
            file = null;
            HELD_BY_PROCESS.remove(path);
        }
    }

    /**
     * Gives the calls of processes that have ended to {@code ledger}, and deletes their files. What fails is tried again the next time.
     *
     * @param ledger adds the entries, except those whose call id it has
     */
    void recover(Consumer<List<LedgerEntry>> ledger) {
        String prefix = database.getFileName() + ".";
        Path folder = database.toAbsolutePath().getParent();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> {
            String name = file.getFileName().toString();
            return name.startsWith(prefix) && name.endsWith(SUFFIX);
        })) {
            for (Path other : files) {
                recover(database.resolveSibling(other.getFileName()), ledger);
            }
        } catch (IOException | RuntimeException failure) {
            LOG.warn("calls of ended processes could not be added to the ledger: {}", failure.getMessage());
        }
    }

    private static void recover(Path other, Consumer<List<LedgerEntry>> ledger) throws IOException {
        if (HELD_BY_PROCESS.contains(other)) {
            return;
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(other, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (NoSuchFileException recoveredByAnother) {
            return;
        }
        try {
            if (channel.tryLock() == null) {
                channel.close();
                return;
            }
        } catch (OverlappingFileLockException heldHere) {
            KEPT_OPEN.add(channel);
            return;
        }
        try (channel) {
            List<LedgerEntry> entries = read(channel, other);
            if (!entries.isEmpty()) {
                ledger.accept(entries);
                LOG.warn(
                        "{} calls of an ended process are in the ledger, with what they probably cost", entries.size());
            }
            Files.deleteIfExists(other);
        }
    }

    /** Through the channel that holds the lock: another one would give it up when it is closed. */
    private static List<LedgerEntry> read(FileChannel channel, Path other) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), MOST_BYTES));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            continue;
        }
        List<LedgerEntry> entries = new ArrayList<>();
        for (int at = 0; at + HEADER_BYTES <= bytes.capacity(); at += UNIT) {
            int length = bytes.getInt(at + Integer.BYTES);
            if (bytes.getInt(at) != MARK || length < 0 || length > bytes.capacity() - at - HEADER_BYTES) {
                continue;
            }
            byte[] text = new byte[length];
            bytes.get(at + HEADER_BYTES, text);
            if (bytes.getInt(at + 2 * Integer.BYTES) == checksum(text)) {
                add(new String(text, StandardCharsets.UTF_8), other, entries);
            }
        }
        return entries;
    }

    private static void add(String text, Path other, List<LedgerEntry> entries) {
        try {
            entries.add(LedgerEntryText.read(text));
        } catch (RuntimeException unreadable) {
            // Of another version. The others are not held back by it.
            LOG.warn("a call in {} cannot be read: {}", other, unreadable.getMessage());
        }
    }

    private static int checksum(byte[] text) {
        CRC32 sum = new CRC32();
        sum.update(text);
        return (int) sum.getValue();
    }

    /** Deletes the file, unless it has calls that are not in the ledger: the next store that opens the database adds them. */
    @Override
    public synchronized void close() {
        isClosed = true;
        if (file != null) {
            release(notes.isEmpty());
        }
    }
}
