package dev.architect.server.audit;

import dev.architect.audit.AuditCheckpoint;
import dev.architect.audit.AuditTail;
import dev.architect.runtime.audit.CheckpointFile;
import dev.architect.spi.TimeSource;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds checkpoints of the audit to a file: with the first entry, after a thousand entries, with an entry that comes five minutes after the last
 * one, and at the end. Safe for use by several threads.
 */
public final class CheckpointWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final int ENTRIES = 1_000;
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final Optional<CheckpointFile> file;
    private final TimeSource time;
    private AuditTail last = AuditTail.EMPTY;
    private long kept;
    private long keptAt;

    /** Creates the writer; without a file it does nothing. */
    public CheckpointWriter(Optional<CheckpointFile> file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    /** Returns all checkpoints. */
    public List<AuditCheckpoint> read() {
        return file.map(CheckpointFile::read).orElse(List.of());
    }

    /** The chain ends there now. */
    public synchronized void onWritten(AuditTail tail) {
        last = tail;
        boolean isDue = kept == 0 || tail.number() - kept >= ENTRIES || time.nanoTime() - keptAt >= PERIOD.toNanos();
        if (isDue) {
            keep();
        }
    }

    private void keep() {
        if (file.isEmpty() || last.number() <= kept) {
            return;
        }
        try {
            file.get().add(new AuditCheckpoint(last.number(), last.hash(), time.wallTime()));
            kept = last.number();
            keptAt = time.nanoTime();
        } catch (UncheckedIOException | IllegalStateException failure) {
            // The change was made and recorded; the next entry tries again.
            LOG.error("a checkpoint of the audit was not kept: {}", failure.getMessage());
        }
    }

    /** Keeps where the chain ends. */
    @Override
    public synchronized void close() {
        keep();
    }
}
