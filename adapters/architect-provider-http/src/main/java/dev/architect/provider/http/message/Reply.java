package dev.architect.provider.http.message;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What came back for a request. {@code toString} shows the status only.
 *
 * @param status the HTTP status
 * @param headers the headers
 * @param body the body, decompressed; read once, by one thread, and closed by the transport
 */
public record Reply(int status, ReplyHeaders headers, InputStream body) implements Closeable {

    /** Checks the status. */
    public Reply {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("status is " + status + ", expected 100..999");
        }
    }

    /** Returns a reply whose body is {@code body} in UTF-8. */
    public static Reply of(int status, ReplyHeaders headers, String body) {
        return new Reply(status, headers, new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** Closes the body. */
    @Override
    public void close() throws IOException {
        body.close();
    }

    @Override
    public String toString() {
        return "Reply[" + status + "]";
    }
}
