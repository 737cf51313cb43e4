package dev.architect.server.page;

import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of the pages, kept in memory.
 *
 * @param type its content type
 * @param bytes its content
 * @param etag the entity tag of this content
 */
record PageFile(String type, byte[] bytes, String etag) {

    private static final int ETAG_CHARACTERS = 24;

    static PageFile of(String type, byte[] bytes) {
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new PageFile(type, bytes, '"' + digest.substring(0, ETAG_CHARACTERS) + '"');
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }

    /** Responds with the file, or with 304 when the browser has it already. */
    void write(Context request) {
        request.header("Cache-Control", "no-cache");
        request.header("ETag", etag);
        if (etag.equals(request.header("If-None-Match"))) {
            request.status(304);
            return;
        }
        request.contentType(type).result(bytes);
    }
}
