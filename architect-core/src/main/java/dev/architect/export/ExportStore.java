package dev.architect.export;

import dev.architect.check.Check;
import dev.architect.error.StoreException;
import java.util.Optional;
import java.util.Set;

/**
 * The parts of exports. Each is compressed by itself (gzip, RFC 1952); all of them in the order of their numbers are one compressed file.
 *
 * <p>Methods block until a change is durable, throw a {@link StoreException} when the store fails, and are safe for use by several threads.
 */
public interface ExportStore {

    /** The most bytes of a part. */
    int MAX_BYTES = 4 << 20;

    /** The most parts of an export. */
    int MAX_PARTS = 10_000;

    /** The most characters of the id of an export. */
    int MAX_ID = 64;

    /**
     * Keeps a part; one that is kept under its number already is replaced, since a process may have ended before it wrote down that it is there.
     *
     * @param export the id of the export, 1 to {@value #MAX_ID} characters
     * @param number from 0 on, below {@value #MAX_PARTS}
     * @param content at most {@value #MAX_BYTES} bytes; not changed by the caller afterwards
     * @throws IllegalArgumentException when one of them is out of range
     */
    void write(String export, int number, byte[] content);

    /**
     * Checks what is to be kept.
     *
     * @throws IllegalArgumentException when the id, the number or the size is out of range
     */
    static void check(String export, int number, byte[] content) {
        Check.atMost("export", Check.notBlank("export", export), MAX_ID);
        Check.range("number", number, 0, MAX_PARTS - 1);
        Check.range("content length", Check.notNull("content", content).length, 0, MAX_BYTES);
    }

    /** Returns a part; empty when it is not kept. */
    Optional<byte[]> part(String export, int number);

    /**
     * Deletes the parts of an export.
     *
     * @return how many there were
     */
    int delete(String export);

    /** Returns the ids of the exports that have parts. */
    Set<String> exports();
}
