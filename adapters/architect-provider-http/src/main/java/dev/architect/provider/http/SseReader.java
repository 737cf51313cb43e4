package dev.architect.provider.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts server-sent events out of lines, as html.spec.whatwg.org, section 9.2, tells, with one difference: an event that is
 * not followed by an empty line when the stream ends counts, for some servers leave out the last line end. Not safe for use
 * by several threads.
 */
final class SseReader implements EventSource {

    private final LineReader lines;
    private final int maxEventBytes;

    SseReader(LineReader lines, int maxEventBytes) {
        this.lines = lines;
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public @Nullable RawEvent next() throws IOException {
        String name = RawEvent.UNNAMED;
        StringBuilder data = null;
        int bytes = 0;
        while (true) {
            String line = lines.next();
            if (line == null) {
                return data == null ? null : new RawEvent(name, data.toString());
            }
            if (line.isEmpty()) {
                if (data != null) {
                    return new RawEvent(name, data.toString());
                }
                name = RawEvent.UNNAMED;
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + (line.startsWith(" ", colon + 1) ? 2 : 1));
            if (field.equals("event")) {
                name = value.isEmpty() ? RawEvent.UNNAMED : value;
            } else if (field.equals("data")) {
                data = data == null
                        ? new StringBuilder(value)
                        : data.append('\n').append(value);
                bytes += lines.lineBytes();
                if (bytes > maxEventBytes) {
                    throw new BadReplyException("event is larger than " + maxEventBytes + " bytes (maxEventBytes)");
                }
            }
        }
    }
}
