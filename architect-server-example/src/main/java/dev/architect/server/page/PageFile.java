package dev.architect.server.page;

import dev.architect.server.rest.Access;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One file of the pages, kept in memory.
 *
 * @param path where it is served
 * @param access who may read it
 * @param type its content type
 * @param bytes its content
 * @param tag names this content
 */
record PageFile(String path, Access access, String type, byte[] bytes, String tag) {

    private static final int TAG_CHARACTERS = 24;

    static PageFile of(String path, Access access, String type, byte[] bytes) {
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new PageFile(path, access, type, bytes, '"' + digest.substring(0, TAG_CHARACTERS) + '"');
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }

    /** Answers with the file, or says that the browser has it already. */
    void answer(Context request) {
        request.header("Cache-Control", "no-cache");
        request.header("ETag", tag);
        if (tag.equals(request.header("If-None-Match"))) {
            request.status(304);
            return;
        }
        request.contentType(type).result(bytes);
    }
}
