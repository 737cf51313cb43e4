package dev.architect.provider.http.stream;

import dev.architect.provider.http.message.BadReplyException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts server-sent events out of lines, as html.spec.whatwg.org, section 9.2, defines them, with one difference: an event that is
 * not followed by an empty line when the stream ends counts, for some servers leave out the last line end. Not safe for use
 * by several threads.
 */
public final class SseReader implements EventSource {

    private final LineReader in;
    private final int maxEventBytes;

    public SseReader(LineReader in, int maxEventBytes) {
        this.in = in;
        this.maxEventBytes = maxEventBytes;
    }

    @Override
    public @Nullable RawEvent next() throws IOException {
        String name = RawEvent.UNNAMED;
        String data = null;
        StringBuilder lines = null;
        int bytes = 0;
        while (in.advance()) {
            if (in.lineBytes() == 0) {
                if (data != null) {
                    return new RawEvent(name, lines == null ? data : lines.toString());
                }
                // An event without data is not delivered, but its name must not pass to the next event.
                name = RawEvent.UNNAMED;
            } else if (is("event")) {
                String value = value("event");
                name = value.isEmpty() ? RawEvent.UNNAMED : value;
            } else if (is("data")) {
                bytes += in.lineBytes();
                // The limit of a line is not enough: an event may have any number of data lines.
                if (bytes > maxEventBytes) {
                    throw new BadReplyException("event is larger than " + maxEventBytes + " bytes (maxEventBytes)");
                }
                if (data == null) {
                    data = value("data");
                } else {
                    // Events of more than one data line are rare, so the builder is made only for them.
                    lines = lines == null ? new StringBuilder(data) : lines;
                    lines.append('\n').append(value("data"));
                }
            }
        }
        if (data == null) {
            return null;
        }
        return new RawEvent(name, lines == null ? data : lines.toString());
    }

    /** Whether the line is of a field: its name alone, or with a colon after it. */
    private boolean is(String field) {
        return in.startsWith(field) && (in.lineBytes() == field.length() || in.at(field.length()) == ':');
    }

    private String value(String field) throws BadReplyException {
        int colon = field.length();
        if (in.lineBytes() == colon) {
            return "";
        }
        // Only the first space is part of the format; any further one is data.
        boolean spaced = in.lineBytes() > colon + 1 && in.at(colon + 1) == ' ';
        return in.text(colon + (spaced ? 2 : 1));
    }
}
