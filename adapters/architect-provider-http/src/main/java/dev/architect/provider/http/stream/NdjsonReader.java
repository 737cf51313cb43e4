package dev.architect.provider.http.stream;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes every line that is not blank for an event. Not safe for use by several threads. */
public final class NdjsonReader implements EventSource {

    private final LineReader lines;

    public NdjsonReader(LineReader lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable RawEvent next() throws IOException {
        while (true) {
            String line = lines.next();
            if (line == null) {
                return null;
            }
            if (!line.isBlank()) {
                return new RawEvent(RawEvent.UNNAMED, line);
            }
        }
    }
}
