package dev.architect.benchmarks.failover.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests from a connection. Not safe for use by several threads. */
final class RequestReader {

    private static final int MOST_BYTES = 8 << 20;

    private final InputStream in;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /**
     * One request.
     *
     * @param path the path, without what follows a question mark
     * @param body the body
     * @param isLast whether the client wants no further answer on this connection
     * @param key the header that carries the key; empty when there is none
     */
    record Received(String path, byte[] body, boolean isLast, String key) {}

    /** Returns the next request; null when the client closed the connection before one. */
    @Nullable
    Received next() throws IOException {
        String first = line();
        if (first.isEmpty()) {
            return null;
        }
        String[] words = first.split(" ");
        if (words.length != 3) {
            throw new IOException("request line has " + words.length + " words, expected 3");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")
                ? chunks()
                : bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        int query = words[1].indexOf('?');
        return new Received(
                query < 0 ? words[1] : words[1].substring(0, query),
                body,
                headers.getOrDefault("connection", "").equalsIgnoreCase("close"),
                key(headers));
    }

    private static String key(Map<String, String> headers) {
        return List.of("authorization", "x-api-key", "x-goog-api-key").stream()
                .map(name -> headers.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            all.writeBytes(bytes(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private byte[] bytes(int count) throws IOException {
        if (count > MOST_BYTES) {
            throw new IOException("body has " + count + " bytes, expected at most " + MOST_BYTES);
        }
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("connection ended in a body");
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
