package dev.architect.cli.cluster;

import dev.architect.attempt.FencingToken;
import dev.architect.spi.TimeSource;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a worker did, a line for each begin and end of a task's effect. A line is on its way to the file when the call returns: it survives the
 * process, whatever ends that. Safe for use by several threads.
 */
final class TaskJournal implements AutoCloseable {

    // No channel: one would be closed for good by the first attempt that is interrupted while it writes.
    private final OutputStream file;
    private final TimeSource time;

    private TaskJournal(OutputStream file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    static TaskJournal appendTo(Path file, TimeSource time) throws IOException {
        return new TaskJournal(new FileOutputStream(file.toFile(), true), time);
    }

    void begun(FencingToken token) throws IOException {
        write(JournalEntry.Kind.BEGUN, token);
    }

    void ended(FencingToken token) throws IOException {
        write(JournalEntry.Kind.ENDED, token);
    }

    private void write(JournalEntry.Kind kind, FencingToken token) throws IOException {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time.wallTime());
        byte[] line = (new JournalEntry(kind, token.id(), token.epoch(), micros).line() + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        synchronized (file) {
            file.write(line);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
