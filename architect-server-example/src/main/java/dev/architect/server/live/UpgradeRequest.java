package dev.architect.server.live;

import dev.architect.server.rest.ApiException;
import io.javalin.http.Context;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Checks the header of an upgrade to a WebSocket (RFC 6455, section 4.2.1), and what comes without one. Stateless. */
public final class UpgradeRequest {

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;
    private static final int KEY_CHARACTERS = 24;

    private UpgradeRequest() {}

    /** Returns when {@code request} is a WebSocket's; throws the error to respond with otherwise. */
    public static void check(Context request) {
        String version = request.header("Sec-WebSocket-Version");
        if (!VERSION.equals(version)) {
            throw missing(request, "Sec-WebSocket-Version is " + (version == null ? "missing" : "not known"), VERSION);
        }
        if (!isKey(request.header("Sec-WebSocket-Key"))) {
            throw new ApiException(
                    400,
                    "bad-request",
                    "Sec-WebSocket-Key is missing or wrong, expected 16 bytes in base64",
                    "Sec-WebSocket-Key",
                    ApiException.Place.HEADER,
                    null);
        }
    }

    /** Responds to a request of the path that is not an upgrade. */
    public static void reject(Context request) {
        throw missing(request, "this path takes WebSockets only", "'Upgrade: websocket'");
    }

    private static ApiException missing(Context request, String seen, String expected) {
        // Required of every 426 (RFC 9110, section 15.5.22).
        request.header("Upgrade", "websocket");
        request.header("Connection", "Upgrade");
        request.header("Sec-WebSocket-Version", VERSION);
        return new ApiException(426, "upgrade-required", seen + ", expected " + expected, null, null);
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null
                    && key.length() == KEY_CHARACTERS
                    && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
