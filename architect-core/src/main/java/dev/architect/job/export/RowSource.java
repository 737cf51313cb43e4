package dev.architect.job.export;

import java.io.IOException;
import java.util.Optional;

/** The rows of an export, chunk by chunk. Stateless: where a chunk begins is all that it needs. */
interface RowSource {

    /**
     * What was written.
     *
     * @param rows how many
     * @param next where the next chunk begins; empty when there is none
     */
    record Chunk(long rows, Optional<String> next) {}

    /** Returns how many rows there are, as far as that is known without reading them. */
    Optional<Long> total();

    /** Writes some rows from a place on, or from the begin, with what stands before the first one. */
    Chunk write(Optional<String> cursor, Appendable out) throws IOException;
}
