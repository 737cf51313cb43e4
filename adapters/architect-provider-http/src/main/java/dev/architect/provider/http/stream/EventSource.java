package dev.architect.provider.http.stream;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A source of events, read one after the other. */
public interface EventSource {

    /** Returns the next event, or null at the end. Blocks. */
    @Nullable
    RawEvent next() throws IOException;
}
