package dev.architect.provider.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source of events, read one after the other. */
interface EventSource {

    /** Returns the next event, or null at the end. Blocks. */
    @Nullable
    RawEvent next() throws IOException;
}
