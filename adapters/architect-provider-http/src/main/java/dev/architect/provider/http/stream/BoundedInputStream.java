package dev.architect.provider.http.stream;

import dev.architect.provider.http.message.BadReplyException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when more than a number of bytes come out of it. */
public final class BoundedInputStream extends FilterInputStream {

    private final int maxBytes;
    private long seen;

    public BoundedInputStream(InputStream in, int maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        count(Math.max(count, 0));
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        // After a reset the same bytes would be counted twice.
        return false;
    }

    private void count(long bytes) throws BadReplyException {
        seen += bytes;
        if (seen > maxBytes) {
            throw new BadReplyException("answer is larger than " + maxBytes + " bytes (maxAnswerBytes)");
        }
    }
}
